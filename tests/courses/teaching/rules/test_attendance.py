import pytest

from courses.teaching.enums import AttendanceState as State
from courses.teaching.rules.attendance import Mark, lessons_credited, lessons_reached, module_from_attendance


@pytest.mark.parametrize(
    ("state", "given", "credited"),
    [
        (State.PRESENT, None, 3),
        (State.PRESENT, 2, 2),
        (State.PRESENT, 9, 3),
        (State.LATE, None, 2),
        (State.LATE, 1, 1),
        (State.LATE, 0, 0),
        (State.LEFT_EARLY, None, 2),
        (State.ABSENT, 3, 0),
        (State.ABSENT_TOLD, None, 0),
        (State.MADE_UP, None, 3),
    ],
)
def test_lessons_credited_by_state_unless_given(state, given, credited):
    assert lessons_credited(state, 3, given) == credited


def test_late_to_a_session_without_lessons_is_not_less_than_none():
    assert lessons_credited(State.LATE, 0) == 0


PRESENT, ABSENT, ELSEWHERE = Mark(1, State.PRESENT, 3), Mark(1, State.ABSENT, 0), Mark(9, State.MADE_UP, 3)
SECOND = Mark(2, State.LATE, 2)


@pytest.mark.parametrize(
    ("own", "marks", "outcome"),
    [
        ([1], [PRESENT], "passed"),
        ([1], [ABSENT], None),
        ([1], [Mark(1, State.LATE, 0)], None),
        ([1], [], None),
        ([1], [ABSENT, ELSEWHERE], "made_up"),
        ([1], [Mark(1, State.MADE_UP, 3)], "made_up"),
        ([1], [PRESENT, ELSEWHERE], "passed"),
        ([1, 2], [PRESENT], None),
        ([1, 2], [PRESENT, SECOND], "passed"),
        ([1, 2], [SECOND, ELSEWHERE], "made_up"),
        ([], [ELSEWHERE], "made_up"),
        ([], [], None),
    ],
)
def test_module_passes_when_each_of_its_sessions_is_attended_or_made_up(own, marks, outcome):
    assert module_from_attendance(own, marks) == outcome


COUNTED = {"M1": 3, "M2": 3}


@pytest.mark.parametrize(
    ("covered", "marks", "by_hand", "lessons"),
    [
        ({1: ["M1"], 2: ["M2"]}, [PRESENT, SECOND], [], 5),
        ({1: ["M9"]}, [PRESENT], [], 0),
        # A session of two modules, one of them not counted, counts as far as the counted one holds.
        ({1: ["M1", "M9"]}, [Mark(1, State.LATE, 4)], [], 3),
        # Made up some other way, and recorded by hand: the whole module, once.
        ({1: ["M1"]}, [ABSENT], ["M1"], 3),
        ({1: ["M1"]}, [Mark(1, State.LATE, 2)], ["M1"], 2),
        # Attended here and once more in another group: never more than the modules hold.
        ({1: ["M1"], 9: ["M1"], 2: ["M2"]}, [PRESENT, ELSEWHERE, SECOND], [], 6),
    ],
)
def test_lessons_reached_in_the_counted_modules(covered, marks, by_hand, lessons):
    assert lessons_reached(counted=COUNTED, covered=covered, marks=marks, passed_by_hand=by_hand) == lessons


def test_course_without_counted_modules_counts_every_lesson_attended():
    assert lessons_reached(counted={}, covered={}, marks=[PRESENT, SECOND, ABSENT], passed_by_hand=[]) == 5
