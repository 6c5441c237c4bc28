from datetime import timedelta

import pytest

from courses.messaging.rules.windows import KEPT_WITHOUT_EVENT, Window, reach_order, window_for
from tests.moments import local


@pytest.mark.parametrize(
    ("wishes", "known", "order"),
    [
        (("email", ""), "ep", ["email", "call"]),
        (("email", ""), "pa", ["call", "letter"]),
        (("email", "letter"), "pa", ["letter", "call"]),
        (("letter", "call"), "epa", ["letter", "call", "email"]),
        (("sms", ""), "ep", ["email", "call"]),
        (("sms", ""), "p", ["call"]),
        (("contact", ""), "ep", ["call", "email"]),
        (("call", ""), "e", ["email"]),
        (("email", ""), "", []),
    ],
)
def test_reach_order(wishes, known, order):
    found = reach_order(
        channel=wishes[0],
        second_channel=wishes[1],
        has_email="e" in known,
        has_phone="p" in known,
        has_address="a" in known,
    )

    assert found == order


def test_what_is_about_no_event_is_due_at_once_and_makes_sense_for_a_while():
    at = local("2027-01-12")

    window = window_for("email", at=at, event_at=None, days_before=None, kept=KEPT_WITHOUT_EVENT)

    assert window == Window(at, at + timedelta(days=14))


def test_at_its_end_it_is_too_late():
    window = Window(local("2027-01-12"), local("2027-01-13"))

    assert window.first_chance(local("2027-01-13", "09:59")) == local("2027-01-13", "09:59")
    assert window.first_chance(local("2027-01-13")) is None
