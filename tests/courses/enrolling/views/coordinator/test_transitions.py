from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import HowAsked
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment
from courses.enrolling.services.enrollments import enroll_people
from courses.scheduling.models import Cohort
from tests.acts import act
from tests.factories import CohortFactory, EnrollmentFactory
from tests.pages import page, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_a_withdrawal_needs_a_reason_frees_the_seat_and_can_be_undone(office):
    enrollment = EnrollmentFactory.create(state=EnrollmentState.ACTIVE, started_at=timezone.now())
    withdrawn = {"to_state": "withdrawn", "how_asked": "phone", "note": ""}

    refused = office.post(page("enrollments-state", enrollment.pk), withdrawn)
    assert refused.context["form"].errors == {"reason": ["Choose the reason. If it was not told, choose that."]}

    office.post(page("enrollments-state", enrollment.pk), {**withdrawn, "reason": "transport"})
    enrollment.refresh_from_db()
    assert (enrollment.state, enrollment.reason) == ("withdrawn", "transport")
    assert Cohort.objects.get().seats_taken == 0

    office.post(page("enrollments-undo", enrollment.pk))
    enrollment.refresh_from_db()
    assert (enrollment.state, enrollment.reason) == ("active", "")


def test_undo_is_refused_when_the_seat_is_anothers_by_now(office, learner):
    cohort = CohortFactory.create(capacity=1)
    enrollment = EnrollmentFactory.create(cohort=cohort)
    office.post(
        page("enrollments-state", enrollment.pk), {"to_state": "withdrawn", "how_asked": "phone", "reason": "time"}
    )
    enroll_people(people=[learner], cohort=cohort, act=act(via=HowAsked.PHONE))

    answered = office.post(page("enrollments-undo", enrollment.pk), follow=True)

    assert f"{cohort.name} has 1 seat, and it is taken." in said(answered)
    enrollment.refresh_from_db()
    assert enrollment.state == "withdrawn"


def test_undo_is_refused_after_a_day(office, coordinator, clock):
    enrollment = EnrollmentFactory.create()
    office.post(
        page("enrollments-state", enrollment.pk), {"to_state": "withdrawn", "how_asked": "phone", "reason": "time"}
    )
    clock.shift(timedelta(hours=25))

    office.force_login(coordinator)
    answered = office.post(page("enrollments-undo", enrollment.pk), follow=True)

    assert "There is nothing to undo any more." in said(answered)


def test_declining_needs_words(office):
    enrollment = EnrollmentFactory.create(state=EnrollmentState.APPLIED)
    data = {"to_state": "declined", "how_asked": "phone"}

    assert office.post(page("enrollments-state", enrollment.pk), data).context["form"].errors == {
        "note": ["Say why, in a few words."]
    }
    office.post(page("enrollments-state", enrollment.pk), {**data, "note": "Lives in another town"})

    enrollment.refresh_from_db()
    assert enrollment.state == "declined"
    assert enrollment.transitions.latest("pk").reason == "Lives in another town"


def test_reopening_needs_words_and_gives_the_place_back(office):
    enrollment = EnrollmentFactory.create(state=EnrollmentState.NO_SHOW, ended_at=timezone.now())
    data = {"to_state": "reopen", "how_asked": "phone"}

    assert office.post(page("enrollments-state", enrollment.pk), data).context["form"].errors == {
        "note": ["Say why, in a few words."]
    }
    office.post(page("enrollments-state", enrollment.pk), {**data, "note": "Was in hospital after all"})

    enrollment.refresh_from_db()
    assert enrollment.state == "enrolled"


def test_an_identity_code_in_the_words_is_refused(office):
    enrollment = EnrollmentFactory.create(state=EnrollmentState.APPLIED)

    answered = office.post(
        page("enrollments-state", enrollment.pk),
        {"to_state": "declined", "how_asked": "phone", "note": "Hetu 010148-9992"},
    )

    assert list(answered.context["form"].errors) == ["note"]


@pytest.mark.parametrize(
    ("state", "over", "moves"),
    [
        ("applied", False, ["declined", "withdrawn"]),
        ("waitlisted", False, ["enrolled", "declined", "withdrawn"]),
        ("offered", False, ["enrolled", "waitlisted", "withdrawn"]),
        ("enrolled", False, ["withdrawn"]),
        ("enrolled", True, ["withdrawn", "no_show"]),
        ("active", False, ["withdrawn"]),
        ("withdrawn", False, ["reopen"]),
        ("cohort_cancelled", False, ["reopen"]),
    ],
)
def test_the_moves_of_each_state(office, state, over, moves):
    today = timezone.localdate()
    days = {"starts_on": today - timedelta(days=60), "ends_on": today - timedelta(days=1)} if over else {}
    enrollment = EnrollmentFactory.create(
        cohort=CohortFactory.create(**days), state=state, queue_number=1, offer_expires_at=timezone.now()
    )

    form = office.get(page("enrollments-state", enrollment.pk)).context["form"]

    assert [value for value, _words in form.fields["to_state"].choices] == moves


@pytest.mark.parametrize("state", ["completed", "not_completed"])
def test_a_decided_result_is_not_changed_here(office, state):
    enrollment = EnrollmentFactory.create(state=state)

    assert office.get(page("enrollments-state", enrollment.pk)).context["form"] is None
    assert office.post(page("enrollments-state", enrollment.pk), {"to_state": "withdrawn"}).status_code == 200
    enrollment.refresh_from_db()
    assert enrollment.state == state


def test_a_stale_move_is_told_and_changes_nothing(office):
    enrollment = EnrollmentFactory.create()
    office.get(page("enrollments-state", enrollment.pk))
    Enrollment.objects.update(state=EnrollmentState.ACTIVE)

    answered = office.post(page("enrollments-state", enrollment.pk), {"to_state": "no_show", "how_asked": "phone"})

    assert list(answered.context["form"].errors) == ["to_state"]
