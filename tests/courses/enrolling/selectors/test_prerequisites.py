from datetime import date

import pytest

from courses.certifying.selectors import holders_of
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.selectors import prerequisites
from courses.enrolling.selectors.prerequisites import Lack, asks_for, lacks_of, register_holders
from tests.factories import CertificateFactory, CourseFactory, EnrollmentFactory, PersonFactory

pytestmark = pytest.mark.django_db

TODAY = date(2027, 1, 12)


@pytest.fixture
def course():
    """It asks for a completed course, and for a certificate that holds."""
    return CourseFactory.create(
        required_course=CourseFactory.create(), required_certificate=CourseFactory.create(valid_months=24)
    )


@pytest.fixture
def asked(monkeypatch):
    """What those who know the holders are asked; they know none but the person whose pk is first."""
    monkeypatch.setattr(prerequisites, "_HOLDERS", [])
    calls = []

    def first_alone(pks, course, today):
        calls.append((list(pks), course, today))
        return {min(pks)}

    register_holders(first_alone)
    return calls


def test_a_course_that_asks_for_nothing_asks_nobody(asked, stranger):
    course = CourseFactory.create()

    assert (asks_for(course), lacks_of([stranger], course), asked) == ([], {}, [])


def test_what_is_lacked_stands_by_person_and_who_lacks_nothing_is_left_out(asked, course):
    everything, certificate, nothing = PersonFactory.create_batch(3)
    for person in (everything, certificate):
        EnrollmentFactory.create(person=person, cohort__course=course.required_course, state=EnrollmentState.COMPLETED)

    found = lacks_of([everything, certificate, nothing], course, TODAY)

    no_course, no_certificate = asks_for(course)
    assert no_course == Lack("course", course.required_course)
    assert found == {certificate.pk: [no_certificate], nothing.pk: [no_course, no_certificate]}


def test_the_holders_are_asked_once_for_all_people_and_the_day(asked, course):
    people = PersonFactory.create_batch(3)

    lacks_of(people, course, TODAY)

    assert asked == [([person.pk for person in people], course.required_certificate, TODAY)]


def test_who_is_handed_in_later_takes_the_place_of_the_one_before(asked, course):
    people = PersonFactory.create_batch(2)
    register_holders(lambda pks, course, today: set(pks))

    found = lacks_of(people, course, TODAY)

    assert {lack.code for lacks in found.values() for lack in lacks} == {"course"}
    assert asked == []


def test_the_site_asks_the_certificates(course):
    assert [holders_of] == prerequisites._HOLDERS
    holder, late = PersonFactory.create_batch(2)
    for person, until in ((holder, TODAY), (late, date(2027, 1, 11))):
        issued = {"person": person, "issued_on": date(2019, 1, 1)}
        CertificateFactory.create(**issued, course=course.required_certificate, valid_until=until)
        CertificateFactory.create(**issued, course=course.required_course, valid_until=date(2020, 1, 1))

    assert lacks_of([holder, late], course, TODAY) == {late.pk: [Lack("certificate", course.required_certificate)]}
