"""What `kulturlods ask` says of a result."""

from bot.asking import Asker, Question
from catalog import Catalogue
from tests.catalog.factory import ZONE, at, database_with, offering

NOW = at("2026-11-25 15:00")


def test_a_result_tells_why_it_stands_where_it_does() -> None:
    database = database_with(
        offering("Keramik for alle", "2026-11-26 19:00"),
        offering("Åbent hus", "2026-11-26 19:00", descriptions={"da": "Prøv også keramik."}),
    )
    asker = Asker(Catalogue(database, ZONE), NOW, ZONE, "da")
    first, second = asker.answer_json(Question(turns=("gratis kerramik",), now=NOW))["results"]
    assert (first["title"], first["why"]["field"]) == ("Keramik for alle", "title")
    assert (second["title"], second["why"]["field"]) == ("Åbent hus", "text")
    assert first["why"]["words"] == 1
    assert first["why"]["unknown"] == 1


def test_without_words_there_is_no_field_to_tell_of() -> None:
    database = database_with(offering("Keramik", "2026-11-26 19:00"))
    asker = Asker(Catalogue(database, ZONE), NOW, ZONE, "da")
    (only,) = asker.answer_json(Question(turns=("i morgen",), now=NOW))["results"]
    assert only["why"]["field"] is None
