"""`python -m benchmarks`: every benchmark there is."""

import sys

from benchmarks import search

search.main(sys.argv[1:])
