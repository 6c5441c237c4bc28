import pytest

from courses.messaging.rules.windows import reach_order


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
