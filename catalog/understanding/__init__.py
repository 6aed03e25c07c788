"""A sentence in Danish or English → a `Query`. Pure: no I/O, no clock, no state between calls.

Words are data (`lexicon/`). Typos are mended first (`repair`), what is negated is set aside (`negation`), the
finders take their words one after the other (`facts`), and a follow-up changes the question before it
(`turns`).
"""

from dataclasses import replace
from datetime import datetime

from catalog.query import Query, Understanding
from catalog.search import analysis
from catalog.search.match import CatalogueWords
from catalog.text import tokens, visible
from catalog.understanding import turns
from catalog.understanding.facts import Facts, Setting, read_amounts, read_facts
from catalog.understanding.language import language_of
from catalog.understanding.negation import take_negated
from catalog.understanding.repair import joined, repaired
from catalog.understanding.sentence import Sentence
from catalog.understanding.what import meanings_of
from catalog.understanding.where import names_of_places
from catalog.values import Audience

MOST_CHARACTERS = 4096
"""As many as a Telegram message has; what comes after is not read."""

MOST_WORDS = 150
"""Words that are read: a question is short, and a flood must not keep others waiting."""


def understand(
    text: str,
    *,
    now: datetime,
    words: CatalogueWords,
    language: str | None = None,
    previous: Query | None = None,
    location: tuple[float, float] | None = None,
) -> Understanding:
    """What `text` asks for at the aware instant `now`.

    language: the person's, for questions that do not tell theirs; a follow-up keeps its conversation's.
    previous: the question before, which a follow-up refines. location: a shared position in WGS 84 degrees.
    Any text is understood as something; at worst the kind is "nothing".
    """
    clean = visible(text)[:MOST_CHARACTERS]
    written = Sentence(clean, tokens(clean)[:MOST_WORDS])
    spoken = language_of(written.tokens, previous.language if previous else language)
    raw = joined(written, spoken)
    setting = Setting(spoken, now, words)
    sentence, mended = repaired(raw, spoken, words, names_of_places(raw, spoken, words))
    kind = turns.kind_of(sentence, spoken)
    if kind:
        return _not_a_question(kind, spoken, previous, location, mended)
    answer = _question(sentence, setting, previous, location)
    return replace(answer, repaired=tuple(dict.fromkeys((*mended, *answer.repaired))))


def _not_a_question(
    kind: str,
    language: str,
    previous: Query | None,
    location: tuple[float, float] | None,
    mended: tuple[tuple[str, str], ...],
) -> Understanding:
    carried = kind == "more" and previous is not None
    query = previous if carried and previous else Query(language=language, origin=location)
    return Understanding(query, kind=kind, follow_up=carried, repaired=mended)


def _question(
    sentence: Sentence, setting: Setting, previous: Query | None, location: tuple[float, float] | None
) -> Understanding:
    turn = turns.read_turn(sentence, setting.language)
    facts, negative = Facts(), Facts()
    read_amounts(sentence, setting.language, facts)
    negated = take_negated(
        sentence,
        setting.language,
        lambda part: read_facts(part, setting, Facts()),
        lambda word: (
            word in setting.catalogue.words and not meanings_of(word, setting.language, setting.catalogue)
        ),
    )
    if negated:
        unread = Sentence(sentence.text, sentence.tokens).only(negated)
        read_facts(unread, setting, negative)
    read_facts(sentence, setting, facts)
    query, asks = facts.query(setting, location)
    query = replace(query, exclude=_excluded(negative, setting, whenever=not query.windows))
    slips = facts.when.repaired if facts.when else ()
    if previous and turns.follows(previous, query, turn):
        return Understanding(turns.refine(previous, query, turn), asks=asks, follow_up=True, repaired=slips)
    kind = "nothing" if not asks and _is_nonsense(sentence, query, facts, setting.catalogue) else "question"
    return Understanding(query, asks=asks, kind=kind, repaired=slips)


def _excluded(facts: Facts, setting: Setting, *, whenever: bool) -> Query | None:
    """The negated question. A group that is not wanted excludes what is made for it, not its ages: what is
    for everyone stays. `whenever`: no time is asked for, so a weekday that is not wanted is every one."""
    query, _ = facts.query(setting, None, negated=True)
    if whenever and facts.when and facts.when.named_days:
        query = replace(query, windows=(), weekdays=facts.when.named_days)
    excluded = replace(query, language=Query().language, near=None, free=False, max_price=None)
    if Audience.CHILDREN in excluded.audiences:
        wider = dict.fromkeys((*excluded.audiences, Audience.TODDLERS))
        excluded = replace(excluded, audiences=tuple(wider))
    if not facts.who.ages:
        excluded = replace(excluded, ages=())
    if not excluded.places and facts.where.near:
        excluded = replace(excluded, places=tuple(facts.where.near))
    return None if excluded.asks_nothing() else excluded


def _is_nonsense(sentence: Sentence, query: Query, facts: Facts, catalogue: CatalogueWords) -> bool:
    """Whether nothing was understood and no word is one that anybody could have meant."""
    if facts.what.things or not query.without("words").asks_nothing():
        return False
    if not query.words:
        return not len(sentence)
    understood = any(label not in ("", "what") for label in sentence.labels)
    known = (w in catalogue.words or analysis.languages_of(w) for w in query.words)
    return not understood and not any(known)
