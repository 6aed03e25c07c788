"""A sentence's words as atoms of time: kinds with meanings, numbers, dates and clock times, and what stands
between them. Everything that says nothing about time is an "other"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from catalog.text import Token, skeleton
from catalog.understanding.when.calendar import DAY
from catalog.understanding.when.lexicon import Lexicon, Word

_ISO_DATE = re.compile(r"(20\d\d)-(\d{1,2})-(\d{1,2})(?!\d)")
_NUMERIC_DATE = re.compile(r"(\d{1,2})([./-])(\d{1,2})(?:\2|[- ](?=20))(20\d\d|\d\d(?!\d|[.:]\d))(?!\d)")
_DAY_MONTH = re.compile(r"(\d{1,2})([./])(\d{1,2})(?![\d:]|[.,]\d)")
_HOUR_MINUTE = re.compile(r"(\d{1,2})[:.](\d{2})(?!\d|[.:/-]\d)")
_WITH_SUFFIX = re.compile(r"(\d{1,2})(st|nd|rd|th|de|te|am|pm|a|p)")
_WITH_PREFIX = re.compile(r"(kl|uge|week)(\d{1,2})")
_YEAR = re.compile(r"20[2-4]\d")
_DASHES = frozenset("-–—")


@dataclass(frozen=True, slots=True)
class Atom:
    """kind and value as in the lexicon, or one of: number, ordinal, year (their digits), date ("2026-12-05",
    "--12-05" without a year), time (minutes of the day), dash, comma, barrier, other.

    first, last: the tokens it covers, both included; -1 and -2 for what stands between tokens. mended: the
    typos in it as (written, taken as). as_said: whether a time cannot be meant in the afternoon ("03:00").
    """

    kind: str
    value: str = ""
    first: int = -1
    last: int = -2
    mended: tuple[tuple[str, str], ...] = ()
    as_said: bool = False


@dataclass(slots=True)
class _Reader:
    tokens: Sequence[Token]
    text: str
    lexicon: Lexicon
    danish: bool

    def read(self) -> list[Atom]:
        folded = [token.folded.replace("’", "'") for token in self.tokens]
        mended = [self._mend(word) for word in folded]
        atoms: list[Atom] = []
        index = 0
        while index < len(self.tokens):
            found = self._at(index, mended)
            written = range(found[-1].first, found[-1].last + 1)
            slips = tuple(
                (self.tokens[i].text, self.lexicon.spelt.get(mended[i], mended[i]))
                for i in written
                if mended[i] != folded[i]
            )
            atoms += [replace(atom, mended=slips) for atom in found] if slips else found
            index = found[-1].last + 1
            if index < len(self.tokens):
                atoms += _between(self.text[self.tokens[index - 1].end : self.tokens[index].start])
        return atoms

    def _mend(self, word: str) -> str:
        if (word,) in self.lexicon.phrases or (skeleton(word),) in self.lexicon.phrases:
            return word
        return self.lexicon.mend(word) or word

    def _at(self, index: int, words: Sequence[str]) -> list[Atom]:
        phrase, count = self._phrase(index, words)
        if phrase:
            last = index + count - 1
            return [Atom(word.kind, word.value, index, last) for word in phrase]
        token = self.tokens[index]
        if token.text[0].isdigit():
            return self._numeric(index)
        prefixed = _WITH_PREFIX.fullmatch(token.folded)
        if prefixed:
            kind = Word("clock", "all") if prefixed[1] == "kl" else Word("unit", "week")
            return [Atom(kind.kind, kind.value, index, index), Atom("number", prefixed[2], index, index)]
        return [Atom("other", token.folded, index, index)]

    def _phrase(self, index: int, words: Sequence[str]) -> tuple[tuple[Word, ...], int]:
        first, longest_from = words[index], self.lexicon.longest_from
        longest = max(longest_from.get(first, 0), longest_from.get(skeleton(first), 0))
        if not longest:
            return (), 0
        for count in range(min(longest, self._unbroken(index)), 0, -1):
            phrase = tuple(words[index : index + count])
            found = self.lexicon.phrases.get(phrase) or self.lexicon.phrases.get(
                tuple(skeleton(word) for word in phrase)
            )
            if found:
                return found, count
        return (), 0

    def _unbroken(self, index: int) -> int:
        """How many tokens from here stand together, without a comma or a word that was taken out."""
        for position in range(index + 1, len(self.tokens)):
            gap = self.text[self.tokens[position - 1].end : self.tokens[position].start]
            if position - index >= self.lexicon.longest or gap.strip(" .-/\t"):
                return position - index
        return len(self.tokens) - index

    def _numeric(self, index: int) -> list[Atom]:
        start = self.tokens[index].start
        for pattern, make in (
            (_ISO_DATE, _iso_date),
            (_NUMERIC_DATE, _full_date),
            (_DAY_MONTH, self._day_month),
            (_HOUR_MINUTE, _time),
        ):
            match = pattern.match(self.text, start)
            last = self._last_in(index, match.end()) if match else None
            atom = make(match) if match and last is not None else None
            if atom and last is not None:
                return [replace(atom, first=index, last=last), *self._glued_meridiem(match, last)]
        return self._single_number(index)

    def _last_in(self, index: int, end: int) -> int | None:
        """The last of the tokens that fill the text up to `end`; None when one was taken or sticks out."""
        last = index
        while last + 1 < len(self.tokens) and self.tokens[last + 1].start < end:
            last += 1
        token = self.tokens[last]
        glued = _WITH_SUFFIX.fullmatch(token.folded)
        complete = token.end == end or (glued is not None and token.start + len(glued[1]) == end)
        taken_out = any(
            re.search(r"\w", self.text[self.tokens[i].end : self.tokens[i + 1].start])
            for i in range(index, last)
        )
        return last if complete and not taken_out else None

    def _glued_meridiem(self, match: re.Match[str] | None, last: int) -> list[Atom]:
        token = self.tokens[last]
        rest = self.text[match.end() : token.end].lower() if match else ""
        return [Atom("meridiem", rest[0] + "m", last, last)] if rest[:1] in ("a", "p") else []

    def _day_month(self, match: re.Match[str]) -> Atom | None:
        if match[2] == "." and len(match[3]) == 2 and (len(match[1]) == 2 or match[3] == "00"):
            before = self.text[: match.start()].rstrip().lower()
            # "19.12" is a clock time after "kl.", and a date after "d." or before a full stop.
            dated = before.endswith((" d.", " den")) or self.text[match.end() : match.end() + 1] == "."
            time = None if dated else _time(match)
            if time:
                return time
        return _date(int(match[1]), int(match[3])) or (
            _date(int(match[3]), int(match[1])) if not self.danish and match[2] == "/" else None
        )

    def _single_number(self, index: int) -> list[Atom]:
        token = self.tokens[index]
        suffixed = _WITH_SUFFIX.fullmatch(token.folded)
        if suffixed and suffixed[2][0] in "ap":
            meridiem = Atom("meridiem", suffixed[2][0] + "m", index, index)
            return [Atom("number", suffixed[1], index, index), meridiem]
        if suffixed:
            return [Atom("ordinal", suffixed[1], index, index)]
        if not token.text.isascii() or not token.text.isdigit() or len(token.text) > 4:
            return [Atom("other", token.folded, index, index)]
        if _YEAR.fullmatch(token.text):
            return [Atom("year", token.text, index, index)]
        dotted = self.text[token.end : token.end + 1] == "." and len(token.text) <= 2
        return [Atom("ordinal" if dotted else "number", str(int(token.text)), index, index)]


def read_atoms(tokens: Sequence[Token], text: str, lexicon: Lexicon, language: str) -> list[Atom]:
    """The atoms of `tokens`, which are some or all of the words of `text`, in order."""
    return _Reader(tokens, text, lexicon, language != "en").read()


def _between(gap: str) -> list[Atom]:
    if gap == " ":
        return []
    if any(character.isalnum() for character in gap) or any(c in gap for c in "!?"):
        return [Atom("barrier")]
    if any(dash in gap for dash in _DASHES):
        return [Atom("dash")]
    return [Atom("comma")] if any(c in gap for c in ",;\n/&+") else []


def _iso_date(match: re.Match[str]) -> Atom | None:
    return _date(int(match[3]), int(match[2]), int(match[1]))


def _full_date(match: re.Match[str]) -> Atom | None:
    year = int(match[4])
    return _date(int(match[1]), int(match[3]), year if year > 99 else 2000 + year)


def _date(day: int, month: int, year: int | None = None) -> Atom | None:
    try:
        # 2024 is a leap year: 29 February may be a date while the year is open.
        date(year or 2024, month, day)
    except ValueError:
        return None
    return Atom("date", f"{year or '-'}-{month:02}-{day:02}")


def _time(match: re.Match[str]) -> Atom | None:
    hour, minute = int(match[1]), int(match[2] if match.re is _HOUR_MINUTE else match[3])
    if hour * 60 + minute > DAY or minute > 59:
        return None
    return Atom("time", str(hour * 60 + minute), as_said=len(match[1]) == 2 and match[1][0] == "0")
