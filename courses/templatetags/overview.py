"""Rows of a cohort's people: how each stands and what comes next."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.enums import PersonState
from accounts.wording.marks import StateMark
from courses.dates.words import day_short
from courses.enrolling.wording.icons import enrollment_icon
from courses.overview.selectors.learners import LearnerLine
from courses.overview.selectors.next_steps import NextStep
from courses.overview.wording.needs import missing_texts_notice, need_notice
from courses.overview.wording.setup import setup_rows
from courses.overview.wording.tasks import task_notice

register = template.Library()
register.filter("task_notice", task_notice)
register.filter("need_notice", need_notice)
register.filter("setup_rows", setup_rows)
register.filter("missing_texts_notice", missing_texts_notice)


@register.filter
def learner_mark(line: LearnerLine, step: NextStep | None) -> StateMark:
    """{% state_mark line|learner_mark:step %}: what is wrong before how the enrollment stands."""
    if line.unreached:
        return StateMark("bad", _("a message did not go"), "bad")
    if step and step.call:
        return StateMark("call", _("to be called: absent twice"), "warn")
    if line.person.state != PersonState.ACTIVE:
        return StateMark("hold", line.person.get_state_display())
    return StateMark(enrollment_icon(line.enrollment.state), line.enrollment.get_state_display())


@register.filter
def make_up_words(step: NextStep) -> str:
    """{{ step|make_up_words }}: "make up modules 3, 4"."""
    words = ngettext("make up module %(codes)s", "make up modules %(codes)s", len(step.modules))
    return words % {"codes": ", ".join(step.modules)}


@register.filter
def coming_words(step: NextStep, now: datetime) -> str:
    """{{ step|coming_words:now }}: "session 4, ti 16.3.", or that it is today."""
    if step.session is None:
        return ""
    starts_at = timezone.localtime(step.session.starts_at)
    if starts_at.date() == timezone.localtime(now).date():
        return _("session %(number)s today") % {"number": step.session.number}
    day = day_short(starts_at, get_language() or "en")
    return _("session %(number)s, %(day)s") % {"number": step.session.number, "day": day}
