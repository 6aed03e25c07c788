"""What points at something that is shown: a row of the list, a question about the card, "følg den". Blocking
and free of Telegram, like `bot.handlers.answering`."""

from bot.handlers import asking_back, saving, talking
from bot.handlers.answering import Outcome, to_card
from bot.handlers.following import follow_card
from bot.handlers.news import with_offer
from bot.handlers.visit import Visit
from bot.replies import about, basics
from bot.replies.markup import escape
from bot.replies.reply import Reply
from catalog.cards import Card

_EVERYTHING = "all"
_MOST_DIGITS = 2


def by_number(visit: Visit, text: str, bot_username: str) -> Outcome | None:
    """The row, or the reading that was asked back, whose number stands alone; None for anything else."""
    last, number = visit.conversation.last, text.strip().rstrip(".")
    if last is None or not number.isdecimal() or len(number) > _MOST_DIGITS or not number.isascii():
        return None
    if len(number) == _MOST_DIGITS and not last.readings and int(number) > len(last.rows):
        return None
    return row(visit, int(number), bot_username)


def row(visit: Visit, number: int, bot_username: str) -> Outcome:
    """The card of this row of the list, from 1, or -1 for the last; what was asked back has rows too."""
    last = visit.conversation.last
    if last is None:
        return talking.with_examples(visit, "hello.no_list")
    speaking = visit.speaking(last.language)
    if last.readings:
        return asking_back.reading(speaking, last, number)
    number = len(last.rows) if number == -1 else number
    if not 1 <= number <= len(last.rows):
        return Outcome(basics.plain("hello.no_row", speaking.voice, number=number))
    return to_card(speaking, last.rows[number - 1], last, bot_username)


def about_shown(visit: Visit, subject: str, bot_username: str) -> Outcome | None:
    """What is known of this about the offering that is shown, or that is the only one on the list; None when
    there is none."""
    card = _shown(visit)
    if card is None:
        return None
    if subject == _EVERYTHING:
        return to_card(visit, card.public_id, visit.conversation.last, bot_username)
    return Outcome(about.about(card, subject, visit.voice), card=card.public_id)


def which(visit: Visit) -> Outcome:
    """Asks which one is meant."""
    last = visit.conversation.last
    if last is None or not last.rows:
        return talking.with_examples(visit, "shown.none", 2)
    return Outcome(about.which(last.rows, visit.voice), last)


def follow_shown(visit: Visit, bot_username: str) -> Outcome:
    """Follow what is shown; in a group the way to where one can."""
    if not visit.is_private:
        return Outcome(basics.private_only(bot_username, visit.voice))
    card = _shown(visit)
    if card is None:
        return which(visit)
    return with_offer(visit, Outcome(Reply(escape(follow_card(visit, card))), card=card.public_id))


def notify(visit: Visit, bot_username: str) -> Outcome:
    """Tell them when the last question has new answers."""
    if not visit.is_private:
        return Outcome(basics.private_only(bot_username, visit.voice))
    last = visit.conversation.last
    if last is None:
        return talking.with_examples(visit, "hello.no_list")
    return saving.save_question(visit, last)


def _shown(visit: Visit) -> Card | None:
    conversation = visit.conversation
    rows = conversation.last.rows if conversation.last else ()
    only = rows[0] if len(rows) == 1 else None
    public_id = conversation.card or only
    return visit.house.catalogue.card(public_id) if public_id else None
