from pathlib import Path

import pytest

from courses.importing.records.exceptions import BadRecords
from courses.importing.records.readers.checks import check_package
from courses.importing.records.readers.packages import count_rows, read_package
from courses.importing.records.rules.packages import FILES
from courses.importing.records.selectors import held_records
from tests.factories import CohortFactory, EnrollmentFactory, ModuleFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

SMALL = Path(__file__).parents[4] / "data" / "records"


@pytest.fixture
def folder(tmp_path):
    """A copy of the small package that a test may spoil."""
    for source in SMALL.glob("*.csv"):
        (tmp_path / source.name).write_bytes(source.read_bytes())
    return tmp_path


def change(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(folder):
    with pytest.raises(BadRecords) as bad:
        package = read_package(folder)
        check_package(package, held_records(package))
    return bad.value.reasons


def test_small_package_is_whole():
    package = read_package(SMALL)
    check_package(package, held_records(package))

    assert {file.name: len(package.rows(file.name)) for file in FILES if package.rows(file.name)} == {
        "courses": 1,
        "modules": 2,
        "people": 5,
        "cohorts": 2,
        "enrollments": 8,
        "completions": 4,
    }
    assert package.warnings == []
    assert count_rows(SMALL) == 22


def test_cells_are_read_into_their_kinds():
    person = read_package(SMALL).people[0]

    assert (person.line, person.code, person.birth_year, person.phone) == (2, "E-1", 1948, "+358401234567")
    assert (person.state, person.protected, person.channel) == ("active", False, None)


def test_byte_order_mark_and_quoted_lines_are_read(folder):
    text = '\ufeffcode,title_fi,title_sv,title_en,lessons,summary_fi\r\nDIGI,A,B,C,6,"kaksi\r\nriviä"\r\n\r\nX,A,B,C,6,\r\n'
    (folder / "courses.csv").write_bytes(text.encode())

    rows = read_package(folder).courses

    assert [(row.line, row.code, row.summary_fi) for row in rows] == [(2, "DIGI", "kaksi\r\nriviä"), (5, "X", "")]


def test_unknown_column_and_file_are_warned_of(folder):
    change(folder, "courses.csv", "valid_months", "colour")
    (folder / "notes.csv").write_text("a,b\n")

    assert read_package(folder).warnings == [
        "courses.csv: the column colour is not known and is left out.",
        "notes.csv is no file of a records package and is left out.",
    ]


def test_column_named_like_the_number_of_the_line_is_one_that_is_not_known(folder):
    change(folder, "courses.csv", "valid_months", "line")

    package = read_package(folder)

    assert package.warnings == ["courses.csv: the column line is not known and is left out."]
    assert [row.line for row in package.courses] == [2]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("courses.csv", ",6,24", ",six,24", "line 2, column lessons: “six” is no whole number between 0 and 32767."),
        ("courses.csv", ",6,24", ",,24", "line 2, column lessons: this must be filled in."),
        ("courses.csv", ",6,24", ",6,24,7", "line 2: there are 7 cells where the header has 6."),
        ("courses.csv", "code,", "kode,", "line 1, column code: this column is missing."),
        ("courses.csv", "valid_months", "lessons", "line 1, column lessons: this column is there twice."),
        ("modules.csv", ",3,yes", ",3,perhaps", "line 2, column mandatory: “perhaps” is neither yes nor no."),
        ("modules.csv", "DIGI,B,2", "DIGI,B,1", "line 3, column order: the same as in line 2."),
        ("modules.csv", "DIGI,B", "GONE,B", "line 3, column course: “GONE” is neither in the package nor in the database."),
        ("cohorts.csv", "2025-02-03", "3.2.2025", "line 2, column starts_on: “3.2.2025” is no day like 2027-01-31."),
        ("cohorts.csv", "2025-02-03", "2025-02-30", "line 2, column starts_on: “2025-02-30” is no day like 2027-01-31."),
        ("cohorts.csv", "2025-03-31", "2025-01-31", "line 2, column ends_on: the last day is before the first."),
        ("cohorts.csv", "2026-03-30,4,running", "2026-03-30,1,running",
         "line 3, column capacity: more people have a place (2) than there are seats (1)."),
        ("cohorts.csv", "DIGI-2,sv", "DIGI-2,de", "line 3, column language: “de” is none of: fi, sv, en."),
        ("people.csv", "1948", "48", "line 2, column birth_year: “48” is no whole number between 1900 and 2200."),
        ("people.csv", "Aino", "Aino 131052-308T",
         "line 2, column first_name: take the personal identity code out of this text. We do not need it."),
        ("people.csv", "040 1234567", "12", "line 2, column phone: this is no phone number."),
        ("people.csv", "aino@example.org", "aino", "line 2, column email: Enter a valid email address."),
        ("people.csv", "E-2,", "E-1,", "line 3, column code: the same as in line 2."),
        ("people.csv", "E-2,", "E 2,", "line 3, column code: Use letters, digits, dots and dashes, without spaces."),
        ("people.csv", "Daavid,Esimerkki", ",", "line 5, column last_name: this must be filled in."),
        ("enrollments.csv", "DIGI-1,E-1,completed", "DIGI-1,E-1,done",
         "line 2, column state: “done” is none of: applied, waitlisted, offered, enrolled, active, completed, "
         "not_completed, declined, withdrawn, no_show, cohort_cancelled."),
        ("enrollments.csv", "DIGI-2,E-3", "DIGI-2,E-9",
         "line 7, column person: “E-9” is neither in the package nor in the database."),
        ("enrollments.csv", "DIGI-2,E-3", "DIGI-2,E-2",
         "line 7, column state: this person has an open enrollment in the group already."),
        ("enrollments.csv", "active,2026-01-09,", "active,2026-01-09,2026-02-01",
         "line 6, column ended_on: an open enrollment has no end."),
        ("enrollments.csv", "health", "bored",
         "line 3, column reason: “bored” is none of: health, family_care, transport, time, too_hard, too_easy, "
         "not_as_expected, device, moved, deceased, other, not_told."),
        ("completions.csv", "E-1,B", "E-1,Z", "line 3, column module: “Z” is neither in the package nor in the database."),
        ("completions.csv", "E-1,B", "E-1,A", "line 3, column module: the same as in line 2."),
        ("completions.csv", "DIGI-2,E-2", "DIGI-2,E-4", "line 5, column person: E-4 has no such enrollment in DIGI-2."),
        ("completions.csv", "failed", "maybe", "line 4, column result: “maybe” is none of: passed, failed."),
    ],
)  # fmt: skip
def test_fault_names_file_line_and_column(folder, file, old, new, expected):
    change(folder, file, old, new)

    assert f"{file}, {expected}" in problems(folder)


def test_a_folder_without_any_file_of_a_package_is_named(tmp_path):
    (tmp_path / "more.csv").write_text("a\n")

    assert problems(tmp_path) == [f"{tmp_path}: the folder holds no file of a records package."]


def test_empty_file_is_named(folder):
    (folder / "people.csv").write_text("")

    assert problems(folder) == ["people.csv: the file is empty; its first row names the columns."]


def test_semicolons_are_told(folder):
    (folder / "modules.csv").write_text("course;code;order\nDIGI;A;1\n")

    assert problems(folder) == [
        "modules.csv, line 1: the columns are parted by semicolons; a records package uses commas."
    ]


def test_other_encoding_is_told_with_its_line(folder):
    (folder / "people.csv").write_bytes((folder / "people.csv").read_text(encoding="utf-8").encode("latin-1"))

    assert problems(folder) == ["people.csv, line 2: the file is not UTF-8."]


def test_binary_file_is_told(folder):
    (folder / "courses.csv").write_bytes(b"code,title_fi,title_sv,title_en,lessons\nDIGI,\x00,B,C,6\n")

    assert problems(folder) == ["courses.csv, line 2: the file is not text: it holds a zero byte."]


def test_every_fault_is_listed_and_at_most_fifty(folder):
    rows = "".join(f"P-{number},A,B,year,,fi,\n" for number in range(80))
    (folder / "people.csv").write_text(f"code,first_name,last_name,birth_year,gender,language,district\n{rows}")

    assert len(problems(folder)) == 50


def test_references_to_what_the_database_holds_are_good(folder):
    enrollment = EnrollmentFactory.create(person=PersonFactory.create(code="OLD-1"), cohort__code="OLD-C")
    ModuleFactory.create(course=enrollment.cohort.course, code="M1")
    change(folder, "completions.csv", "DIGI-1,E-1,A", "OLD-C,OLD-1,M1")
    package = read_package(folder)

    check_package(package, held_records(package))


def test_cohort_of_another_course_is_refused(folder):
    CohortFactory.create(code="DIGI-2", course__code="OTHER")

    assert "cohorts.csv, line 3, column course: this group belongs to the course OTHER." in problems(folder)
