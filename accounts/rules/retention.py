"""How long what is known of people is kept, in months and years: the nightly run, the pages and the tests read it here.

Two shorter times stand with what they are about: 30 days for support needs (courses.enrolling.rules.support) and for who
a contact person was (accounts.services.contacts).
"""

import calendar
from datetime import date, datetime
from typing import TypeVar

# An application without a place, after it ended.
APPLICATION_MONTHS = 6
# Enrollment, attendance and whose they are, after the end of the course.
COURSE_MONTHS = 24
# The texts of messages and where they went, after they were due.
MESSAGE_MONTHS = 6
# What was answered in a call, after it was due.
CALL_MONTHS = 3
# After a certificate has ended.
CERTIFICATE_YEARS = 10
# Who looked and who changed.
AUDIT_MONTHS = 24
# So long before it goes, a page shows it.
SHOWN_DAYS_BEFORE = 7

Moment = TypeVar("Moment", date, datetime)


def months_before(moment: Moment, months: int) -> Moment:
    """The same day of the month, `months` earlier; the month's last day where there is no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, calendar.monthrange(year, month + 1)[1]))
