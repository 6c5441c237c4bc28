from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django_stubs_ext import StrPromise

from accounts.wording.marks import StateMark
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment
from courses.teaching.enums import AttendanceState
from courses.teaching.models import Visit
from courses.teaching.selectors.attendance import RegisterLine
from courses.teaching.selectors.completions import Standing
from courses.teaching.selectors.learning import SessionLine

register = template.Library()

CELLS: dict[str, tuple[str, str, StrPromise]] = {
    # state: icon, class, words
    "passed": ("done", "", pgettext_lazy("module result", "passed")),
    "made_up": ("made", "", pgettext_lazy("module result", "made up")),
    "failed": ("bad", "fail", pgettext_lazy("module result", "failed")),
    "attended": ("half", "", pgettext_lazy("module result", "came, not judged yet")),
    "missing": ("ring", "open", pgettext_lazy("module result", "missing")),
    "none": ("dot", "none", pgettext_lazy("module result", "not held yet")),
}
# Of teaching.selectors.learning.SessionLine.
LINE_MARKS = {
    "attended": StateMark("check", gettext_lazy("You came"), "good"),
    "missed": StateMark("alert", gettext_lazy("Missed"), "warn"),
    "next": StateMark("next", gettext_lazy("Next")),
    "cancelled": StateMark("later", pgettext_lazy("session", "Cancelled")),
    "open": StateMark("later", pgettext_lazy("session", "Over")),
    "later": StateMark("later", gettext_lazy("Coming")),
}
TONES = {"missing": "warn", "failed": "bad"}
NAMES = {"record": "completions-record", "practice": "completions-practice", "take-back": "visits-take-back"}


@register.filter
def cell_icon(state: str) -> str:
    return CELLS[state][0]


@register.filter
def cell_class(state: str) -> str:
    return CELLS[state][1]


@register.filter
def cell_tone(state: str) -> str:
    return TONES.get(state, "")


@register.filter
def cell_words(state: str) -> StrPromise:
    return CELLS[state][2]


@register.filter
def words_of(text: str) -> list[str]:
    return text.split()


@register.filter
def line_mark(line: SessionLine) -> StateMark:
    """{% state_mark line|line_mark %}: how a learner's own session went, or that it is to come."""
    return LINE_MARKS[line.state]


@register.filter
def standing_mark(standing: Standing) -> StateMark:
    """{% state_mark standing|standing_mark %}: how far somebody is from the certificate."""
    if standing.decided:
        return StateMark("done", pgettext("standing", "completed"), "good")
    if standing.proposed:
        return StateMark("clock", pgettext("standing", "proposed"))
    if not standing.is_open:
        return _closed_mark(standing.enrollment)
    if not standing.missing:
        return StateMark("done", pgettext("standing", "rule met"), "good")
    if standing.behind:
        return StateMark("ring", _("missing %(modules)s") % {"modules": ", ".join(standing.behind)}, "warn")
    return StateMark("half", pgettext("standing", "going on"))


def _closed_mark(enrollment: Enrollment) -> StateMark:
    if enrollment.state == EnrollmentState.NOT_COMPLETED:
        return StateMark("end", pgettext("standing", "not completed"))
    return StateMark("ring", enrollment.get_state_display())


@register.filter
def register_note(line: RegisterLine) -> str:
    """{{ row.line|register_note }}: what the trainer should know beside the name."""
    if line.guest:
        return line.enrollment.cohort.name
    if line.state == AttendanceState.ABSENT_TOLD:
        return _("told us")
    if line.absent_before > 1:
        words = ngettext("phone: missed %(number)s session", "phone: missed %(number)s in a row", line.absent_before)
        return words % {"number": line.absent_before}
    return ""


@register.filter
def visit_words(visit: Visit) -> str:
    """{{ visit|visit_words }}: "60 minutes, 2 people helped, the library, with a trainer or a pair"."""
    minutes = ngettext("%(minutes)s minute", "%(minutes)s minutes", visit.minutes) % {"minutes": visit.minutes}
    helped = ngettext("%(number)s person helped", "%(number)s people helped", visit.people_helped)
    company = _("with a trainer or a pair") if visit.supervised else ""
    return ", ".join(part for part in (minutes, helped % {"number": visit.people_helped}, visit.place, company) if part)


@register.filter
def has_grades(standing: Standing, key: str) -> bool:
    """Whether the assessment is passed, or the declaration signed."""
    return key in standing.progress.assessments or key in standing.progress.declarations


@register.simple_tag
def completions_url(actor: str, page: str, *arguments: object) -> str:
    """The address of a page of completions for the trainer or the coordinator."""
    return reverse(f"{actor}:{NAMES[page]}", args=arguments)
