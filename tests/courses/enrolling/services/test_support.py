from datetime import timedelta

import pytest
from django.apps import apps

from accounts.enums import ConsentPurpose, HowAsked
from accounts.exceptions import RuleError
from accounts.models import AuditEntry, Consent
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import SupportNeeds
from courses.enrolling.services.support import delete_old_support_needs, note_support_needs, remove_support_needs
from courses.registry.services.consents import withdraw_consent
from tests.acts import act
from tests.conftest import NOW
from tests.factories import CohortFactory, EnrollmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

READ = "Saako järjestää?"
MARK = "Vahvistettu-teksti-7719"


def note(enrollment, by=None, text=READ, **needs):
    return note_support_needs(enrollment=enrollment, needs=needs, act=act(by, HowAsked.PHONE), consent_text=text)


def whole_database():
    """Every value of every table, as one text."""
    return "\n".join(str(row) for model in apps.get_models() for row in model.objects.values_list())


def test_needs_are_noted_with_the_consent_and_without_a_value_in_the_audit(coordinator):
    enrollment = EnrollmentFactory.create()

    needs = note(enrollment, coordinator, hearing_loop=True, note=f"  {MARK}   edessä ")

    needs.refresh_from_db()
    assert (needs.hearing_loop, needs.wheelchair, needs.loan_device) == (True, False, False)
    assert (needs.note, needs.noted_at, needs.noted_by) == (f"{MARK} edessä", NOW, coordinator)
    consent = Consent.objects.get()
    assert (consent.person, consent.purpose, consent.text) == (enrollment.person, ConsentPurpose.SUPPORT, READ)
    assert list(AuditEntry.objects.order_by("id").values_list("action", "object_type", "object_id", "detail")) == [
        ("consent.give", "consent", consent.pk, {"purpose": "support", "how_asked": "phone"}),
        ("support.note", "enrollment", enrollment.pk, {"how_asked": "phone"}),
    ]


def test_without_a_yes_nothing_is_noted():
    with pytest.raises(RuleError) as refused:
        note(EnrollmentFactory.create(), text="", wheelchair=True)

    assert refused.value.code == "consent"
    assert not SupportNeeds.objects.exists()


def test_the_yes_that_stands_is_enough_for_another_group(learner):
    note(EnrollmentFactory.create(person=learner), wheelchair=True)
    note(EnrollmentFactory.create(person=learner), text="", wheelchair=True)

    assert (SupportNeeds.objects.count(), Consent.objects.count()) == (2, 1)


def test_a_second_note_replaces_the_first_as_a_whole():
    enrollment = EnrollmentFactory.create()
    note(enrollment, hearing_loop=True)

    note(enrollment, loan_device=True)

    needs = SupportNeeds.objects.get()
    assert (needs.hearing_loop, needs.loan_device) == (False, True)
    assert AuditEntry.objects.filter(action="support.note").count() == 2


def test_the_same_again_writes_nothing():
    enrollment = EnrollmentFactory.create()
    note(enrollment, hearing_loop=True)

    note(enrollment, hearing_loop=True)

    assert AuditEntry.objects.filter(action="support.note").count() == 1


@pytest.mark.parametrize("needs", [{}, {"hearing_loop": False, "note": "   "}])
def test_empty_needs_are_none_stored(needs):
    enrollment = EnrollmentFactory.create()
    note(enrollment, wheelchair=True)

    assert note(enrollment, **needs) is None

    assert not SupportNeeds.objects.exists()
    assert AuditEntry.objects.filter(action="support.remove").count() == 1


def test_removing_nothing_says_so_and_writes_nothing():
    assert remove_support_needs(enrollment=EnrollmentFactory.create(), act=act()) is False
    assert not AuditEntry.objects.exists()


def test_an_ended_place_and_an_identity_code_are_refused():
    with pytest.raises(RuleError) as closed:
        note(EnrollmentFactory.create(state=EnrollmentState.WITHDRAWN), wheelchair=True)
    with pytest.raises(RuleError) as invalid:
        note(EnrollmentFactory.create(), note="hetu 010148-123A")

    assert (closed.value.code, invalid.value.code) == ("closed", "invalid")
    assert not Consent.objects.exists()


def test_a_no_deletes_what_was_noted_everywhere(learner, stranger):
    note(EnrollmentFactory.create(person=learner), wheelchair=True)
    note(EnrollmentFactory.create(person=learner), wheelchair=True)
    other = note(EnrollmentFactory.create(person=stranger), wheelchair=True)

    withdraw_consent(consent=learner.consents.get(), act=act(via=HowAsked.WEB))

    assert list(SupportNeeds.objects.all()) == [other]


def test_thirty_days_after_the_end_no_word_is_left_in_the_database():
    cohort = CohortFactory.create(starts_on=NOW.date() - timedelta(days=90), ends_on=NOW.date() - timedelta(days=29))
    note(EnrollmentFactory.create(cohort=cohort), note=MARK)
    kept = note(EnrollmentFactory.create(), loan_device=True)
    assert MARK in whole_database()

    assert delete_old_support_needs(at=NOW) == 0
    assert delete_old_support_needs(at=NOW + timedelta(days=1)) == 1
    assert delete_old_support_needs(at=NOW + timedelta(days=1)) == 0

    assert MARK not in whole_database()
    assert list(SupportNeeds.objects.all()) == [kept]
    assert AuditEntry.objects.get(action="support.delete").detail == {}


def test_whoever_left_early_is_forgotten_thirty_days_after_leaving():
    left = EnrollmentFactory.create()
    note(left, note=MARK)
    left.state, left.ended_at = EnrollmentState.WITHDRAWN, NOW
    left.save()

    assert delete_old_support_needs(at=NOW + timedelta(days=29)) == 0
    assert delete_old_support_needs(at=NOW + timedelta(days=30)) == 1


def test_deleting_takes_as_many_queries_for_thirty_as_for_one(django_assert_num_queries):
    ended = {"starts_on": NOW.date() - timedelta(days=90), "ends_on": NOW.date() - timedelta(days=30)}
    for count in (1, 30):
        cohort = CohortFactory.create(capacity=40, **ended)
        for _number in range(count):
            note(EnrollmentFactory.create(cohort=cohort), wheelchair=True)
        with django_assert_num_queries(5):
            assert delete_old_support_needs(at=NOW) == count
