"""What a cell shows, decided without a database: rows are made, not saved."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from accounts.models import Person
from courses.certifying.models import Certificate, Mentor
from courses.enrolling.models import Enrollment, Transition
from courses.messaging.models import Message
from courses.overview.selectors.learners import LearnerLine
from courses.overview.selectors.next_steps import NextStep
from courses.scheduling.models import Cohort, Session, Venue
from courses.templatetags.certifying import mentor_mark, validity_words, verdict
from courses.templatetags.enrolling import leaving, no_words, offer_gone, offer_heading, transition_name, yes_words
from courses.templatetags.overview import coming_words, learner_mark, make_up_words
from courses.templatetags.registry import message_mark, person_mark, sign_in_mark
from courses.templatetags.scheduling import cohort_mark, directions_mark, session_mark, where
from mentors_site.templatetags.looks import first_page, state_mark

TODAY = date(2027, 1, 12)
NOW = datetime(2027, 1, 12, 10, tzinfo=ZoneInfo("Europe/Helsinki"))
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def shown(mark):
    return mark and (mark.icon, str(mark.words), mark.tone)


@pytest.mark.parametrize(
    ("state", "number", "until", "visits", "mark"),
    [
        ("paused", "AIM-1", None, 3, ("end", "Paused", "")),
        ("certified", None, None, 3, ("warn", "no valid certificate", "warn")),
        ("certified", "AIM-1", YESTERDAY, 3, ("warn", "no valid certificate", "warn")),
        ("certified", "AIM-1", TODAY, 3, ("done", "active", "")),
        ("certified", "AIM-1", None, None, ("ring", "quiet", "")),
    ],
)
def test_mentor_without_visits_is_quiet(state, number, until, visits, mark):
    mentor = Mentor(state=state)
    mentor.certificate_number, mentor.valid_until, mentor.visits = number, until, visits

    assert shown(mentor_mark(mentor, TODAY)) == mark


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"revoked_at": NOW, "valid_until": TODAY}, "Revoked"),
        ({"replaced_at": NOW, "valid_until": TODAY}, "Renewed"),
        ({}, "Valid"),
        ({"valid_until": YESTERDAY}, "Expired 11 Jan 2027"),
        ({"valid_until": TODAY}, "Valid until 12 Jan 2027"),
    ],
)
def test_certificate_is_valid_on_its_last_day(fields, words):
    assert validity_words(Certificate(**fields), TODAY).replace("\xa0", " ") == words


@pytest.mark.parametrize(
    ("status", "words"),
    [("valid", "The certificate is valid"), ("revoked", "The certificate is not valid")],
)
def test_check_page_begins_with_the_verdict(status, words):
    assert verdict(status) == words


@pytest.mark.parametrize(
    ("fields", "mark"),
    [
        ({"state": "cancelled"}, ("off", "cancelled", "")),
        ({"marked_at": NOW}, ("done", "marked", "")),
        ({"starts_at": NOW - timedelta(hours=4)}, ("ring", "not marked", "warn")),
        ({"starts_at": NOW - timedelta(hours=1)}, ("half", "going on", "")),
        ({"starts_at": NOW + timedelta(hours=1)}, ("ring", "coming", "")),
    ],
)
def test_session_over_and_not_marked_is_a_warning(fields, mark):
    starts_at = fields.pop("starts_at", NOW)
    session = Session(starts_at=starts_at, ends_at=starts_at + timedelta(hours=3), **fields)

    assert shown(session_mark(session, NOW)) == mark


@pytest.mark.parametrize(
    ("state", "mark"), [("running", ("half", "Running", "")), ("cancelled", ("off", "Cancelled", ""))]
)
def test_cohort_has_a_shape_for_each_state(state, mark):
    assert shown(cohort_mark(Cohort(state=state), None)) == mark


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"venue": Venue(name_fi="Library")}, "Library"), ({"remote_link": "https://x.example"}, "Remote"), ({}, "–")],
)
def test_where_a_cohort_meets(fields, words):
    assert where(Cohort(**fields)) == words


@pytest.mark.parametrize(
    ("fi", "sv", "mark"),
    [
        ("Oikealle", "Till höger", ("done", "written", "")),
        ("Oikealle", "", ("ring", "a language is missing", "warn")),
        ("", "", None),
    ],
)
def test_directions_in_one_language_are_a_warning(fi, sv, mark):
    assert shown(directions_mark(Venue(directions_fi=fi, directions_sv=sv))) == mark


@pytest.mark.parametrize(
    ("person", "enrollment", "step", "unreached", "mark"),
    [
        ({}, {"state": "active"}, NextStep(call=True), True, ("bad", "a message did not go", "bad")),
        ({}, {"state": "active"}, NextStep(call=True), False, ("call", "to be called: absent twice", "warn")),
        ({"state": "paused"}, {"state": "active"}, None, False, ("hold", "Paused", "")),
        ({}, {"state": "completed"}, None, False, ("done", "Completed", "")),
    ],
)
def test_what_is_wrong_with_a_learner_comes_first(person, enrollment, step, unreached, mark):
    line = LearnerLine(Enrollment(person=Person(**person), **enrollment), 0, 0, unreached)

    assert shown(learner_mark(line, step)) == mark


@pytest.mark.parametrize(("codes", "words"), [(["3"], "make up module 3"), (["3", "4"], "make up modules 3, 4")])
def test_modules_to_make_up_are_named(codes, words):
    assert make_up_words(NextStep(modules=codes)) == words


@pytest.mark.parametrize(("days", "words"), [(0, "session 4 today"), (1, "session 4, Wed 13 Jan")])
def test_next_session_is_today_or_has_a_day(days, words):
    step = NextStep(session=Session(number=4, starts_at=NOW + timedelta(days=days)))

    assert coming_words(step, NOW).replace("\xa0", " ") == words


@pytest.mark.parametrize(
    ("held", "state", "mark"),
    [
        (True, "pending", ("hold", "held back", "")),
        (True, "sent", ("done", "Sent", "")),
        (False, "dead", ("bad", "Could not be sent", "bad")),
    ],
)
def test_only_a_message_that_waits_is_held_back(held, state, mark):
    assert shown(message_mark(Message(held=held, state=state))) == mark


@pytest.mark.parametrize(
    ("state", "enrollment", "mark"),
    [
        ("moved", Enrollment(state="enrolled"), ("hold", "Moved away", "")),
        ("active", Enrollment(state="waitlisted"), ("queue", "On the waiting list", "")),
        ("active", None, None),
    ],
)
def test_state_of_a_person_comes_before_the_enrollment(state, enrollment, mark):
    assert shown(person_mark(Person(state=state), enrollment)) == mark


@pytest.mark.parametrize(("allowed", "mark"), [(True, ("done", "allowed", "")), (False, ("lock", "stopped", "warn"))])
def test_staff_who_may_not_sign_in_are_marked(allowed, mark):
    assert shown(sign_in_mark(Person(is_active=allowed))) == mark


@pytest.mark.parametrize(
    ("size", "yes", "no"),
    [
        (1, "Takes the seat", "Does not want it"),
        (2, "Yes for both", "No for both"),
        (3, "Yes for all 3", "No for all 3"),
    ],
)
def test_answers_of_a_party_name_its_size(size, yes, no):
    assert (yes_words(size), no_words(size)) == (yes, no)


@pytest.mark.parametrize(
    ("state", "action"),
    [("waitlisted", "Leave the queue"), ("applied", "Take back the application"), ("enrolled", "Give up the place")],
)
def test_giving_up_is_called_by_what_is_given_up(state, action):
    assert leaving(Enrollment(state=state)).action == action


def test_offer_that_lapsed_says_the_place_in_the_queue():
    gone = offer_gone(Enrollment(state="waitlisted"), 3)

    assert (gone.heading, "number 3 now" in gone.text) == ("The time to answer is over", True)


@pytest.mark.parametrize(
    ("members", "heading"), [(2, "Do you take the seats?"), (1, "Do you take the seat?"), (0, "You have a place")]
)
def test_offer_asks_only_who_may_answer(members, heading):
    enrollment = Enrollment(state="enrolled")

    assert offer_heading(enrollment, [enrollment] * members, 0) == heading


@pytest.mark.parametrize(
    ("before", "words"), [("waitlisted", "Another place in the queue"), ("enrolled", "On the waiting list")]
)
def test_move_within_the_queue_is_no_new_state(before, words):
    assert transition_name(Transition(from_state=before, to_state="waitlisted")) == words


def test_no_mark_is_a_dash():
    assert state_mark(None) == "–"


@pytest.mark.parametrize(
    ("roles", "url"),
    [
        ({"trainer", "coordinator"}, "/en/coordinator/"),
        ({"viewer"}, "/en/viewer/"),
        (set(), "/en/"),
    ],
)
def test_brand_leads_to_the_first_page_of_the_first_role(roles, url):
    assert first_page(roles) == url
