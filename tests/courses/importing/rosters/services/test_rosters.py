import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from accounts.exceptions import RuleError, StaleEdit
from accounts.models import AuditEntry, District, Person
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment, Transition
from courses.importing.rosters.enums import RosterChoice, RosterFault
from courses.importing.rosters.models import Roster
from courses.importing.rosters.readers.rosters import columns_of, read_roster, read_rows
from courses.importing.rosters.readers.rows import read_row
from courses.importing.rosters.rules import mark_of, texts_of
from courses.importing.rosters.services.rosters import (
    apply_roster,
    change_columns,
    choose_for_duplicates,
    drop_roster,
    empty_old_rosters,
    mend_row,
    renew_roster,
    rows_of,
    upload_roster,
)
from courses.messaging.models import Message
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort
from tests.acts import act
from tests.conftest import NOW
from tests.factories import CohortFactory, CourseFactory, EnrollmentFactory, PersonFactory
from tests.processes import site_environment

ROSTERS = Path(__file__).parents[4] / "data" / "rosters"
HEADER = "Sukunimi;Etunimi;Syntymävuosi;Puhelin;Sähköposti;Yhteydenotto;Ryhmä;Huomautus\n"


def row(number, *, year=None, phone="", email="", channel="", cohort="", note=""):
    # Another year each: names so much alike in one year would be likely duplicates.
    return f"Sukunimi{number};Etunimi;{year or 1930 + number};{phone};{email};{channel};{cohort};{note}\n"


def upload(text, *, cohort=None, by=None, name="lista.csv"):
    data = (HEADER + text).encode()
    read = read_roster(data, name)
    return upload_roster(
        file_name=name,
        read=read,
        cohort=cohort,
        act=act(by),
    )


def apply(roster, *, by=None, skip_errors=False):
    return apply_roster(roster=roster, act=act(by), skip_errors=skip_errors)


pytestmark = pytest.mark.django_db


def everything():
    """How much there is of what a roster writes."""
    models = (Person, District, Enrollment, Transition, Message, AuditEntry)
    seats = tuple(Cohort.objects.order_by("pk").values_list("seats_taken", "queue_last"))
    return tuple(model.objects.count() for model in models) + seats


@pytest.fixture
def cohorts(db):
    return [CohortFactory.create(code=f"AIM-2027K-0{number}", capacity=16) for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("name", "placed", "waiting"),
    [("finnish-semicolon-cp1252.csv", 48, 12), ("english-comma-utf8.csv", 48, 12), ("swedish.xlsx", 47, 13)],
)
def test_apply_a_real_roster_fills_the_seats_and_queues_the_rest(cohorts, coordinator, name, placed, waiting):
    data = (ROSTERS / name).read_bytes()
    read = read_roster(data, name)
    roster = upload_roster(
        file_name=name,
        read=read,
        cohort=None,
        act=act(coordinator),
    )

    applied = apply(roster, by=coordinator)

    assert {key: applied.result[key] for key in ("created", "placed", "waiting")} == {
        "created": 60,
        "placed": placed,
        "waiting": waiting,
    }
    assert Enrollment.objects.filter(state=EnrollmentState.ENROLLED, how_asked="roster").count() == placed
    assert applied.rows == []
    assert sum(Cohort.objects.values_list("seats_taken", flat=True)) == placed


def test_apply_enrolls_in_the_order_of_the_file(coordinator):
    cohort = CohortFactory.create(capacity=2)

    apply(upload(row(3) + row(1) + row(2), cohort=cohort), by=coordinator)

    order = Enrollment.objects.order_by("pk").values_list("person__last_name", "state", "queue_number")
    assert list(order) == [
        ("Sukunimi3", EnrollmentState.ENROLLED, None),
        ("Sukunimi1", EnrollmentState.ENROLLED, None),
        ("Sukunimi2", EnrollmentState.WAITLISTED, 1),
    ]


def test_apply_with_an_error_in_any_row_changes_nothing(cohorts, coordinator):
    before = everything()
    for bad in range(5):
        text = "".join(row(n, cohort=cohorts[n % 3].code, year=48 if n == bad else None) for n in range(5))
        roster = upload(text)
        AuditEntry.objects.filter(action="roster.upload").delete()

        with pytest.raises(RuleError) as refused:
            apply(roster, by=coordinator)

        assert refused.value.code == "errors"
        assert everything() == before
        assert Roster.objects.get(pk=roster.pk).state == Roster.State.PREVIEW


def test_apply_without_the_rows_in_error_takes_the_others(coordinator):
    cohort = CohortFactory.create()
    roster = upload(row(1) + row(2, year=48) + row(3), cohort=cohort)

    applied = apply(roster, by=coordinator, skip_errors=True)

    assert list(cohort.enrollments.order_by("pk").values_list("person__last_name", flat=True)) == [
        "Sukunimi1",
        "Sukunimi3",
    ]
    assert applied.result["left_out"] == [[3, ["birth_year_digits", "birth_year", {}]]]


def test_apply_refused_by_one_cohort_changes_nothing_in_the_others(coordinator):
    roomy, full = CohortFactory.create(), CohortFactory.create(capacity=1, waiting_list_capacity=0)
    roster = upload(row(1, cohort=roomy.code) + row(2, cohort=full.code) + row(3, cohort=full.code))
    before = everything()

    with pytest.raises(RuleError) as refused:
        apply(roster, by=coordinator)

    assert refused.value.code == "waiting_list_full"
    assert everything() == before


def test_apply_twice_applies_once(coordinator):
    cohort = CohortFactory.create()
    roster = upload(row(1) + row(2), cohort=cohort)
    first = apply(roster, by=coordinator)
    before = everything()

    second = apply(roster, by=coordinator)

    assert second.result == first.result
    assert everything() == before


def test_upload_of_a_file_that_was_applied_is_refused(coordinator):
    cohort = CohortFactory.create()
    apply(upload(row(1), cohort=cohort), by=coordinator)

    with pytest.raises(RuleError) as refused:
        upload(row(1), cohort=cohort, name="sama-toisella-nimella.csv")

    assert refused.value.code == "applied"


def test_upload_of_the_same_file_again_renews_its_preview(coordinator):
    cohort = CohortFactory.create()
    first = upload(row(1))
    again = upload(row(1), cohort=cohort)

    assert again.pk == first.pk
    assert (first.result["counts"]["error"], again.result["counts"]["ok"]) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_apply_in_parallel_applies_once():
    cohort = CohortFactory.create(capacity=3)
    first = upload(row(1) + row(2), cohort=cohort)
    same_file = Roster.objects.create(
        file_name="sama.csv", file_hash=first.file_hash, cohort=cohort, rows=first.rows, found=first.found
    )
    start = threading.Barrier(6)

    def press(roster):
        start.wait()
        try:
            return apply(roster).state
        except RuleError as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(press, [first, same_file] * 3))

    assert Enrollment.objects.count() == 2
    assert Person.objects.count() == 2
    assert sorted(answers) == ["applied"] * 6


KILLED_AT = """
import os, signal, sys
import django
django.setup()
from django.db import connection
from courses.importing.rosters.models import Roster
from courses.importing.rosters.services.rosters import apply_roster
from tests.acts import act

beginning = sys.argv[2]

def kill(execute, sql, params, many, context):
    if sql.startswith(beginning):
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)

with connection.execute_wrapper(kill):
    apply_roster(roster=Roster.objects.get(pk=sys.argv[1]), act=act(), skip_errors=False)
"""


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        'INSERT INTO "accounts_auditentry"',
        'INSERT INTO "courses_enrollment"',
        'UPDATE "courses_roster" SET "cells"',
    ],
)
def test_apply_killed_halfway_changes_nothing(statement):
    cohort = CohortFactory.create(capacity=1)
    roster = upload(row(1) + row(2), cohort=cohort)
    before = everything()

    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AT, str(roster.pk), statement], env=site_environment(), check=False, timeout=60
    )

    assert killed.returncode == -signal.SIGKILL
    assert everything() == before
    assert apply(Roster.objects.get(pk=roster.pk)).result["created"] == 2


def test_a_person_surely_on_file_is_enrolled_and_stays_as_on_file(coordinator):
    cohort = CohortFactory.create()
    person = PersonFactory.create(last_name="Sukunimi1", first_name="Etunimi", birth_year=1931, phone="+358401234567")
    roster = upload(row(1, phone="040 123 4567", email="uusi@example.org"), cohort=cohort)

    applied = apply(roster, by=coordinator)

    assert [fault.code for fault in rows_of(roster)[0].faults] == [RosterFault.SAME_AS_KNOWN]
    assert applied.result["created"] == 0
    assert list(cohort.enrollments.values_list("person_id", flat=True)) == [person.pk]
    assert Person.objects.get(pk=person.pk).email == person.email


def test_a_person_in_the_cohort_already_is_left_out(coordinator):
    person = PersonFactory.create(last_name="Sukunimi1", first_name="Etunimi", birth_year=1931, phone="+358401234567")
    enrollment = EnrollmentFactory.create(person=person)

    roster = upload(row(1, phone="040 123 4567") + row(2), cohort=enrollment.cohort)

    assert [fault.code for fault in rows_of(roster)[0].faults] == [RosterFault.ENROLLED_ALREADY]
    assert apply(roster, by=coordinator).result["placed"] == 1


def test_a_deceased_person_is_not_enrolled():
    PersonFactory.create(
        last_name="Sukunimi1", first_name="Etunimi", birth_year=1931, phone="+358401234567", state="deceased"
    )
    roster = upload(row(1, phone="040 123 4567"), cohort=CohortFactory.create())

    assert [fault.code for fault in rows_of(roster)[0].faults] == [RosterFault.KNOWN_NOT_ACTIVE]
    with pytest.raises(RuleError) as refused:
        apply(roster)
    assert refused.value.code == "nothing"


@pytest.mark.parametrize(
    ("choice", "created", "placed"),
    [("", 0, 0), (RosterChoice.SKIP, 0, 0), (RosterChoice.KNOWN, 0, 1), (RosterChoice.NEW, 1, 1)],
)
def test_a_likely_duplicate_waits_for_a_choice(coordinator, choice, created, placed):
    PersonFactory.create(last_name="Sukunimi1", first_name="Etunimi", birth_year=1931, phone="+358401234567")
    cohort = CohortFactory.create()
    roster = upload(row(1, phone="040 765 4321") + row(2), cohort=cohort)
    choose_for_duplicates(roster=roster, choices={2: choice, 3: RosterChoice.SKIP}, act=act(coordinator))

    applied = apply(roster, by=coordinator)

    assert (applied.result["created"], applied.result["placed"]) == (created + 1, placed + 1)


def test_one_person_on_two_rows_for_two_cohorts_is_added_once_and_enrolled_in_both(cohorts, coordinator):
    one, two, _three = cohorts
    first, second = (row(1, phone="040 123 4567", cohort=cohort.code) for cohort in (one, two))
    roster = upload(first + second + second + first)

    applied = apply(roster, by=coordinator)

    assert [fault.code for judged in rows_of(roster) for fault in judged.faults] == [
        RosterFault.SAME_AS_ROW_ELSEWHERE,
        RosterFault.SAME_AS_ROW,
        RosterFault.SAME_AS_ROW,
    ]
    assert (applied.result["created"], applied.result["placed"]) == (1, 2)


def test_a_change_on_file_after_the_preview_asks_to_look_again(coordinator):
    cohort = CohortFactory.create()
    roster = upload(row(1, phone="040 123 4567"), cohort=cohort)
    person = PersonFactory.create(last_name="Sukunimi1", first_name="Etunimi", birth_year=1931, phone="+358401234567")

    with pytest.raises(RuleError) as refused:
        apply(roster, by=coordinator)

    assert refused.value.code == "stale"
    renewed = renew_roster(roster=roster)
    assert rows_of(renewed)[0].person == person.pk
    assert apply(renewed, by=coordinator).result["created"] == 0


def test_a_cohort_closed_after_the_preview_asks_to_look_again(coordinator):
    cohort = CohortFactory.create()
    roster = upload(row(1), cohort=cohort)
    Cohort.objects.update(state=CohortState.CANCELLED)

    with pytest.raises(RuleError) as refused:
        apply(roster, by=coordinator)

    assert refused.value.code == "stale"
    assert Person.objects.filter(last_name="Sukunimi1").count() == 0


def test_drop_empties_the_rows_and_ends_it(coordinator):
    roster = upload(row(1), cohort=CohortFactory.create())

    dropped = drop_roster(roster=roster, act=act(coordinator))

    assert (dropped.state, dropped.rows) == (Roster.State.DROPPED, [])
    with pytest.raises(RuleError) as refused:
        apply(roster)
    assert refused.value.code == "dropped"


def test_a_person_under_a_safety_ban_comes_without_an_address(coordinator):
    data = "Sukunimi;Etunimi;Katuosoite;Postinumero;Turvakielto\nAho;Aino;Katu 1;02100;kyllä\n".encode()
    read = read_roster(data)
    roster = upload_roster(
        file_name="a.csv",
        read=read,
        cohort=CohortFactory.create(),
        act=act(),
    )

    apply(roster, by=coordinator)

    person = Person.objects.get(last_name="Aho")
    assert (person.protected, person.street, person.postal_code) == (True, "", "")
    assert "Katu 1" not in str(rows_of(roster)[0].values)


def test_an_identity_code_is_not_kept_even_for_the_preview():
    roster = upload(row(1, note="Hetu 010148-9992"), cohort=CohortFactory.create())

    stored = Roster.objects.get(pk=roster.pk)
    assert "9992" not in str(stored.rows)
    assert stored.result["counts"]["error"] == 1


def test_the_audit_of_a_roster_holds_figures_only(coordinator):
    apply(upload(row(1) + row(2), cohort=CohortFactory.create(code="R1")), by=coordinator)

    entry = AuditEntry.objects.get(action="roster.apply")
    assert entry.detail["created"] == 2
    assert "Sukunimi" not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_the_number_of_queries_does_not_grow_with_the_rows(coordinator):
    cohort = CohortFactory.create(capacity=40)

    def queries(numbers):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            apply(upload("".join(row(number) for number in numbers), cohort=cohort), by=coordinator)
        return len(asked)

    few, many = queries([1, 2]), queries(range(10, 40))

    assert many == few


def mend(roster, number, texts, *, by=None, seen=None):
    """As the page does it: the row is read from the file's words and from those typed."""
    now = texts_of(number, found=roster.found, cells=roster.cells, edits=roster.edits)
    mended = texts_of(number, found=roster.found, cells=roster.cells, edits={str(number): texts})
    return mend_row(
        roster=roster, row=read_row(number, mended, 2027), texts=texts, seen=seen or mark_of(now), act=act(by)
    )


def test_a_mended_row_is_judged_anew_and_the_others_stay_as_they_are(coordinator):
    PersonFactory.create(last_name="Sukunimi3", first_name="Etunimi", birth_year=1933)
    roster = upload(row(1, year=48) + row(2, phone="x") + row(3), cohort=CohortFactory.create())
    choose_for_duplicates(roster=roster, choices={4: RosterChoice.NEW}, act=act(coordinator))

    mended = mend(Roster.objects.get(), 2, {"birth_year": "1948"}, by=coordinator)

    assert [one.verdict for one in rows_of(mended)] == ["ok", "error", "duplicate"]
    assert [one.action for one in rows_of(mended)] == ["new", "skip", "new"]
    assert mended.edits == {"2": {"birth_year": "1948"}}
    assert "1948" not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_a_field_that_no_column_holds_can_be_filled(coordinator):
    roster = upload(row(1), cohort=CohortFactory.create())

    mended = mend(roster, 2, {"district": "Tapiola"}, by=coordinator)
    apply(mended, by=coordinator)

    assert Person.objects.get(last_name="Sukunimi1").district.name == "Tapiola"


def test_a_district_is_known_by_its_swedish_name(coordinator):
    hagalund = District.objects.create(name="Tapiola", name_sv="Hagalund")
    roster = upload(row(1), cohort=CohortFactory.create())

    apply(mend(roster, 2, {"district": "Hagalund"}, by=coordinator), by=coordinator)

    assert Person.objects.get(last_name="Sukunimi1").district == hagalund
    assert District.objects.count() == 1


def test_two_who_mend_one_row_are_told_and_the_first_stays(coordinator):
    roster = upload(row(1, year=48), cohort=CohortFactory.create())
    seen = mark_of(texts_of(2, found=roster.found, cells=roster.cells, edits={}))
    mend(roster, 2, {"birth_year": "1948"}, by=coordinator)

    with pytest.raises(StaleEdit) as refused:
        mend(Roster.objects.get(), 2, {"birth_year": "1949"}, seen=seen, by=coordinator)

    assert refused.value.conflicts == [("birth_year", "1948")]
    assert Roster.objects.get().edits == {"2": {"birth_year": "1948"}}


def test_two_who_mend_different_rows_both_get_through(coordinator):
    roster = upload(row(1, year=48) + row(2, year=49), cohort=CohortFactory.create())

    mend(roster, 2, {"birth_year": "1948"}, by=coordinator)
    mended = mend(roster, 3, {"birth_year": "1949"}, by=coordinator)

    assert [one.verdict for one in rows_of(mended)] == ["ok", "ok"]


def columns(roster, **changed):
    """`_0="phone"`: the first column is a phone."""
    fields = [changed.get(f"_{place}", name) for place, name in enumerate(roster.found["fields"])]
    chosen = columns_of(fields, roster.cells[0])
    return {"columns": chosen, "rows": read_rows({**roster.found, **chosen}, roster.cells, roster.edits)}


def test_corrected_columns_judge_everything_anew_and_keep_what_was_mended(coordinator):
    # The phone numbers stand in the column for remarks.
    roster = upload(row(1, year=48, note="040 123 4567") + row(2), cohort=CohortFactory.create())
    roster = mend(roster, 2, {"birth_year": "1948"}, by=coordinator)

    changed = change_columns(
        roster=roster, **columns(roster, _3="", _7="phone"), seen=roster.found["fields"], act=act(coordinator)
    )

    first = rows_of(changed)[0]
    assert (first.values["phone"], first.values["birth_year"]) == ("+358401234567", 1948)
    assert changed.found["ignored"] == ["Puhelin"]


def test_columns_that_somebody_else_changed_meanwhile_are_not_changed_again(coordinator):
    roster = upload(row(1), cohort=CohortFactory.create())
    seen = roster.found["fields"]
    change_columns(roster=roster, **columns(roster, _7=""), seen=seen, act=act(coordinator))

    with pytest.raises(StaleEdit):
        change_columns(roster=roster, **columns(roster, _3=""), seen=seen, act=act(coordinator))

    assert Roster.objects.get().found["fields"][3] == "phone"


def test_a_decision_of_somebody_else_is_not_overwritten_and_the_others_are_kept(coordinator):
    for number in (1, 2):
        PersonFactory.create(last_name=f"Sukunimi{number}", first_name="Etunimi", birth_year=1930 + number)
    roster = upload(row(1) + row(2), cohort=CohortFactory.create())
    shown = {2: RosterChoice.SKIP, 3: RosterChoice.SKIP}
    choose_for_duplicates(roster=roster, choices={2: RosterChoice.KNOWN, 3: RosterChoice.SKIP}, shown=shown, act=act())

    with pytest.raises(StaleEdit) as refused:
        choose_for_duplicates(
            roster=roster, choices={2: RosterChoice.NEW, 3: RosterChoice.NEW}, shown=shown, act=act(coordinator)
        )

    assert [one.action for one in rows_of(Roster.objects.get())] == [RosterChoice.KNOWN, RosterChoice.NEW]
    assert len(refused.value.conflicts) == 1


def test_a_choice_that_was_only_shown_does_not_overwrite_another_one(coordinator):
    PersonFactory.create(last_name="Sukunimi1", first_name="Etunimi", birth_year=1931)
    roster = upload(row(1), cohort=CohortFactory.create())
    shown = {2: RosterChoice.SKIP}
    choose_for_duplicates(roster=roster, choices={2: RosterChoice.NEW}, shown=shown, act=act())

    choose_for_duplicates(roster=roster, choices=shown, shown=shown, act=act(coordinator))

    assert [one.action for one in rows_of(Roster.objects.get())] == [RosterChoice.NEW]


def test_a_list_changed_since_it_was_looked_at_is_not_applied(coordinator):
    roster = upload(row(1) + row(2, year=49), cohort=CohortFactory.create())
    seen = roster.version
    mend(roster, 3, {"birth_year": "1949"}, by=coordinator)

    with pytest.raises(StaleEdit):
        apply_roster(roster=roster, act=act(coordinator), skip_errors=True, seen=seen)

    assert Enrollment.objects.count() == 0


def test_who_lacks_what_the_course_asks_for_is_counted_apart(coordinator):
    course = CourseFactory.create(required_course=CourseFactory.create())
    cohort = CohortFactory.create(course=course)

    applied = apply(upload(row(1) + row(2), cohort=cohort), by=coordinator)

    figures = {name: applied.result[name] for name in ("placed", "waiting", "to_check")}
    assert figures == {"placed": 0, "waiting": 0, "to_check": 2}
    assert set(cohort.enrollments.values_list("state", flat=True)) == {EnrollmentState.APPLIED}


@pytest.mark.parametrize(("days", "state", "rows"), [(13, "preview", 1), (14, "emptied", 0)])
def test_a_preview_that_nobody_touches_is_emptied_after_14_days(clock, days, state, rows):
    upload(row(1, year=48))

    empty_old_rosters(at=NOW + timedelta(days=days))

    roster = Roster.objects.get()
    assert (roster.state, len(roster.rows), len(roster.cells) > 0) == (state, rows, rows > 0)


def test_the_clock_of_a_preview_begins_anew_with_each_change(clock):
    roster = upload(row(1, year=48))
    clock.shift(timedelta(days=10))
    mend(roster, 2, {"birth_year": "1948"})

    assert empty_old_rosters(at=NOW + timedelta(days=20)) == 0
    assert empty_old_rosters(at=NOW + timedelta(days=24)) == 1
    with pytest.raises(RuleError) as refused:
        apply(roster)
    assert refused.value.code == "emptied"
