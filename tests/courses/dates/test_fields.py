from datetime import date, time

import pytest
from django.core.exceptions import ValidationError

from courses.dates.fields import ClockField, DayField, DaysField


@pytest.mark.parametrize("written", ["2027-02-23", "23.2.2027", "23.02.2027", "23/2/2027", "23.2.27"])
def test_a_day_in_any_usual_shape(written):
    assert DayField().clean(written) == date(2027, 2, 23)


@pytest.mark.parametrize("written", ["31.2.2027", "tomorrow", "2027"])
def test_what_is_no_day_is_refused(written):
    with pytest.raises(ValidationError):
        DayField().clean(written)


@pytest.mark.parametrize("written", ["10:30", "10.30", "10:30:00"])
def test_a_time_in_any_usual_shape(written):
    assert ClockField().clean(written) == time(10, 30)


def test_a_bare_hour_is_a_time():
    assert ClockField().clean("9") == time(9)


def test_days_are_parted_by_anything_and_come_in_order_once():
    written = "23.2.2027, 2027-01-05;\n23.2.2027 6.4.2027"

    assert DaysField(required=False).clean(written) == [date(2027, 1, 5), date(2027, 2, 23), date(2027, 4, 6)]


def test_no_days_are_no_mistake():
    assert DaysField(required=False).clean("") == []


def test_the_word_that_is_no_day_is_named():
    with pytest.raises(ValidationError, match="32.1.2027"):
        DaysField(required=False).clean("23.2.2027, 32.1.2027")
