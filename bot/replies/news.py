"""News from staff: whether one wants it. Asked once, after the first follow, and in the settings."""

from bot.buttons import Action, Kind
from bot.replies.markup import say
from bot.replies.reply import Button, Reply, Voice


def offer(voice: Voice) -> Reply:
    """Asks whether they want news from staff."""
    yes, no = (Button(voice.texts(f"news.{what}"), Action(Kind.NEWS, what)) for what in ("yes", "no"))
    return Reply(say(voice.texts, "news.ask"), ((yes, no),))


def answered(wanted: bool, voice: Voice) -> Reply:
    """What comes of their answer."""
    return Reply(say(voice.texts, "news.wanted" if wanted else "news.unwanted"))
