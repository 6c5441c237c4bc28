"""The waiting list on the page of the learners of a group."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.enrolling.models import Party
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory
from tests.pages import page
from tests.queues import pair, wait

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "english")]


@pytest.fixture
def full():
    """A group of two seats, both taken."""
    cohort = CohortFactory.create(capacity=2)
    EnrollmentFactory.create_batch(2, cohort=cohort)
    return cohort


def person(first="Aino", last="Aho", **more):
    return PersonFactory.create(first_name=first, last_name=last, **more)


def withdraw(office, enrollment):
    return office.post(
        page("enrollments-state", enrollment.pk), {"to_state": "withdrawn", "reason": "time", "how_asked": "phone"}
    )


def test_a_pair_is_one_line_with_the_place_of_its_first(office, full):
    wait(full, "Sirkka Pesonen")
    pair(full, "Arvo Lahtinen", "Maija Lahtinen")
    wait(full, "Ulla Salo")

    response = office.get(page("cohorts-learners", full.code))

    assert [(line.place, line.size) for line in response.context["learners"].queued] == [(1, 1), (2, 2), (4, 1)]
    text = response.content.decode()
    assert text.count("Arvo and Maija Lahtinen</span>\n") == 1
    assert "together: they need 2 seats" in text


def test_people_under_a_safety_ban_stand_in_the_queue_by_their_code(office, full):
    party = Party.objects.create(cohort=full, how_asked="phone")
    hidden = EnrollmentFactory.create(
        cohort=full, person=person("Salla", "Salattu", protected=True), state="waitlisted", queue_number=1, party=party
    )
    EnrollmentFactory.create(
        cohort=full, person=person("Reijo", "Salattu"), state="waitlisted", queue_number=2, party=party
    )

    text = office.get(page("cohorts-learners", full.code)).content.decode()

    assert f"{hidden.person.code} and Reijo Salattu" in text
    assert "Salla" not in text


def test_free_seats_held_for_a_pair_are_told_with_their_time(office):
    cohort = CohortFactory.create(capacity=3)
    leaving = EnrollmentFactory.create_batch(3, cohort=cohort)[0]
    pair(cohort, "Arvo Lahtinen", "Maija Lahtinen")
    withdraw(office, leaving)

    text = office.get(page("cohorts-learners", cohort.code)).content.decode()

    assert (
        "Free seats are held for them until Friday 15\N{NO-BREAK SPACE}January, 10:00; then those behind them are asked."
        in text
    )


def test_the_nearest_group_with_room_in_the_same_language_is_proposed(office, full):
    wait(full, "Sirkka Pesonen")
    pair(full, "Arvo Lahtinen", "Maija Lahtinen")
    soon = timezone.localdate() + timedelta(days=5)
    CohortFactory.create(course=full.course, language="sv", starts_on=soon)
    CohortFactory.create(starts_on=soon)
    one_seat = CohortFactory.create(course=full.course, capacity=1, starts_on=soon, name_en="Spring C")
    CohortFactory.create(course=full.course, capacity=9, name_en="Spring D", starts_on=soon + timedelta(days=9))

    text = office.get(page("cohorts-learners", full.code)).content.decode()

    assert text.count("Propose Spring C") == text.count("Propose Spring D") == 1
    assert f"?to={one_seat.code}" in text


def test_big_queues_stand_on_pages(office, full):
    for number in range(1, 61):
        EnrollmentFactory.create(cohort=full, state="waitlisted", queue_number=number)

    first = office.get(page("cohorts-learners", full.code)).context["queue"]
    second = office.get(page("cohorts-learners", full.code) + "?queue_page=2").context["queue"]

    assert (len(first), [line.place for line in second][:2]) == (50, [51, 52])
