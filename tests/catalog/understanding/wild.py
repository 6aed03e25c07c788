"""Texts of every kind that anybody may send, and what must hold of any answer."""

from datetime import datetime

from hypothesis import strategies as st

from catalog.query import Query, Understanding
from catalog.query_store import dump, load
from catalog.understanding.lexicon import lexicon
from catalog.values import OLDEST

MOST_CHARACTERS = 4096
_STRANGE = (
    *(
        "🎸",
        "👩\u200d👩\u200d👧\u200d👦",
        "🇩🇰",
        "שלום",
        "مرحبا",
        "Ⅷ",
        "²",
        "½",
        "ﬁlm",
        "ﷺ",
        "ß",
        "İ",
        "ŉ",
        "𝔪𝔲𝔰𝔦𝔨",
    ),
    *(
        "k̷̛o̸n̵c̷e̶r̴t",
        "a" + "\u0301" * 40,
        "\u202etaet",
        "\u200b",
        "\x00",
        "\ud800",
        "\n",
        "\t",
        "'",
        "’",
        '"',
        "«",
    ),
    *(
        "-",
        "–",
        ".",
        ",",
        "/",
        "<",
        ">",
        "&",
        "_",
        "%",
        "\\",
        "(",
        "0",
        "00",
        "8",
        "1.000",
        "99999999",
        "5/12",
    ),
    *(
        "31.02.",
        "24:00",
        "kl.",
        "2026-13-45",
        "0 år",
        "150-3 år",
        "9990",
        "2635",
        "٨",
        "inden for 0 km",
        "500000 km",
    ),
)
_COMMON = (
    "i",
    "på",
    "til",
    "fra",
    "og",
    "eller",
    "ikke",
    "uden",
    "næste",
    "hver",
    "under",
    "8",
    "år",
    "kr",
    "kl",
)


def words() -> st.SearchStrategy[str]:
    """Words of the lexicon, common and strange ones, and any others."""
    known = sorted({*lexicon().vocabulary, *lexicon().all_forms()})
    every = (known, _COMMON, _STRANGE)
    return st.one_of(*map(st.sampled_from, every), st.text(min_size=1, max_size=12))


def texts() -> st.SearchStrategy[str]:
    """Any text up to the longest message: noise, sentences of a sort, one endless word, a thousand words."""
    joints = st.sampled_from([" ", "  ", ", ", "-", "\n", ""])
    sentences = st.tuples(joints, st.lists(words(), max_size=25)).map(lambda said: said[0].join(said[1]))
    endless = words().map(lambda word: (word * MOST_CHARACTERS)[:MOST_CHARACTERS])
    thousand = st.lists(words(), min_size=1, max_size=3).map(lambda said: (" ".join(said) + " ") * 1000)
    flood = thousand.map(lambda text: text[:MOST_CHARACTERS])
    return st.one_of(sentences, sentences, st.text(max_size=MOST_CHARACTERS), endless, flood)


def positions() -> st.SearchStrategy[tuple[float, float] | None]:
    """Any place on earth, or none."""
    return st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def assert_valid(answer: Understanding) -> None:
    """Everything about an understanding that must hold whatever was said."""
    assert answer.asks in (None, "place")
    assert all(written and taken for written, taken in answer.repaired)
    for query in (answer.query, *answer.others):
        _assert_valid_query(query)
        assert load(dump(query)) == query
        assert load(dump(query)).alike == query.alike
        if query.exclude is not None:
            assert not query.exclude.asks_nothing()
            assert query.exclude.exclude is None
            _assert_valid_query(query.exclude)


def _assert_valid_query(query: Query) -> None:
    assert query.language in ("da", "en")
    for window in query.windows:
        assert all(_is_aware(end) for end in (window.since, window.until) if end)
        assert not (window.since and window.until) or window.since < window.until
    assert all(1 <= day <= 7 for day in query.weekdays)
    assert all(0 <= low <= high <= OLDEST for low, high in query.ages)
    assert query.max_price is None or (query.max_price > 0 and not query.free)
    assert query.near is None or query.near.radius_km > 0
    assert all(place.name and place.key for place in query.places)
    assert all(word and word == word.strip() for word in query.words)
    assert all(alike[0] in query.words for alike in query.alike)
    for several in (query.windows, query.weekdays, query.places, query.ages, query.categories, query.words):
        assert len(set(several)) == len(several)


def _is_aware(instant: datetime) -> bool:
    return instant.utcoffset() is not None
