"""/inviter: who is staff, inviting somebody, and what a new colleague is told."""

from collections.abc import Collection, Sequence
from urllib.parse import urlencode

from bot.buttons import Action, Kind
from bot.replies import dates
from bot.replies.markup import Html, escape, lines, one_line, say
from bot.replies.reply import Button, Reply, Rows, Voice
from catalog.places import Place
from catalog.staff import INSTITUTION_TYPES, INVITE_LASTS, Right, Role, Scope, ScopeKind, Staffer, may

ROWS = 10
_A_ROW = 5
MOST_MUNICIPALITIES = 8
"""As many as a button's data has room for."""
NEW_ROLES = {Role.ADMIN: tuple(Role), Role.COORDINATOR: (Role.COORDINATOR, Role.AMBASSADOR)}
"""Whom each role may invite, the mightiest first."""


def who(role: Role, scopes: Sequence[Scope], voice: Voice) -> str:
    """ "koordinator for Ishøj og Køge", "ambassadør for skoler i Ishøj"."""
    name = voice.texts(f"staff.role.{role}")
    where = dates.listed([_where(scope, voice) for scope in scopes], voice)
    return voice.texts("staff.who", role=name, where=where) if scopes else name


def staff_page(colleagues: Sequence[Staffer], offset: int, role: Role, voice: Voice) -> Reply:
    """Whom they can dismiss, ten from `offset` on, and whom they can invite."""
    offset = offset if offset < len(colleagues) else 0
    shown = colleagues[offset : offset + ROWS]
    rows = [_row(number, one, voice) for number, one in enumerate(shown, 1)]
    heading = say(voice.texts, "staff.list" if shown else "staff.nobody")
    numbers = [Button(str(n), Action(Kind.INVITE, str(one.id))) for n, one in enumerate(shown, 1)]
    invite = [_button(f"staff.new.{new}", f"new:{new}", voice) for new in NEW_ROLES[role]]
    text = lines([heading, *rows, Html(""), say(voice.texts, "staff.whom")])
    turning = _turning(offset, len(colleagues), voice)
    return Reply(text, (*_in_rows(numbers), *turning, *((button,) for button in invite)))


def staffer_page(one: Staffer, voice: Voice, *, is_asking: bool) -> Reply:
    """One colleague, and away with them: asked once."""
    about = facts(one, voice)
    if is_asking:
        text = say(voice.texts, "staff.ask", who=about)
        remove = _button("staff.button.gone", f"{one.id}:gone", voice)
        return Reply(text, ((remove,), (_button("staff.button.keep", "list0", voice),)))
    remove = _button("staff.button.remove", f"{one.id}:ask", voice)
    return Reply(say(voice.texts, "staff.one", who=about), ((remove,), (_back(voice),)))


def dismissed_page(one: Staffer, voice: Voice) -> Reply:
    """They are gone."""
    return Reply(say(voice.texts, "staff.gone", who=facts(one, voice)), ((_back(voice),),))


def municipalities_page(own: Sequence[Place], picked: Collection[str], role: Role, voice: Voice) -> Reply:
    """Where somebody shall act. own: those that can be tapped, none for an admin, who writes them; picked:
    the codes of those a coordinator is to have."""
    written = "staff.write_one" if role is Role.AMBASSADOR else "staff.write_some"
    asked = say(voice.texts, "staff.pick" if own else written)
    if role is Role.AMBASSADOR:
        buttons = [Button(place.name, Action(Kind.INVITE, f"for:{code(place)}")) for place in own]
    else:
        buttons = [_toggle(place, picked, voice) for place in own]
    go = (_button("staff.button.go", f"of:{'.'.join(sorted(picked))}:go", voice),) if picked else ()
    rows = tuple(row for row in (*((b,) for b in buttons), go, (_back(voice),)) if row)
    return Reply(asked, rows)


def unknown_municipality(name: str, voice: Voice) -> Reply:
    """What was written is no municipality."""
    return Reply(say(voice.texts, "staff.unknown_municipality", name=one_line(name, 60)), ((_back(voice),),))


def ambassador_page(municipality: Place, districts: Sequence[Place], voice: Voice) -> Reply:
    """What an ambassador there is to stand for."""
    start = f"for:{code(municipality)}"
    named = [Button(d.name, Action(Kind.INVITE, f"{start}:d-{d.key.partition(':')[2]}")) for d in districts]
    types = [_button(f"staff.type.{name}", f"{start}:{name}", voice) for name in INSTITUTION_TYPES]
    one = _button("staff.button.institution", f"{start}:typed", voice)
    rows = (*_in_rows(named, 2), *_in_rows(types, 2), (one,), (_back(voice),))
    return Reply(say(voice.texts, "staff.what_for", where=municipality.name), rows)


def institution_page(municipality: Place, voice: Voice) -> Reply:
    """Asks for the institution's name."""
    return Reply(say(voice.texts, "staff.write_institution", where=municipality.name), ((_back(voice),),))


def link_page(role: Role, scopes: Sequence[Scope], token: str, bot_username: str, voice: Voice) -> Reply:
    """The link, what it does, and until when."""
    until = dates.moment(voice.now + INVITE_LASTS, voice)
    link = deep_link(bot_username, token)
    text = say(voice.texts, "staff.link", who=who(role, scopes, voice), until=until, link=link)
    send = Button(voice.texts("staff.button.send"), url="https://t.me/share/url?" + urlencode({"url": link}))
    back = _button("staff.button.withdraw", f"back:{token}", voice)
    return Reply(text, ((send,), (back,)))


def withdrawn_page(voice: Voice) -> Reply:
    """The link is worth nothing any more."""
    return Reply(say(voice.texts, "staff.withdrawn"), ((_back(voice),),))


def welcome(one: Staffer, commands: Sequence[str], voice: Voice) -> Reply:
    """What they are now, and what they can do."""
    listed = can_do(one, commands, voice)
    text = say(voice.texts, "staff.welcome", who=who(one.role, one.scopes, voice))
    stored = say(voice.texts, "staff.stored")
    return Reply(lines([text, Html(""), listed.text, Html(""), stored]), listed.rows)


def help_for(one: Staffer, commands: Sequence[str], voice: Voice) -> Reply:
    """What the help page says to staff besides."""
    head = say(voice.texts, "staff.help", who=who(one.role, one.scopes, voice))
    listed = can_do(one, commands, voice)
    return Reply(lines([head, listed.text]), listed.rows)


def can_do(one: Staffer, commands: Sequence[str], voice: Voice) -> Reply:
    """Their commands, and what they can do without one, with the sheet to fill in."""
    listed = [_command(name, voice) for name in commands]
    if not may(one, Right.PUBLISH):
        return Reply(lines(listed))
    listed += [say(voice.texts, "staff.by_file"), say(voice.texts, "staff.by_word")]
    return Reply(lines(listed), ((sheet_button(voice),),))


def sheet_button(voice: Voice) -> Button:
    """Asks for the spreadsheet to fill in."""
    return Button(voice.texts("publish.button.form"), Action(Kind.PUBLISH, "form"))


def refused_link(reason: str, voice: Voice) -> Reply:
    """Why this link makes nobody staff."""
    return Reply(say(voice.texts, f"staff.refused.{reason}"))


def deep_link(bot_username: str, token: str) -> str:
    """The address that opens the bot with this invitation."""
    return f"https://t.me/{bot_username}?start=i_{token}"


def code(municipality: Place) -> str:
    """The four digits of a municipality."""
    return municipality.key.partition(":")[2]


def _where(scope: Scope, voice: Voice) -> str:
    is_type = scope.kind is ScopeKind.INSTITUTION_TYPE
    value = voice.texts(f"staff.all.{scope.value}") if is_type else scope.value
    return voice.texts(f"staff.scope.{scope.kind}", value=value, municipality=scope.municipality)


def facts(one: Staffer, voice: Voice) -> str:
    """ "nr. 3: koordinator for Ishøj, siden 25. nov."."""
    since = dates.plain_day(one.since.astimezone(voice.zone).date(), voice)
    return voice.texts("staff.facts", id=one.id, who=who(one.role, one.scopes, voice), since=since)


def _row(number: int, one: Staffer, voice: Voice) -> Html:
    return say(voice.texts, "staff.row", number=number, who=facts(one, voice))


def _command(name: str, voice: Voice) -> Html:
    named = voice.texts(f"command.{name}.name")
    return escape(voice.texts("staff.can", name=named, does=voice.texts(f"command.{name}.description")))


def _toggle(place: Place, picked: Collection[str], voice: Voice) -> Button:
    after = sorted({code(place)} ^ set(picked))
    after = after if len(after) <= MOST_MUNICIPALITIES else sorted(picked)
    key = "staff.picked" if code(place) in picked else "staff.unpicked"
    argument = f"of:{'.'.join(after)}" if after else f"new:{Role.COORDINATOR}"
    return Button(voice.texts(key, name=place.name), Action(Kind.INVITE, argument))


def _button(key: str, argument: str, voice: Voice) -> Button:
    return Button(voice.texts(key), Action(Kind.INVITE, argument))


def _back(voice: Voice) -> Button:
    return _button("button.back", "list0", voice)


def _in_rows(buttons: Sequence[Button], size: int = _A_ROW) -> Rows:
    return tuple(tuple(buttons[i : i + size]) for i in range(0, len(buttons), size))


def _turning(offset: int, total: int, voice: Voice) -> Rows:
    turns = []
    if offset:
        turns.append(_button("button.previous", f"list{max(0, offset - ROWS)}", voice))
    if offset + ROWS < total:
        turns.append(_button("button.more", f"list{offset + ROWS}", voice))
    return (tuple(turns),) if turns else ()
