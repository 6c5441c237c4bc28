from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY

from mentors_site.middleware import SEEN_AT

ADDRESS = "/healthz"


@pytest.mark.parametrize("role", ["coordinator", "trainer", "viewer", "administrator"])
def test_staff_is_signed_out_after_half_an_hour_without_a_click(role, request, sign_in, clock):
    client = sign_in(request.getfixturevalue(role))
    client.get(ADDRESS)

    clock.shift(timedelta(minutes=31))
    client.get(ADDRESS)

    assert SESSION_KEY not in client.session


def test_staff_who_clicks_stays_signed_in(coordinator, sign_in, clock):
    client = sign_in(coordinator)

    for _click in range(4):
        client.get(ADDRESS)
        clock.shift(timedelta(minutes=29))
    client.get(ADDRESS)

    assert client.session[SESSION_KEY] == str(coordinator.pk)


def test_learner_stays_signed_in_over_the_pause(learner, sign_in, clock):
    client = sign_in(learner)
    client.get(ADDRESS)

    clock.shift(timedelta(days=13))
    client.get(ADDRESS)

    assert client.session[SESSION_KEY] == str(learner.pk)


def test_a_second_click_within_a_minute_writes_nothing(learner, sign_in, clock, django_assert_num_queries):
    client = sign_in(learner)
    client.get(ADDRESS)
    seen_at = client.session[SEEN_AT]

    clock.shift(timedelta(seconds=59))
    # The session, the person, the health check's own.
    with django_assert_num_queries(3):
        client.get(ADDRESS)

    assert client.session[SEEN_AT] == seen_at


def test_session_of_a_learner_lasts_two_weeks():
    assert timedelta(days=14).total_seconds() == settings.SESSION_COOKIE_AGE


def test_pages_of_a_signed_in_person_are_kept_nowhere(learner, sign_in):
    response = sign_in(learner).get("/fi/no-such-page/")

    assert response.headers["Cache-Control"] == "no-store, private"
