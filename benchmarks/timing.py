"""Stopwatches."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

_WARMING_UP = 20


def timed(work: Callable[[Any], Any], inputs: Iterable[Any]) -> Iterator[tuple[Any, float]]:
    """Each result and the seconds it took."""
    for item in inputs:
        began = time.perf_counter()
        result = work(item)
        yield result, time.perf_counter() - began


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """p50 and p99 in milliseconds, of all but the first twenty, which warm up."""
    ordered = sorted(seconds[_WARMING_UP:] or seconds)
    at = {"p50": len(ordered) // 2, "p99": len(ordered) * 99 // 100}
    return {name: ordered[place] * 1000 for name, place in at.items()}
