"""Posters to print: words and a QR code on A5 or A4, as PDF and as PNG at 300 dots an inch.

Pure but for memory and time: a picture of A4 takes some 40 MB while it is drawn, so that one is drawn at a
time. Blocking; the libraries are loaded by whoever draws first.
"""

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import segno

from catalog.text import visible

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOTS_AN_INCH = 300
_MM_AN_INCH = 25.4
_POINTS_AN_INCH = 72
_QUIET_ZONE = 4
"""Empty modules around the code, which the standard asks for (ISO/IEC 18004)."""
_FONT = "DejaVu Sans"
_LINE_HEIGHT = 1.25
_MEASURED_AT = 100
_INK, _FAINT = "#111111", "#555555"
_one_at_a_time = threading.Lock()


class Size(StrEnum):
    A5 = "a5"
    A4 = "a4"


MILLIMETRES: dict[Size, tuple[int, int]] = {Size.A5: (148, 210), Size.A4: (210, 297)}
"""Width and height of the paper (ISO 216)."""


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on it; anything may stand in it. facts: a paragraph each, the first in bold. code: the
    address that the QR code leads to. hint: what it does, beside it."""

    title: str
    facts: tuple[str, ...]
    code: str
    hint: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """The same poster as a PDF of one page and as a PNG."""

    pdf: bytes
    png: bytes


@dataclass(frozen=True, slots=True)
class _Box:
    """A space for words: its upper left corner, width and height in millimetres; points at most and least."""

    x: float
    top: float
    width: float
    height: float
    most: float
    least: float


def draw(poster: Poster, size: Size) -> Drawn:
    """This poster on paper of this size. Words that are too many are set smaller, then cut short; what the
    font has no picture of is left out."""
    with _one_at_a_time:
        return _draw(poster, *MILLIMETRES[size])


def _draw(poster: Poster, width: int, height: int) -> Drawn:
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415  # start-up does not pay
    from matplotlib.backends.backend_pdf import FigureCanvasPdf  # noqa: PLC0415  # the same
    from matplotlib.figure import Figure  # noqa: PLC0415  # the same

    # Whole dots, within a tenth of a millimetre of the paper.
    inches = (round(side / _MM_AN_INCH * DOTS_AN_INCH) / DOTS_AN_INCH for side in (width, height))
    figure = Figure(figsize=(next(inches), next(inches)), facecolor="white")
    scale, margin = width / 148, width / 12
    code_right, code_top = _code(figure, poster.code, width, height)
    inner, room = width - 2 * margin, height - 2 * margin
    title = _Box(margin, height - margin, inner, room * 0.4, 44 * scale, 11 * scale)
    under_title = _write(figure, poster.title, title, "bold") - 4 * scale
    _rule(figure, (margin, under_title), width - margin)
    facts = _Box(margin, under_title - 4 * scale, inner, under_title - code_top - 12 * scale, 19 * scale, 5.0)
    _paragraphs(figure, poster.facts, facts)
    hint = _Box(code_right, code_top, width - margin - code_right, code_top - margin, 17 * scale, 5.0)
    _write(figure, poster.hint, hint, "normal", is_centred=True)
    pdf, png = io.BytesIO(), io.BytesIO()
    about = {"CreationDate": None, "Title": _drawable(poster.title)}
    FigureCanvasPdf(figure).print_pdf(pdf, metadata=about)  # type: ignore[no-untyped-call]  # matplotlib's
    figure.set_dpi(DOTS_AN_INCH)
    FigureCanvasAgg(figure).print_png(png, metadata={"Software": None})  # type: ignore[no-untyped-call]  # the same
    return Drawn(pdf.getvalue(), png.getvalue())


def _code(figure: "Figure", address: str, width: int, height: int) -> tuple[float, float]:
    """The QR code, lower left, its modules on whole dots so that every edge is sharp; how far it reaches, to
    the right and up."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415  # start-up does not pay

    rows = code_rows(address)
    modules = len(rows) + 2 * _QUIET_ZONE
    dot = _MM_AN_INCH / DOTS_AN_INCH
    module = int(width * 0.4 / modules / dot) * dot
    # The empty modules reach into the margins; from above, for the dots of a picture are counted from there.
    left = round((width / 12 - _QUIET_ZONE * module) / dot) * dot
    top = round((height - width / 12 - (modules - _QUIET_ZONE) * module) / dot) * dot
    for down, row in enumerate(rows):
        y = height - top - (down + 1 + _QUIET_ZONE) * module
        for across, length in _runs(row):
            x = left + (across + _QUIET_ZONE) * module
            corner, spans = (x / width, y / height), (length * module / width, module / height)
            figure.add_artist(Rectangle(corner, *spans, color="black", linewidth=0, antialiased=False))
    return left + modules * module, height - top - _QUIET_ZONE * module


def code_rows(address: str) -> list[list[bool]]:
    """The dark modules of the QR code that leads there, row by row; a quarter of it may be spoilt."""
    return [[bool(module) for module in row] for row in segno.make_qr(address, error="q").matrix]


def _runs(row: Sequence[bool]) -> list[tuple[int, int]]:
    """Where dark modules stand together: (first, how many)."""
    starts = [n for n, dark in enumerate(row) if dark and not (n and row[n - 1])]
    ends = [n for n, dark in enumerate(row, 1) if dark and not (n < len(row) and row[n])]
    return [(start, end - start) for start, end in zip(starts, ends, strict=True)]


def _rule(figure: "Figure", start: tuple[float, float], right: float) -> None:
    from matplotlib.lines import Line2D  # noqa: PLC0415  # start-up does not pay

    width, height = (inches * _MM_AN_INCH for inches in figure.get_size_inches())
    ends = [start[0] / width, right / width], [start[1] / height] * 2
    figure.add_artist(Line2D(*ends, color=_INK, linewidth=1.2))


def _paragraphs(figure: "Figure", paragraphs: Sequence[str], box: _Box) -> None:
    """All in one size, the first in bold, each on its own line."""
    words = [" ".join(_drawable(paragraph).split()) for paragraph in paragraphs]
    styles = ["bold", *["normal"] * len(words)]
    points = box.most
    while points > box.least and _height(words, styles, points, box.width) > box.height:
        points *= 0.96
    top, bottom = box.top, box.top - box.height
    for text, style in zip(words, styles, strict=False):
        lines = _wrapped(text, style, points, box.width)
        fit = max(0, int((top - bottom) / _line(points)))
        _set(figure, lines[:fit], (box.x, top), points, style)
        top -= len(lines) * _line(points) + _gap(points)


def _height(words: Sequence[str], styles: Sequence[str], points: float, width: float) -> float:
    lines = sum(len(_wrapped(text, style, points, width)) for text, style in zip(words, styles, strict=False))
    return lines * _line(points) + len(words) * _gap(points)


def _write(figure: "Figure", text: str, box: _Box, style: str, *, is_centred: bool = False) -> float:
    """These words as large as the box allows; where they end, in millimetres from below."""
    words, points = " ".join(_drawable(text).split()), box.most
    while points > box.least and not _fits(words, style, points, box):
        points *= 0.96
    lines = _wrapped(words, style, points, box.width)
    fit = max(1, int(box.height / _line(points)))
    if len(lines) > fit:
        lines = [*lines[: fit - 1], lines[fit - 1][:-1].rstrip() + "…"]
    spare = box.height - len(lines) * _line(points)
    top = box.top - (spare / 2 if is_centred else 0)
    _set(figure, lines, (box.x, top), points, style)
    return top - len(lines) * _line(points)


def _fits(words: str, style: str, points: float, box: _Box) -> bool:
    """Whether they fit with no word broken, unless it would have to be in the smallest size."""
    is_high = len(_wrapped(words, style, points, box.width)) * _line(points) > box.height
    longest = max((_width(word, style) for word in words.split()), default=0.0) * points
    return not is_high and (longest <= box.width or points <= box.most / 2)


def _set(
    figure: "Figure", lines: Sequence[str], corner: tuple[float, float], points: float, style: str
) -> None:
    width, height = (inches * _MM_AN_INCH for inches in figure.get_size_inches())
    for number, line in enumerate(lines):
        # A line's letters hang from four fifths of it.
        base = corner[1] - number * _line(points) - 0.8 * _line(points)
        how: dict[str, Any] = {"family": _FONT, "weight": style, "fontsize": points}
        figure.text(corner[0] / width, base / height, line, color=_INK, parse_math=False, **how)


def _wrapped(text: str, style: str, points: float, width: float) -> list[str]:
    """The lines of this text in this width; a word that is longer than a line is broken."""
    lines, line, used = [], "", 0.0
    space = _width(" ", style) * points
    words = [part for word in text.split() for part in _broken(word, style, points, width)]
    for word in words:
        wide = _width(word, style) * points
        if line and used + space + wide > width:
            lines.append(line)
            line, used = "", 0.0
        used += wide + (space if line else 0.0)
        line = f"{line} {word}" if line else word
    return [*lines, line] if line else lines


def _broken(word: str, style: str, points: float, width: float) -> list[str]:
    """The word, in parts that each fit on a line."""
    parts, used = [""], 0.0
    for letter in word:
        wide = _width(letter, style) * points
        if parts[-1] and used + wide > width:
            parts.append("")
            used = 0.0
        parts[-1] += letter
        used += wide
    return parts


def _width(text: str, style: str) -> float:
    """How many millimetres wide this is for every point of its size, its letters taken one by one."""
    return sum(_advance(character, style) for character in text) * _MM_AN_INCH / _POINTS_AN_INCH


@lru_cache(maxsize=4096)
def _advance(character: str, style: str) -> float:
    font = _font(style)
    font.set_size(_MEASURED_AT, _POINTS_AN_INCH)
    return float(font.load_char(ord(character)).linearHoriAdvance) / 2**16 / _MEASURED_AT


def _font(style: str) -> Any:
    from matplotlib.font_manager import FontProperties, findfont, get_font  # noqa: PLC0415  # start-up does not pay

    return get_font(findfont(FontProperties(family=_FONT, weight=style)))


def _line(points: float) -> float:
    """The height of a line in millimetres."""
    return points * _LINE_HEIGHT * _MM_AN_INCH / _POINTS_AN_INCH


def _gap(points: float) -> float:
    return _line(points) * 0.35


def _drawable(text: str) -> str:
    """What of this the font has a picture of, on one line, without characters that hide or turn it around."""
    font = _font("normal")
    shown = (" " if c.isspace() else c for c in visible(text))
    return "".join(c for c in shown if c == " " or font.get_char_index(ord(c)))
