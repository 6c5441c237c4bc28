"""What waits for a coordinator in the demo: an offer, a queue with a pair, an application to check. Through the services."""

import datetime

from django.utils import timezone

from accounts.acts import Act
from accounts.enums import HowAsked
from accounts.models import Person
from accounts.rules.codes import new_application_code
from accounts.services.people import update_person
from courses.catalogue.models import Course
from courses.catalogue.services.courses import update_course
from courses.certifying.models import Certificate
from courses.certifying.selectors import is_valid
from courses.enrolling.enums import OPEN_STATES, EnrollmentState, QueueReason, WithdrawalReason
from courses.enrolling.models import Enrollment
from courses.enrolling.selectors.queues import queue_of
from courses.enrolling.services.enrollments import enroll_people, enroll_person, withdraw_enrollment
from courses.enrolling.services.queue import join_party, move_in_queue
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort

# Of those who may come to the update day, so many do.
UPDATED = 10
HOUR = datetime.timedelta(hours=1)


def make_queue(*, by: Person, now: datetime.datetime) -> None:
    """In the full group a seat becomes free and is offered; two of those who wait come together, one was moved up."""
    waiting = Enrollment.objects.filter(state=EnrollmentState.WAITLISTED)
    for cohort in Cohort.objects.filter(pk__in=waiting.values("cohort"), state=CohortState.PUBLISHED):
        _queue_of_full_group(cohort, by, now)


def _queue_of_full_group(cohort: Cohort, by: Person, now: datetime.datetime) -> None:
    queue = queue_of(cohort)
    seated = cohort.enrollments.filter(state=EnrollmentState.ENROLLED).order_by("applied_at", "pk").first()
    if len(queue) < 6 or seated is None:
        return
    join_party(enrollments=queue[3:5], act=Act(by=by, via=HowAsked.PHONE, at=now - 6 * HOUR))
    move_in_queue(
        enrollment=queue[5], place=2, reason=QueueReason.ACCESS, act=Act(by=by, via=HowAsked.PHONE, at=now - 5 * HOUR)
    )
    withdraw_enrollment(
        enrollment=seated, act=Act(by=by, via=HowAsked.PHONE, at=now - 2 * HOUR), reason=WithdrawalReason.TRANSPORT
    )


def make_update_day(*, by: Person, now: datetime.datetime) -> None:
    """The update day asks for a mentor's certificate: some who have one are enrolled, and somebody without has applied."""
    foundation, update_day = (Course.objects.filter(code=code).first() for code in ("AIM", "PAIVITYS"))
    cohort = Cohort.objects.filter(course=update_day, state=CohortState.PUBLISHED).first()
    if foundation is None or update_day is None or cohort is None:
        return
    update_course(course=update_day, act=Act(by=by, via=HowAsked.DESK, at=now), required_certificate=foundation)
    cohort.refresh_from_db()
    held = Certificate.objects.filter(is_valid(timezone.localdate(now)), course=foundation)
    mentors = Person.objects.filter(pk__in=held.values("person"), language=cohort.language).order_by("pk")[:UPDATED]
    enroll_people(people=list(mentors), cohort=cohort, act=Act(by=by, via=HowAsked.PHONE, at=now - 30 * HOUR))
    active = Enrollment.objects.filter(state=EnrollmentState.ACTIVE, person__language=cohort.language)
    learner = active.exclude(person__in=mentors).select_related("person").order_by("pk").first()
    if learner:
        enroll_person(person=learner.person, cohort=cohort, act=Act(by=None, via=HowAsked.WEB, at=now - 3 * HOUR))


def make_duplicate_candidate(*, by: Person, now: datetime.datetime) -> None:
    """Somebody who waits has applied on the web too, with a slip in the name: a likely pair for the page of pairs."""
    known = Person.objects.filter(enrollments__state=EnrollmentState.WAITLISTED, birth_year__isnull=False)
    one = known.exclude(phone="").exclude(email="").order_by("code").first()
    other = Person.objects.filter(enrollments=None, role_grants=None, mentor=None).order_by("code").first()
    cohort = Cohort.objects.filter(state=CohortState.PUBLISHED, course__code="AIM").order_by("-starts_on").first()
    if one is None or other is None or cohort is None:
        return
    update_person(
        person=other,
        act=Act(by=by, via=HowAsked.WEB, at=now),
        first_name=one.first_name + one.first_name[-1],
        last_name=one.last_name,
        birth_year=one.birth_year,
        gender=one.gender,
        language=one.language,
        phone=one.phone,
        email=f"posti.{one.email}",
        street=one.street,
        postal_code=one.postal_code,
        city=one.city,
        district=one.district,
    )
    enroll_person(person=other, cohort=cohort, act=Act(by=None, via=HowAsked.WEB, at=now - 4 * HOUR))


def give_application_codes() -> None:
    """Those who are enrolled hold a code, as everybody does whom the services enroll."""
    rows = list(Enrollment.objects.filter(state__in=OPEN_STATES, application_code=""))
    for enrollment in rows:
        enrollment.application_code = new_application_code()
    Enrollment.objects.bulk_update(rows, ["application_code"], batch_size=500)
