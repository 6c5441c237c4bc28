from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.certifying.services import issue_certificates, revoke_certificate
from courses.enrolling.enums import EnrollmentState
from courses.teaching.enums import AttendanceState
from tests.acts import act
from tests.factories import (
    AttendanceFactory,
    CohortFactory,
    CompletionFactory,
    CourseFactory,
    EnrollmentFactory,
    ModuleFactory,
    SessionFactory,
)

pytestmark = pytest.mark.usefixtures("clock", "centre", "english")
HOME = "learner:home"


def taking_part(person, state=EnrollmentState.ACTIVE):
    course = CourseFactory.create(code="AIM")
    return EnrollmentFactory.create(cohort=CohortFactory.create(course=course), person=person, state=state)


def certified(person, coordinator):
    enrollment = taking_part(person, EnrollmentState.COMPLETED)
    completion = CompletionFactory.create(enrollment=enrollment)
    return issue_certificates(completions=[completion], act=act(coordinator))[0]


def test_next_session_what_is_missing_and_own_code(sign_in, learner):
    enrollment = taking_part(learner)
    module = ModuleFactory.create(course=enrollment.cohort.course, order=1, mandatory=True)
    now = timezone.now()
    missed = SessionFactory.create(
        cohort=enrollment.cohort, number=1, starts_at=now - timedelta(days=7), modules=[module]
    )
    coming = SessionFactory.create(cohort=enrollment.cohort, number=2, starts_at=now + timedelta(days=7))
    AttendanceFactory.create(enrollment=enrollment, session=missed, state=AttendanceState.ABSENT)

    response = sign_in(learner).get(reverse(HOME))

    current = response.context["current"]
    assert current.next.session == coming
    assert [line.state for line in current.lines] == ["missed", "next"]
    assert response.context["missing"] == ["Complete module M1: Module 1."]
    body = response.content.decode()
    assert learner.code in body
    assert 'class="missed todo"' in body
    assert 'class="next"\n    aria-current="step"' in body


def test_the_phone_number_beside_the_next_session_can_be_dialled(sign_in, learner):
    SessionFactory.create(cohort=taking_part(learner).cohort, starts_at=timezone.now() + timedelta(days=7))

    body = sign_in(learner).get(reverse(HOME)).content.decode()

    panel = body[body.index('class="panel"') : body.index("</section>", body.index('class="panel"'))]
    assert 'href="tel:+358' in panel


def test_person_without_a_course_is_shown_the_way_to_one(sign_in, stranger):
    body = sign_in(stranger).get(reverse(HOME)).content.decode()

    assert reverse("public:catalogue") in body


def test_who_was_found_to_have_completed_early_keeps_the_next_session_and_waits_for_the_certificate(sign_in, learner):
    enrollment = taking_part(learner, EnrollmentState.COMPLETED)
    coming = SessionFactory.create(cohort=enrollment.cohort, number=1, starts_at=timezone.now() + timedelta(days=7))
    CompletionFactory.create(enrollment=enrollment)

    response = sign_in(learner).get(reverse(HOME))

    body = response.content.decode()
    assert response.context["current"].next.session == coming
    assert "You have completed the course. We tell you when your certificate is ready." in body
    assert "You get one when you have completed a course." not in body


def test_own_certificate_opens_and_nobody_elses(sign_in, learner, stranger, coordinator):
    url = reverse("learner:certificates-pdf", args=[certified(learner, coordinator).number])

    mine = sign_in(learner).get(url)
    strangers = sign_in(stranger).get(url)

    assert (mine.status_code, mine["Content-Type"], strangers.status_code) == (200, "application/pdf", 404)


def test_revoked_certificate_is_not_printed_any_more(sign_in, learner, coordinator):
    certificate = certified(learner, coordinator)
    revoke_certificate(certificate=certificate, act=act(coordinator), reason="Mistake")
    client = sign_in(learner)

    assert client.get(reverse("learner:certificates-pdf", args=[certificate.number])).status_code == 404
    assert "Revoked" in client.get(reverse(HOME)).content.decode()


def test_who_waits_sees_the_place_in_the_queue(sign_in, learner):
    cohort = CohortFactory.create()
    EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.WAITLISTED, queue_number=1)
    EnrollmentFactory.create(cohort=cohort, person=learner, state=EnrollmentState.WAITLISTED, queue_number=2)

    body = sign_in(learner).get(reverse(HOME)).content.decode()

    assert "You are number 2 in the queue." in body


def test_a_held_seat_is_taken_from_the_own_page(sign_in, learner):
    taking_part(learner)
    offered = EnrollmentFactory.create(
        person=learner, state=EnrollmentState.OFFERED, offer_expires_at=timezone.now() + timedelta(days=3)
    )
    client = sign_in(learner)

    (offer,) = client.get(reverse(HOME)).context["offers"]
    client.post(offer.url, {"answer": "accept"})

    offered.refresh_from_db()
    assert (offer.enrollment, offered.state) == (offered, EnrollmentState.ENROLLED)
