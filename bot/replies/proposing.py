"""What was handed in: shown to those in charge, with yes, no and a question; and what its writer hears."""

from collections.abc import Callable, Sequence

from bot.buttons import Action, Kind
from bot.replies.drafting import with_card
from bot.replies.markup import Html, one_line, say
from bot.replies.reply import Button, Reply, Rows, Voice
from bot.replies.staff import who
from catalog.draft_cards import card_of
from catalog.proposal_work import State, Work
from reminders import proposal_notes
from reminders.notices import Note
from reminders.proposal_notes import Decided, Waiting

_TITLE_UNITS = 80
_LABEL_UNITS = 40
_MOST = 10


def decision_page(waiting: Waiting, voice: Voice) -> Reply:
    """The card as people will see it, who wrote it, and the decision."""
    work, writer = waiting.work, waiting.writer
    author = who(writer.role, writer.scopes, voice) if writer else voice.texts("proposal.somebody")
    told = [say(voice.texts, "proposal.edit" if work.is_edit else "proposal.new", who=author)]
    told += _exchange(work, voice)
    see = Button(voice.texts("button.photo"), Action(Kind.PROPOSAL, f"{work.id}:photo"))
    photo: Rows = ((see,),) if work.draft.photo else ()
    yes, ask, no = (_decide(verb, work, voice) for verb in ("yes", "ask", "no"))
    return _with_card(work, told, (*photo, (yes,), (ask, no)), voice)


def waiting_page(works: Sequence[Work], voice: Voice) -> Reply:
    """Everything that waits for them."""
    rows = tuple(
        (Button(_title(work, voice, _LABEL_UNITS), Action(Kind.PROPOSAL, f"{work.id}:see")),)
        for work in works[:_MOST]
    )
    return Reply(say(voice.texts, "proposal.list" if works else "proposal.none"), rows)


def question_page(work: Work, voice: Voice) -> Reply:
    """Asks what they want to know."""
    return _with_card(work, [say(voice.texts, "proposal.write_question")], (_back(work, voice),), voice)


def decline_page(work: Work, voice: Voice) -> Reply:
    """Asks once, before it is declined."""
    sure = _decide("decline", work, voice)
    told = say(voice.texts, "proposal.sure", title=_title(work, voice))
    return _with_card(work, [told], ((sure,), _back(work, voice)), voice)


def asked_page(work: Work, voice: Voice) -> Reply:
    """The question is on its way."""
    return Reply(say(voice.texts, "proposal.asked", title=_title(work, voice)))


def declined_page(work: Work, voice: Voice) -> Reply:
    """It is declined, and its writer hears of it."""
    return Reply(say(voice.texts, "proposal.declined", title=_title(work, voice)))


def plain(key: str, voice: Voice) -> Reply:
    """Just this."""
    return Reply(say(voice.texts, key))


def waiting_note(note: Note, voice: Voice) -> Reply:
    """Something waits for those in charge."""
    assert isinstance(note.facts, Waiting)  # noqa: S101  # reminders.proposal_notes
    return decision_page(note.facts, voice)


def question_note(note: Note, voice: Voice) -> Reply:
    """Its writer is asked something."""
    work = note.facts
    assert isinstance(work, Work)  # noqa: S101  # reminders.proposal_notes
    question = str(work.facts.get("question") or "")
    told = say(voice.texts, "draft.question", title=_title(work, voice), question=question)
    answer = Button(voice.texts("draft.button.answer"), Action(Kind.DRAFT, f"{work.id}:answer"))
    see = Button(voice.texts("draft.button.see"), Action(Kind.DRAFT, f"{work.id}:done"))
    return Reply(told, ((answer,), (see,)))


def decided_note(note: Note, voice: Voice) -> Reply:
    """Its writer hears what became of it."""
    decided = note.facts
    assert isinstance(decided, Decided)  # noqa: S101  # reminders.proposal_notes
    is_out = decided.work.state is State.PUBLISHED
    key = "draft.approved" if is_out else "draft.declined"
    told = say(voice.texts, key, title=_title(decided.work, voice))
    if not is_out or decided.public_id is None:
        return Reply(told)
    see = Button(voice.texts("notice.button.open"), Action(Kind.OPEN, decided.public_id))
    return Reply(told, ((see,),))


def _exchange(work: Work, voice: Voice) -> list[Html]:
    """What was asked before, and answered."""
    question, answer = (str(work.facts.get(name) or "") for name in ("question", "answer"))
    if not question:
        return []
    return [say(voice.texts, "proposal.exchange", question=question, answer=answer or "–")]


def _with_card(work: Work, told: Sequence[Html], rows: Rows, voice: Voice) -> Reply:
    return with_card(card_of(work.draft, work.source), told, rows, voice)


def _decide(verb: str, work: Work, voice: Voice) -> Button:
    action = Action(Kind.PROPOSAL, f"{work.id}:{verb}:{work.digest}")
    return Button(voice.texts(f"proposal.button.{verb}"), action)


def _back(work: Work, voice: Voice) -> tuple[Button, ...]:
    return (Button(voice.texts("button.back"), Action(Kind.PROPOSAL, f"{work.id}:see")),)


def _title(work: Work, voice: Voice, limit: int = _TITLE_UNITS) -> str:
    return one_line(card_of(work.draft, work.source).title(voice.language), limit)


NOTES: dict[str, Callable[[Note, Voice], Reply]] = {
    proposal_notes.TO_DECIDE: waiting_note,
    proposal_notes.TO_ANSWER: question_note,
    proposal_notes.DECIDED: decided_note,
}
"""How the notes about a proposal read."""
