"""What people do with what staff sent to many: follow something of it, or want no more of the kind. Counted
once a person, and only for those whom it went to."""

from sqlmodel import Session, col, select, update

from reminders.model import Broadcast, Delivery

FOLLOWED, MUTED = "followed", "muted"


def note(session: Session, broadcast_id: int, person_id: int, what: str) -> bool:
    """They did this (FOLLOWED, MUTED) for the first time; whether it was counted."""
    row = delivery_of(session, broadcast_id, person_id)
    if row is None or row.payload.get(what):
        return False
    row.payload = {**row.payload, what: True}
    session.add(row)
    counter = getattr(Broadcast, what)
    session.exec(update(Broadcast).where(col(Broadcast.id) == broadcast_id).values({what: counter + 1}))
    return True


def delivery_of(session: Session, broadcast_id: int, person_id: int) -> Delivery | None:
    """This person's message of this broadcast; None when it was not for them."""
    key = f"b:{broadcast_id}:{person_id}"
    return session.exec(select(Delivery).where(Delivery.key == key)).one_or_none()
