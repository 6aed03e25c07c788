"""Following and no longer following: what a card knows of it, and the screens behind "Følger". Blocking and
free of Telegram, like `bot.handlers.answering`."""

from dataclasses import dataclass

from sqlmodel import Session

from bot.handlers.visit import Visit
from bot.replies.card import next_venue, upcoming
from bot.replies.family import total_line
from bot.replies.following import dates_page, following_page, started
from bot.replies.markup import Html
from bot.replies.reply import Reply
from bot.replies.settings import leads_of
from catalog.cards import Card
from reminders import fact_reports, families, follows, own
from reminders.model import Follow
from reminders.own import Target
from reminders.refusals import RefusedError

_ADULTS = 1
"""How many grown-ups a family's total counts: who comes along is not known, and one must."""

_SOURCES = ("organizer", "venue")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a card tells its reader of themselves. is_followed: None in a group; total: what it costs them;
    is_heard: somebody reads what they say is wrong."""

    is_followed: bool | None = None
    total: Html | None = None
    is_heard: bool = False


def standing(visit: Visit, card: Card) -> Standing:
    """How this person stands to this offering."""
    if not visit.is_private:
        return Standing()

    def work(session: Session) -> tuple[bool, bool]:
        return _follow_of(session, visit, card) is not None, fact_reports.is_heard(session, card.id)

    followed, heard = visit.house.database.read(work)
    return Standing(followed, _total(visit, card), heard)


def follow_card(visit: Visit, card: Card) -> str:
    """Follow the whole offering; what to say about it."""

    def work(session: Session) -> bool:
        is_first = not own.follows_anything(session, visit.person_id)
        follows.follow(session, visit.person_id, "offering", card.id, now=visit.now, zone=visit.zone)
        return is_first

    try:
        is_first = visit.house.database.write(work)
    except RefusedError as refused:
        return visit.voice.texts(f"refused.{refused.code}")
    leads = leads_of(visit.person.leads) if visit.person else ()
    return started(card, leads, visit.voice, is_first=is_first)


def to_choices(visit: Visit, card: Card) -> Reply:
    """What of this offering can be followed, ticked where it is."""

    def work(session: Session) -> tuple[frozenset[str], int | None]:
        found = _follow_of(session, visit, card)
        return _parts(session, visit, card), found.id if found else None

    parts, follow_id = visit.house.database.read(work)
    return following_page(card, parts, follow_id, visit.voice)


def to_dates(visit: Visit, card: Card) -> Reply:
    """Which of its dates are followed."""
    parts = visit.house.database.read(lambda session: _parts(session, visit, card))
    return dates_page(card, parts, visit.voice)


def toggle(visit: Visit, card: Card, part: str) -> str:
    """Follow this part of the offering, or no longer ("none": nothing of it); what to say about it."""
    try:
        followed = visit.house.database.write(lambda session: _toggle(session, visit, card, part))
    except RefusedError as refused:
        return visit.voice.texts(f"refused.{refused.code}")
    return visit.voice.texts("toast.followed" if followed else "toast.stopped")


def _toggle(session: Session, visit: Visit, card: Card, part: str) -> bool:
    targets = _targets(card, visit)
    if part == "none":
        _end(session, visit, *targets.values())
        return False
    if part == "seats":
        return _toggle_seats(session, visit, card)
    if part not in targets:
        raise RefusedError("gone")
    if _end(session, visit, targets[part]):
        return False
    kind, target = targets[part]
    follows.follow(session, visit.person_id, kind, target, now=visit.now, zone=visit.zone)
    # Single dates instead of all of them, and the other way round.
    if kind in ("offering", "occurrence"):
        other = "occurrence" if kind == "offering" else "offering"
        _end(session, visit, *(target for target in targets.values() if target[0] == other))
    return True


def _end(session: Session, visit: Visit, *targets: Target) -> bool:
    mine = own.follows_among(session, visit.person_id, targets)
    for kind, target in mine:
        follows.unfollow(session, visit.person_id, kind, target, now=visit.now, zone=visit.zone)
    return bool(mine)


def _toggle_seats(session: Session, visit: Visit, card: Card) -> bool:
    wanted = "seats" not in _parts(session, visit, card)
    row = follows.want_seats(session, visit.person_id, card.id, now=visit.now, zone=visit.zone)
    row.wants_seats = wanted
    return wanted


def _targets(card: Card, visit: Visit) -> dict[str, Target]:
    """Everything of a card that can be followed, by the name of its part; what one is reminded of first."""
    targets: dict[str, Target] = {"all": ("offering", card.id)}
    targets |= {f"date{date.id}": ("occurrence", date.id) for date in upcoming(card, visit.voice)}
    venue = next_venue(card, visit.voice)
    ids = {"series": card.series_id, "organizer": card.organizer_id, "venue": venue and venue.id}
    return targets | {part: (part, target) for part, target in ids.items() if target}


def _parts(session: Session, visit: Visit, card: Card) -> frozenset[str]:
    targets = _targets(card, visit)
    mine = own.follows_among(session, visit.person_id, targets.values())
    whole = mine.get(targets["all"])
    seats = {"seats"} if whole is not None and whole.wants_seats else set()
    return frozenset(seats.union(part for part, target in targets.items() if target in mine))


def _follow_of(session: Session, visit: Visit, card: Card) -> Follow | None:
    """The follow by which they hear of it: of the whole, of a date that is to come, of its series."""
    targets = [target for part, target in _targets(card, visit).items() if part not in _SOURCES]
    mine = own.follows_among(session, visit.person_id, targets)
    return next((mine[target] for target in targets if target in mine), None)


def _total(visit: Visit, card: Card) -> Html | None:
    if not visit.kids:
        return None
    total = families.total_price(card, _ADULTS, [kid.ages for kid in visit.kids])
    return total_line(total, _ADULTS, len(visit.kids), visit.voice) if total and total.kroner else None
