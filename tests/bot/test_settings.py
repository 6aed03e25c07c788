"""Settings are read once; a wrong one is named in one line, a secret never repeated."""

import pytest

from bot.settings import Settings, SettingsError, read_settings
from bot.texts import LANGUAGES, texts


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_nothing_need_be_set() -> None:
    settings = read_settings()
    assert settings.token is None
    assert settings.zone.key == "Europe/Copenhagen"
    assert settings.default_language == "da"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TELEGRAM_TOKEN", "hemmelig uden kolon"),
        ("TELEGRAM_API_URL", "localhost:8081"),
        ("DATABASE_URL", "mysql://x/y"),
        ("DATABASE_URL", "hej"),
        ("TIMEZONE", "Mars/Base"),
        ("DEFAULT_LANGUAGE", "fi"),
        ("BROADCAST_RATE", "0"),
        ("BROADCAST_RATE", "1001"),
        ("BROADCAST_RATE", "nan"),
        ("BROADCAST_RATE", "hurtigt"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert caught.value.variable == variable
    for language in LANGUAGES:
        assert texts(language).has(f"settings.{variable.lower()}")


@pytest.mark.parametrize("variable", ["TELEGRAM_TOKEN", "DATABASE_URL"])
def test_a_wrong_secret_is_not_repeated(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "kodeord 123")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert "kodeord" not in caught.value.value
    assert caught.value.__cause__ is None


def test_the_token_is_not_shown_with_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "123456:hemmelig")
    assert "hemmelig" not in repr(read_settings())


def test_an_env_file_is_read_and_an_empty_value_means_not_set(tmp_path) -> None:
    (tmp_path / ".env").write_text("TELEGRAM_TOKEN=\nDEFAULT_LANGUAGE=en\n", encoding="utf-8")
    settings = read_settings()
    assert (settings.token, settings.default_language) == (None, "en")
