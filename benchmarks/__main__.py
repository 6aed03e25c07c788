"""`python -m benchmarks [search|outbox|broadcast] [--quick] [SIZE…]`: every benchmark, or the named one.

--quick: the search at 1,000 and 10,000 offerings, the outbox with 20,000 duties, a broadcast to 10,000.
"""

import sys

from benchmarks import broadcast, outbox, search

_QUICK = {"outbox": ["20000"], "broadcast": ["10000"]}
_ALL = {"search": search.main, "outbox": outbox.main, "broadcast": broadcast.main}


def main(arguments: list[str]) -> None:
    """One after another."""
    named = [argument for argument in arguments if argument in _ALL]
    rest = [argument for argument in arguments if argument not in named]
    for name in named or _ALL:
        if name == "search":
            search.main(rest)
            continue
        sizes = rest if named else []
        _ALL[name](_QUICK[name] if "--quick" in rest else sizes)


main(sys.argv[1:])
