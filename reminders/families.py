"""Families: children as birth years, the ages that follow from them, and what an evening costs for all.

No name, no birth date, no free text: a child is a year and, when the family picks one, an emoji of `EMOJI`.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session, col, func, select

from catalog.cards import Card
from catalog.query import Query
from catalog.values import AUDIENCE_AGES, TARIFF_AGES, PriceKind, Tariff
from reminders.model import Child
from reminders.refusals import RefusedError

MOST_CHILDREN = 10
OLDEST_CHILD = 25
EMOJI = (
    *("🐻", "🦊", "🐰", "🐼", "🐨", "🦁", "🐯", "🐸", "🐵", "🐧", "🦉", "🦄"),
    *("🐢", "🐙", "🦋", "🐞", "🐬", "🦖", "🌻", "🌈", "⭐", "🚀", "🎈", "🍓"),
)
"""What a family may mark a child with."""

Ages = tuple[int, int]


def add_child(
    session: Session, person_id: int, birth_year: int, today: dt.date, emoji: str | None = None
) -> Child:
    """Remember a child. Raises RefusedError: "birth-year" (not one of the last 25 years), "emoji" (not in
    the list), "too-many-children"."""
    if not today.year - OLDEST_CHILD <= birth_year <= today.year:
        raise RefusedError("birth-year")
    if emoji is not None and emoji not in EMOJI:
        raise RefusedError("emoji")
    count = select(func.count()).select_from(Child).where(Child.person_id == person_id)
    if session.exec(count).one() >= MOST_CHILDREN:
        raise RefusedError("too-many-children")
    child = Child(person_id=person_id, birth_year=birth_year, emoji=emoji)
    session.add(child)
    session.flush()
    return child


def remove_child(session: Session, person_id: int, child_id: int) -> bool:
    """Forget a child, and the saved searches made for it; whether it was this person's."""
    child = child_of(session, person_id, child_id)
    if child is None:
        return False
    session.delete(child)
    session.flush()
    return True


def child_of(session: Session, person_id: int, child_id: int) -> Child | None:
    """This child, when it is this person's."""
    child = session.get(Child, child_id)
    return child if child is not None and child.person_id == person_id else None


def children_of(session: Session, person_id: int) -> list[Child]:
    """A person's children, the oldest first."""
    by_age = (col(Child.birth_year), col(Child.id))
    return list(session.exec(select(Child).where(Child.person_id == person_id).order_by(*by_age)))


def ages(birth_year: int, today: dt.date) -> Ages:
    """How old a child of that year is on a local day: both ages it may have, for only the year is known. A
    child of 2018 is 7 or 8 all through 2026."""
    at_most = today.year - birth_year
    return max(0, at_most - 1), max(0, at_most)


def query_for(child: Child, query: Query, today: dt.date) -> Query:
    """The question asked for this child: its ages instead of any that were named."""
    return replace(for_no_age(query), ages=(ages(child.birth_year, today),))


def for_no_age(query: Query) -> Query:
    """The question without ages, and without groups that are known by their age."""
    audiences = tuple(audience for audience in query.audiences if audience not in AUDIENCE_AGES)
    return replace(query, ages=(), audiences=audiences)


@dataclass(frozen=True, slots=True)
class Total:
    """What a family pays: kroner in all, and of what it is made: (tariff, how many, kroner each)."""

    kroner: float
    parts: tuple[tuple[Tariff, int, float], ...] = ()


def total_price(card: Card, adults: int, children: Sequence[Ages]) -> Total | None:
    """What `adults` and children of these ages pay together; None when that is not known for each of them.

    A child pays the cheapest reduced tariff that is meant for all of its possible ages, else the full
    price: a reduction that nobody stated is none. A full price that stands alone is everybody's. Without a
    stated full price nobody knows what a grown-up pays. The tariffs of seniors, members and groups are never
    taken: that they apply is not known."""
    if card.price_kind is PriceKind.FREE:
        return Total(0.0)
    prices = card.prices or {}
    tariffs = [Tariff.ADULT] * adults + [_tariff(prices, span) for span in children]
    if card.price_kind is not PriceKind.AMOUNTS or not tariffs or any(t not in prices for t in tariffs):
        return None
    parts = tuple((t, tariffs.count(t), prices[t]) for t in dict.fromkeys(tariffs))
    return Total(sum(count * kroner for _, count, kroner in parts), parts)


def _tariff(prices: dict[Tariff, float], span: Ages) -> Tariff:
    fitting = (
        t for t, (youngest, oldest) in TARIFF_AGES.items() if youngest <= span[0] and span[1] <= oldest
    )
    return min((t for t in fitting if t in prices), key=prices.__getitem__, default=Tariff.ADULT)
