import pytest

from courses.overview.rules import STEPS, is_set_up, next_step

ALL = frozenset(step.code for step in STEPS)
COORDINATOR = frozenset({"coordinator"})


@pytest.mark.parametrize("code", ["centre", "trainers", "course", "cohort", "people"])
def test_a_site_is_not_set_up_while_a_needed_step_is_left(code):
    assert not is_set_up(ALL - {code})


def test_a_centre_may_do_without_districts_and_venues():
    assert is_set_up(ALL - {"districts", "venue"})


def test_the_next_step_is_the_first_that_the_reader_can_do():
    assert next_step(frozenset(), COORDINATOR) == "districts"
    assert next_step(frozenset(), frozenset({"administrator"})) == "centre"
    assert next_step(frozenset({"centre"}), frozenset({"administrator"})) == "trainers"


def test_nothing_is_next_for_somebody_who_can_do_none_of_what_is_left():
    assert next_step(ALL - {"course", "cohort", "people"}, frozenset({"trainer"})) == ""
    assert next_step(ALL - {"people"}, COORDINATOR) == "people"


def test_what_a_step_waits_for_stands_before_it_and_is_done_by_the_same_role():
    codes = [step.code for step in STEPS]
    waiting = [(step, STEPS[codes.index(step.waits_for)]) for step in STEPS if step.waits_for]

    assert [
        step.code for step, first in waiting if first.role != step.role or STEPS.index(first) > STEPS.index(step)
    ] == []
