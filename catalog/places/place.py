"""What the gazetteer speaks in: places, where an address lies, and distances."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from catalog.query import PlaceRef
from catalog.values import PlaceKind

EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Place:
    """A named place in Denmark. Degrees are WGS 84; None where nobody states them.

    key: stable, such as "municipality:0183", "postcode:2635", "town:farum-3520", "district:ballerup-baltorp".
    name: for people; a postcode's is "2635 Ishøj". municipality: the one it lies in, mostly, where it spans
    several. municipalities: all of them, best first. postcodes: the codes of a municipality or district that
    lie in it wholly or in part, and the codes of which a town is the post town; empty for a smaller place.
    """

    key: str
    name: str
    kind: PlaceKind
    latitude: float | None = None
    longitude: float | None = None
    municipality: str | None = None
    municipalities: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()

    def ref(self) -> PlaceRef:
        """The same place as a question carries it."""
        return PlaceRef(self.key, self.name, self.kind, self.latitude, self.longitude)


@dataclass(frozen=True, slots=True)
class Located:
    """Where an address lies, as well as it is known.

    located_by tells what gave the coordinates: "postcode" (the centre of its area), "town", or None when only
    the municipality is known. district is filled only when the postcode makes it sure.
    """

    latitude: float | None
    longitude: float | None
    located_by: str | None
    postcode: str | None
    town: str | None
    municipality: str | None
    district: str | None


def distance_km(a_lat: float, a_lon: float, b_lat: float, b_lon: float) -> float:
    """Great-circle distance in kilometres between two points in degrees."""
    north, east = radians(b_lat - a_lat) / 2, radians(b_lon - a_lon) / 2
    half = sin(north) ** 2 + cos(radians(a_lat)) * cos(radians(b_lat)) * sin(east) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, half)))
