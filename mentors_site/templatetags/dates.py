"""Dates and times in the words of the page's language. Datetimes are turned to local time first."""

from datetime import date, datetime, time
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from courses.dates import words as datewords

register = template.Library()


@register.filter
def day_words(day: date | None) -> str:
    """{{ session.starts_at|day_words }}: "tiistaina 12. tammikuuta"."""
    return datewords.day_words(_local(day), _language()) if day else ""


@register.filter
def day_words_year(day: date | None) -> str:
    """{{ session.starts_at|day_words_year }}: "tiistaina 12. tammikuuta 2027"."""
    return datewords.day_words(_local(day), _language(), year=True) if day else ""


@register.filter
def day_name(day: date | None) -> str:
    """{{ today|day_name }}, for a heading: "Tiistai 12. tammikuuta"."""
    return datewords.day_name(_local(day), _language()) if day else ""


@register.filter
def month_words(day: date | None) -> str:
    """{{ day|month_words }}: "12. tammikuuta"."""
    return datewords.month_words(_local(day), _language()) if day else ""


@register.filter
def month_words_year(day: date | None) -> str:
    """{{ certificate.valid_until|month_words_year }}: "9. maaliskuuta 2029"."""
    return datewords.month_words(_local(day), _language(), year=True) if day else ""


@register.filter
def weekday_words(day: date | None) -> str:
    """{{ cohort.starts_on|weekday_words }}: "tiistaisin"."""
    return datewords.weekday_words(_local(day), _language()) if day else ""


@register.filter
def day_short(day: date | None) -> str:
    """{{ session.starts_at|day_short }}, for tables: "ti 16.3."."""
    return datewords.day_short(_local(day), _language()) if day else ""


@register.filter
def day_short_year(day: date | None) -> str:
    """{{ session.starts_at|day_short_year }}: "ti 16.3.2027"."""
    return datewords.day_short(_local(day), _language(), year=True) if day else ""


@register.filter
def day_numbers(day: date | None) -> str:
    """{{ certificate.issued_on|day_numbers }}: "16.3.2027"."""
    return datewords.day_numbers(_local(day), _language()) if day else ""


@register.filter
def clock(at: datetime | time | None) -> str:
    """{{ session.starts_at|clock }}, in a sentence: "kello 10.00"."""
    return datewords.clock_words(_local(at), _language()) if at is not None else ""


@register.filter
def clock_short(at: datetime | time | None) -> str:
    """{{ message.sent_at|clock_short }}, for tables: "9.42"."""
    return datewords.clock_numbers(_local(at), _language()) if at is not None else ""


@register.filter
def time_range(start: datetime | time, end: datetime | time) -> str:
    """{{ session.starts_at|time_range:session.ends_at }}, for tables: "10.00–13.00"."""
    return datewords.time_range(_local(start), _local(end), _language()) if start and end else ""


@register.filter
def time_range_words(start: datetime | time, end: datetime | time) -> str:
    """{{ session.starts_at|time_range_words:session.ends_at }}, in a sentence: "kello 10.00–13.00"."""
    return datewords.time_range_words(_local(start), _local(end), _language()) if start and end else ""


@register.filter
def when_words(start: datetime, end: datetime) -> str:
    """{{ session.starts_at|when_words:session.ends_at }}: "tiistaina 12. tammikuuta kello 10.00–13.00"."""
    return datewords.when_words(_local(start), _local(end), _language()) if start and end else ""


@register.filter
def day_range(first: date, last: date) -> str:
    """{{ cohort.starts_on|day_range:cohort.ends_on }}: "26.1.–6.4.2027"."""
    return datewords.day_range(_local(first), _local(last), _language()) if first and last else ""


@register.filter
def day_range_words(first: date, last: date) -> str:
    """{{ cohort.starts_on|day_range_words:cohort.ends_on }}: "12. tammikuuta – 9. maaliskuuta 2027"."""
    return datewords.day_range_words(_local(first), _local(last), _language()) if first and last else ""


def _language() -> str:
    return get_language() or "en"


def _local(moment: Any) -> Any:
    return timezone.localtime(moment) if isinstance(moment, datetime) and timezone.is_aware(moment) else moment
