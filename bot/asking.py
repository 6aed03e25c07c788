"""`kulturlods ask`: one question or many, answered without changing anything.

The lines in and out are the contract's; weekdays are ISO numbers, 1 Monday … 7 Sunday.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.replies import basics, care
from bot.replies.answer import answer, nothing_found
from bot.replies.reply import Reply, Voice
from bot.replies.understood import Asked
from bot.telegram_html import parse_html
from bot.texts import LANGUAGES, texts
from catalog import Card, Catalogue, Hit, Page, Query, Understanding

MAX_LIMIT = 100
_FIELDS = ("title", "names", "text")
"""Where the word stands that is found last (`Hit.why`)."""

ONE_SNAPSHOT = timedelta(days=366)
"""Questions of one batch may be asked at instants this far apart without a new snapshot for each."""

_ANSWERED = ("question", "more", "worry")
_ABOUT_THE_LIST = ("about", "row", "follow", "notify")
_NO_LIST = Page((), 0, Query())

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class Question(BaseModel):
    """A line of `ask --batch`: the turns of one conversation, the last to be answered."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    id: str | int | None = None
    turns: Annotated[
        tuple[str, ...],
        BeforeValidator(lambda text: [text] if isinstance(text, str) else text),
        Field(alias="text", min_length=1, max_length=50),
    ]
    lang: str | None = Field(default=None, pattern=f"^({'|'.join(LANGUAGES)})$")
    now: datetime | None = None
    location: (
        tuple[Annotated[float, Field(ge=-90, le=90)], Annotated[float, Field(ge=-180, le=180)]] | None
    ) = None
    limit: int = Field(default=5, ge=1, le=MAX_LIMIT)


@dataclass(frozen=True, slots=True)
class Asker:
    """Answers questions from one catalogue. `now`, `zone` and `language` serve where a question names
    none; a time without an offset is local in `zone`."""

    catalogue: Catalogue
    now: datetime
    zone: ZoneInfo
    language: str

    def ask(self, question: Question) -> tuple[Understanding, Page]:
        """What the last turn was taken to mean, and what fits."""
        now = in_zone(question.now, self.zone) if question.now else self.now
        understood: Understanding | None = None
        previous: Query | None = None
        offset = 0
        for text in question.turns:
            understood = self.catalogue.understand(
                text,
                now,
                language=question.lang or self.language,
                previous=previous,
                location=question.location,
            )
            offset = offset + question.limit if understood.kind == "more" else 0
            # "tak" between two questions forgets nothing.
            if understood.kind in _ANSWERED:
                previous = understood.query
            elif understood.kind == "reset":
                previous = None
        assert understood is not None  # noqa: S101  # a question has at least one turn
        return understood, self._page(understood, now, question.limit, offset)

    def _page(self, understood: Understanding, now: datetime, limit: int, offset: int) -> Page:
        """The list that answers it, empty for what asks for none; of "den anden" that row alone."""
        if understood.kind not in (*_ANSWERED, *_ABOUT_THE_LIST):
            return _NO_LIST
        page = self.catalogue.search(understood.query, now, limit=limit, offset=offset)
        if understood.kind != "row" or not understood.follow_up:
            return page
        row = int(understood.detail)
        chosen = page.hits[-1:] if row < 0 else page.hits[row - 1 : row]
        return replace(page, hits=chosen, total=len(chosen))

    def answer_json(self, question: Question) -> dict[str, Any]:
        """The contract's line out."""
        understood, page = self.ask(question)
        cards = self.catalogue.cards([hit.offering_id for hit in page.hits])
        language = understood.query.language
        results = [(hit, cards[hit.offering_id]) for hit in page.hits if hit.offering_id in cards]
        return {
            "id": question.id,
            "understood": understood.query.to_json(),
            "asks": understood.asks,
            "relaxed": list(page.relaxed),
            "total": page.total,
            "results": [_result(hit, card, language, self.zone) for hit, card in results],
        }

    def answer_text(self, question: Question) -> str:
        """The answer as the bot would word it, without buttons and markup."""
        understood, page = self.ask(question)
        voice = Voice(texts(understood.query.language), self.now, self.zone)
        asked = Asked(understood.query, repaired=understood.repaired)
        if understood.kind not in (*_ANSWERED, *_ABOUT_THE_LIST):
            return parse_html(_word(understood, voice).text)[0]
        cards = self.catalogue.cards([hit.offering_id for hit in page.hits])
        reply = answer(asked, page, cards, voice) if page.hits else nothing_found(asked, (), voice)
        hint = [voice.texts("cli.asks_place")] if understood.asks else []
        return "\n".join([*hint, parse_html(reply.text)[0]])

    def answer_lines(self, lines: Iterable[str]) -> Iterator[tuple[bool, str]]:
        """(whether it went well, a line out) for each line in that is not blank, in the same order. A line
        that cannot be read gives {"id", "line", "error"}, and the next ones are answered all the same."""
        read = [_read(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
        asked_at = [in_zone(q.now, self.zone) for q in read if isinstance(q, Question) and q.now]
        # One snapshot, from the earliest instant asked about on, serves them all.
        self.catalogue.refresh(min(asked_at, default=self.now))
        for question in read:
            if isinstance(question, Question):
                yield True, _dumps(self.answer_json(question))
            else:
                yield False, _dumps(question)


def _word(understood: Understanding, voice: Voice) -> Reply:
    """What is said to somebody who asks for no list."""
    match understood.kind:
        case "danger":
            return care.in_danger(understood.detail, voice)
        case "small-talk":
            return basics.plain(f"small_talk.{understood.detail}", voice)
        case "greeting" | "thanks":
            return basics.plain(f"hello.{understood.kind}", voice)
    return basics.plain("hello.nothing", voice)


def in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """`moment` in `zone`; one without an offset is taken as local there."""
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def _result(hit: Hit, card: Card, language: str, zone: ZoneInfo) -> dict[str, Any]:
    venue = next((o.venue for o in card.occurrences if o.id == hit.occurrence_id), None)
    return {
        "id": card.external_id,
        "title": card.title(language),
        "start": hit.start.astimezone(zone).isoformat(),
        "place": venue.name if venue else None,
        "municipality": venue.municipality if venue else None,
        "distance_km": None if hit.distance_km is None else round(hit.distance_km, 1),
        "price": hit.price,
        "marks": sorted(hit.marks),
        "why": _why(hit),
    }


def _why(hit: Hit) -> dict[str, Any]:
    """What the place of a result in the list comes from, the heaviest first; less is better but for words."""
    why: dict[str, Any] = {name: int(value) for name, value in hit.why.items()}
    return why | {"field": _FIELDS[why["field"]] if why["words"] else None}


def _read(number: int, line: str) -> Question | dict[str, Any]:
    try:
        return Question.model_validate_json(line)
    except ValidationError as error:
        return {"id": _id_of(line), "line": number, "error": _first_error(error)}


def _id_of(line: str) -> Any:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value.get("id") if isinstance(value, dict) else None


def _first_error(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return ".".join(str(part) for part in (*first["loc"], first["type"]))


def _dumps(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
