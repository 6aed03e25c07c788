"""Whether a text is in a language that is not spoken here, so that it is not taken for a string of typos."""

import unicodedata
from functools import cache

from catalog.search.match import CatalogueWords
from catalog.text import Token, words
from catalog.understanding.lexicon import LANGUAGES, lexicon
from catalog.understanding.sayings import read

_FEWEST = 2


def is_foreign(tokens: tuple[Token, ...], catalogue: CatalogueWords) -> bool:
    """Whether most letters are of another script, or everyday words of another language outnumber ours. Names
    in the catalogue are nobody's language."""
    # Folding leaves only letters of other scripts beyond ASCII.
    letters = [c for token in tokens if not token.folded.isascii() for c in token.folded if c.isalpha()]
    if sum("LATIN" not in unicodedata.name(c, "LATIN") for c in letters) * 2 > sum(
        len(t.folded) for t in tokens
    ):
        return not all(token.folded in catalogue.words for token in tokens)
    said = {token.folded for token in tokens}
    foreign = said & _everyday()
    if len(foreign) < _FEWEST or all(word in catalogue.words for word in said):
        return False
    ours = {word for word in said if any(word in lexicon().telling[code] for code in LANGUAGES)}
    return len(foreign - ours) >= _FEWEST and len(foreign) > len(ours - foreign)


@cache
def _everyday() -> frozenset[str]:
    return frozenset(word for saying in read("foreign")["words"].split(",") for word in words(saying))
