"""The gazetteer: Danish municipalities, districts, towns and postcodes with coordinates, and look-ups.

Facts live in `data/`; where they come from and under which licence stands in `data/SOURCES.md`.
"""

from catalog.places.gazetteer import Gazetteer, gazetteer
from catalog.places.place import Located, Place, distance_km

__all__ = ["Gazetteer", "Located", "Place", "distance_km", "gazetteer"]
