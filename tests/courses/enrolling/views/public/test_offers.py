from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import HowAsked
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.links import offer_token
from courses.enrolling.models import Enrollment, Party
from courses.enrolling.services.offers import decline_offer
from courses.enrolling.services.queue import join_party
from tests.acts import act
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

    response = client.post(url, {"answer": answer, "sure": "yes"}, follow=True)

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

    client.post(url_of(pair[0]), {"answer": answer, "sure": "yes"})

    assert [state_of(enrollment) for enrollment in pair] == states


@pytest.mark.parametrize(
    ("answer", "question", "effect", "action"),
    [
        ("decline", "None of you comes?", "2 seats go to the next in the queue.", "Yes, none of us comes"),
        ("only_me", "You do not come?", "Those who come with you keep what they have", "Yes, I give up the seat"),
    ],
)
def test_one_tap_gives_no_seat_up_but_asks(client, pair, answer, question, effect, action):
    response = client.post(url_of(pair[0]), {"answer": answer})

    page = response.content.decode()
    assert (response.status_code, heading_of(response), effect in page, action in page) == (200, question, True, True)
    assert f'value="{answer}"' in page and pair[0].person.last_name not in page
    assert [state_of(enrollment) for enrollment in pair] == [EnrollmentState.OFFERED] * 2


@pytest.mark.parametrize("answer", ["decline", "only_me"])
def test_a_no_that_was_a_mistake_is_taken_back_for_all_of_the_party(client, answer):
    cohort = CohortFactory.create(starts_on=timezone.localdate() + timedelta(days=20))
    waiting = EnrollmentState.WAITLISTED
    pair = [EnrollmentFactory.create(cohort=cohort, state=waiting, queue_number=number) for number in (1, 2)]
    join_party(enrollments=pair, act=act())
    url = url_of(Enrollment.objects.get(pk=pair[0].pk))
    client.post(url, {"answer": answer, "sure": "yes"})
    page = client.get(url).content.decode()

    response = client.post(url, {"answer": "take_back"}, follow=True)

    assert "give the offer back" in page
    assert heading_of(response) == "Do you take the seats?"
    assert [state_of(enrollment) for enrollment in pair] == [EnrollmentState.OFFERED] * 2


def test_a_seat_that_is_somebody_elses_by_now_is_not_given_back(client):
    cohort = CohortFactory.create(capacity=1)
    enrollment = offered(cohort)
    url = url_of(enrollment)
    client.post(url, {"answer": "decline", "sure": "yes"})
    cohort.refresh_from_db()
    EnrollmentFactory.create(cohort=cohort)

    response = client.post(url, {"answer": "take_back"}, follow=True)

    assert state_of(enrollment) == EnrollmentState.WITHDRAWN
    assert "cannot be given back here any more" in response.content.decode()


def test_a_no_that_was_told_on_the_phone_is_not_taken_back_by_link(client, coordinator):
    enrollment = offered()
    url = url_of(enrollment)
    decline_offer(enrollment=enrollment, act=act(coordinator, via=HowAsked.PHONE, at=timezone.now()))

    page = client.get(url).content.decode()
    client.post(url, {"answer": "take_back"})

    assert ("give the offer back" in page, state_of(enrollment)) == (False, EnrollmentState.WITHDRAWN)


def test_a_link_that_was_not_made_here_is_not_found(client, db):
    assert client.get(reverse("public:offers-answer", args=["guessed"])).status_code == 404


def test_a_link_to_a_group_that_was_cancelled_says_so(client):
    enrollment = offered()
    url = url_of(enrollment)
    Enrollment.objects.filter(pk=enrollment.pk).update(state=EnrollmentState.COHORT_CANCELLED, offer_expires_at=None)

    assert heading_of(client.get(url)) == "The group was cancelled"
