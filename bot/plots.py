"""A picture of the figures: a few plots below each other, to be read on a phone. Colours are Okabe and Ito's,
which people who are colour-blind tell apart; bars of a second kind are hatched besides.

The library is loaded when the first picture is drawn: no start and no answer waits for it."""

import datetime as dt
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.replies import figures as pages
from bot.replies.reply import Voice
from catalog.figures import What
from reminders.reach import Report

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GREY = "#595959"
_FIRST: dict[str, Any] = {"color": "#0072B2"}
_SECOND: dict[str, Any] = {"color": "#E69F00", "hatch": "///", "edgecolor": "white"}
_WIDTH, _DPI = 7.0, 160
_MOST_ROWS = 6
_HEAD, _FOOT, _A_ROW, _UPRIGHT = 0.8, 0.3, 0.36, 1.6
"""Heights in inches: of a plot's title and legend, the foot, a lying bar's row, standing bars. All together
stays near what a phone shows at once: Telegram makes a higher picture narrower."""

_PLOTS: tuple[tuple[str, tuple[What, ...], str], ...] = (
    ("week", (What.QUESTIONS, What.UNMET), "week-questions"),
    ("category", (What.QUESTIONS, What.UNMET), "category-questions"),
    ("week", (What.FOLLOWS, What.REMINDERS), "week-follows"),
    ("municipality", (What.PEOPLE, What.QUESTIONS), "municipality-people"),
)


@dataclass(frozen=True, slots=True)
class Plot:
    """Bars beside each other: names, and a number for each of the kinds; None is not drawn. lying: one row a
    name."""

    title: str
    names: tuple[str, ...]
    kinds: tuple[tuple[str, tuple[int | None, ...]], ...]
    lying: bool

    @property
    def inches(self) -> float:
        """How high it is."""
        return _HEAD + (_A_ROW * len(self.names) if self.lying else _UPRIGHT)


def picture(report: Report, voice: Voice) -> bytes | None:
    """The figures as a PNG; None when there is nothing to draw. Blocking."""
    plots = [plot for what in _PLOTS if (plot := _plot(report, *what, voice)) is not None]
    return _draw(plots, voice.texts("figures.plot.foot")) if plots else None


def _plot(report: Report, by: str, whats: Sequence[What], title: str, voice: Voice) -> Plot | None:
    """What there is to draw of these figures by week, category or municipality; None for nothing."""
    kinds = {}
    for what in whats:
        table = report.figure(what).table(by)
        kinds[what] = dict(table.cells) if table else {}
    numbers = {name: [kind.get(name) for kind in kinds.values()] for name in _names(report, by, kinds)}
    if not any(n is not None for some in numbers.values() for n in some):
        return None
    told = [(voice.texts(f"figures.label.{w.value}"), w) for w in whats if any(kinds[w].values())]
    return Plot(
        voice.texts(f"figures.plot.{title}"),
        tuple(_LABELS[by](name, voice) for name in numbers),
        tuple((label, tuple(kinds[what].get(name) for name in numbers)) for label, what in told),
        lying=by != "week",
    )


def _names(report: Report, by: str, kinds: dict[What, dict[str, int | None]]) -> list[str]:
    """What stands at the bars: all weeks in order, else what has most."""
    if by == "week":
        return [week.isoformat() for week in report.weeks]
    names = {name for kind in kinds.values() for name in kind}
    most = {name: max(kind.get(name) or 0 for kind in kinds.values()) for name in names}
    told = [name for name in most if most[name]]
    return sorted(told, key=lambda name: (-most[name], name))[:_MOST_ROWS]


_LABELS: dict[str, Callable[[str, Voice], str]] = {
    "week": lambda name, _voice: str(dt.date.fromisoformat(name).isocalendar().week),
    "category": pages.category_name,
    "municipality": pages.municipality_name,
}


def _draw(plots: Sequence[Plot], foot: str) -> bytes:
    from matplotlib.figure import Figure  # noqa: PLC0415  # see above

    heights = [plot.inches for plot in plots]
    figure = Figure(figsize=(_WIDTH, sum(heights) + _FOOT), dpi=_DPI, layout="constrained")
    panels = figure.subplots(len(plots), 1, squeeze=False, height_ratios=heights)
    for axes, plot in zip(panels[:, 0], plots, strict=True):
        _panel(axes, plot)
    figure.supxlabel(foot, fontsize=9, color=_GREY)
    written = io.BytesIO()
    figure.savefig(written, format="png")
    return written.getvalue()


def _panel(axes: "Axes", plot: Plot) -> None:
    room_for_legend = 26 if len(plot.kinds) > 1 else 8
    axes.set_title(plot.title, loc="left", fontsize=13, fontweight="bold", pad=room_for_legend)
    thickness, looks = 0.8 / len(plot.kinds), (_FIRST, _SECOND)
    for order, (label, numbers) in enumerate(plot.kinds):
        at = [place + (order - (len(plot.kinds) - 1) / 2) * thickness for place in range(len(plot.names))]
        draw = axes.barh if plot.lying else axes.bar
        bars = draw(at, [number or 0 for number in numbers], thickness * 0.9, label=label, **looks[order])
        axes.bar_label(bars, [str(n or "") for n in numbers], padding=2, fontsize=10 if plot.lying else 9)
    _bare(axes, plot)


def _bare(axes: "Axes", plot: Plot) -> None:
    """Names at the bars and nothing else: the numbers stand on them."""
    places = range(len(plot.names))
    if plot.lying:
        axes.set_yticks(places, plot.names, fontsize=12)
        axes.invert_yaxis()
        axes.set_xticks([])
        axes.margins(x=0.12)
    else:
        axes.set_xticks(places, plot.names, fontsize=12)
        axes.set_yticks([])
        axes.margins(x=0.02, y=0.15)
    axes.tick_params(length=0)
    axes.spines[["top", "right", "bottom" if plot.lying else "left"]].set_visible(False)
    if len(plot.kinds) > 1:
        axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2, frameon=False, fontsize=11)
