"""Where a staffer may act, from names: a municipality and a district are what the gazetteer knows, an
institution is whatever it is called."""

from collections.abc import Iterable, Sequence

from catalog.places import Place, gazetteer
from catalog.places.facts import rows
from catalog.staff import INSTITUTION_TYPES, Role, Scope, ScopeKind
from catalog.text import visible
from catalog.values import PlaceKind

LONGEST_INSTITUTION = 80


class ScopeError(Exception):
    """Names that make no scope. code: "municipality" or "district" (unknown), "type" (no such institution
    type), "institution" (no name), "none", "one" (a coordinator needs a municipality, an ambassador one
    municipality and one thing in it) or "admin" (who acts everywhere). value: the name, where one is
    wrong."""

    def __init__(self, code: str, value: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.value = value


def municipality_scope(name_or_code: str) -> Scope:
    """A whole municipality, by its name or code."""
    place = gazetteer().municipality(name_or_code)
    if place is None:
        raise ScopeError("municipality", name_or_code)
    return Scope(ScopeKind.MUNICIPALITY, place.name, place.name)


def district_scope(name: str, municipality: str | None = None) -> Scope:
    """A district, which lies in this municipality."""
    for place in gazetteer().named(name):
        is_there = place.municipality is not None and municipality in (None, place.municipality)
        if place.kind is PlaceKind.DISTRICT and is_there:
            return Scope(ScopeKind.DISTRICT, place.municipality or "", place.name)
    raise ScopeError("district", name)


def institution_scope(name: str, municipality: str) -> Scope:
    """One institution there, such as a school or a library."""
    cleaned = " ".join(visible(name).split())[:LONGEST_INSTITUTION].strip()
    if not cleaned:
        raise ScopeError("institution")
    return Scope(ScopeKind.INSTITUTION, municipality, cleaned)


def type_scope(institution_type: str, municipality: str) -> Scope:
    """All institutions of a type there."""
    if institution_type not in INSTITUTION_TYPES:
        raise ScopeError("type", institution_type)
    return Scope(ScopeKind.INSTITUTION_TYPE, municipality, institution_type)


def scopes_of(
    role: Role,
    municipalities: Sequence[str],
    district: str | None = None,
    institution: str | None = None,
    institution_type: str | None = None,
) -> tuple[Scope, ...]:
    """The scopes that fit this role. Raises ScopeError when these names give none."""
    named = [scope.municipality for scope in map(municipality_scope, municipalities)]
    details = [detail for detail in (district, institution, institution_type) if detail is not None]
    if role is Role.ADMIN:
        return _none_for_an_admin([*named, *details])
    if role is Role.COORDINATOR:
        if not named or details:
            raise ScopeError("none")
        return tuple(sorted(map(municipality_scope, set(named))))
    if len(details) != 1 or len(named) > 1 or not (named or district):
        raise ScopeError("one")
    if district is not None:
        return (district_scope(district, named[0] if named else None),)
    if institution is not None:
        return (institution_scope(institution, named[0]),)
    return (type_scope(institution_type or "", named[0]),)


def districts_of(municipality: str) -> tuple[Place, ...]:
    """A municipality's districts, in the gazetteer's own order; none for most."""
    places = (gazetteer().get(f"{PlaceKind.DISTRICT}:{row['key']}") for row in rows("districts.csv"))
    return tuple(place for place in places if place and place.municipality == municipality)


def _none_for_an_admin(named: Iterable[str]) -> tuple[Scope, ...]:
    if list(named):
        raise ScopeError("admin")
    return ()
