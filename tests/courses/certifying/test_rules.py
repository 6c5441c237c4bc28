from datetime import date

import pytest

from courses.certifying.enums import CertificateStatus
from courses.certifying.rules import (
    certificate_number,
    certificate_ready_key,
    certificate_status,
    last_valid_day,
    new_check_code,
    typed_number,
)

TODAY = date(2027, 3, 9)


def test_number_has_at_least_four_digits():
    assert certificate_number("ESP", "AIM", 2027, 42) == "ESP-AIM-2027-0042"
    assert certificate_number("ESP", "AIM", 2027, 12345) == "ESP-AIM-2027-12345"


@pytest.mark.parametrize(
    "typed", ["ESP-AIM-2027-0042", " esp aim 2027 0042 ", "ESP–AIM–2027–0042", "esp - aim - 2027 - 0042"]
)
def test_number_is_read_however_it_is_typed(typed):
    assert typed_number(typed) == "ESP-AIM-2027-0042"


@pytest.mark.parametrize(
    ("issued_on", "months", "last"),
    [
        (date(2027, 3, 9), 24, date(2029, 3, 9)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2027, 12, 31), 1, date(2028, 1, 31)),
    ],
)
def test_last_valid_day_is_the_same_day_or_the_months_last(issued_on, months, last):
    assert last_valid_day(issued_on, months) == last


@pytest.mark.parametrize(
    ("valid_until", "stored", "status"),
    [
        (None, {}, CertificateStatus.VALID),
        (date(2027, 5, 9), {}, CertificateStatus.VALID),
        (date(2027, 5, 8), {}, CertificateStatus.EXPIRES_SOON),
        (TODAY, {}, CertificateStatus.EXPIRES_SOON),
        (date(2027, 3, 8), {}, CertificateStatus.EXPIRED),
        (date(2027, 3, 8), {"replaced": True}, CertificateStatus.RENEWED),
        (date(2029, 3, 9), {"revoked": True, "replaced": True}, CertificateStatus.REVOKED),
    ],
)
def test_status_follows_from_dates_and_what_is_stored(valid_until, stored, status):
    assert certificate_status(valid_until=valid_until, today=TODAY, **stored) == status


def test_check_codes_are_read_back_as_they_are_and_differ():
    codes = {new_check_code() for _ in range(200)}

    assert len(codes) == 200
    assert {typed_number(code.lower()) for code in codes} == codes


def test_key_of_a_message_names_the_certificate():
    assert certificate_ready_key(9) == "certificate_ready:c9"
