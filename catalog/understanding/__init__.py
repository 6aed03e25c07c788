"""A sentence in Danish or English → a `Query`. Pure: no I/O, no clock, no state between calls.

Words are data (`lexicon/`). Danger is seen before all else (`danger`), then what asks for nothing (`talk`)
and what is in another language (`foreign`). Typos are mended (`repair`), what is negated is set aside
(`negation`), the finders take their words one after the other (`facts`), and a follow-up changes the question
before it (`turns`). Where two people would understand two things, `ambiguity` has the second.
"""

import re
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import islice

from catalog.query import QUERY_FIELDS, Query, Understanding, Window
from catalog.search import analysis
from catalog.search.match import CatalogueWords
from catalog.text import Token, tokens, visible
from catalog.understanding import turns
from catalog.understanding.ambiguity import other_places, put_otherwise
from catalog.understanding.completing import completed
from catalog.understanding.danger import danger_in
from catalog.understanding.facts import Facts, Setting, read_amounts, read_facts
from catalog.understanding.foreign import is_foreign
from catalog.understanding.language import language_of
from catalog.understanding.negation import take_negated
from catalog.understanding.number_words import with_digits
from catalog.understanding.ordinary import negates_in_title
from catalog.understanding.repair import joined, repaired
from catalog.understanding.sentence import NOISE, OUT, Sentence
from catalog.understanding.spelling import with_letters, written_out
from catalog.understanding.talk import Remark, remark_in
from catalog.understanding.what import meanings_of
from catalog.understanding.where import names_of_places
from catalog.values import Access, Audience

MOST_CHARACTERS = 4096
"""As many as a Telegram message has; what comes after is not read."""

MOST_WORDS = 120
"""Words that are read. The longest question that anybody put to us has 40; the worst text of this many, all
misspelt or all small words that many phrases begin with, takes 20 to 30 ms."""

LONGEST_WORD = 60
"""Letters of a word that is read; the longest of Danish in use has half as many."""


_BLANKS = re.compile(r"[^\S\n]+")
_HALF = re.compile(r"(?<=\d) ?½")
"""Who is 2½ years old is 2."""

_FIRST_LIGHT = time(6)
_ONE_WEEK = timedelta(days=7)


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
    clean = _BLANKS.sub(" ", visible(_HALF.sub("", text))[:MOST_CHARACTERS])
    written = Sentence(clean, _words_of(clean))
    spoken = language_of(written.tokens, previous.language if previous else language)
    if danger := danger_in(clean):
        query = Query(language=danger.language or spoken)
        return Understanding(query, kind="danger", detail=danger.topic)
    remark = remark_in(clean, spoken)
    if remark and remark.kind != "about":
        return _remarked(remark, previous, location)
    if is_foreign(written.tokens, words):
        return Understanding(Query(language=spoken, origin=location), kind="foreign")
    setting = Setting(remark.language if remark else spoken, now, words)
    answer = _asked(written, setting, previous, location)
    if remark:
        return _about(remark, answer, previous, location)
    return replace(answer, others=_others(answer, clean, setting, previous, location))


def _words_of(text: str) -> tuple[Token, ...]:
    readable = (token for token in tokens(text) if token.end - token.start <= LONGEST_WORD)
    return tuple(islice(readable, MOST_WORDS))


def _asked(
    written: Sentence,
    setting: Setting,
    previous: Query | None,
    location: tuple[float, float] | None,
    *,
    sure: bool = False,
) -> Understanding:
    """`sure`: the language is known; else it may be another one once the typos are mended."""
    spoken, words = setting.language, setting.catalogue
    said = written_out(written.tokens, spoken, words)
    spelt = with_digits(with_letters(said, spoken, words), spoken)
    raw = joined(Sentence(written.text, completed(spelt, spoken)), spoken)
    sentence, mended = repaired(raw, spoken, words, names_of_places(raw, spoken, words))
    if mended and not (sure or previous):
        meant = replace(setting, language=language_of(sentence.tokens, spoken))
        if meant.language != spoken:
            return _asked(written, meant, previous, location, sure=True)
    kind = turns.kind_of(sentence, spoken)
    if kind:
        return _not_a_question(kind, spoken, previous, location, mended)
    answer = _question(sentence, setting, previous, location)
    return replace(answer, repaired=tuple(dict.fromkeys((*mended, *answer.repaired))))


def _remarked(remark: Remark, previous: Query | None, location: tuple[float, float] | None) -> Understanding:
    """What is said about the list before goes on with it; a worry asks for what is easy to join, in the same
    place."""
    blank = Query(language=remark.language, origin=location)
    if remark.kind == "worry":
        before = previous or blank
        query = replace(blank, accessibility=(Access.LOW_THRESHOLD,), places=before.places, near=before.near)
        return Understanding(query, kind=remark.kind, detail=remark.detail)
    carried = previous is not None and remark.kind != "small-talk"
    query = replace(previous, language=remark.language) if previous and carried else blank
    return Understanding(query, kind=remark.kind, follow_up=carried, detail=remark.detail)


def _about(
    remark: Remark,
    answer: Understanding,
    previous: Query | None,
    location: tuple[float, float] | None,
) -> Understanding:
    """A question about what is shown, which may also ask for a list of its own ("er det gratis?")."""
    alone = answer.query if not answer.follow_up else answer.query.without(*_same(answer.query, previous))
    if remark.may_search and not alone.without("words", "alike").asks_nothing():
        return replace(answer, detail=remark.detail)
    return replace(_remarked(remark, previous, location), repaired=())


def _same(query: Query, previous: Query | None) -> tuple[str, ...]:
    return tuple(name for name in QUERY_FIELDS if getattr(query, name) == getattr(previous, name, None))


def _others(
    answer: Understanding,
    text: str,
    setting: Setting,
    previous: Query | None,
    location: tuple[float, float] | None,
) -> tuple[Query, ...]:
    """The other ways to read the question."""
    if answer.kind != "question" or answer.asks:
        return ()
    if otherwise := put_otherwise(text, setting.language, setting.now):
        other = _asked(Sentence(otherwise, _words_of(otherwise)), setting, previous, location).query
        return () if other == answer.query else (other,)
    return other_places(answer.query, text)


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
    facts, parts = Facts(), list[tuple[Sentence, Facts]]()
    read_amounts(sentence, setting.language, facts)
    negated = take_negated(
        sentence,
        setting.language,
        lambda part: parts.append((part, _facts_of(part, setting))),
        lambda word: (
            word in setting.catalogue.words and not meanings_of(word, setting.language, setting.catalogue)
        ),
        lambda position: negates_in_title(sentence, position, setting.language, setting.catalogue),
    )
    if negated:
        negative = _negated_facts(sentence, setting, negated, parts)
    read_facts(sentence, setting, facts)
    query, asks = facts.query(setting, location)
    if negated:
        query = replace(query, exclude=_excluded(negative, setting, query.windows))
    slips = facts.when.repaired if facts.when else ()
    nonsense = not asks and _is_nonsense(sentence, query, facts, setting.catalogue)
    if previous and not nonsense and turns.follows(previous, query, turn):
        return Understanding(turns.refine(previous, query, turn), asks=asks, follow_up=True, repaired=slips)
    kind = "nothing" if nonsense else "question"
    return Understanding(query, asks=asks, kind=kind, repaired=slips)


def _negated_facts(
    sentence: Sentence, setting: Setting, negated: list[int], parts: list[tuple[Sentence, Facts]]
) -> Facts:
    """What the negated words say. They were read to see how far the negation reaches: not again when it
    reaches all that is said there."""
    part, facts = parts[0]
    beyond = (i for i, label in enumerate(part.labels) if label not in ("", NOISE, OUT) and i not in negated)
    if len(parts) == 1 and not any(True for _ in beyond):
        return facts
    return _facts_of(Sentence(sentence.text, sentence.tokens).only(negated), setting)


def _facts_of(sentence: Sentence, setting: Setting) -> Facts:
    facts = Facts()
    read_facts(sentence, setting, facts)
    return facts


def _excluded(facts: Facts, setting: Setting, asked: tuple[Window, ...]) -> Query | None:
    """The negated question. A group that is not wanted excludes what is made for it, not its ages: what is
    for everyone stays. A weekday that is not wanted is every one of its name, unless the coming one lies in a
    window of a week at most that is `asked` for."""
    query, _ = facts.query(setting, None, negated=True)
    short = tuple(w for w in asked if w.since and w.until and w.until - w.since <= _ONE_WEEK)
    if facts.when and facts.when.named_days and not _meet(query.windows, short):
        query = replace(query, windows=(), weekdays=facts.when.named_days)
    if query.from_time and query.from_time <= _FIRST_LIGHT:
        # Who wants no morning does not want the small hours before it either.
        query = replace(query, from_time=time(0))
    excluded = replace(query, language=Query().language, near=None, free=False, max_price=None)
    if Audience.CHILDREN in excluded.audiences:
        wider = dict.fromkeys((*excluded.audiences, Audience.TODDLERS))
        excluded = replace(excluded, audiences=tuple(wider))
    if not facts.who.ages:
        excluded = replace(excluded, ages=())
    if not excluded.places and facts.where.near:
        excluded = replace(excluded, places=tuple(facts.where.near))
    return None if excluded.asks_nothing() else excluded


def _meet(some: tuple[Window, ...], others: tuple[Window, ...]) -> bool:
    """Whether any of the windows have an instant in common."""
    return any(
        (not a.since or not b.until or a.since < b.until)
        and (not b.since or not a.until or b.since < a.until)
        for a in some
        for b in others
    )


def _is_nonsense(sentence: Sentence, query: Query, facts: Facts, catalogue: CatalogueWords) -> bool:
    """Whether nothing was understood and no word is one that anybody could have meant."""
    if facts.what.things or not query.without("words").asks_nothing():
        return False
    if not query.words:
        return not len(sentence)
    understood = any(label not in ("", "what") for label in sentence.labels)
    said = (part for word in query.words for part in word.split())
    known = (w in catalogue.words or analysis.languages_of(w) for w in said)
    return not understood and not any(known)
