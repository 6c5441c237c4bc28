from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from accounts.exceptions import RuleError
from accounts.models import AuditEntry
from courses.catalogue.models import Course
from courses.certifying.enums import MentorState, ReminderRule
from courses.certifying.models import Certificate, CertificateSeries, Mentor
from courses.certifying.selectors import completions_to_certify, counts_by_status, find_certificate, with_status
from courses.certifying.services import issue_certificates, revoke_certificate
from courses.enrolling.enums import EnrollmentState
from courses.messaging.models import Message
from courses.teaching.enums import CompletionState
from courses.teaching.models import Completion
from tests.acts import act
from tests.factories import (
    CertificateFactory,
    CohortFactory,
    CompletionFactory,
    CourseFactory,
    EnrollmentFactory,
    PersonFactory,
)

pytestmark = pytest.mark.usefixtures("clock")
# The clock of the tests stands at 12 January 2027.
TODAY = date(2027, 1, 12)


@pytest.fixture
def course(db, centre) -> Course:
    return CourseFactory.create(code="AIM", lessons=26, completion_rule={"practice": {"visits": 4}})


def completed(course, **person) -> Completion:
    enrollment = EnrollmentFactory.create(
        cohort=CohortFactory.create(course=course),
        person=PersonFactory.create(**person),
        state=EnrollmentState.COMPLETED,
    )
    return CompletionFactory.create(enrollment=enrollment)


def test_numbers_go_on_from_the_last_of_the_year(course, coordinator):
    CertificateSeries.objects.create(course=course, year=2027, last=41)
    CertificateSeries.objects.create(course=course, year=2026, last=7)

    issued = issue_certificates(completions=[completed(course), completed(course)], act=act(coordinator))

    assert [one.number for one in issued] == ["ESP-AIM-2027-0042", "ESP-AIM-2027-0043"]
    assert len({one.check_code for one in issued}) == 2


def test_name_words_and_dates_are_frozen(course, coordinator):
    completion = completed(course, first_name="Aino", last_name="Virtanen", language="sv")

    [certificate] = issue_certificates(completions=[completion], act=act(coordinator))
    completion.enrollment.person.last_name = "Lahtinen"
    completion.enrollment.person.save()
    course.title_en = "Another title"
    course.save()

    certificate.refresh_from_db()
    assert (certificate.name, certificate.language) == ("Aino Virtanen", "sv")
    assert (certificate.issued_on, certificate.valid_until) == (TODAY, date(2029, 1, 12))
    assert set(certificate.words) == {"fi", "sv", "en", "centre", "place", "signatory"}
    assert certificate.words["en"]["title"] == "AI Mentor Foundation Course"
    assert certificate.words["en"]["extent"] == ["26 lessons", "4 visits of practice"]
    assert certificate.words["sv"]["title"] == "Grundkurs för AI-mentorer"


def test_issuing_makes_a_mentor_plans_a_message_and_is_audited(course, coordinator):
    completion = completed(course)

    [certificate] = issue_certificates(completions=[completion], act=act(coordinator))

    assert Mentor.objects.get().person == completion.enrollment.person
    assert [(m.rule, m.certificate) for m in Message.objects.all()] == [(ReminderRule.CERTIFICATE_READY, certificate)]
    assert list(AuditEntry.objects.values_list("action", "subject")) == [
        ("certificate.issue", completion.enrollment.person_id)
    ]


def test_paused_mentor_stays_paused(course, coordinator):
    completion = completed(course)
    Mentor.objects.create(person=completion.enrollment.person, state=MentorState.PAUSED)

    issue_certificates(completions=[completion], act=act(coordinator))

    assert Mentor.objects.get().state == MentorState.PAUSED


def test_valid_certificate_is_named_and_nothing_is_issued(course, coordinator):
    first, other = completed(course), completed(course)
    issue_certificates(completions=[first], act=act(coordinator))

    with pytest.raises(RuleError) as refused, override("en"):
        issue_certificates(completions=[other, first], act=act(coordinator))

    assert refused.value.reasons == [
        f"{first.enrollment.person.list_name} has certificate ESP-AIM-2027-0001 of this course already, "
        "valid until 12\N{NO-BREAK SPACE}January\N{NO-BREAK SPACE}2029."
    ]
    assert Certificate.objects.count() == 1


def test_expired_certificate_is_replaced(course, coordinator, clock):
    completion = completed(course)
    [old] = issue_certificates(completions=[completion], act=act(coordinator))
    clock.shift(timedelta(days=800))

    [new] = issue_certificates(completions=[completion], act=act(coordinator))

    old.refresh_from_db()
    assert old.replaced_at is not None
    assert (new.number, new.replaced_at) == ("ESP-AIM-2029-0001", None)


def test_database_holds_one_current_certificate_per_person_and_course(course, coordinator):
    [one] = issue_certificates(completions=[completed(course)], act=act(coordinator))

    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateFactory.create(
            person=one.person, course=course, number="X", check_code="X", name="X", issued_on=TODAY, language="fi"
        )


@pytest.mark.parametrize("change", [{"state": CompletionState.PROPOSED}, {"state": CompletionState.REVOKED}])
def test_undecided_completion_gets_no_certificate(course, coordinator, change):
    completion = completed(course)
    Completion.objects.update(**change)

    with pytest.raises(RuleError):
        issue_certificates(completions=[completion], act=act(coordinator))


def test_course_without_certificates_gives_none(course, coordinator):
    completion = completed(course)
    Course.objects.update(valid_months=None)

    with pytest.raises(RuleError):
        issue_certificates(completions=[completion], act=act(coordinator))

    assert list(completions_to_certify(TODAY)) == []


@pytest.mark.parametrize("people", [1, 30])
def test_issuing_takes_the_same_queries_for_any_number(course, coordinator, people, django_assert_max_num_queries):
    completions = [completed(course) for _ in range(people)]

    with django_assert_max_num_queries(20):
        issue_certificates(completions=completions, act=act(coordinator))

    assert Certificate.objects.count() == people


def test_revoking_needs_a_reason_and_is_for_good(course, coordinator):
    [certificate] = issue_certificates(completions=[completed(course)], act=act(coordinator))
    with pytest.raises(RuleError):
        revoke_certificate(certificate=certificate, act=act(coordinator), reason="  ")

    revoked = revoke_certificate(certificate=certificate, act=act(coordinator), reason="Issued by mistake")
    with pytest.raises(RuleError):
        revoke_certificate(certificate=certificate, act=act(coordinator), reason="Again")

    assert (revoked.revoked_by, revoked.revoked_reason) == (coordinator, "Issued by mistake")


def test_after_a_revocation_a_new_completion_can_be_certified(course, coordinator):
    completion = completed(course)
    [certificate] = issue_certificates(completions=[completion], act=act(coordinator))
    revoke_certificate(certificate=certificate, act=act(coordinator), reason="Misspelled name")
    to_issue = list(completions_to_certify(TODAY))

    [new] = issue_certificates(completions=[completion], act=act(coordinator))

    assert to_issue == []  # not by itself: somebody has to want it
    assert new.number == "ESP-AIM-2027-0002"


def test_what_is_to_be_issued_is_decided_and_without_a_certificate(course, coordinator):
    waiting, issued = completed(course), completed(course)
    issue_certificates(completions=[issued], act=act(coordinator))

    assert list(completions_to_certify(TODAY)) == [waiting]


def test_counts_by_status_follow_the_day(course, coordinator):
    issue_certificates(completions=[completed(course), completed(course)], act=act(coordinator))
    [revoked] = issue_certificates(completions=[completed(course)], act=act(coordinator))
    revoke_certificate(certificate=revoked, act=act(coordinator), reason="x")
    zero = {"valid": 0, "expires_soon": 0, "expired": 0, "revoked": 1, "renewed": 0}

    assert counts_by_status(TODAY) == zero | {"valid": 2}
    assert counts_by_status(date(2028, 12, 31)) == zero | {"expires_soon": 2}
    assert counts_by_status(date(2029, 1, 13)) == zero | {"expired": 2}
    assert Certificate.objects.filter(with_status("revoked", TODAY)).get() == revoked


def test_certificate_is_found_by_number_and_by_check_code(course, coordinator):
    [one] = issue_certificates(completions=[completed(course)], act=act(coordinator))

    assert find_certificate("esp aim 2027 0001") == one
    assert find_certificate(one.check_code.lower()) == one
    assert find_certificate("") is None
    assert find_certificate("ESP-AIM-2027-0002") is None
