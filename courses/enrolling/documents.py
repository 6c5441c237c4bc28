"""What is handed to somebody who was just enrolled: one A4 in their language, tagged (PDF/UA-1, PDF/A-2a)."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.enums import PersonState
from courses.catalogue.selectors.centre import CentreFacts
from courses.dates.words import clock_words, day_words, month_words, when_words
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment
from courses.paper.pdf import compile_pdf
from courses.scheduling.models import Cohort, Session, Venue
from courses.scheduling.wording import venue_line


def confirmation_pdf(
    enrollment: Enrollment, *, sessions: Sequence[Session], place: int, centre: CentreFacts, application_url: str
) -> bytes:
    """`sessions`: those that will be held, in order. `place`: in the queue, 0 for who does not wait. `application_url`:
    the page, in the person's language, on which the code of the application opens it."""
    person, cohort = enrollment.person, enrollment.cohort
    language = person.language
    with override(language):
        heading = _heading(enrollment)
        return compile_pdf(
            "confirmation.typ",
            {
                "title": f"{heading}: {person.full_name}",
                "author": centre.name,
                "language": language,
                "heading": heading,
                "name": person.full_name,
                "course": [cohort.course.title, cohort.name],
                "status": _status(enrollment, place),
                "days_head": _("The sessions") if len(sessions) > 1 else _("The session"),
                "days": [[str(session.number), _day(session, cohort, language)] for session in sessions],
                "place_head": _("The place"),
                "place": _place(cohort),
                "bring_head": _("Good to know"),
                "bring": [line for line in cohort.notice.splitlines() if line.strip()],
                "code_head": _("The code of your application"),
                "code": enrollment.application_code,
                "code_words": [
                    _("With this code you can look at your application, correct it or give up your place: %(page)s")
                    % {"page": application_url.removeprefix("https://").removeprefix("http://")},
                    _("Keep the code to yourself: it opens the application for whoever has it. You can also phone us."),
                ],
                "help_head": _("If anything is unclear, phone us"),
                "phone": centre.phone,
                "help": [
                    line
                    for line in (
                        centre.hours,
                        " · ".join(part for part in (centre.name, centre.email) if part),
                        _("Printed %(day)s") % {"day": month_words(timezone.localdate(), language, year=True)},
                    )
                    if line
                ],
            },
        )


def _heading(enrollment: Enrollment) -> str:
    headings: dict[str, str] = {
        EnrollmentState.APPLIED: _("We have your application"),
        EnrollmentState.WAITLISTED: _("You are on the waiting list"),
        EnrollmentState.OFFERED: _("A seat is held for you"),
        EnrollmentState.ENROLLED: _("You have a place"),
        EnrollmentState.ACTIVE: _("You have a place"),
    }
    return headings.get(enrollment.state, _("Your application has ended"))


def _status(enrollment: Enrollment, place: int) -> list[str]:
    """What stands now, and what happens next."""
    match enrollment.state:
        case EnrollmentState.WAITLISTED:
            words = [
                _("You are number %(place)d on the waiting list.") % {"place": place},
                _("You need not do anything. When a seat is free for you, we ask you."),
            ]
        case EnrollmentState.OFFERED if enrollment.offer_expires_at:
            until, language = timezone.localtime(enrollment.offer_expires_at), enrollment.person.language
            words = [
                _("The seat is held until %(day)s, %(time)s.")
                % {"day": day_words(until, language, year=True), "time": clock_words(until, language)},
                _("Tell us by then whether you want it: phone us, or use the code below."),
            ]
        case EnrollmentState.APPLIED:
            words = [_("We look at it and tell you as soon as it is decided.")]
        case EnrollmentState.ENROLLED | EnrollmentState.ACTIVE:
            words = [_("Welcome! If you cannot come, tell us: somebody else may be waiting for the seat.")]
        case _:
            words = [_("If this is a surprise to you, please phone us.")]
    if enrollment.person.state == PersonState.PAUSED:
        words.append(_("You asked us not to send messages for now, so we send none."))
    return words


def _day(session: Session, cohort: Cohort, language: str) -> str:
    words = when_words(timezone.localtime(session.starts_at), timezone.localtime(session.ends_at), language, year=True)
    elsewhere = session.venue if session.venue_id and session.venue_id != cohort.venue_id else None
    return f"{words}, {elsewhere.name}" if elsewhere else words


def _place(cohort: Cohort) -> list[str]:
    venue: Venue | None = cohort.venue
    if venue is None:
        return [_("The group meets on the web: %(link)s") % {"link": cohort.remote_link}] if cohort.remote_link else []
    return [venue_line(venue), *(line for line in venue.directions.splitlines() if line.strip())]
