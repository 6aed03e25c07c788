"""The questions, the catalogue they are put to, and what came of it.

The answers come through the door of `kulturlods ask --batch`; what is right is decided by `judge` over the
drafts that the catalogue was loaded from.
"""

import datetime as dt
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import Any

from bot.asking import Asker
from bot.asking import Question as Asked
from catalog import Catalogue, Database
from catalog.model import table_metadata
from catalog.sample import sample_drafts
from catalog.sample.loading import load_sample
from tests.evaluation.judge import FACTS, ZONE, Candidate, Facts, Seen, Verdict, failed, may_be_shown, verdict

QUESTIONS = Path(__file__).parent / "questions"
SHOWN = 5
NOT_ON = "over, begun, cancelled or closed"
"""How a problem begins that no answer may ever have."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its facts. See `questions/README.md` for every key."""

    group: str
    ask: str | list[str]
    lang: str
    right: Facts
    now: str = "wed"
    maybe: Facts | None = None
    nothing: bool = False
    spelled: str = ""
    held: bool = False
    location: tuple[float, float] | None = None
    asks: str | None = None
    begun: bool = False
    page: int = 1

    @property
    def turns(self) -> list[str]:
        return [self.ask] if isinstance(self.ask, str) else self.ask

    def __str__(self) -> str:
        return " → ".join(self.turns)


Row = tuple[str, str, Verdict]
"""The title and start that an answer shows, and the verdict on it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question. right: the titles of all that answers it. exists: the best there is.
    problems: empty when it passed."""

    question: Question
    answer: dict[str, Any]
    shown: list[Row]
    right: list[str]
    exists: Verdict
    problems: list[str]

    @property
    def passed(self) -> bool:
        return not self.problems


def questions() -> list[Question]:
    def question(group: str, entry: dict[str, Any]) -> Question:
        right = {name: entry["right"][name] for name in FACTS if name in entry["right"]}
        return Question(group=group, **{**entry, "right": right})

    return [
        question(file.stem.partition("_")[0], entry)
        for file in sorted(QUESTIONS.glob("*.toml"))
        if file.stem != "moments"
        for entry in tomllib.loads(file.read_text(encoding="utf-8"))["question"]
    ]


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


class Programme:
    """The sample catalogue as it was loaded at one moment, in a database of its own, and its drafts."""

    def __init__(self, loaded: dt.datetime, folder: Path) -> None:
        self.loaded = loaded
        database = Database(f"sqlite:///{folder}/{loaded:%Y%m%d}.db")
        table_metadata().create_all(database.engine)
        load_sample(database, loaded, ZONE)
        self.close = database.engine.dispose
        self.catalogue = Catalogue(database, ZONE)
        self.candidates = {
            draft.external_id: [Candidate(draft, occurrence) for occurrence in draft.occurrences]
            for draft in sample_drafts(loaded, ZONE)
        }

    def title(self, id_: str) -> str:
        return self.candidates[id_][0].offering.titles["da"]

    def row(self, result: dict[str, Any]) -> list[Candidate]:
        """What a row of an answer shows: the occurrences that begin then, and any run."""
        start = dt.datetime.fromisoformat(result["start"])
        same = self.candidates[result["id"]]
        return [c for c in same if c.occurrence.is_run or c.occurrence.start == start]

    def ask(self, question: Question, now: dt.datetime) -> dict[str, Any]:
        asked = Asked(turns=tuple(question.turns), now=now, location=question.location, limit=SHOWN)
        return Asker(self.catalogue, now, ZONE, "da").answer_json(asked)


@dataclass(frozen=True)
class Trial:
    """One question before a programme at a moment."""

    question: Question
    programme: Programme
    now: dt.datetime

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        """How well the best occurrence of every offering answers the question."""
        return {id_: self.best(candidates) for id_, candidates in self.programme.candidates.items()}

    def best(self, candidates: list[Candidate]) -> Verdict:
        found = Verdict.WRONG
        for candidate in candidates:
            found = max(found, self._verdict(candidate))
            if found is Verdict.RIGHT:
                break
        return found

    def _verdict(self, candidate: Candidate) -> Verdict:
        q = self.question
        strictly = verdict(q.right, candidate, self.now, begun=q.begun)
        if strictly is Verdict.RIGHT or q.maybe is None:
            return strictly
        loosely = verdict(q.right | q.maybe, candidate, self.now, begun=q.begun)
        return max(strictly, min(loosely, Verdict.MAYBE))

    def outcome(self) -> Outcome:
        answer = self.programme.ask(self.question, self.now)
        results = answer["results"]
        shown = [(r["title"], r["start"], self.best(self.programme.row(r))) for r in results]
        right = [self.programme.title(id_) for id_, v in self.verdicts.items() if v is Verdict.RIGHT]
        check = self._nothing if self.question.nothing else self._something
        problems = [*self._always(answer), *check(answer, shown)]
        return Outcome(self.question, answer, shown, right, max(self.verdicts.values()), problems)

    def _always(self, answer: dict[str, Any]) -> Iterator[str]:
        if answer["asks"] != self.question.asks:
            yield f"asks {answer['asks']}"
        ids = [result["id"] for result in answer["results"]]
        if len(set(ids)) < len(ids):
            yield "shows an offering twice"
        for result in answer["results"]:
            if not any(map(self._is_on, self.programme.row(result))):
                yield f"{NOT_ON}: {result['title']}"

    def _something(self, answer: dict[str, Any], shown: list[Row]) -> Iterator[str]:
        verdicts = [v for *_, v in shown]
        exist = sum(v is Verdict.RIGHT for v in self.verdicts.values()) - SHOWN * (self.question.page - 1)
        wanted = min(SHOWN, exist)
        yield from (f"wrong: {title}" for title, _, v in shown if v is Verdict.WRONG)
        if len(shown) < wanted:
            yield f"shows {len(shown)} of {exist}"
        sure = takewhile(lambda v: v is not Verdict.LATER, verdicts)
        if Verdict.LATER in verdicts and list(sure).count(Verdict.RIGHT) < wanted:
            yield "shows what is unknown or further away before what is right"

    def _nothing(self, answer: dict[str, Any], shown: list[Row]) -> Iterator[str]:
        """Nothing may be shown unless the answer says what it gave up, and then everything it gave up."""
        if shown and not answer["relaxed"]:
            yield "finds something where there is nothing"
        for result in answer["results"]:
            unsaid = min((self._failed(c) for c in self.programme.row(result)), key=len, default=set())
            if unsaid := unsaid - set(answer["relaxed"]):
                yield f"does not say that {result['title']} fails {sorted(unsaid)}"

    def _failed(self, candidate: Candidate) -> set[str]:
        return failed(self.question.right, Seen(candidate, self.now, self.question.right))

    def _is_on(self, candidate: Candidate) -> bool:
        seen = Seen(candidate, self.now, self.question.right)
        return may_be_shown(seen, begun=self.question.begun) is not Verdict.WRONG


def trials(folder: Path) -> Iterator[Trial]:
    """Every question before its programme, in the order of time: a snapshot serves only what comes after."""
    known = tomllib.loads((QUESTIONS / "moments.toml").read_text(encoding="utf-8"))
    moments = {name: moment(text) for name, text in known["moments"].items()}
    programmes = [Programme(moment(text), folder) for text in known["loaded"]]
    for question in sorted(questions(), key=lambda q: moments[q.now]):
        now = moments[question.now]
        yield Trial(question, [p for p in programmes if p.loaded <= now][-1], now)
    for programme in programmes:
        programme.close()


def ask_all() -> list[Outcome]:
    """The outcome of every question."""
    with tempfile.TemporaryDirectory(prefix="kulturlods-questions-") as folder:
        return [trial.outcome() for trial in trials(Path(folder))]
