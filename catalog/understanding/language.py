"""The language of a question, by its words."""

from catalog.places import gazetteer
from catalog.search import analysis
from catalog.text import Token, skeleton
from catalog.understanding.lexicon import LANGUAGES, NOTHING_SAID, lexicon

DEFAULT = LANGUAGES[0]

_A_SENTENCE = 4
"""Words from which on a single telling one is enough when nothing speaks against it."""

_I = "i"
"""Danish for "in" and English for "I": it tells Danish unless English words stand around it."""


def language_of(tokens: tuple[Token, ...], hint: str | None) -> str:
    """The language of the question, "da" or "en".

    The one whose own words stand in it clearly more often; when a short question has a single telling word
    for a subject, none or a mixture, the `hint` decides, else the greater number, else Danish."""
    counts = {language: _evidence(tokens, language) for language in LANGUAGES}
    if not any(counts.values()):
        counts = _by_letters_and_dictionary(tokens)
    ahead, behind = sorted(LANGUAGES, key=lambda language: -counts[language])
    short = len(tokens) < _A_SENTENCE and not (len(tokens) > 1 and _frames(tokens, ahead))
    enough = 2 if short else 1
    clear = counts[ahead] >= max(enough, 2 * counts[behind])
    if clear or (hint not in LANGUAGES and counts[ahead] > counts[behind]):
        return ahead
    return hint if hint in LANGUAGES else DEFAULT


def _frames(tokens: tuple[Token, ...], language: str) -> bool:
    """Whether a word that carries a sentence or says when is only this language's: "kniting group", "saturday
    at 3". A subject may be a loan: who says "street dance" may be of any tongue."""
    lex = lexicon()
    framing = (t.folded for t in tokens if t.folded in lex.telling[language])
    others = {code for code in LANGUAGES if code != language}
    return any(
        (word in lex.of_time or lex.slots.exact((word,), language) == (NOTHING_SAID,))
        and not others & analysis.languages_of(word)
        for word in framing
    )


def _evidence(tokens: tuple[Token, ...], language: str) -> int:
    telling = lexicon().telling[language]
    count = sum(token.folded in telling for token in tokens)
    if language == "da" and any(token.folded == _I for token in tokens):
        others = [token.folded in lexicon().telling["en"] for token in tokens]
        count += not any(others)
    return count


def _by_letters_and_dictionary(tokens: tuple[Token, ...]) -> dict[str, int]:
    """By words that are Danish but for their letters ("born"), else by what a dictionary has."""
    counts = dict.fromkeys(LANGUAGES, 0)
    counts["da"] = sum(skeleton(token.folded) in lexicon().danish_skeletons for token in tokens)
    if counts["da"]:
        return counts
    for token in tokens:
        if (
            token.folded.isalpha()
            and token.folded not in lexicon().vocabulary
            and not gazetteer().named(token.text)
        ):
            found = analysis.languages_of(token.folded)
            for language in found if len(found) == 1 else ():
                counts[language] += 1
    return counts
