from datetime import UTC, date, datetime

from courses.importing.records.rules.earned import Earned, earned_in
from courses.importing.records.rules.packages import Package
from courses.importing.records.rules.rows import AttendanceRow, CompletionRow, EnrollmentRow, SessionRow

APPLIED = date(2025, 1, 2)


def enrollment(line):
    return EnrollmentRow(line, "C", "P", "active", APPLIED)


def test_results_without_a_number_belong_to_the_last_enrollment():
    package = Package(
        enrollments=[enrollment(2), enrollment(3)],
        completions=[
            CompletionRow(2, "C", "P", "A", "passed", date(2025, 2, 9)),
            CompletionRow(3, "C", "P", "B", "failed", date(2025, 2, 3), made_up=True),
            CompletionRow(4, "C", "P", "C", "failed", date(2025, 2, 16)),
            CompletionRow(5, "C", "P", "A", "passed", date(2025, 1, 8), enrollment=1),
        ],
    )

    assert earned_in(package) == {
        ("C", "P", 2): Earned(passed={"A"}, made_up={"B"}, came_on=date(2025, 2, 3)),
        ("C", "P", 1): Earned(passed={"A"}, came_on=date(2025, 1, 8)),
    }


def test_who_came_counts_from_that_day_in_their_own_cohort():
    evening = datetime(2025, 2, 3, 22, 30, tzinfo=UTC)
    package = Package(
        enrollments=[enrollment(2)],
        sessions=[SessionRow(2, "OTHER", 1, evening, evening, 3, "held")],
        attendance=[
            AttendanceRow(2, "OTHER", 1, "P", "made_up", 3, enrolled_in="C"),
            AttendanceRow(3, "OTHER", 1, "ABSENT", "absent", 0),
            AttendanceRow(4, "OTHER", 9, "NO-SUCH-SESSION", "present", 3),
        ],
    )

    # Past midnight in Helsinki.
    assert earned_in(package) == {("C", "P", 1): Earned(came_on=date(2025, 2, 4))}
