"""Counting the words of texts in bulk gives what counting them one by one would."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.search import analysis, builder
from catalog.search.counts import Counts
from catalog.text import words

Said = tuple[str, str, str]

texts = st.one_of(
    st.text(max_size=20),
    st.lists(st.sampled_from(["Børn", "børn,", "d’Or", "kl.12", "KØGE", "og/eller", "–", "a\u030a"])).map(
        " ".join
    ),
)
documents = st.lists(st.tuples(texts, texts, texts), max_size=6)


def plainly(said: list[Said]) -> dict[tuple[str, int], tuple[int, int]]:
    """(weighted count, best field) of each word in each document."""
    counts: Counter[tuple[str, int]] = Counter()
    fields: dict[tuple[str, int], int] = {}
    for row, document in enumerate(said):
        for field, (text, weight) in enumerate(zip(document, (3, 2, 1), strict=True)):
            for word in words(text.casefold()):
                counts[word, row] += weight
                fields.setdefault((word, row), field)
    return {key: (count, fields[key]) for key, count in counts.items()}


def counted(said: list[Said], at_a_time: int) -> Counts:
    counts = builder.CountsBuilder(len(said))
    for first in range(0, len(said), at_a_time):
        some = said[first : first + at_a_time]
        counts.add(np.arange(first, first + len(some)), some)
    return counts.finish()


@settings(deadline=None)
@given(documents, st.integers(1, 4), st.sampled_from([1, 300_000]))
def test_words_counted_in_bulk_are_those_counted_one_by_one(
    said: list[Said], at_a_time: int, remembered: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(builder, "_MOST_SPELLINGS", remembered)
        counts = counted(said, at_a_time)
    entries = zip(
        np.repeat(np.array(counts.terms, dtype=object), np.diff(counts.starts)).tolist(),
        counts.rows.tolist(),
        counts.counts.tolist(),
        counts.fields.tolist(),
        strict=True,
    )
    held = [((term, row), (count, field)) for term, row, count, field in entries]
    assert held == sorted(held)
    assert dict(held) == plainly(said)
    lengths = [sum(c for (_, r), (c, _) in held if r == row) for row in range(len(said))]
    assert counts.lengths.tolist() == lengths


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.text(max_size=12), st.sampled_from(["boernene", "children's", "MHz", "koncerter"])))
)
def test_words_looked_at_together_are_related_as_each_by_itself(together: list[str]) -> None:
    assert list(analysis.related_of_all(together)) == [analysis.related(word) for word in together]
