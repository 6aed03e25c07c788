"""The project's own evaluation, put to the peers as well: the same questions to the same sample catalogue,
judged by the same judge.

Left out is what a peer has no notion of: conversations, shared places and asking back.
"""

import datetime as dt
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.peers import PEERS, Peer, SkippedError, asked
from tests.evaluation.judge import ZONE
from tests.evaluation.suite import Programme, Question, Trial, trials

OURS = "Kulturlods"


def shares() -> dict[str, Any]:
    """Of each engine, how many of the questions it answered rightly: {"asked": …, "right": {name: …}}."""
    right: dict[str, int] = {OURS: 0}
    number = 0
    with tempfile.TemporaryDirectory(prefix="kulturlods-benchmark-") as folder:
        stands: dict[dt.datetime, dict[str, Stand]] = {}
        for trial in trials(Path(folder)):
            loaded = trial.programme.loaded
            if loaded not in stands:
                stands[loaded] = dict(_stands(trial.programme, Path(folder)))
            if not _for_peers(trial.question):
                continue
            number += 1
            right[OURS] += trial.outcome().passed
            for name, stand in stands[loaded].items():
                right[name] = right.get(name, 0) + _passes(trial, stand)
        for stand in (stand for of_one in stands.values() for stand in of_one.values()):
            stand.peer.close()
    return {"asked": number, "right": right}


def _for_peers(question: Question) -> bool:
    return len(question.turns) == 1 and question.location is None and question.asks is None


def _stands(programme: Programme, folder: Path) -> Iterator[tuple[str, "Stand"]]:
    own = folder / f"{programme.loaded:%Y%m%d}"
    own.mkdir()
    for name, build in PEERS.items():
        with suppress(SkippedError):
            yield name, Stand(programme, own.with_suffix(".db"), build(own.with_suffix(".db"), own))


def _passes(trial: Trial, stand: "Stand") -> bool:
    theirs = replace(trial, programme=stand)
    vars(theirs)["verdicts"] = trial.verdicts  # the same catalogue: judged once for all
    return theirs.outcome().passed


class Stand(Programme):
    """The programme of an evaluation with a peer to answer."""

    def __init__(self, programme: Programme, source: Path, peer: Peer) -> None:
        vars(self).update(vars(programme))
        self.peer = peer
        with closing(sqlite3.connect(source)) as connection:
            self.external = dict(connection.execute("SELECT id, external_id FROM offering"))

    def ask(self, question: Question, now: dt.datetime) -> dict[str, Any]:
        text = question.turns[-1]
        query = self.catalogue.understand(text, now, language="da").query
        answer = self.peer.answer(asked(text, query, now))
        return {"asks": None, "relaxed": [], "results": [self._result(*row) for row in answer]}

    def _result(self, id_: int, start: float) -> dict[str, Any]:
        external = self.external[id_]
        at = dt.datetime.fromtimestamp(start, ZONE).isoformat()
        return {"id": external, "title": self.title(external), "start": at}
