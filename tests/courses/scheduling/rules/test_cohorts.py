from datetime import date, timedelta

import pytest

from courses.scheduling.enums import CohortState
from courses.scheduling.rules.cohorts import (
    Obstacle,
    close_obstacles,
    finish_obstacles,
    may_follow,
    missing_texts,
    start_obstacles,
    undo_obstacles,
    wrong_order,
)

DAY = date(2027, 1, 12)
DRAWING = {
    ("draft", "published"),
    ("published", "confirmed"),
    ("confirmed", "running"),
    ("running", "finished"),
    ("finished", "closed"),
    ("draft", "cancelled"),
    ("published", "cancelled"),
    ("confirmed", "cancelled"),
    ("running", "cancelled"),
}


def test_states_follow_as_drawn_and_in_no_other_way():
    allowed = {(one, other) for one in CohortState.values for other in CohortState.values if may_follow(one, other)}

    assert allowed == DRAWING


def test_wrong_order_names_the_state_that_stands():
    assert wrong_order("closed", "running") == [Obstacle("wrong_order", what="closed")]


def test_a_needed_text_is_missed_in_each_language_that_must_be():
    texts = {"title": {"fi": "Kurssi", "sv": " ", "en": "Course"}, "summary": {"fi": "", "sv": "", "en": "It is good."}}

    assert missing_texts(texts, needed={"title", "summary"}) == [
        Obstacle("missing_text", what="title", language="sv"),
        Obstacle("missing_text", what="summary", language="fi"),
        Obstacle("missing_text", what="summary", language="sv"),
    ]


def test_an_optional_text_may_be_missing_in_all_languages_but_not_in_one():
    nothing = {"fi": "", "sv": "", "en": ""}

    assert missing_texts({"notice": nothing}) == []
    assert missing_texts({"notice": {**nothing, "fi": "Kahvia"}}) == [
        Obstacle("missing_text", what="notice", language="sv")
    ]


def test_english_may_be_missing():
    assert missing_texts({"title": {"fi": "Kurssi", "sv": "Kurs", "en": ""}}, needed={"title"}) == []


def test_a_group_starts_on_its_first_day_at_the_earliest():
    tomorrow = DAY + timedelta(days=1)

    assert start_obstacles(first_day=DAY, today=DAY) == []
    assert start_obstacles(first_day=tomorrow, today=DAY) == [Obstacle("starts_later", what="2027-01-13")]


def test_sessions_to_come_and_undecided_people_stand_in_the_way_of_the_end():
    assert finish_obstacles(sessions_to_come=0) == []
    assert finish_obstacles(sessions_to_come=2) == [Obstacle("sessions_to_come", 2)]
    assert close_obstacles(open_enrollments=0) == []
    assert close_obstacles(open_enrollments=3) == [Obstacle("undecided_people", 3)]


@pytest.mark.parametrize(
    ("state", "enrollments", "registers", "codes"),
    [
        ("published", 0, 0, []),
        ("published", 1, 0, ["has_enrollments"]),
        ("confirmed", 9, 0, []),
        ("running", 9, 0, []),
        ("running", 9, 1, ["has_registers"]),
        ("finished", 9, 9, []),
        ("closed", 9, 9, []),
        ("cancelled", 0, 0, ["not_undone"]),
        ("draft", 0, 0, ["not_undone"]),
    ],
)
def test_what_may_be_taken_back(state, enrollments, registers, codes):
    obstacles = undo_obstacles(state=state, enrollments=enrollments, marked_sessions=registers)

    assert [obstacle.code for obstacle in obstacles] == codes
