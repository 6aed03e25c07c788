"""Every setting, read once from the environment and `.env`, and passed as an argument from there.

`read_settings` either returns settings that can be used or raises `SettingsError` with the one variable to
mend; secrets never stand in its words.
"""

import os
import re
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.texts import LANGUAGES

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class SettingsError(ValueError):
    """A setting that cannot be used. variable: its name in the environment."""

    def __init__(self, variable: str, value: str) -> None:
        super().__init__(variable)
        self.variable = variable
        self.value = value


class Settings(BaseSettings):
    """The contract's environment, as far as it is used. An empty variable counts as not set."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    telegram_token: SecretStr | None = None
    telegram_api_url: str | None = Field(default=None, pattern=r"^https?://[^\s/]+")
    database_url: str = "sqlite:///data/kulturlods.db"
    timezone: str = "Europe/Copenhagen"
    default_language: str = "da"
    broadcast_rate: float = Field(default=25, gt=0, le=1000)
    log_level: str = "INFO"

    @field_validator("telegram_token")
    @classmethod
    def _looks_like_a_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("not a token")
        return token

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        try:
            backend = make_url(url).get_backend_name()
        except ArgumentError as error:
            raise ValueError("not a URL") from error
        if backend not in ("sqlite", "postgresql", "postgres"):
            raise ValueError("unknown database")
        return url

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("unknown zone")
        return name

    @field_validator("default_language")
    @classmethod
    def _known_language(cls, language: str) -> str:
        if language not in LANGUAGES:
            raise ValueError("unknown language")
        return language

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, level: str) -> str:
        if level.upper() not in LOG_LEVELS:
            raise ValueError("unknown level")
        return level.upper()

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the municipalities served."""
        return ZoneInfo(self.timezone)

    @property
    def token(self) -> str | None:
        """The bot's token in clear, for the one place that speaks to Telegram."""
        return self.telegram_token.get_secret_value() if self.telegram_token else None


SECRETS = frozenset({"TELEGRAM_TOKEN", "DATABASE_URL"})
"""Variables whose value is never repeated: a database's address may hold a password."""


def read_settings() -> Settings:
    """The settings of this process. Raises SettingsError for the first one that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        variable = str(first["loc"][0]).upper()
        value = "" if variable in SECRETS else str(first.get("input", ""))[:80]
        raise SettingsError(variable, value) from None


def language_for_help() -> str:
    """The language of help and error lines, needed before the settings are known to be right."""
    return os.environ.get("DEFAULT_LANGUAGE", LANGUAGES[0])
