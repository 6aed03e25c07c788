"""Whom a broadcast is for: the screens that narrow it. Blocking."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlmodel import Session

from bot.handlers.broadcast_screen import NotTheirsError, Screen, await_words, change, number_in, read_draft
from bot.handlers.visit import Visit
from bot.replies import broadcasting as pages
from bot.replies.audience import AGES
from bot.replies.broadcasting import Draft
from catalog import local, staff
from catalog.model import Organizer
from catalog.places import Place, gazetteer
from catalog.staff import Right, Staffer
from catalog.staff_scopes import districts_of
from catalog.values import Category, PlaceKind
from reminders.audience import Audience
from reminders.refusals import RefusedError

_ORGANIZERS = 8


def _audience(visit: Visit, number: int, _value: str = "") -> Screen:
    return Screen(pages.audience_page(read_draft(visit, number), visit.voice))


def _place(visit: Visit, number: int, _value: str = "") -> Screen:
    return _place_page(visit, read_draft(visit, number))


def _place_page(visit: Visit, draft: Draft, note: str | None = None) -> Screen:
    municipalities, districts = _choices(visit.acting, draft.audience)
    if is_typed := not visit.acting.municipalities:
        await_words(visit, draft.id, "place")
    return Screen(pages.place_page(draft, municipalities, districts, is_typed, visit.voice, note=note))


def _choices(me: Staffer, audience: Audience) -> tuple[list[Place], list[Place]]:
    """The municipalities and districts that can be tapped: their own, or what an admin has picked."""
    picked = [place for key in audience.districts if (place := gazetteer().get(key))]
    names = me.municipalities or {*audience.municipalities, *(p.municipality or "" for p in picked)}
    towns = [place for name in sorted(names) if (place := gazetteer().municipality(name))]
    return towns, [district for town in towns for district in districts_of(town.name)]


def _take_place(visit: Visit, number: int, text: str) -> Screen:
    draft = read_draft(visit, number)
    place = gazetteer().municipality(text.strip()) or next(iter(gazetteer().named(text.strip())), None)
    if place is None or place.kind not in (PlaceKind.MUNICIPALITY, PlaceKind.DISTRICT):
        return _place_page(visit, draft, "broadcast.typed.no_place")
    return _toggle_place(visit, draft, place)


def _town(visit: Visit, number: int, value: str) -> Screen:
    return _toggle_place(visit, read_draft(visit, number), gazetteer().municipality(value))


def _district(visit: Visit, number: int, value: str) -> Screen:
    return _toggle_place(visit, read_draft(visit, number), gazetteer().get(f"{PlaceKind.DISTRICT}:{value}"))


def _toggle_place(visit: Visit, draft: Draft, place: Place | None) -> Screen:
    """This place too, or no longer. A district stands instead of its whole municipality, and the other way
    round."""
    audience, me = draft.audience, visit.acting
    if place is None or not staff.may(me, Right.BROADCAST, [place.municipality or place.name]):
        raise NotTheirsError
    towns, parts = set(audience.municipalities), set(audience.districts)
    if place.kind is PlaceKind.DISTRICT:
        parts ^= {place.key}
        towns.discard(place.municipality or "")
    else:
        towns ^= {place.name}
        parts -= {district.key for district in districts_of(place.name)}
    if not towns and not parts and me.municipalities:
        raise RefusedError("needs-place")
    changed = replace(audience, municipalities=tuple(sorted(towns)), districts=tuple(sorted(parts)))
    return _place_page(visit, change(visit, draft.id, audience=changed))


def _ages(visit: Visit, number: int, value: str = "") -> Screen:
    draft = read_draft(visit, number)
    if value:
        low, _, high = value.partition(".")
        spans = {span for span in AGES if span in draft.audience.ages} ^ (
            {(number_in(low), number_in(high))} & set(AGES)
        )
        draft = change(visit, number, audience=replace(draft.audience, ages=tuple(sorted(spans))))
    return Screen(pages.ages_page(draft, visit.voice))


def _categories(visit: Visit, number: int, value: str = "") -> Screen:
    draft = read_draft(visit, number)
    if value:
        picked = set(draft.audience.categories) ^ {one for one in Category if one.value == value}
        ordered = tuple(one for one in Category if one in picked)
        draft = change(visit, number, audience=replace(draft.audience, categories=ordered))
    return Screen(pages.categories_page(draft, visit.voice))


def _matching(visit: Visit, number: int, _value: str) -> Screen:
    draft = read_draft(visit, number)
    if not draft.cards:
        raise RefusedError("no-offerings")
    wanted = not draft.audience.matching
    draft = change(visit, number, audience=replace(draft.audience, matching=wanted))
    return Screen(pages.audience_page(draft, visit.voice))


def _organizers(visit: Visit, number: int, value: str = "") -> Screen:
    draft = read_draft(visit, number)
    if value:
        wanted = number_in(value)
        known = visit.house.database.read(lambda s: local.organizers_by_id(s, [wanted]))
        picked = set(draft.audience.organizers) ^ {one.id or 0 for one in known}
        audience = replace(draft.audience, organizers=tuple(sorted(picked)))
        draft = change(visit, number, audience=audience)
    return _organizers_page(visit, draft, _makers(visit, draft))


def _organizers_page(
    visit: Visit, draft: Draft, found: Sequence[Organizer], note: str | None = None
) -> Screen:
    await_words(visit, draft.id, "orgs")
    return Screen(pages.organizers_page(draft, found, visit.voice, note=note))


def _take_organizer(visit: Visit, number: int, text: str) -> Screen:
    draft = read_draft(visit, number)
    found = visit.house.database.read(lambda s: local.organizers_named(s, text, _ORGANIZERS))
    if not found:
        return _organizers_page(visit, draft, _makers(visit, draft), "broadcast.typed.not_found")
    return _organizers_page(visit, draft, found)


def _makers(visit: Visit, draft: Draft) -> list[Organizer]:
    """Whoever makes the offerings that are picked, and whoever makes most where they are."""

    def work(session: Session) -> list[Organizer]:
        ids = [card.organizer_id for card in draft.cards if card.organizer_id]
        theirs = local.organizers_by_id(session, list(dict.fromkeys(ids)))
        others = local.organizers_in(session, visit.acting.municipalities, visit.now, _ORGANIZERS)
        return [*theirs, *(one for one in others if one.id not in ids)][:_ORGANIZERS]

    return visit.house.database.read(work)


STEPS: dict[str, Callable[[Visit, int, str], Screen]] = {
    "who": _audience,
    "place": _place,
    "town": _town,
    "dist": _district,
    "ages": _ages,
    "age": _ages,
    "cats": _categories,
    "cat": _categories,
    "orgs": _organizers,
    "org": _organizers,
    "match": _matching,
}
"""What a button does, by its verb."""

TAKERS: dict[str, Callable[[Visit, int, str], Screen]] = {"place": _take_place, "orgs": _take_organizer}
"""What becomes of what is written to its screens."""
