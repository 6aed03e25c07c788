"""What the first question would else wait for, done before it comes."""

from datetime import datetime

from catalog.search.match import CatalogueWords
from catalog.understanding import understand
from catalog.understanding.sayings import read


def prepare(words: CatalogueWords, now: datetime) -> None:
    """Read all that understanding keeps in memory, and what it keeps beside the names of one snapshot.

    The first time it reads the dictionaries, the lexicon and the gazetteer (a second or two); for each
    further snapshot it takes some ten milliseconds for 100,000 offerings."""
    for question in read("preparing")["questions"]:
        understand(question, now=now, words=words)
