"""A question that was answered is counted: once it is put or changed, never when its list is only turned."""

from bot.handlers.answering import Outcome
from bot.handlers.visit import Visit


def counted(visit: Visit, outcome: Outcome) -> Outcome:
    """The same outcome; when it answers a question, that is counted in memory, without its words."""
    asked = outcome.shown.asked if outcome.shown is not None else None
    if asked is not None and outcome.unmet is not None and not asked.confided:
        visit.house.recorder.question(
            visit.chat_id, asked.query, visit.place, visit.now, visit.zone, unmet=outcome.unmet
        )
    return outcome
