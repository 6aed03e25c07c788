import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.buttons import Action, Kind, decode

ARGUMENTS = {
    Kind.CARD: "aB3_-x",
    Kind.PAGE: "10",
    Kind.WITHOUT: "time",
    Kind.BACK: "",
    Kind.MAP: "aB3",
    Kind.CALENDAR: "aB3",
    Kind.QUESTION: "weekend",
    Kind.NEAR_ME: "",
    Kind.OTHER_PLACE: "",
    Kind.LANGUAGE: "en",
    Kind.ERASE: "yes",
    Kind.OPEN: "aB3_-x",
    Kind.FOLLOW: "aB3_-x",
    Kind.FOLLOWING: "aB3_-x",
    Kind.PART: "aB3_-x:date12",
    Kind.MINE: "5",
    Kind.FOLLOWED: "12:stop",
    Kind.LEADS: "12:d1@17:00",
    Kind.NOTIFY: "",
    Kind.SEARCH: "12:child7",
    Kind.FOR_CHILD: "0",
    Kind.FAMILY: "12:emoji3",
    Kind.SETTINGS: "quiet:from21",
    Kind.NOTICE: "12:wait30",
    Kind.SURVEY: "12:never",
    Kind.READING: "1",
    Kind.TALK: "",
    Kind.PHOTO: "aB3_-x",
    Kind.DRAFT: "12:publish:0123456789",
    Kind.PROPOSAL: "12:decline:0123456789",
    Kind.BROADCAST: "123456789:dist:ballerup-hedegaard",
    Kind.NEWS: "123456789:f:aB3_-x",
    Kind.FIGURES: "csv",
    Kind.PUBLISH: "sheet:0123456789ab",
    Kind.INVITE: "of:" + ".".join(f"{code:04}" for code in range(101, 109)) + ":go",
    Kind.POSTER: "a5:aB3_-x",
    Kind.MEND: "12:mended",
    Kind.WRONG: "aB3_-x:cancelled",
}


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_button_comes_back_as_it_went(kind: Kind) -> None:
    action = Action(kind, ARGUMENTS[kind])
    assert decode(action.encode()) == action
    assert len(action.encode().encode()) <= 64


def test_the_longest_public_id_fits() -> None:
    assert len(Action(Kind.CALENDAR, "x" * 16).encode().encode()) <= 64


@given(st.one_of(st.text(), st.binary(), st.none()))
def test_whatever_comes_is_an_action_that_we_could_have_written_or_nothing(data: str | bytes | None) -> None:
    action = decode(data)
    if action is not None:
        assert data in (action.encode(), action.encode().encode())


@given(st.sampled_from(list(Kind)), st.text(alphabet="abz019-_:yes\n", max_size=20))
def test_the_grammar_is_strict(kind: Kind, argument: str) -> None:
    data = f"1:{kind.value}:{argument}"
    action = decode(data)
    assert action is None or action.encode() == data


@pytest.mark.parametrize(
    "data",
    [
        "",
        "1",
        "1:o",
        "1:o:",
        "2:o:abc",
        "1:p:-5",
        "1:p:05",
        "1:p:1000000",
        "1:e:maybe",
        "1:o:a b",
        "1:b:x",
        "1:b:\n",
    ],
)
def test_other_data_is_no_action(data: str) -> None:
    assert decode(data) is None


def test_a_button_that_could_not_be_read_again_is_never_made() -> None:
    with pytest.raises(ValueError, match="argument"):
        Action(Kind.CARD, "urn:x:17").encode()
