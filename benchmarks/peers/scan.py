"""rapidfuzz over all titles: the scan that a person writes first."""

from pathlib import Path
from typing import ClassVar

import psutil
from rapidfuzz import fuzz, process

from benchmarks.peers.asking import SHOWN, Answer, Asked
from benchmarks.peers.rows import Rows, Time


class WRatio:
    """Every title is scored against the words together; what scores enough and fits day and place is shown,
    the best first."""

    scorer: ClassVar = staticmethod(fuzz.WRatio)
    enough = 80

    def __init__(self, source: Path, _folder: Path) -> None:
        before, rows = _memory(), Rows(source)
        self.titles = {text.id: text.title.lower() for text in rows.texts()}
        self.times: dict[int, list[Time]] = {}
        for time in rows.times():
            self.times.setdefault(time.offering, []).append(time)
        self.soonest = sorted(
            (time for times in self.times.values() for time in times), key=lambda t: t.start
        )
        self.grown = _memory() - before

    def answer(self, question: Asked) -> Answer:
        if not question.words:
            return self._soonest(question)
        text = " ".join(question.words)
        scored = process.extract(text, self.titles, scorer=self.scorer, score_cutoff=self.enough, limit=None)
        found = []
        for _title, _score, id_ in scored:
            starts = [time.start for time in self.times.get(id_, ()) if _fits(time, question)]
            if starts:
                found.append((id_, min(starts)))
            if len(found) == SHOWN:
                break
        return found

    def _soonest(self, question: Asked) -> Answer:
        found: dict[int, float] = {}
        for time in self.soonest:
            if _fits(time, question):
                found.setdefault(time.offering, time.start)
            if len(found) == SHOWN:
                break
        return list(found.items())

    def megabytes(self) -> float:
        return self.grown

    def close(self) -> None:
        del self.titles, self.times, self.soonest


class TokenSet(WRatio):
    scorer: ClassVar = staticmethod(fuzz.token_set_ratio)


def _fits(time: Time, question: Asked) -> bool:
    here = not question.places or time.municipality in question.places or time.town in question.places
    return here and time.end > question.since and time.start < question.until


def _memory() -> float:
    return psutil.Process().memory_info().rss / 1e6
