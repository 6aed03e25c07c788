"""For whom: ages in years as people say them, and groups with the contract's ages.

Ages said in years replace those of a group; the group stays ("unge 15-18 år" is youth, 15 to 18). An open
end stops at the end of a group's own ages ("børn fra 8 år" is 8 to 12). A school class is two ages: a
child in grade n is n + 6 or n + 7.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from catalog.text import words
from catalog.understanding.lexicon import Group, lexicon
from catalog.understanding.patterns import Patterns
from catalog.understanding.sentence import Sentence
from catalog.values import AUDIENCE_AGES, OLDEST, Audience

Ages = tuple[int, int]

_OLDEST_CHILD_UNDER = 18
_YOUNG_FROM = AUDIENCE_AGES[Audience.YOUTH][0]
_DECADES_FROM = 20
_NAMES = (
    *("families", "count", "months_old", "grade_span", "school", "grade_range", "grade"),
    *("range", "decade", "daycare_count", "school_count"),
    *("several", "under", "over", "under_bare", "exact"),
)
_GROUPS_OF = {"daycare_count": Audience.DAYCARE, "school_count": Audience.SCHOOLS}
_A_GROUP_FROM = 8
"""Children of one kind from which on an institution is asking."""


@dataclass(slots=True)
class Who:
    """What a question says about people. ages: whole years, both included, in the order they were said."""

    ages: list[Ages] = field(default_factory=list)
    audiences: list[Audience] = field(default_factory=list)
    _of_groups: list[Ages] = field(default_factory=list)

    def add_group(self, group: Group) -> None:
        """Note a group that was named; a part of it counts for more ("børn under skolealderen")."""
        known = group.audience in self.audiences
        whole = AUDIENCE_AGES.get(group.audience)
        if known and whole in self._of_groups and group.ages != whole:
            self._of_groups.remove(whole)
        elif known and group.ages == whole:
            return
        if not known:
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
        if span[1] == OLDEST and holding:
            return span[0], holding[0][1]
        # "Unge under 18" are no toddlers, while "børn under 6" may be.
        grown = [low for low, high in self._of_groups if _YOUNG_FROM <= low <= span[1] <= high]
        return (grown[0], span[1]) if span[0] == 0 and grown else span


@cache
def _patterns() -> Patterns:
    return Patterns(lexicon(), "age", _NAMES)


def read_ages(sentence: Sentence, language: str, who: Who) -> None:
    """Take every age, school class and head count out of `sentence`; counts ask for nothing."""

    def accept(name: str, said: tuple[str | None, ...]) -> bool:
        numbers = [int(number) for number in said if number and number.isdigit()]
        if name == "families":
            who.add_group(Group(Audience.FAMILIES, None))
        elif name in _GROUPS_OF:
            if numbers[0] < _A_GROUP_FROM:
                return False
            who.add_group(Group(_GROUPS_OF[name], None))
        elif name != "count" and not _add(who, name, numbers):
            return False
        for group in _groups_in(said, language):
            who.add_group(group)
        return True

    _patterns().read(sentence, language, "who", accept)


def _groups_in(said: tuple[str | None, ...], language: str) -> Iterable[Group]:
    """The groups that a template has in brackets: "unge mellem 15 og 18"."""
    for part in said:
        for meaning in lexicon().slots.exact(words(part), language) if part and not part.isdigit() else ():
            if isinstance(meaning, Group):
                yield meaning


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
            span = low // 12, low // 12
        case "school" | "grade" | "grade_range" | "grade_span":
            span = low + 6, high + 7
        case "range":
            span = low, high
        case "decade":
            return [(low, high + 9)] if low >= _DECADES_FROM and low % 10 == high % 10 == 0 else []
        case "under" | "under_bare":
            span = 0, low - 1
        case "over":
            span = low, OLDEST
        case _:
            return [(number, number) for number in numbers]
    return [span]
