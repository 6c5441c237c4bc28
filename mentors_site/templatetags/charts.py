"""Charts as inline SVG, drawn from plain values. All geometry is here and in whole units, so no number is localized.

A chart names its figures in `<title>` and `<desc>`; its table stands beside it (components/_figure.html).
A value of None is a hidden cell: it shows the text it is given ("<5") on a hatched bar whose length tells nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import count

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()

# An id must be its own within a page; a running number over all pages is enough.
CHART_NUMBERS = count(1)

WIDTH = {"": 540, "half": 420, "narrow": 320, "mini": 264}
LETTER = 7.4
HIDDEN_SHARE = 0.4

HATCH = SafeString(
    '<defs><pattern id="hatch-{0}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path class="c-hatch" d="M0 0v6"/></pattern></defs>'
)


def chart(width: int, height: int, title: str, description: str, shapes: Iterable[SafeString]) -> SafeString:
    """An `<svg role="img">` that says what it shows; `shapes` are ready elements."""
    number = next(CHART_NUMBERS)
    return format_html(
        '<svg class="chart" role="img" width="{0}" height="{1}" viewBox="0 0 {0} {1}" aria-labelledby="chart-t{2} chart-d{2}">'
        '<title id="chart-t{2}">{3}</title><desc id="chart-d{2}">{4}</desc>{5}</svg>',
        width,
        height,
        number,
        title,
        description,
        format_html_join("", "{}", ((shape,) for shape in shapes)),
    )


def text(x: float, y: float, words: object, classes: str = "") -> SafeString:
    return format_html('<text{} x="{}" y="{}">{}</text>', _class(classes), round(x), round(y), words)


def box(classes: str, x: float, y: float, width: float, height: float, more: str = "") -> SafeString:
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"{}/>',
        classes,
        round(x),
        round(y),
        max(round(width), 0),
        max(round(height), 0),
        mark_safe(more),  # noqa: S308 -- constants of this module
    )


def path(classes: str, route: str) -> SafeString:
    return format_html('<path class="{}" d="{}"/>', classes, route)


PERSON = (
    '<svg class="seat{}" viewBox="0 0 16 24" focusable="false">'
    '<circle cx="8" cy="5.5" r="4"/><path d="M1.5 23v-6a6.5 6.5 0 0 1 13 0v6z"/></svg>'
)
DASHED = ' stroke-dasharray="3 3"'


@register.simple_tag
def seats(taken: int, capacity: int, offered: int = 0, per_row: int = 8) -> SafeString:
    """{% seats taken=7 offered=1 capacity=12 %}: one box a seat: full taken, half held by an offer, outline free. Say it in words beside.

    `taken` leaves the offered ones out. Seats over capacity are drawn, so that a cohort made smaller is seen.
    """
    total = max(capacity, taken + offered)
    shapes: list[SafeString] = []
    for seat in range(total):
        x, y = 1 + 11 * (seat % per_row), 1 + 18 * (seat // per_row)
        shapes.append(format_html('<rect class="c-rest" x="{}" y="{}" width="8" height="14" rx="1.5"/>', x, y))
        if seat < taken:
            shapes.append(format_html('<rect class="c-ink" x="{}" y="{}" width="8" height="14" rx="1.5"/>', x, y))
        elif seat < taken + offered:
            shapes.append(format_html('<rect class="c-ink" x="{}" y="{}" width="8" height="7" rx="1"/>', x, y + 7))
    columns, rows = min(total, per_row), -(-total // per_row)
    title = _("Seats: %(taken)s taken, %(offered)s offered, %(free)s free") % {
        "taken": taken,
        "offered": offered,
        "free": max(capacity - taken - offered, 0),
    }
    return chart(max(11 * columns, 1), max(18 * rows - 2, 1), title, str(capacity), shapes)


@register.simple_tag
def seats_people(taken: int, capacity: int) -> SafeString:
    """{% seats_people taken=7 capacity=12 %}: seats as people, for calm pages; decoration, so the words must stand beside it."""
    taken = min(taken, capacity)
    people = [PERSON.format("" if seat < taken else " free") for seat in range(capacity)]
    # At most twelve abreast, and rows of one length: 16 seats are two rows of eight.
    per_row = -(-capacity // max(-(-capacity // 12), 1)) or 1
    rows = "".join(f"<span>{''.join(people[first : first + per_row])}</span>" for first in range(0, capacity, per_row))
    return mark_safe(f'<span class="seats" aria-hidden="true">{rows}</span>')  # noqa: S308 -- constants and a count


@register.simple_tag
def hundred(certified: int, on_course: int, target: int = 100) -> SafeString:
    """{% hundred certified=63 on_course=21 target=100 %}: the way to the target, twenty-five to a row. Who is on a course
    is no mentor yet: their rings, half full, are among those that are missing."""
    total = min(max(target, certified), 400)
    shapes: list[SafeString] = []
    for spot in range(total):
        x, y = 6 + 12 * (spot % 25), 7 + 14 * (spot // 25)
        if spot < certified:
            shapes.append(format_html('<circle class="c-bar" cx="{}" cy="{}" r="4.5"/>', x, y))
            continue
        shapes.append(format_html('<circle class="c-rest" cx="{}" cy="{}" r="4"/>', x, y))
        if spot < certified + on_course:
            shapes.append(path("c-ink", f"M{x} {y - 4}a4 4 0 0 1 0 8z"))
    title = _("%(certified)s mentors of %(target)s") % {"certified": certified, "target": target}
    description = _(
        "%(certified)s mentors, %(missing)s still missing. %(on_course)s people are on a course and not mentors yet."
    ) % {
        "certified": certified,
        "on_course": on_course,
        "missing": max(target - certified, 0),
    }
    return chart(300, 14 * -(-total // 25), title, description, shapes)


@register.simple_tag
def horizontal_bars(
    title: str, bars: Sequence[Sequence], size: str = "", description: str = "", top: float = 0
) -> SafeString:
    """{% horizontal_bars title bars %}: funnels and reasons. `bars`: (label, value, rest, text) each, the last two may be left out.

    `value` fills the bar (None: hidden), `rest` is what it was before (a dashed outline) or None, `text` stands at its end (the value).
    `size`: "" 540 units wide, "half" 420, "narrow" 320 for a phone, "mini" 264. The longest bar's scale is everyone's, from
    zero; `top` gives several charts one scale.
    """
    rows = [_bar(bar) for bar in bars]
    step, thick = (24, 16) if size == "mini" else (40, 26)
    left = min(max((len(str(row[0])) for row in rows), default=0) * LETTER + 12, WIDTH[size] * 0.45)
    longest = max((len(str(row[3])) for row in rows), default=1)
    room = WIDTH[size] - left - longest * (LETTER + 1.6) - 14
    top = top or max((value or 0 for row in rows for value in (row[1], row[2])), default=0) or 1
    number = next(CHART_NUMBERS)
    shapes: list[SafeString] = []
    if any(row[1] is None for row in rows):
        shapes.append(format_html(HATCH, number))
    for place, (label, value, rest, words) in enumerate(rows):
        y = 4 + step * place
        length = room * (HIDDEN_SHARE if value is None else value / top)
        outer = length
        if value is None:
            shapes.append(box("c-hid", left, y, length, thick, f' fill="url(#hatch-{number})" stroke-dasharray="3 3"'))
        else:
            if rest is not None and rest > value:
                outer = room * rest / top
                shapes.append(box("c-rest", left, y, outer, thick, DASHED))
            shapes.append(box("c-bar", left, y, length, thick))
        shapes.extend(_label(left - 10, y + thick / 2 + 5, str(label), (left - 12) / LETTER))
        shapes.append(text(left + outer + 10, y + thick / 2 + 6, words, "" if size == "mini" else "t-b"))
    return chart(WIDTH[size], 4 + step * len(rows), title, description or _in_words(rows), shapes)


@register.simple_tag
def vertical_bars(
    title: str, bars: Sequence[Sequence], width: int = 540, description: str = "", axis: bool = True
) -> SafeString:
    """{% vertical_bars title bars %}: one bar a session or a day. `bars` as in horizontal_bars; `rest` is everyone it could be.

    `axis`: grid lines at the whole and the half; without them each bar bears its text. A value of 0 shows its text ("–").
    """
    rows = [_bar(bar) for bar in bars]
    top = max((value or 0 for row in rows for value in (row[1], row[2])), default=0) or 1
    left, floor, height = (34 if axis else 4), 170, 144
    step = (width - left - 8) / max(len(rows), 1)
    thick = min(40, step * 0.66)
    # At 14 units a label of eight letters needs about sixty: under that only each second or third is named.
    every = max(1, -(-round(max((len(str(row[0])) for row in rows), default=1) * LETTER + 6) // max(round(step), 1)))
    shapes: list[SafeString] = []
    number = next(CHART_NUMBERS)
    if any(row[1] is None for row in rows):
        shapes.append(format_html(HATCH, number))
    for line in (top / 2, top) if axis else ():
        y = floor - height * line / top
        shapes += [path("c-grid", f"M{left} {round(y)}H{width}"), text(left - 8, y + 5, f"{line:g}", "t-e t-soft")]
    for place, (label, value, rest, words) in enumerate(rows):
        x = left + step * place + (step - thick) / 2
        middle, tall = x + thick / 2, height * (HIDDEN_SHARE if value is None else value / top)
        if rest is not None and value is not None:
            shapes.append(box("c-rest", x, floor - height * rest / top, thick, height * rest / top, DASHED))
        if value is None:
            shapes.append(
                box("c-hid", x, floor - tall, thick, tall, f' fill="url(#hatch-{number})" stroke-dasharray="3 3"')
            )
        else:
            shapes.append(box("c-bar", x, floor - tall, thick, tall))
        if not axis or value is None:
            shapes.append(text(middle, floor - tall - 6, words, "t-m" if value else "t-m t-soft"))
        if place % every == 0:
            shapes.append(text(middle, 188, label, "t-m"))
    shapes.append(path("c-axis", f"M{left} {floor}.5H{width}"))
    return chart(width, 196, title, description or _in_words(rows), shapes)


@register.simple_tag
def curve(
    title: str,
    points: Sequence[Sequence],
    reference: Sequence[Sequence] = (),
    maximum: float = 100,
    names: Sequence[str] = ("", ""),
    description: str = "",
    width: int = 540,
) -> SafeString:
    """{% curve title points reference maximum names %}: a step line, for who stayed and for the pace to a target.

    `points` and `reference`: (label, value, text) in the same order; the text of the last point stands at its end, `names` beside it
    (this line, the reference). The axis runs from zero to `maximum`.
    """
    # What stands beside the end of the line has room of its own.
    left, right, floor, height = 40, width - 122, 190, 160
    step = (right - left) / max(max(len(points), len(reference)) - 1, 1)

    def spot(place: int, value: float) -> tuple[int, int]:
        return round(left + step * place), round(floor - height * min(value / (maximum or 1), 1))

    shapes: list[SafeString] = []
    for line in (0, maximum / 2, maximum):
        y = spot(0, line)[1]
        shapes += [path("c-grid", f"M{left} {y}H{right}"), text(left - 8, y + 5, f"{line:g}", "t-e t-soft")]
    longest = max((len(str(point[0])) for point in points), default=1) * LETTER + 8
    every = max(1, -(-round(longest) // max(round(step), 1)))
    shapes += [
        text(spot(place, 0)[0], 210, point[0], "t-m") for place, point in enumerate(points) if place % every == 0
    ]
    if reference:
        shapes.append(path("c-ref", _steps([spot(place, point[1]) for place, point in enumerate(reference)])))
    if points:
        route = [spot(place, point[1]) for place, point in enumerate(points)]
        shapes += [path("c-line", _steps(route)), *_end_marks(right + 12, points, reference, names, spot)]
    shapes.append(path("c-axis", f"M{left} {floor}.5H{right}"))
    return chart(
        width, 218, title, description or _in_words([_bar((p[0], p[1], None, *p[2:3])) for p in points]), shapes
    )


@register.simple_tag
def learner_map(title: str, columns: Sequence[str], rows: Sequence[Sequence], description: str = "") -> SafeString:
    """{% learner_map title columns rows %}: who has which module. `rows`: (label, states) with one state a column.

    States: "passed", "made_up", "failed", "missing", "left" (had left by then), "" (not held yet). Staff only.
    """
    labels = max((len(str(row[0])) for row in rows), default=1)
    left = round(labels * LETTER) + 12
    step = max(28, round(max((len(str(column)) for column in columns), default=1) * LETTER) + 8)
    shapes = [text(left + step * place + 8, 14, column, "t-m t-soft") for place, column in enumerate(columns)]
    for line, (label, states) in enumerate(rows):
        y = 22 + 20 * line
        shapes.append(text(left - 12, y + 13, label, "t-e t-soft"))
        shapes += [map_mark(state, left + step * place, y) for place, state in enumerate(states)]
    summary = ngettext("%(rows)s learner, %(columns)s modules.", "%(rows)s learners, %(columns)s modules.", len(rows))
    words = description or summary % {"rows": len(rows), "columns": len(columns)}
    return chart(left + step * len(columns) + 4, 26 + 20 * len(rows), title, words, shapes)


@register.simple_tag
def map_sample(state: str) -> SafeString:
    """{% map_sample "made_up" %}: one mark of the map, for its legend; the words stand beside it."""
    return format_html(
        '<svg class="sw" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>', map_mark(state, 0, 0)
    )


def map_mark(state: str, x: int, y: int) -> SafeString:
    """One cell of the map, sixteen units wide: each state is another shape, not another colour only."""
    frame = format_html('<rect class="c-rest" x="{}.5" y="{}.5" width="15" height="15" rx="2"/>', x, y)
    match state:
        case "passed":
            return format_html('<rect class="c-ink" x="{}" y="{}" width="16" height="16" rx="2"/>', x, y)
        case "made_up":
            return frame + path("c-bar", f"M{x + 1} {y + 15}L{x + 15} {y + 1}V{y + 15}z")
        case "failed":
            cross = f"M{x + 4} {y + 4}l8 8M{x + 12} {y + 4}l-8 8"
            return format_html(
                '<rect class="c-miss" x="{}" y="{}" width="14" height="14" rx="2"/>', x + 1, y + 1
            ) + path("c-cross", cross)
        case "missing":
            return format_html('<rect class="c-miss" x="{}" y="{}" width="14" height="14" rx="2"/>', x + 1, y + 1)
        case "left":
            return path("c-rest", f"M{x + 4} {y + 8}h8")
        case _:
            return format_html('<circle class="c-off" cx="{}" cy="{}" r="2"/>', x + 8, y + 8)


def _bar(bar: Sequence) -> tuple[object, float | None, float | None, object]:
    label, value, rest, words = (*bar, None, None)[:4] if len(bar) < 4 else bar[:4]
    if words is None:
        words = "<5" if value is None else value
    return label, value, rest, words


def _in_words(rows: Iterable[Sequence]) -> str:
    return "; ".join(f"{row[0]} {row[3]}" for row in rows)


def _label(x: float, y: float, words: str, letters: float) -> list[SafeString]:
    """A label that is too long for its room stands on two lines rather than being cut."""
    if len(words) <= letters + 1:
        return [text(x, y, words, "t-e")]
    half = words.rfind(" ", 0, int(letters) + 1)
    if half < 1:
        return [text(x, y, words, "t-e t-tight")]
    return [text(x, y - 7, words[:half], "t-e"), text(x, y + 8, words[half + 1 :], "t-e")]


def _steps(route: Sequence[tuple[int, int]]) -> str:
    return f"M{route[0][0]} {route[0][1]}" + "".join(f"H{x}V{y}" for x, y in route[1:]) if route else ""


def _end_marks(
    beside: int,
    points: Sequence[Sequence],
    reference: Sequence[Sequence],
    names: Sequence[str],
    spot: Callable[[int, float], tuple[int, int]],
) -> list[SafeString]:
    x, y = spot(len(points) - 1, points[-1][1])
    marks = [format_html('<circle class="c-bar" cx="{}" cy="{}" r="4.5"/>', x, y)]
    last = _bar((points[-1][0], points[-1][1], None, *points[-1][2:3]))[3]
    marks.append(text(beside, y - 1, last, "t-b"))
    if names[0]:
        marks.append(text(beside, y - 19, names[0]))
    if reference:
        below = spot(len(reference) - 1, reference[-1][1])[1]
        words = f"{_bar((reference[-1][0], reference[-1][1], None, *reference[-1][2:3]))[3]} {names[1]}".strip()
        marks.append(text(beside, max(below + 5, y + 20), words, "t-soft"))
    return marks


def _class(classes: str) -> SafeString:
    return format_html(' class="{}"', classes) if classes else SafeString("")


@register.simple_tag
def missing_of(target: int, *parts: int) -> int:
    """{% missing_of 100 certified %}: what is still missing of the target, never below zero."""
    return max(target - sum(parts), 0)
