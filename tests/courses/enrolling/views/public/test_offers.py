from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.enrolling.enums import EnrollmentState
from courses.enrolling.links import offer_token
from courses.enrolling.models import Enrollment, Party
from tests.factories import CohortFactory, EnrollmentFactory

pytestmark = pytest.mark.usefixtures("centre", "clock", "english")


def offered(cohort=None, **options):
    return EnrollmentFactory.create(
        cohort=cohort or CohortFactory.create(),
        state=EnrollmentState.OFFERED,
        offer_expires_at=timezone.now() + timedelta(days=3),
        **options,
    )


def url_of(enrollment):
    return reverse("public:offers-answer", args=[offer_token(enrollment)])


def state_of(enrollment):
    return Enrollment.objects.get(pk=enrollment.pk).state


def heading_of(response):
    return response.content.decode().partition("<h1>")[2].partition("</h1>")[0]


def test_the_link_shows_the_offer_and_changes_nothing(client):
    enrollment = offered()

    response = client.get(url_of(enrollment))

    assert heading_of(response) == "Do you take the seat?"
    assert "Answer by Friday 15\xa0January, 10:00" in response.content.decode()
    assert enrollment.person.last_name not in response.content.decode()
    assert state_of(enrollment) == EnrollmentState.OFFERED


@pytest.mark.parametrize(
    ("answer", "state", "heading"),
    [
        ("accept", EnrollmentState.ENROLLED, "You have a place"),
        ("decline", EnrollmentState.WITHDRAWN, "You have said no to this seat"),
    ],
)
def test_the_answer_is_taken_and_the_page_says_so(client, answer, state, heading):
    enrollment = offered()
    url = url_of(enrollment)

    response = client.post(url, {"answer": answer}, follow=True)

    assert (state_of(enrollment), heading_of(response)) == (state, heading)


def test_pressed_twice_the_second_press_is_told_that_it_is_done(client):
    url = url_of(offered())
    client.post(url, {"answer": "accept"})

    response = client.post(url, {"answer": "accept"})

    assert (response.status_code, heading_of(response)) == (200, "You have a place")


def test_an_offer_that_lapsed_says_the_place_in_the_queue(client):
    enrollment = offered()
    url = url_of(enrollment)
    EnrollmentFactory.create(cohort=enrollment.cohort, state=EnrollmentState.WAITLISTED, queue_number=1)
    Enrollment.objects.filter(pk=enrollment.pk).update(
        state=EnrollmentState.WAITLISTED, queue_number=2, offer_expires_at=None
    )

    response = client.post(url, {"answer": "accept"})

    assert heading_of(response) == "The time to answer is over"
    assert "number 2 now" in response.content.decode()
    assert state_of(enrollment) == EnrollmentState.WAITLISTED


def test_the_link_of_an_earlier_offer_answers_no_later_one(client):
    enrollment = offered()
    url = url_of(enrollment)
    Enrollment.objects.filter(pk=enrollment.pk).update(offer_expires_at=timezone.now() + timedelta(days=9))

    response = client.post(url, {"answer": "decline"})

    assert heading_of(response) == "This link is for an earlier offer"
    assert state_of(enrollment) == EnrollmentState.OFFERED


@pytest.fixture
def pair(db):
    cohort = CohortFactory.create()
    party = Party.objects.create(cohort=cohort, how_asked="web")
    return [offered(cohort, party=party), offered(cohort, party=party)]


@pytest.mark.parametrize(
    ("answer", "states"),
    [
        ("accept", [EnrollmentState.ENROLLED, EnrollmentState.ENROLLED]),
        ("decline", [EnrollmentState.WITHDRAWN, EnrollmentState.WITHDRAWN]),
        ("only_me", [EnrollmentState.WITHDRAWN, EnrollmentState.OFFERED]),
    ],
)
def test_one_answers_for_both_or_for_themselves(client, pair, answer, states):
    assert "2 seats are held for you together" in client.get(url_of(pair[0])).content.decode()

    client.post(url_of(pair[0]), {"answer": answer})

    assert [state_of(enrollment) for enrollment in pair] == states


def test_a_link_that_was_not_made_here_is_not_found(client, db):
    assert client.get(reverse("public:offers-answer", args=["guessed"])).status_code == 404


def test_a_link_to_a_group_that_was_cancelled_says_so(client):
    enrollment = offered()
    url = url_of(enrollment)
    Enrollment.objects.filter(pk=enrollment.pk).update(state=EnrollmentState.COHORT_CANCELLED, offer_expires_at=None)

    assert heading_of(client.get(url)) == "The group was cancelled"
