import pytest

from accounts.rules.phones import parse_phone, show_phone, takes_text_messages


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("040 123 4567", "+358401234567"),
        ("040-1234567", "+358401234567"),
        ("+358 40 123 4567", "+358401234567"),
        ("00358401234567", "+358401234567"),
        ("+46 70 174 06 05", "+46701740605"),
        ("09 123 4567", "+35891234567"),
        ("12", None),
        ("soita", None),
        ("010148-123A", None),
        ("", None),
    ],
)
def test_parse_phone(typed, stored):
    assert parse_phone(typed) == stored


@pytest.mark.parametrize(("phone", "takes"), [("+358401234567", True), ("+35891234567", False), ("+46701740605", True)])
def test_takes_text_messages(phone, takes):
    assert takes_text_messages(phone) is takes


@pytest.mark.parametrize(
    ("phone", "shown"), [("+358401234567", "040 123 4567"), ("+46701740605", "+46 70 174 06 05"), ("old", "old")]
)
def test_show_phone(phone, shown):
    assert show_phone(phone) == shown
