"""A place written as one line ("Ishøj Bibliotek, Store Torv 1, 2635 Ishøj") as a venue."""

import re

from catalog.drafts import VenueDraft
from catalog.importers.cleaning import line_of, link

_POSTCODE_TOWN = re.compile(r"(?<![\w.-])(?:DK[ -]?)?([1-9]\d{3})\s+([^\W\d_][^\d,;()]{1,60})")
_STREET = re.compile(r"[^\W\d_]{2,}\.?\s+\d{1,4}\s?[a-zA-Z]?\b")
_COUNTRIES = frozenset({"danmark", "denmark", "dk"})
_SEPARATOR = re.compile(r"[,;\n]| @ ")
_NAME, _LINE, _TOWN = 200, 300, 100


def venue_from_text(
    text: str, latitude: float | None = None, longitude: float | None = None
) -> VenueDraft | None:
    """The venue that `text` names: its first part is the name, a Danish postcode gives postcode and town,
    what stands between is the address. None for nothing, and for an address on the web."""
    parts = [part for part in (line_of(p, _LINE) for p in _SEPARATOR.split(text.strip())) if part]
    parts = [part for part in parts if part.casefold() not in _COUNTRIES]
    if not parts or link(parts[0]):
        return _only_a_point(latitude, longitude)
    found = _POSTCODE_TOWN.search(", ".join(parts))
    postcode, town = (found[1], found[2].strip()[:_TOWN]) if found else (None, None)
    name = _before_postcode(parts[0]) or parts[0]
    between = [kept for part in parts[1:] if (kept := _before_postcode(part))]
    street = ", ".join(between) or (name if _STREET.search(name) else None)
    return VenueDraft(
        name=name[:_NAME],
        address=street[:_LINE] if street else None,
        postcode=postcode,
        town=town,
        latitude=latitude,
        longitude=longitude,
    )


def degrees(latitude: str, longitude: str) -> tuple[float | None, float | None]:
    """Both as numbers, when they are a point on the earth and not the 0, 0 that stands for "unknown"."""
    try:
        north, east = (float(text.strip().replace(",", ".")) for text in (latitude, longitude))
    except ValueError:
        return None, None
    is_somewhere = abs(north) <= 90 and abs(east) <= 180 and (north, east) != (0, 0)
    return (north, east) if is_somewhere else (None, None)


def _before_postcode(part: str) -> str:
    found = _POSTCODE_TOWN.search(part)
    return (part[: found.start()] if found else part).strip(" -–")


def _only_a_point(latitude: float | None, longitude: float | None) -> VenueDraft | None:
    if latitude is None or longitude is None:
        return None
    return VenueDraft(name=f"{latitude:.4f}, {longitude:.4f}", latitude=latitude, longitude=longitude)
