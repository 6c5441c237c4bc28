import csv
import datetime
import stat

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import Person
from courses.enrolling.enums import EnrollmentState
from courses.importing.records.documents import count_records, export_records
from courses.importing.records.readers.checks import check_package
from courses.importing.records.readers.packages import read_package
from courses.importing.records.rules.packages import FILES
from courses.importing.records.selectors import held_records
from courses.importing.records.services.imports import import_records
from courses.reporting.selectors.programs import program_report
from courses.teaching.enums import AttendanceState
from courses.teaching.models import Attendance, Visit
from tests.factories import AttendanceFactory, CohortFactory, EnrollmentFactory, PersonFactory, SessionFactory

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2027, 1, 12)


def take_in(folder):
    package = read_package(folder)
    check_package(package, held_records(package))
    return import_records(package=package, by=None)


def empty_the_site():
    # PostgreSQL truncates nothing while it has constraints of this transaction still to check.
    connection.check_constraints()
    call_command("flush", interactive=False, verbosity=0)


def rows(folder, file):
    with (folder / f"{file}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def texts(folder):
    return {file.name: (folder / f"{file.name}.csv").read_text(encoding="utf-8") for file in FILES}


def test_demo_gives_the_same_reports_and_the_same_export_from_an_empty_site(tmp_path, clock):
    call_command("load_demo", verbosity=0)
    before = program_report()
    written = export_records(tmp_path / "first")

    empty_the_site()
    assert take_in(tmp_path / "first") == written
    after = program_report()
    export_records(tmp_path / "second")

    assert (before.total.certified > 0, before.total.active_mentors > 0) == (True, True)
    assert after == before
    assert texts(tmp_path / "second") == texts(tmp_path / "first")


def test_every_file_has_its_columns_and_the_count_of_rows(tmp_path):
    EnrollmentFactory.create()

    written = export_records(tmp_path)

    headers = {file.name: texts(tmp_path)[file.name].splitlines()[0] for file in FILES}
    assert headers == {file.name: ",".join(file.all_columns) for file in FILES}
    assert {name: len(rows(tmp_path, name)) for name in written} == written
    assert count_records() == sum(written.values()) == 5


def test_folder_is_for_its_owner_alone(tmp_path):
    export_records(tmp_path / "new")

    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_hostile_names_are_no_formulas_and_come_back_as_they_were(tmp_path):
    names = ["=cmd|'/c calc'!A0", "'=1", 'a"b,c', "<script>", "Åsa-Märta"]
    people = [PersonFactory.create(first_name=name, phone="+358401234567", email="") for name in names]
    codes = [person.code for person in people]
    export_records(tmp_path)

    written = [row["first_name"] for row in rows(tmp_path, "people")]
    assert written == ["'=cmd|'/c calc'!A0", "''=1", 'a"b,c', "<script>", "Åsa-Märta"]
    assert {row["phone"] for row in rows(tmp_path, "people")} == {"+358401234567"}

    Person.objects.all().delete()
    take_in(tmp_path)
    assert [Person.objects.get(code=code).first_name for code in codes] == names


def test_second_enrollment_and_module_made_up_elsewhere_come_back(tmp_path):
    cohort, other = CohortFactory.create(), CohortFactory.create()
    person = PersonFactory.create()
    session = SessionFactory.create(cohort=other)
    EnrollmentFactory.create(cohort=cohort, person=person, state=EnrollmentState.WITHDRAWN)
    again = EnrollmentFactory.create(cohort=cohort, person=person, state=EnrollmentState.ACTIVE)
    AttendanceFactory.create(enrollment=again, session=session, state=AttendanceState.MADE_UP, lessons=3)
    AttendanceFactory.create(enrollment=again, session=session, state="absent", revoked_at=session.ends_at, lessons=0)
    Visit.objects.create(person=person, enrollment=again, visited_on=TODAY, minutes=30, people_helped=2)

    export_records(tmp_path)

    assert [(row["cohort"], row["enrolled_in"], row["enrollment"]) for row in rows(tmp_path, "attendance")] == [
        (other.code, cohort.code, "2")
    ]
    assert [(row["cohort"], row["enrollment"]) for row in rows(tmp_path, "visits")] == [(cohort.code, "2")]
    before = program_report()
    empty_the_site()
    take_in(tmp_path)
    assert program_report() == before
    assert Attendance.objects.get().enrollment.state == EnrollmentState.ACTIVE
