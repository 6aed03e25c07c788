"""tantivy: Danish stems beside the plain words, and fuzzy terms where these find nothing."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.peers.asking import SHOWN, Answer, Asked, SkippedError
from benchmarks.peers.rows import Rows, Text, Time

try:
    import tantivy
    from tantivy import FieldType, Filter, Occur, Query
except ImportError:
    tantivy = None  # type: ignore[assignment]  # an optional extra

_PLAIN, _STEMMED = ("title", "text"), ("title_stem", "text_stem")
_HEAP = 256_000_000
_DATES_AN_OFFERING = 20


class Tantivy:
    """A document is one date of an offering, so that its day and its place belong together. All words, by
    beginning or stem; when that finds nothing, with one typo from four letters on and two from eight; then
    any of them with typos."""

    def __init__(self, source: Path, folder: Path) -> None:
        if tantivy is None:
            raise SkippedError("tantivy is not installed")
        rows, self.folder = Rows(source), folder / "tantivy"
        self.folder.mkdir()
        plain = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(Filter.lowercase())
        stemmed = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(Filter.lowercase())
        self.stemmer = stemmed.filter(Filter.stemmer("danish")).build()
        self.schema = _schema()
        self.index = tantivy.Index(self.schema, path=str(self.folder))
        self.index.register_tokenizer("plain", plain.build())
        self.index.register_tokenizer("danish", self.stemmer)
        self._write(rows)
        self.index.reload()
        self.searcher = self.index.searcher()

    def _write(self, rows: Rows) -> None:
        writer = self.index.writer(heap_size=_HEAP, num_threads=2)
        texts = {}
        reading = rows.texts()
        for id_, times in groupby(rows.times(), lambda time: time.offering):
            while id_ not in texts:
                text = next(reading)
                texts = {text.id: text}
            for time in times:
                writer.add_document(_document(texts[id_], time))
        writer.commit()
        writer.wait_merging_threads()

    def answer(self, question: Asked) -> Answer:
        filters = [self._between("end", question.since + 1, 1 << 40)]
        filters.append(self._between("start", 0, question.until - 1))
        if question.places:
            filters.append(Query.term_set_query(self.schema, "place", list(question.places)))
        musts = [(Occur.Must, Query.const_score_query(query, 0.0)) for query in filters]
        if not question.words:
            return self._first(Query.boolean_query(musts), by_time=True)
        for words in self._wider(question.words):
            if found := self._first(Query.boolean_query([*musts, (Occur.Must, words)])):
                return found
        return []

    def _between(self, field: str, low: float, high: float) -> "Query":
        return Query.range_query(self.schema, field, FieldType.Integer, int(low), int(high))

    def _wider(self, words: tuple[str, ...]) -> Iterator["Query"]:
        for occur, one in ((Occur.Must, self._exact), (Occur.Must, self._fuzzy), (Occur.Should, self._fuzzy)):
            yield Query.boolean_query([(occur, one(word)) for word in words])

    def _exact(self, word: str) -> "Query":
        """Beginning with the word, or of the same stem."""
        begins = partial(Query.fuzzy_term_query, self.schema, distance=0, prefix=True)
        stem, same = (self.stemmer.analyze(word) or [word])[0], partial(Query.term_query, self.schema)
        ways = ((begins, _PLAIN, word), (same, _STEMMED, stem))
        return _best(query for way, fields, term in ways for query in _both(way, fields, term))

    def _fuzzy(self, word: str) -> "Query":
        typos = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
        alike = partial(Query.fuzzy_term_query, self.schema, distance=typos, prefix=True)
        return _best(_both(alike, _PLAIN, word))

    def _first(self, query: "Query", *, by_time: bool = False) -> Answer:
        search = partial(self.searcher.search, query, limit=SHOWN * _DATES_AN_OFFERING, count=False)
        ranked = search(order_by_field="start", order=tantivy.Order.Asc) if by_time else search()
        found: dict[int, float] = {}
        for _, address in ranked.hits:
            stored: dict[str, list[Any]] = self.searcher.doc(address).to_dict()
            id_, start = stored["id"][0], stored["start"][0]
            found[id_] = min(start, found.get(id_, start))
            if len(found) > SHOWN:
                break
        return list(found.items())[:SHOWN]

    def megabytes(self) -> float:
        return sum(file.stat().st_size for file in self.folder.iterdir()) / 1e6

    def close(self) -> None:
        del self.searcher, self.index


def _both(way: Callable[[str, str], "Query"], fields: tuple[str, str], word: str) -> Iterator["Query"]:
    """In the title, where it counts three times as much, and in the text."""
    title, text = fields
    yield Query.boost_query(way(title, word), 3.0)
    yield way(text, word)


def _best(queries: Iterable["Query"]) -> "Query":
    return Query.disjunction_max_query(list(queries))


def _schema() -> "tantivy.Schema":
    builder = tantivy.SchemaBuilder()
    for field in (*_PLAIN, *_STEMMED):
        tokenizer = "danish" if field.endswith("stem") else "plain"
        builder.add_text_field(field, tokenizer_name=tokenizer, index_option="freq")
    builder.add_text_field("place", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("id", stored=True)
    builder.add_integer_field("start", stored=True, indexed=True, fast=True)
    builder.add_integer_field("end", indexed=True, fast=True)
    return builder.build()


def _document(text: Text, time: Time) -> "tantivy.Document":
    rest = f"{text.organiser} {text.keywords} {text.description}"
    document = tantivy.Document()
    for title, body in (_PLAIN, _STEMMED):
        document.add_text(title, text.title)
        document.add_text(body, rest)
    for place in {time.municipality, time.town}:
        document.add_text("place", place)
    for field, number in (("id", text.id), ("start", time.start), ("end", time.end)):
        document.add_integer(field, int(number))
    return document
