"""Certificates: numbers, dates, and the status that follows from them. Plain values, no clock."""

import calendar
import re
import secrets
from datetime import date, timedelta

from accounts.rules.codes import ALPHABET
from courses.certifying.enums import CertificateStatus, ReminderRule

KEPT_CERTIFICATE = timedelta(days=30)


def certificate_ready_key(certificate_id: int) -> str:
    return f"{ReminderRule.CERTIFICATE_READY}:c{certificate_id}"


EXPIRES_SOON = timedelta(days=60)
# 31 ** 12 is more than 2 ** 59: nobody finds one by trying.
CHECK_CODE_LENGTH = 12
_DASHES = re.compile(r"[\s‐-―−]+")


def certificate_number(prefix: str, course_code: str, year: int, number: int) -> str:
    """`ESP-AIM-2027-0042`."""
    return f"{prefix}-{course_code}-{year}-{number:04d}"


def new_check_code() -> str:
    """A random code such as `7K3M-Q2PX-9ABC`, without letters that are mistaken for one another."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(CHECK_CODE_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, CHECK_CODE_LENGTH, 4))


def typed_number(text: str) -> str:
    """A number or check code as somebody typed it, in its written form: capitals, plain dashes, no spaces."""
    return re.sub("-+", "-", _DASHES.sub("-", text.strip())).strip("-").upper()


def last_valid_day(issued_on: date, months: int) -> date:
    """The same day of the month, `months` later; the month's last day where there is no such day."""
    year, month = divmod(issued_on.month - 1 + months, 12)
    year, month = issued_on.year + year, month + 1
    return date(year, month, min(issued_on.day, calendar.monthrange(year, month)[1]))


def certificate_status(
    *, valid_until: date | None, today: date, revoked: bool = False, replaced: bool = False
) -> CertificateStatus:
    """Derived, never stored. `valid_until` is the last day of validity; None has no end. `replaced`: by a newer one."""
    if revoked:
        return CertificateStatus.REVOKED
    if replaced:
        return CertificateStatus.RENEWED
    if valid_until is None or valid_until > today + EXPIRES_SOON:
        return CertificateStatus.VALID
    return CertificateStatus.EXPIRES_SOON if valid_until >= today else CertificateStatus.EXPIRED
