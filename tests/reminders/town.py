"""A town for tests: what is on, who lives there, and the hours that pass.

`town.publish(offering("Koncert", "2026-11-28 19:00"))` is an import at the town's `now`; `town.wait("…")`
lets time pass; `town.post()` delivers what is due through the real outbox and gives what was said.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from sqlmodel import Session, col, select, update

from catalog.catalogue import Catalogue
from catalog.drafts import OfferingDraft
from catalog.model import Offering
from catalog.query import Query
from reminders import digests, families, news, people, searches
from reminders.composing import Composer
from reminders.delivery import Report, deliver_due
from reminders.model import Child, Delivery, Follow
from reminders.notices import Digest, Fate, Notice, Outcome, Turn
from tests.catalog.factory import ZONE, add, at, database_with

CHAT = 7_200_000_000_000


class Town:
    """Wednesday 25 November 2026 at 15:00, an hour at which nobody sleeps, unless said otherwise."""

    def __init__(self, now: str = "2026-11-25 15:00") -> None:
        self.now = at(now)
        self.database = database_with()
        self.catalogue = Catalogue(self.database, ZONE)

    def wait(self, until: str) -> None:
        self.now = at(until)

    def read(self, work: Callable[[Session], Any]) -> Any:
        return self.database.read(work)

    def write(self, work: Callable[[Session], Any]) -> Any:
        return self.database.write(work)

    def publish(self, *offerings: OfferingDraft) -> list[int]:
        """The ids under which they are published now."""
        before = self.read(news.newest)
        add(self.database, *offerings)
        fresh = col(Offering.id) > before
        self.write(lambda s: s.execute(update(Offering).where(fresh).values(created_at=self.now)))
        return self.read(lambda s: list(s.exec(select(Offering.id).where(fresh).order_by(Offering.id))))

    def change(self, table: Any, id_: int, **facts: Any) -> None:
        self.write(lambda s: s.execute(update(table).where(table.id == id_).values(**facts)))

    def person(self, chat: int = CHAT, **facts: Any) -> int:
        def work(session: Session) -> int:
            person = people.meet(session, chat, "da", self.now.date())
            for name, value in facts.items():
                setattr(person, name, value)
            return person.id or 0

        return self.write(work)

    def child(self, person: int, year: int, emoji: str | None = None) -> int:
        return self.write(lambda s: families.add_child(s, person, year, self.now.date(), emoji).id)

    def save(self, person: int, query: Query | None = None, child: int | None = None, **facts: Any) -> int:
        asked = query or Query(**facts)
        return self.write(lambda s: searches.save(s, person, asked, self.now, child).id)

    def follow(self, person: int, kind: str, target: int) -> None:
        row = Follow(person_id=person, kind=kind, target_id=target, created_at=self.now)
        self.write(lambda s: s.add(row))

    def look(self) -> int:
        """One tick of the digests."""
        return digests.plan_digests(self.database, self.catalogue, self.now, ZONE)

    def rows(self, *states: str) -> list[Delivery]:
        every = select(Delivery).order_by(col(Delivery.id))
        return [row for row in self.read(lambda s: s.exec(every).all()) if row.state in states or not states]

    def get(self, table: Any, id_: int) -> Any:
        return self.read(lambda s: s.get(table, id_))

    def children(self, person: int) -> list[Child]:
        return self.read(lambda s: families.children_of(s, person))

    def post(self, fate: Fate = Fate.SENT) -> list[Notice]:
        """Deliver what is due; what was said, or tried, when each attempt ends like this."""
        postman = Postman(fate)
        asyncio.run(self.deliver(postman))
        return postman.said

    async def deliver(self, postman: "Postman") -> Report:
        compose = Composer(ZONE, match=self.catalogue.search_new, similar=lambda _card, _now: ())
        return await deliver_due(
            self.database, postman, lambda: self.now, compose, worker="test", concurrency=1
        )


class Postman:
    """A sender whose every request ends in the same way."""

    def __init__(self, fate: Fate = Fate.SENT) -> None:
        self.fate = fate
        self.said: list[Any] = []

    async def send(self, notice: Notice, turn: Turn) -> Outcome:
        if not await turn.fence():
            return Outcome(Fate.NOT_SENT)
        self.said.append(notice)
        return Outcome(self.fate, message_id=len(self.said))

    def halted_for(self) -> float:
        return 0.0


def titles(digest: Digest) -> list[str]:
    return [row.card.title("da") for row in digest.rows]
