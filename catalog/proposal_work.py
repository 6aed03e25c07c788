"""A proposal as plain facts: half an offering that the screens can show, and what it still lacks."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from catalog.drafts import OfferingDraft
from catalog.importers.infer import infer
from catalog.keepers import municipality_of
from catalog.scoping import municipalities_of, municipalities_of_stored
from catalog.staff_model import Proposal
from catalog.values import Fact

UNTITLED = "…"
"""Stands where a title will be."""
_GUESSED = {
    Fact.AGE: ("age_from", "age_to"),
    Fact.MADE_FOR: ("made_for",),
    Fact.CATEGORIES: ("categories",),
    Fact.FORMATS: ("formats",),
    Fact.AUDIENCES: ("audiences",),
    Fact.LANGUAGES: ("languages",),
    Fact.PRICE: ("price_kind", "prices"),
    Fact.ACCESS: ("access",),
}


class State(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    ASKED = "asked"
    PUBLISHED = "published"
    DECLINED = "declined"


class ProposalError(Exception):
    """What cannot be done. code: "not-yours", "gone", "decided" (by a colleague), "changed" (since it was
    shown), "stale" (the offering has been altered meanwhile), "incomplete", "past", "refused" (by the
    catalogue) or "bad-fact"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Work:
    """A proposal as plain facts. draft: whole, guesses included; missing: what it still lacks, of "title",
    "when" and "where". digest: of everything that a decision is bound to. source: under which name it is
    or will be stored. facts: as the screens keep them."""

    id: int
    staff_id: int
    state: State
    step: str
    draft: OfferingDraft
    missing: tuple[str, ...]
    digest: str
    source: str
    municipalities: frozenset[str]
    offering_id: int | None
    decided_by: int | None
    facts: Mapping[str, Any]

    @property
    def is_edit(self) -> bool:
        """Whether it alters an offering that people can see already."""
        return "base" in self.facts

    @property
    def is_fed(self) -> bool:
        """Whether that is a source's: only what people plan by is altered then, until the source does."""
        return bool(self.facts.get("fed"))


def work_of(session: Session, row: Proposal) -> Work:
    """This stored proposal. Raises pydantic's ValidationError for facts that no offering has."""
    assert row.id is not None  # noqa: S101  # stored
    draft = _whole(row.id, row.facts)
    bound = json.dumps([row.facts.get("draft"), row.offering_id], sort_keys=True)
    where = municipalities_of(session, [draft])[0]
    if "base" in row.facts and row.offering_id is not None:
        where |= municipalities_of_stored(session, [row.offering_id])[row.offering_id]
    return Work(
        id=row.id,
        staff_id=row.staff_id,
        state=State(row.state),
        step=row.step,
        draft=draft,
        missing=tuple(_missing(draft)),
        digest=hashlib.sha256(bound.encode()).hexdigest()[:10],
        source=str(row.facts["source"]),
        municipalities=where,
        offering_id=row.offering_id,
        decided_by=row.decided_by,
        facts=dict(row.facts),
    )


def stated(draft: Mapping[str, Any], news: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a draft with these news, which are no guesses."""
    guesses = [fact for fact in draft.get("inferred", ()) if not set(_GUESSED[Fact(fact)]) & set(news)]
    return {**draft, **news, "inferred": guesses}


def _whole(number: int, facts: Mapping[str, Any]) -> OfferingDraft:
    told: dict[str, Any] = {"titles": {"da": UNTITLED}, "external_id": f"p{number}", **facts["draft"]}
    draft = infer(OfferingDraft.model_validate(told))
    if draft.owners:
        return draft
    where = {municipality_of(time.venue) for time in draft.occurrences if time.venue} - {None}
    return draft.model_copy(update={"owners": tuple(sorted(name for name in where if name))})


def _missing(draft: OfferingDraft) -> list[str]:
    lacks = {
        "title": UNTITLED in draft.titles.values(),
        "when": not draft.occurrences and draft.season_from is None,
        "where": not any(time.venue for time in draft.occurrences) and bool(draft.occurrences),
    }
    return [name for name, is_lacking in lacks.items() if is_lacking]
