"""How an application stands and what happens next, in the words that the person who made it reads."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.enums import Channel
from accounts.models import Person
from courses.dates.calendar import is_working_day, working_days_before
from courses.dates.words import clock_words, day_words
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment
from courses.enrolling.rules.messages import SESSION_DAYS_BEFORE
from courses.messaging.rules.windows import LETTER_DAYS_AT_LEAST, LETTER_DAYS_BEFORE
from courses.scheduling.models import Session

# Within so many working days a coordinator has looked at what a course asks for.
CHECKED_WITHIN = 3


def how_it_stands(enrollment: Enrollment, place: int) -> str:
    """One sentence. `place` in the queue, 0 for who does not wait."""
    match enrollment.state:
        case EnrollmentState.WAITLISTED if place == 1:
            return _("You are next in the queue")
        case EnrollmentState.WAITLISTED:
            return _("You are number %(place)d in the queue") % {"place": place}
    sentences: dict[str, str] = {
        EnrollmentState.APPLIED: _("We have your application"),
        EnrollmentState.OFFERED: _("A seat is held for you"),
        EnrollmentState.ENROLLED: _("You have a place"),
        EnrollmentState.ACTIVE: _("You have a place"),
        EnrollmentState.COMPLETED: _("You have completed the course"),
        EnrollmentState.NOT_COMPLETED: _("The course is over"),
        EnrollmentState.DECLINED: _("You did not get a place"),
        EnrollmentState.WITHDRAWN: _("You have given up your place"),
        EnrollmentState.NO_SHOW: _("The course is over"),
        EnrollmentState.COHORT_CANCELLED: _("The group was cancelled"),
    }
    return sentences[enrollment.state]


def what_comes_next(enrollment: Enrollment, sessions: Sequence[Session]) -> list[tuple[str, str]]:
    """(when, what happens) of an application that goes on. `sessions`: those to come to, in order."""
    match enrollment.state:
        case EnrollmentState.APPLIED:
            return [(_checked_by(enrollment), _check_words(enrollment))]
        case EnrollmentState.WAITLISTED:
            return [
                (_("As soon as a seat is free"), _offer_words(enrollment)),
                (
                    capfirst(day_words(enrollment.cohort.starts_on, _language())),
                    _("The group starts. If you have not heard from us by then, no seat became free."),
                ),
            ]
        case EnrollmentState.ENROLLED:
            return _sessions_ahead(enrollment, sessions)
    return []


def _sessions_ahead(enrollment: Enrollment, sessions: Sequence[Session]) -> list[tuple[str, str]]:
    ahead = [session for session in sessions if session.starts_at > timezone.now()]
    if not ahead:
        return []
    first = timezone.localtime(ahead[0].starts_at)
    by_letter = enrollment.person.channel == Channel.LETTER
    reminded_on = working_days_before(first.date(), LETTER_DAYS_BEFORE if by_letter else SESSION_DAYS_BEFORE)
    steps = []
    if by_letter and working_days_before(first.date(), LETTER_DAYS_AT_LEAST) > timezone.localdate():
        steps.append((_("In the next few days"), _("We post you a letter that confirms your place.")))
    if reminded_on > timezone.localdate():
        steps.append((capfirst(day_words(reminded_on, _language())), _reminder_words(enrollment)))
    words = _("The first session. It begins at %(clock)s.") if len(sessions) > 1 else _("It begins at %(clock)s.")
    steps.append((capfirst(day_words(first.date(), _language())), words % {"clock": clock_words(first, _language())}))
    return steps


def _checked_on(applied_on: date) -> date:
    day, left = applied_on, CHECKED_WITHIN
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day


def _checked_by(enrollment: Enrollment) -> str:
    day = _checked_on(timezone.localdate(enrollment.applied_at))
    if day >= enrollment.cohort.starts_on:
        return _("Before the group starts")
    days = ngettext("Within %(count)d working day", "Within %(count)d working days", CHECKED_WITHIN)
    return _("%(days)s, by %(day)s") % {
        "days": days % {"count": CHECKED_WITHIN},
        "day": day_words(day, _language()),
    }


def _reached_by(person: Person) -> str:
    """No text messages leave yet: whoever asked for them gets e-mail, or else a call (messaging.rules.windows)."""
    if person.channel != Channel.SMS:
        return person.channel
    return Channel.EMAIL if person.email else Channel.CALL


def _check_words(enrollment: Enrollment) -> str:
    sentences: dict[str, str] = {
        Channel.EMAIL: _("We check what the course asks for, and tell you by e-mail whether you have a place."),
        Channel.LETTER: _("We check what the course asks for, and send you a letter about your place."),
        Channel.CALL: _("We check what the course asks for, and phone you about your place."),
    }
    return sentences.get(_reached_by(enrollment.person), sentences[Channel.CALL])


def _offer_words(enrollment: Enrollment) -> str:
    sentences: dict[str, str] = {
        Channel.EMAIL: _("We offer it to you by e-mail. You then have a few days to say yes or no."),
        Channel.LETTER: _("We offer it to you as quickly as we can. You then have a few days to say yes or no."),
        Channel.CALL: _("We phone you and offer it to you. You then have a few days to say yes or no."),
    }
    return sentences.get(_reached_by(enrollment.person), sentences[Channel.LETTER])


def _reminder_words(enrollment: Enrollment) -> str:
    sentences: dict[str, str] = {
        Channel.EMAIL: _("We remind you by e-mail, with the way to the place."),
        Channel.LETTER: _("We post you a letter that reminds you."),
        Channel.CALL: _("We phone and remind you."),
    }
    return sentences.get(_reached_by(enrollment.person), _("We remind you."))


def _language() -> str:
    return get_language() or "en"
