import pytest
from django import forms
from django.contrib import messages
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage

from accounts.exceptions import RuleError, StaleEdit
from accounts.refusals import refuse, say_refusal

pytestmark = pytest.mark.usefixtures("english")

SENTENCES = ["The group is full.", "It has begun."]
STALE = StaleEdit(["Somebody else changed it."], [("Town", "Espoo")])


@pytest.fixture
def request_with_messages(rf):
    request = rf.get("/")
    request._messages = CookieStorage(request)
    return request


def test_reasons_stand_above_the_form():
    form = forms.Form({})

    refuse(form, RuleError(SENTENCES))

    assert form.non_field_errors() == SENTENCES


def test_a_stale_edit_says_above_the_form_what_stands_now():
    form = forms.Form({})

    refuse(form, STALE)

    assert form.non_field_errors() == ["Somebody else changed it.", "Town is now: Espoo"]


def test_reasons_are_one_line_on_the_next_page(request_with_messages):
    say_refusal(request_with_messages, RuleError(SENTENCES))

    said = [(str(one), one.level) for one in get_messages(request_with_messages)]
    assert said == [("The group is full. It has begun.", messages.ERROR)]


def test_a_stale_edit_says_on_the_next_page_what_stands_now(request_with_messages):
    say_refusal(request_with_messages, STALE, level=messages.WARNING)

    said = [(str(one), one.level) for one in get_messages(request_with_messages)]
    assert said == [("Somebody else changed it. Town is now: Espoo", messages.WARNING)]


def test_a_page_that_shows_in_its_place_what_stands_now_is_told_the_reasons_alone(request_with_messages):
    say_refusal(request_with_messages, STALE, conflicts=False)

    assert [str(one) for one in get_messages(request_with_messages)] == ["Somebody else changed it."]
