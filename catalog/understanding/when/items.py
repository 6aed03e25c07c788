"""What the grammar finds: days, weekdays that repeat, hours of the clock."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from catalog.understanding.when.atoms import Atom
from catalog.understanding.when.calendar import DAY, Calendar, Span
from catalog.understanding.when.lexicon import meanings

_LATE_PARTS = frozenset({"evening", "early-evening", "late-evening", "evening-and-night"})
_AS_SAID_PARTS = frozenset({"morning", "early-morning", "late-morning", "night"})


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time as said: minute of the day, grain in minutes, and "am", "pm", "exact" or "" for undecided."""

    minute: int
    grain: int = 60
    said: str = ""

    def resolved(self, part: str | None) -> int:
        """The minute that is meant, given the part of the day said with it: 1 to 6 is the afternoon unless
        night or morning is said, 7 to 12 as said unless evening is said."""
        hour = self.minute // 60
        if self.said == "am":
            return self.minute - 720 if hour == 12 else self.minute
        if self.said == "pm":
            return self.minute + 720 if hour < 12 else self.minute
        if self.said == "exact" or not 1 <= hour < 12 or part in _AS_SAID_PARTS:
            return self.minute
        in_evening = part in _LATE_PARTS and hour >= 5
        in_afternoon = hour <= 6 or (part or "").endswith("afternoon")
        return self.minute + 720 if in_evening or in_afternoon else self.minute


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of a day. What is missing is open; a single time is both start and end, and lasts its grain.
    part: the part of the day they stand for or are said with. around: an hour on either side."""

    start: ClockTime | None = None
    end: ClockTime | None = None
    part: str | None = None
    around: bool = False

    def minutes(self, part: str | None = None) -> tuple[int, int]:
        """First minute and minute after the last; `part` is what the day itself says."""
        said = self.part or part
        lower, upper = meanings()["parts"][said] if said else (0, DAY)
        if self.start is None and self.end is None:
            return lower, upper
        if self.start is not None and self.start == self.end:
            return self._single(self.start.resolved(said), self.start.grain)
        start, end = self._like_each_other()
        first = start.resolved(said) if start else lower
        last = end.resolved(said) if end else upper
        if start and end and last <= first:
            last += 720 if last < 720 and first < last + 720 <= DAY else DAY
        return (first, last) if first < last else (min(first, last), DAY)

    def _single(self, minute: int, grain: int) -> tuple[int, int]:
        return (minute - 60, minute + 60) if self.around else (minute, minute + grain)

    def _like_each_other(self) -> tuple[ClockTime | None, ClockTime | None]:
        """In "2 to 4 pm" both are; in "9 to 5 pm" only the last."""
        start, end = self.start, self.end
        if start and end and end.said in ("am", "pm") and not start.said:
            alike = replace(start, said=end.said)
            return (alike if alike.resolved(None) < end.resolved(None) else start), end
        return start, end


@dataclass(frozen=True, slots=True)
class Item:
    """Something found in a sentence; as a piece of the second grammar it has a kind like an atom.

    kind: "dayname" (a bare weekday), "weekend", "span", "hours", "weekdays", "now", "nothing", "starting", or
    that of an atom that said nothing by itself. part: the part of the day said with a single day. next_week:
    a weekday of the next calendar week. atoms: what it is made of.
    """

    kind: str
    atoms: tuple[Atom, ...] = ()
    spans: tuple[Span, ...] = ()
    weekdays: tuple[int, ...] = ()
    hours: Hours | None = None
    part: str | None = None
    next_week: bool = False

    @property
    def is_time(self) -> bool:
        """Whether it says a time, rather than being a word in between."""
        return self.kind in ("dayname", "weekend", "span", "hours", "weekdays", "now", "nothing", "starting")


class Found:
    """The atoms of a match, asked by kind."""

    def __init__(self, atoms: Sequence[Atom]) -> None:
        self.atoms = tuple(atoms)

    def has(self, *kinds: str) -> bool:
        return any(atom.kind in kinds for atom in self.atoms)

    def value(self, *kinds: str) -> str | None:
        """The value of the first atom of these kinds."""
        return next((atom.value for atom in self.atoms if atom.kind in kinds), None)

    def numbers(self, *kinds: str) -> list[int]:
        return [int(atom.value) for atom in self.atoms if atom.kind in kinds]

    def number(self, *kinds: str) -> int | None:
        found = self.numbers(*kinds)
        return found[0] if found else None

    def count(self) -> int | None:
        """How many units; a thousand at most, so that no date lies beyond the calendar."""
        said = self.number("number", "one", "to", "few")
        return None if said is None else min(said, 1000)

    def weekday(self) -> int | None:
        """An ISO weekday."""
        return self.number("weekday", "weekday_definite", "weekday_short")

    def year(self, calendar: Calendar) -> int | None:
        """The year that is said: "2027", "næste år"."""
        relative = self.number("year_rel")
        return self.number("year") if relative is None else calendar.today.year + relative

    def weeks_ahead(self) -> int:
        """How many calendar weeks (or months, or years) "next", "last" or "this" is ahead."""
        if self.has("week_after_next"):
            return 2
        return 1 if self.has("next") else -1 if self.has("last") else 0

    def item(self, calendar: Calendar, *spans: Span, kind: str = "span") -> Item:
        """An item of these spans, narrowed by a part of the day that was said with them."""
        part = self.value("part", "part_any", "part_plural")
        if part and all(span.day for span in spans):
            narrowed = tuple(calendar.part(span, part) for span in spans)
            return Item(kind, self.atoms, narrowed, part=part)
        return Item(kind, self.atoms, spans, hours=Hours(part=part) if part else None)

    def repeated(self, *weekdays: int) -> Item:
        """An item of weekdays that come back every week."""
        part = self.value("part", "part_any", "part_plural")
        return Item("weekdays", self.atoms, weekdays=weekdays, hours=Hours(part=part) if part else None)
