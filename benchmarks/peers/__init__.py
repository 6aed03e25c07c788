"""The engines that the search is measured beside. Each is built from the catalogue's database file."""

from collections.abc import Callable
from pathlib import Path

from benchmarks.peers.asking import Answer, Asked, Peer, SkippedError, asked
from benchmarks.peers.fts import Fts, Trigram
from benchmarks.peers.scan import TokenSet, WRatio
from benchmarks.peers.stems import Tantivy
from benchmarks.peers.trgm import Trgm

__all__ = ["PEERS", "Answer", "Asked", "Peer", "SkippedError", "asked"]

PEERS: dict[str, Callable[[Path, Path], Peer]] = {
    "SQLite FTS5 unicode61": Fts,
    "SQLite FTS5 trigram": Trigram,
    "tantivy, Danish stems and fuzzy terms": Tantivy,
    "PostgreSQL pg_trgm": Trgm,
    "rapidfuzz WRatio, all titles": WRatio,
    "rapidfuzz token_set_ratio, all titles": TokenSet,
}
"""By name: made from (the database file, a folder to write in); may raise SkippedError."""
