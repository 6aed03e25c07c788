"""For whom: ages in years as people say them, and groups with the contract's ages.

Ages said in years replace those of a group; the group stays ("unge 15-18 år" is youth, 15 to 18). An open
lower end stops at the end of a group's own ages ("børn fra 8 år" is 8 to 12). A school class is two ages: a
child in grade n is n + 6 or n + 7.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from catalog.understanding.lexicon import Group, lexicon
from catalog.understanding.patterns import Patterns
from catalog.understanding.sentence import Sentence
from catalog.values import OLDEST, Audience

Ages = tuple[int, int]

_OLDEST_CHILD_UNDER = 18
_NAMES = (
    *("families", "count", "months_old", "school", "grade_range", "grade"),
    *("range", "several", "under", "over", "under_bare", "exact"),
)


@dataclass(slots=True)
class Who:
    """What a question says about people. ages: whole years, both included, in the order they were said."""

    ages: list[Ages] = field(default_factory=list)
    audiences: list[Audience] = field(default_factory=list)
    _of_groups: list[Ages] = field(default_factory=list)

    def add_group(self, group: Group) -> None:
        """Note a group that was named."""
        if group.audience not in self.audiences:
            self.audiences.append(group.audience)
        if group.ages and group.ages not in self._of_groups:
            self._of_groups.append(group.ages)

    def said_ages(self) -> tuple[Ages, ...]:
        """The ages asked for: those said in years, else those of the groups."""
        if not self.ages:
            return tuple(self._of_groups)
        return tuple(dict.fromkeys(self._within_groups(span) for span in self.ages))

    def _within_groups(self, span: Ages) -> Ages:
        holding = [group for group in self._of_groups if group[0] <= span[0] <= group[1]]
        return (span[0], holding[0][1]) if span[1] == OLDEST and holding else span


@cache
def _patterns() -> Patterns:
    return Patterns(lexicon(), "age", _NAMES)


def read_ages(sentence: Sentence, language: str, who: Who) -> None:
    """Take every age, school class and head count out of `sentence`; counts ask for nothing."""

    def accept(name: str, said: tuple[str | None, ...]) -> bool:
        numbers = [int(number) for number in said if number]
        if name == "families":
            who.add_group(Group(Audience.FAMILIES, None))
        elif name != "count":
            return _add(who, name, numbers)
        return True

    _patterns().read(sentence, language, "who", accept)


def _add(who: Who, name: str, numbers: list[int]) -> bool:
    if name == "under_bare" and numbers[0] > _OLDEST_CHILD_UNDER:
        return False
    spans = tuple(_spans(name, numbers))
    if not spans or any(not 0 <= low <= high <= OLDEST for low, high in spans):
        return False
    if name == "school":
        who.add_group(Group(Audience.SCHOOLS, None))
    who.ages.extend(span for span in spans if span not in who.ages)
    return True


def _spans(name: str, numbers: list[int]) -> Iterable[Ages]:
    low, high = min(numbers), max(numbers)
    match name:
        case "months_old":
            return [(low // 12, low // 12)]
        case "school" | "grade" | "grade_range":
            return [(low + 6, high + 7)]
        case "range":
            return [(low, high)]
        case "under" | "under_bare":
            return [(0, low - 1)]
        case "over":
            return [(low, OLDEST)]
        case _:
            return [(number, number) for number in numbers]
