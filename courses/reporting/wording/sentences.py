"""The sentence that stands above each chart: what it shows, said from its figures."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.certifying.selectors import MentorNumbers
from courses.reporting.rules.reports import AnyCohortReport
from courses.reporting.rules.rows import Ages, SessionRow, ShownSession
from courses.reporting.selectors.mentors import MentorCount
from courses.reporting.wording.cells import percent
from courses.reporting.wording.names import reason_name


def funnel_says(report: AnyCohortReport) -> str:
    if report.completed is None or report.started is None:
        return _("So few people that not every step may be told.")
    if not report.started:
        return _("Nobody has started yet.")
    words = ngettext(
        "Of the %(started)d person who started, %(completed)d completed the course.",
        "Of the %(started)d people who started, %(completed)d completed the course.",
        report.started,
    ) % {"started": report.started, "completed": report.completed}
    mentors = report.active_mentors
    if not mentors:
        return words
    also = ngettext("%(count)d is active as a mentor now.", "%(count)d are active as mentors now.", mentors)
    return f"{words} {also % {'count': mentors}}"


def map_says(lacking: int) -> str:
    """`lacking`: how many learners lack a module that was held."""
    if not lacking:
        return _("Nobody who is still in the group lacks a module that was held.")
    words = ngettext(
        "%(lacking)d learner lacks at least one module that was held.",
        "%(lacking)d learners lack at least one module that was held.",
        lacking,
    )
    return words % {"lacking": lacking}


def sessions_say(held: Sequence[ShownSession]) -> str:
    """Of those in the group where that may be told; else of how many were present."""
    shares = [row.present / row.in_group for row in held if isinstance(row, SessionRow) and row.in_group]
    return _shares_say(shares) if shares else _present_say(held)


def _shares_say(shares: Sequence[float]) -> str:
    least, most = percent(min(shares)), percent(max(shares))
    if least == most:
        return _("At each session %(share)s of the group was present.") % {"share": least}
    return _("From %(least)s to %(most)s of the group was present at a session.") % {"least": least, "most": most}


def _present_say(held: Sequence[ShownSession]) -> str:
    present = [row.present for row in held if row.present is not None]
    if not held:
        return _("No session was held yet.")
    if not present:
        return _("So few people that attendance may not be told.")
    return _("Between %(least)d and %(most)d people were present at a session.") % {
        "least": min(present),
        "most": max(present),
    }


def retention_says(stayed: float) -> str:
    """`stayed`: the share of those who started that was there at the last session."""
    return _("%(share)s of those who started were in the group at the last session.") % {"share": percent(stayed)}


def reasons_say(reasons: Mapping[str, int], withdrawn: int) -> str:
    """`reasons` with the most common first."""
    reason, count = next(iter(reasons.items()))
    return ngettext(
        "The most common reason: %(reason)s, %(count)d of %(withdrawn)d person.",
        "The most common reason: %(reason)s, %(count)d of %(withdrawn)d people.",
        withdrawn,
    ) % {"reason": reason_name(reason).lower(), "count": count, "withdrawn": withdrawn}


def rates_say(rates: Iterable[float]) -> str:
    """What the small charts show together: the completion rates of the cohorts that are over."""
    found = list(rates)
    if not found:
        return _("No group that is over can be compared yet.")
    least, most = percent(min(found)), percent(max(found))
    if least == most:
        return _("Of those who started, %(share)s completed the course in the groups that are over.") % {"share": least}
    return _("Of those who started, from %(least)s to %(most)s completed the course in the groups that are over.") % {
        "least": least,
        "most": most,
    }


def target_says(numbers: MentorNumbers, target: int) -> str:
    """`numbers` as they are today: the same as on the other pages, and how many of them are active."""
    return ngettext(
        "%(mentors)d mentor of %(target)d, of whom %(active)d had a visit in the last 90 days.",
        "%(mentors)d mentors of %(target)d, of whom %(active)d had a visit in the last 90 days.",
        numbers.mentors,
    ) % {"mentors": numbers.mentors, "active": numbers.active, "target": target}


def changes_say(months: Sequence[MentorCount]) -> str:
    """Why the curve rises and falls."""
    return _(
        "In the months of the table: new mentors %(came)d, certificate expired %(expired)d, certificate revoked %(revoked)d."
    ) % {
        "came": sum(month.came for month in months),
        "expired": sum(month.expired for month in months),
        "revoked": sum(month.revoked for month in months),
    }


def ages_say(ages: Ages) -> str:
    started = sum(row.started for row in ages.values())
    old = sum(ages[band].started for band in ("65_69", "70_74", "75_79", "80_84", "85_over"))
    return _("%(share)s of those who started are 65 or older.") % {"share": percent(old / started if started else None)}
