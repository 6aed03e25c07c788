"""Saved searches: kept, shown, changed, and away again. Blocking and free of Telegram."""

from sqlmodel import Session

from bot.conversations import Shown
from bot.handlers.answering import Outcome, for_children, named, to_query
from bot.handlers.visit import Visit
from bot.replies import basics, family
from bot.replies.family import Kid
from bot.replies.searches import Entry, saved_page, search_page
from bot.replies.settings import digest_phrase
from bot.replies.understood import Asked
from reminders import searches
from reminders.refusals import RefusedError


def save_question(visit: Visit, shown: Shown) -> Outcome:
    """Tell this person when the question of this list has new answers; for children, each of them apart."""
    query = shown.asked.query
    kids: tuple[Kid | None, ...] = family.asked_for(visit.kids, query.ages) or (None,)

    def work(session: Session) -> list[int]:
        rows = [
            searches.save(session, visit.person_id, query, visit.now, child_id=kid.id if kid else None)
            for kid in kids
        ]
        return [row.id or 0 for row in rows]

    try:
        ids = visit.house.database.write(work)
    except RefusedError as refused:
        return Outcome(basics.plain(f"refused.{refused.code}", visit.voice))
    saved = [entry for entry in entries(visit) if entry[0].id in ids]
    return Outcome(saved_page(saved, often(visit), visit.kids, visit.voice))


def to_search(visit: Visit, search_id: int) -> Outcome | None:
    """The screen of this saved search; None when it is not theirs."""
    found = next((entry for entry in entries(visit) if entry[0].id == search_id), None)
    return Outcome(search_page(found, often(visit), visit.kids, visit.voice)) if found else None


def to_matches(visit: Visit, search_id: int) -> Outcome | None:
    """What fits it now, as a list of its own; None when it is not theirs."""
    found = next((entry for entry in entries(visit) if entry[0].id == search_id), None)
    if found is None:
        return None
    saved, kid = found
    asked = named(visit, Asked(saved.query))
    return to_query(visit, for_children(visit, asked, kid.id) if kid else asked)


def for_child(visit: Visit, search_id: int, child_id: int) -> int | None:
    """Ask it for this child from now on, for anybody when it is 0; its id then, None when it is not theirs.
    Raises RefusedError."""

    def work(session: Session) -> int | None:
        found = next((s for s in searches.searches_of(session, visit.person_id) if s.id == search_id), None)
        if found is None:
            return None
        row = searches.save(session, visit.person_id, found.query, visit.now, child_id=child_id or None)
        if row.id != search_id:
            searches.remove(session, visit.person_id, search_id)
        return row.id

    return visit.house.database.write(work)


def end(visit: Visit, search_id: int) -> bool:
    """Forget it; whether it was theirs."""
    return visit.house.database.write(lambda session: searches.remove(session, visit.person_id, search_id))


def keep(visit: Visit, search_id: int) -> bool:
    """It still matters; whether it was theirs."""
    return visit.house.database.write(
        lambda session: searches.renew(session, visit.person_id, search_id, visit.now)
    )


def entries(visit: Visit) -> list[Entry]:
    """All that this person wants to be told of, with the child that each asks for."""
    saved = visit.house.database.read(lambda session: searches.searches_of(session, visit.person_id))
    kids = {kid.id: kid for kid in visit.kids}
    return [(search, kids.get((search.child and search.child.id) or 0)) for search in saved]


def often(visit: Visit) -> str | None:
    """How often news comes to this person, in words; None when they want none."""
    if visit.person is None or visit.person.digest == "off":
        return None
    return digest_phrase(visit.person, visit.voice)
