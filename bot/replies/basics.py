"""The small replies: greeting, help, choices, and ready questions to tap."""

from collections.abc import Iterable

from bot.buttons import Action, Kind
from bot.replies.markup import Html, lines, say
from bot.replies.reply import Button, Reply, Rows, Voice
from bot.texts import LANGUAGES, texts

STARTERS = ("near", "weekend", "families", "youth")
"""The four things to tap under the greeting."""

SUGGESTIONS = (
    "weekend",
    "families",
    "free",
    "music",
    "workshops",
    "youth",
    "exhibitions",
    "theatre",
    "seniors",
    "today",
    "everything",
)
"""Ready questions, tried in this order; those without an answer just now are not shown."""


HELP_EXAMPLES = ("free", "workshops", "music", "theatre", *SUGGESTIONS)
"""The same for the help page, where longer questions show more."""


def suggestion_rows(keys: Iterable[str], voice: Voice) -> Rows:
    """Ready questions as buttons, two a row."""
    buttons = [Button(voice.texts(f"suggestion.{key}.label"), Action(Kind.QUESTION, key)) for key in keys]
    return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))


def question(key: str, voice: Voice) -> str | None:
    """What a ready question's button says, in words; None when there is no such one."""
    name = f"suggestion.{key}.question"
    return voice.texts(name) if voice.texts.has(name) else None


def greeting(voice: Voice) -> Reply:
    """Hello, and four things to tap."""
    return Reply(say(voice.texts, "start.greeting"), suggestion_rows(STARTERS, voice))


def help_page(examples: Iterable[str], voice: Voice, *, more: Reply | None = None) -> Reply:
    """What one can write, with examples that have answers, and the commands. more: what only some hear."""
    examples = tuple(examples)
    quoted = [say(voice.texts, "help.example", question=question(key, voice) or "") for key in examples]
    text = lines(
        [
            say(voice.texts, "help.intro"),
            *quoted,
            Html(""),
            say(voice.texts, "help.ask_on"),
            Html(""),
            say(voice.texts, "help.commands"),
            *([Html(""), more.text] if more else []),
        ]
    )
    return Reply(text, suggestion_rows(examples, voice) + (more.rows if more else ()))


def with_examples(key: str, examples: Iterable[str], voice: Voice) -> Reply:
    """The sentence `key` with ready questions under it."""
    return Reply(say(voice.texts, key), suggestion_rows(examples, voice))


def plain(key: str, voice: Voice, **values: str | int) -> Reply:
    """Just the sentence `key`."""
    return Reply(say(voice.texts, key, **values))


def language_choice(voice: Voice) -> Reply:
    """Every language by its own name."""
    row = tuple(
        Button(texts(language)("language.name"), Action(Kind.LANGUAGE, language)) for language in LANGUAGES
    )
    return Reply(say(voice.texts, "language.ask"), (row,))


def erase_question(voice: Voice, *, is_staff: bool) -> Reply:
    """Asks once, before everything is deleted, and what they are among the staff."""
    role = say(voice.texts, "staff.erase") if is_staff else None
    yes = Button(voice.texts("erase.yes"), Action(Kind.ERASE, "yes"))
    no = Button(voice.texts("erase.no"), Action(Kind.ERASE, "no"))
    return Reply(lines([say(voice.texts, "erase.ask"), role]), ((yes,), (no,)))


def private_only(bot_username: str, voice: Voice) -> Reply:
    """What is personal is done in the private chat; the way there."""
    button = Button(voice.texts("private_only.button"), url=f"https://t.me/{bot_username}?start=hello")
    return Reply(say(voice.texts, "private_only.ask"), ((button,),))
