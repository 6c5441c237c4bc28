"""Reports as charts for a page: each with the sentence that says what it shows, and its table (components/_figure.html)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from courses.dates.words import month_short
from courses.reporting.documents.tables import (
    Table,
    cell_words,
    funnel_names,
    funnel_table,
    genders_table,
    percent,
    reason_name,
    reasons_table,
    session_day,
    sessions_table,
)
from courses.reporting.selectors import FUNNEL
from courses.scheduling.enums import CohortState

Figure = dict[str, Any]

# More learners than this are told by the table alone: no eye takes in a longer map.
MOST_ON_MAP = 120
MOST_MULTIPLES = 24
OVER = (CohortState.FINISHED, CohortState.CLOSED)


def with_table(table: Table, **figure: Any) -> Figure:
    return {
        "title": table.name,
        "head": table.head,
        "rows": [[cell_words(cell) for cell in row] for row in table.rows],
        "foot": [cell_words(cell) for cell in table.foot],
        **figure,
    }


def headline(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The few large numbers at the head of a cohort's report."""
    completed, started = cell_words(report["completed"]), cell_words(report["started"])
    share = percent(report["completion_rate"])
    figures = [
        (f"{completed}/{started}", _("completed of those who started, %(share)s") % {"share": share}),
        (cell_words(report["lessons_held"]), ngettext("lesson held", "lessons held", report["lessons_held"])),
    ]
    if "participant_lessons" in report:
        lessons = report["participant_lessons"]
        figures.append((cell_words(lessons), ngettext("participant lesson", "participant lessons", lessons)))
    figures.append((cell_words(report["active_mentors"]), _("active as mentors now")))
    return figures


def funnel_figure(report: Mapping[str, Any]) -> Figure:
    names, before, bars = funnel_names(), None, []
    for name in FUNNEL:
        count = report[name]
        bars.append((names[name], count, before, cell_words(count)))
        before = count
    return with_table(funnel_table(report), kind="horizontal", bars=bars, says=_funnel_says(report))


def _funnel_says(report: Mapping[str, Any]) -> str:
    completed, started, mentors = report["completed"], report["started"], report["active_mentors"]
    if completed is None or started is None:
        return _("So few people that not every step may be told.")
    if not started:
        return _("Nobody has started yet.")
    words = ngettext(
        "Of the %(started)d person who started, %(completed)d completed the course.",
        "Of the %(started)d people who started, %(completed)d completed the course.",
        started,
    ) % {"started": started, "completed": completed}
    if not mentors:
        return words
    also = ngettext("%(count)d is active as a mentor now.", "%(count)d are active as mentors now.", mentors)
    return f"{words} {also % {'count': mentors}}"


def map_figure(report: Mapping[str, Any], learners: Sequence[tuple[Any, Sequence[str]]]) -> Figure:
    """Who has which module; for staff only. Learners are numbered in the order of their names."""
    columns = [row["module"] for row in report["modules"]]
    states = [row for _enrollment, row in learners]
    missing = [sum(row[place] in ("missing", "failed") for row in states) for place in range(len(columns))]
    table = Table(
        _("Learners and modules"),
        (_("Module"), _("Passed"), _("Made up"), _("Missing")),
        [
            (row["title"], row["passed"], row["made_up"], lacks)
            for row, lacks in zip(report["modules"], missing, strict=True)
        ],
    )
    drawn = [(str(number), row) for number, row in enumerate(states, start=1)] if len(states) <= MOST_ON_MAP else []
    return with_table(table, kind="map" if drawn else "", columns=columns, marks=drawn, says=_map_says(states, missing))


def _map_says(states: Sequence[Sequence[str]], missing: Sequence[int]) -> str:
    if not any(missing):
        return _("Nobody who is still in the group lacks a module that was held.")
    lacking = sum(any(cell in ("missing", "failed") for cell in row) for row in states)
    words = ngettext(
        "%(lacking)d learner lacks at least one module that was held.",
        "%(lacking)d learners lack at least one module that was held.",
        lacking,
    )
    return words % {"lacking": lacking}


def sessions_figure(report: Mapping[str, Any]) -> Figure:
    table = sessions_table(report["sessions"], year=False)
    held = [row for row in report["sessions"] if row["held"]]
    bars = [(session_day(row), row["present"], row.get("in_group"), cell_words(row["present"])) for row in held]
    return with_table(table, kind="vertical", bars=bars, says=_sessions_says(held))


def _sessions_says(held: Sequence[Mapping[str, Any]]) -> str:
    shares = [row["present"] / row["in_group"] for row in held if row.get("in_group")]
    if not shares:
        present = [row["present"] for row in held if row["present"] is not None]
        if not present:
            return _("So few people that attendance may not be told.") if held else _("No session was held yet.")
        return _("Between %(least)d and %(most)d people were present at a session.") % {
            "least": min(present),
            "most": max(present),
        }
    least, most = percent(min(shares)), percent(max(shares))
    if least == most:
        return _("At each session %(share)s of the group was present.") % {"share": least}
    return _("From %(least)s to %(most)s of the group was present at a session.") % {"least": least, "most": most}


def retention_figure(report: Mapping[str, Any]) -> Figure | None:
    """Who was still in the group at each session that was held, of those who started; None before the second one."""
    held, started = [row for row in report["sessions"] if row["held"]], report["started"]
    if len(held) < 2 or not started:
        return None
    shares = [row["in_group"] / started for row in held]
    table = Table(
        _("Who stayed"),
        (_("Session"), _("In the group"), _("Share")),
        [(str(row["number"]), row["in_group"], percent(share)) for row, share in zip(held, shares, strict=True)],
    )
    points = [(str(row["number"]), share * 100, percent(share)) for row, share in zip(held, shares, strict=True)]
    says = _("%(share)s of those who started were in the group at the last session.") % {"share": percent(shares[-1])}
    return with_table(table, kind="curve", points=points, maximum=100, names=(_("this group"), ""), says=says)


def reasons_figure(report: Mapping[str, Any]) -> Figure | None:
    reasons = report["withdrawal_reasons"]
    if not reasons:
        return None
    bars = [(reason_name(reason), count) for reason, count in reasons.items()]
    return with_table(
        reasons_table(report),
        kind="horizontal",
        size="half",
        bars=bars,
        says=_reasons_says(reasons, report["withdrawn"]),
    )


def _reasons_says(reasons: Mapping[str, int], withdrawn: int) -> str:
    reason, count = next(iter(reasons.items()))
    return ngettext(
        "The most common reason: %(reason)s, %(count)d of %(withdrawn)d person.",
        "The most common reason: %(reason)s, %(count)d of %(withdrawn)d people.",
        withdrawn,
    ) % {"reason": reason_name(reason).lower(), "count": count, "withdrawn": withdrawn}


def multiples(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Small charts of the cohorts that are over, highest completion rate first, all to one scale."""
    names = {**funnel_names(), "active_mentors": pgettext("funnel", "Mentors")}
    found = sorted(
        (row for row in report["cohorts"] if row["started"] and row["state"] in OVER),
        key=lambda row: (-(row["completion_rate"] or 0), row["starts_on"], row["cohort"]),
    )[:MOST_MULTIPLES]
    steps = (*FUNNEL[:4], FUNNEL[5])
    top = max((row[name] or 0 for row in found for name in steps), default=0)
    return [
        {
            "cohort": row["cohort"],
            "name": row["name"],
            "completed": cell_words(row["completed"]),
            "started": cell_words(row["started"]),
            "share": percent(row["completion_rate"]),
            "bars": [(names[name], row[name], None, cell_words(row[name])) for name in steps],
            "top": top,
        }
        for row in found
    ]


def multiples_say(report: Mapping[str, Any]) -> str:
    """What the small charts show together, from the cohorts that are over."""
    rates = [row["completion_rate"] for row in report["cohorts"] if row["completion_rate"] and row["state"] in OVER]
    if not rates:
        return _("No group that is over can be compared yet.")
    least, most = percent(min(rates)), percent(max(rates))
    if least == most:
        return _("Of those who started, %(share)s completed the course in the groups that are over.") % {"share": least}
    return _("Of those who started, from %(least)s to %(most)s completed the course in the groups that are over.") % {
        "least": least,
        "most": most,
    }


def linked(table: Table, report: Mapping[str, Any]) -> dict[str, Any]:
    """The table of cohorts for a page: each row with the code of its cohort."""
    rows = [
        (cohort["cohort"], [cell_words(cell) for cell in row])
        for cohort, row in zip(report["cohorts"], table.rows, strict=True)
    ]
    return {"title": table.name, "head": table.head, "rows": rows, "foot": [cell_words(cell) for cell in table.foot]}


def target_figure(months: Sequence[tuple[date, int]], target: int) -> Figure | None:
    """The way to the number of mentors aimed at, by the last day of each month."""
    curve = [(month_short(day, get_language() or "fi"), count) for day, count in months]
    if len(curve) < 2:
        return None
    table = Table(_("The way to the target"), (_("Month"), pgettext("count", "Mentors")), curve[-12:])
    says = ngettext("%(mentors)d mentor of %(target)d.", "%(mentors)d mentors of %(target)d.", curve[-1][1]) % {
        "mentors": curve[-1][1],
        "target": target,
    }
    points = [(month, count, str(count)) for month, count in curve]
    maximum = max(target, *(count for _month, count in curve))
    return with_table(table, kind="curve", points=points, maximum=maximum, names=(_("mentors"), ""), says=says)


def genders_figure(ages: Mapping[str, Mapping[str, int]]) -> Figure:
    started = sum(row["started"] for row in ages.values())
    old = sum(ages[band]["started"] for band in ("65_69", "70_74", "75_79", "80_84", "85_over"))
    says = _("%(share)s of those who started are 65 or older.") % {"share": percent(old / started if started else None)}
    return with_table(genders_table(ages), says=says)
