"""What is on. The door: the few verbs and types that other floors use.

Reading files has its own door, `catalog.importers`: its libraries are many, and a question needs none.
"""

from catalog.cards import Card, OccurrenceFacts, VenueFacts
from catalog.catalogue import Catalogue
from catalog.database import Database
from catalog.drafts import Parsed, Rejection, UnreadableError
from catalog.ingest import Report, ingest
from catalog.query import Hit, Page, PlaceRef, Query, Understanding, Window

__all__ = [
    "Card",
    "Catalogue",
    "Database",
    "Hit",
    "OccurrenceFacts",
    "Page",
    "Parsed",
    "PlaceRef",
    "Query",
    "Rejection",
    "Report",
    "Understanding",
    "UnreadableError",
    "VenueFacts",
    "Window",
    "ingest",
]
