"""`python -m benchmarks [SIZE…]`: every benchmark there is; the sizes are those of the search."""

import sys

from benchmarks import outbox, search

search.main(sys.argv[1:])
outbox.main([])
