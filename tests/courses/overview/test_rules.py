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


def test_nothing_is_next_that_waits_for_another_step():
    assert next_step(frozenset({"districts", "venue"}), COORDINATOR) == "course"
    assert next_step(ALL - {"course", "cohort", "people"}, frozenset({"trainer"})) == ""
    assert next_step(ALL - {"people"}, COORDINATOR) == "people"
