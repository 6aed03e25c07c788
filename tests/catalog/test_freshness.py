"""A snapshot is made anew when the catalogue changes, and not when people merely talk."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.migrations import upgrade
from catalog import Catalogue, Database, Parsed, ingest
from catalog.drafts import OfferingDraft
from catalog.sample import sample_drafts
from reminders import people

ZONE = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 11, 25, 15, tzinfo=ZONE)


def store(database: Database, *drafts: OfferingDraft) -> None:
    ingest(database, Parsed("sample", list(drafts)), source="Biblioteket", now=NOW)


def test_only_a_change_of_the_catalogue_makes_a_new_snapshot(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/fresh.db")
    upgrade(database)
    first, second = sample_drafts(NOW, ZONE)[:2]
    store(database, first)
    catalogue = Catalogue(database, ZONE)
    assert catalogue.refresh(NOW)

    database.write(lambda session: people.meet(session, 7, "da", NOW.date()))
    assert not catalogue.refresh(NOW)

    store(database, first, second)
    assert catalogue.refresh(NOW)

    store(database, first, second)
    assert not catalogue.refresh(NOW)

    store(database, first.model_copy(update={"titles": {"da": "Noget andet"}}), second)
    assert catalogue.refresh(NOW)
    database.close()
