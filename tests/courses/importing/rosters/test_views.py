import io
from datetime import timedelta
from pathlib import Path

import pytest
import xlsxwriter
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from courses.enrolling.models import Enrollment
from courses.importing.rosters.enums import RosterChoice
from courses.importing.rosters.models import Roster
from courses.importing.rosters.selectors import progress_key
from courses.importing.rosters.services.jobs import apply_queued_rosters
from courses.importing.rosters.services.rosters import rows_of
from courses.importing.rosters.views.coordinator import shown
from courses.messaging.models import Message
from tests.factories import CohortFactory, PersonFactory
from tests.pages import said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ROSTERS = Path(__file__).parents[3] / "data" / "rosters"
CREATE = "/en/coordinator/rosters/"
HEADER = "Sukunimi;Etunimi;Syntymävuosi;Puhelin;Yhteydenotto\n"
HOSTILE = '<script>alert(1)</script>;{{7*7}};1948;;\n"=1+1";"""><img src=x>";1949;;\n'


def upload(office, content, *, name="list.csv", cohort=None):
    data = content if isinstance(content, bytes) else (HEADER + content).encode()
    sent = {"file": SimpleUploadedFile(name, data), "cohort": cohort.pk if cohort else ""}
    return office.post(CREATE, sent)


def preview(office, content, **options):
    response = upload(office, content, **options)
    assert response.status_code == 302, response.context["form"].errors
    return Roster.objects.get()


def page_of(roster):
    return reverse("coordinator:rosters-detail", args=[roster.pk])


def apply(office, roster, **data):
    return office.post(reverse("coordinator:rosters-apply", args=[roster.pk]), data, follow=True)


def test_an_uploaded_list_is_shown_before_anything_is_written(office):
    cohort = CohortFactory.create()

    roster = preview(office, "Aho;Aino;1948;040 1234567;puhelu\n", cohort=cohort)

    page = office.get(page_of(roster))
    assert "Aho, Aino" in " ".join(page.content.decode().split())
    assert page.context["enrolling"] == 1
    assert Person.objects.filter(last_name="Aho").count() == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7\n\x00", "This is no table we can read."),
        (b"x" * 30 * 1024 * 1024, "The file is larger than 5 MB."),
        (b"Sukunimi;Etunimi\n", "The file holds a header and no people."),
    ],
    ids=["empty", "wrong type", "30 MB", "no people"],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(office, data, words):
    response = upload(office, data)

    assert response.status_code == 200
    [reason] = response.context["form"].non_field_errors()
    assert words in reason
    assert Roster.objects.count() == 0


def test_a_workbook_without_a_list_is_refused_in_words(office):
    content = io.BytesIO()
    xlsxwriter.Workbook(content).close()

    page = upload(office, content.getvalue(), name="empty.xlsx")

    assert page.context["form"].non_field_errors() == [
        "Every sheet of the file is empty. Choose the file that holds the people."
    ]


def test_no_file_at_all_is_told(office):
    response = office.post(CREATE, {})

    assert response.context["form"].errors == {"file": ["Choose the file."]}


def test_what_was_found_out_is_told(office):
    cohorts = [CohortFactory.create(code=f"AIM-2027K-0{number}") for number in (1, 2, 3)]

    roster = preview(office, (ROSTERS / "swedish.xlsx").read_bytes(), name="swedish.xlsx")

    page = office.get(page_of(roster))
    text = page.content.decode()
    assert "Excel, sheet “Deltagare”" in text
    assert "Födelseår" in text
    assert [one.code for one in page.context["forecast"]] == [cohort.code for cohort in cohorts]


def test_rows_are_filtered_by_verdict(office):
    roster = preview(office, "Aho;Aino;1948;;\nMäki;Ari;48;;\n;Eeva;1950;;\n", cohort=CohortFactory.create())

    page = office.get(page_of(roster), {"verdict": "error"})

    assert [row.number for row in page.context["page_obj"]] == [3, 4]
    assert "Write the year of birth with four digits" in page.content.decode()


def test_apply_enrolls_and_says_how_many(office):
    cohort = CohortFactory.create(capacity=1)
    roster = preview(office, "Aho;Aino;1948;;\nMäki;Ari;1950;;\n", cohort=cohort)

    page = apply(office, roster)

    assert said(page) == ["2 people are enrolled."]
    assert reverse("coordinator:cohorts-learners", args=[cohort.code]) in page.content.decode()
    assert Enrollment.objects.count() == 2


def test_apply_with_errors_writes_nothing_until_they_are_left_out(office):
    roster = preview(office, "Aho;Aino;1948;;\nMäki;Ari;48;;\n", cohort=CohortFactory.create())

    refused = apply(office, roster)
    assert said(refused) == ["1 row is in error, the first is row 3. Correct it, or leave it out."]
    assert Enrollment.objects.count() == 0

    done = apply(office, roster, skip_errors="on")
    assert said(done) == ["1 person is enrolled."]
    assert "Write the year of birth with four digits" in done.content.decode()


def test_apply_sent_twice_applies_once(office):
    roster = preview(office, "Aho;Aino;1948;;\n", cohort=CohortFactory.create())

    apply(office, roster)
    again = apply(office, roster)

    assert again.status_code == 200
    assert Enrollment.objects.count() == 1


def test_the_same_file_again_is_refused_after_it_was_applied(office):
    cohort = CohortFactory.create()
    apply(office, preview(office, "Aho;Aino;1948;;\n", cohort=cohort))

    response = upload(office, "Aho;Aino;1948;;\n", cohort=cohort)

    assert response.context["form"].non_field_errors() == [
        "This file was applied already, as “list.csv”. Nothing is left to do."
    ]


def test_a_choice_for_a_duplicate_is_kept_when_the_list_is_applied(office):
    PersonFactory.create(last_name="Aho", first_name="Aino", birth_year=1948)
    roster = preview(office, "Aho;Aino;1948;;\n", cohort=CohortFactory.create())

    kept = office.post(page_of(roster), {"choice-2": RosterChoice.KNOWN})
    assert kept.status_code == 302
    assert [row.action for row in rows_of(Roster.objects.get())] == [RosterChoice.KNOWN]

    apply(office, roster, **{"choice-2": RosterChoice.NEW, "choice-x": "known", "choice-99": "new"})
    assert Person.objects.filter(last_name="Aho").count() == 2


def test_a_list_that_grew_stale_is_shown_anew(office):
    roster = preview(office, "Aho;Aino;1948;040 1234567;puhelu\n", cohort=CohortFactory.create())
    PersonFactory.create(last_name="Aho", first_name="Aino", birth_year=1948, phone="+358401234567")

    page = apply(office, roster)

    assert said(page) == ["The records have changed since you looked. Check the rows once more."]
    assert "On file as" in page.content.decode()
    assert Enrollment.objects.count() == 0


def test_a_dropped_list_keeps_nothing(office):
    roster = preview(office, "Aho;Aino;1948;;\n")

    office.post(reverse("coordinator:rosters-drop", args=[roster.pk]))

    assert Roster.objects.get().rows == []
    assert "Aho" not in office.get(page_of(roster)).content.decode()


def test_hostile_names_are_shown_as_text(office):
    roster = preview(office, HOSTILE, cohort=CohortFactory.create())

    text = office.get(page_of(roster)).content.decode()

    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_rows_to_mend_come_as_a_file_without_formulas(office):
    roster = preview(office, '"=1+1";Ari;48;;\nAho;Aino;1948;;\n', cohort=CohortFactory.create())

    file = office.get(page_of(roster), {"format": "csv"})

    lines = file.content.decode("utf-8-sig").splitlines()
    assert file["Content-Type"] == "text/csv; charset=utf-8"
    assert len(lines) == 2
    assert lines[1].startswith("'=1+1;Ari;48;;;Write the year of birth")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_sample_can_be_brought_in_as_it_is(office, language):
    CohortFactory.create(code="AIM-2027K-01")
    sample = office.get(f"/{language}/coordinator/rosters/sample/").content

    roster = preview(office, sample)

    assert [(row.number, row.verdict.value) for row in rows_of(roster)] == [(2, "ok"), (3, "ok")]


def test_queries_of_the_preview_do_not_grow_with_its_rows(office, django_assert_max_num_queries):
    rows = "".join(f"Nimi{number};Aino{number};{1930 + number};;\n" for number in range(40))
    roster = preview(office, rows, cohort=CohortFactory.create())

    with django_assert_max_num_queries(10):
        office.get(page_of(roster))


# Columns, rows, files to mend


def columns_page(roster):
    return reverse("coordinator:rosters-columns", args=[roster.pk])


def row_page(roster, number):
    return reverse("coordinator:rosters-row", args=[roster.pk, number])


def test_columns_that_are_not_known_are_asked_for_and_the_list_is_read_so(office):
    roster = preview(office, b"Kuka;Mika;Milloin\nAho;Aino;1948\n", cohort=CohortFactory.create())

    page = office.get(columns_page(roster))
    assert [column.samples for column in page.context["columns"]] == [["Aho"], ["Aino"], ["1948"]]
    sent = {"column-0": "last_name", "column-1": "first_name", "column-2": "birth_year", "seen": ",,"}
    assert office.post(columns_page(roster), sent).status_code == 302

    [row] = rows_of(Roster.objects.get())
    assert (row.verdict.value, row.values["birth_year"]) == ("ok", 1948)


def test_columns_without_a_name_are_refused_and_what_was_chosen_stays(office):
    roster = preview(office, "Aho;Aino;1948;;\n")
    seen = ",".join(roster.found["fields"])

    page = office.post(columns_page(roster), {"column-0": "phone", "column-3": "phone", "seen": seen})

    assert page.context["form"].non_field_errors() == [
        "Two columns are taken for “Phone”. Choose one of them.",
        "Choose which columns hold the last name and the first name, or the whole name.",
    ]
    assert page.context["form"]["column-0"].value() == "phone"
    assert Roster.objects.get().found["fields"] == roster.found["fields"]


def test_the_order_of_names_in_one_column_is_chosen(office):
    roster = preview(office, b"Nimi\nAho Meri\nSalo Eero\n", cohort=CohortFactory.create())
    assert {row.verdict.value for row in rows_of(roster)} == {"error"}

    office.post(columns_page(roster), {"column-0": "last_first", "seen": "name"})

    names = [(row.values["last_name"], row.values["first_name"]) for row in rows_of(Roster.objects.get())]
    assert names == [("Aho", "Meri"), ("Salo", "Eero")]


def test_the_order_of_names_in_one_column_is_guessed_from_those_on_file(office):
    PersonFactory.create(first_name="Meri", last_name="Talo")

    roster = preview(office, b"Nimi\nMERI AHO\nEero Salo\n", cohort=CohortFactory.create())

    assert [row.values["last_name"] for row in rows_of(roster)] == ["AHO", "Salo"]


def test_two_columns_of_whole_names_are_not_taken(office):
    roster = preview(office, b"Kuka;Mika;Milloin\nAho;Aino;1948\n")

    page = office.post(columns_page(roster), {"column-0": "last_first", "column-1": "first_last", "seen": ",,"})

    assert page.context["form"].non_field_errors() == ["Two columns are taken for whole names. Choose one of them."]


def test_one_part_of_a_whole_name_is_mended_and_the_other_stays(office):
    roster = preview(office, b"Sukunimi Etunimi\nVirtanen Anna Maria\n", cohort=CohortFactory.create())
    page = office.get(row_page(roster, 2))

    office.post(row_page(roster, 2), typed(page, last_name="Wirtanen"))

    [row] = rows_of(Roster.objects.get())
    assert (row.values["last_name"], row.values["first_name"]) == ("Wirtanen", "Anna Maria")


def test_columns_changed_by_somebody_else_meanwhile_are_told(office):
    roster = preview(office, "Aho;Aino;1948;;\n")

    page = office.post(columns_page(roster), {"column-0": "last_name", "column-1": "first_name", "seen": "name"})

    assert page.context["form"].non_field_errors() == [
        "Somebody else has changed the columns or a row meanwhile. Look once more, then choose again."
    ]


def typed(page, **changed):
    return {name: value for name, value in page.context["form"].initial.items() if value} | changed


def test_a_row_is_mended_on_the_spot(office):
    roster = preview(office, "Aho;Aino;48;040 1234567;puhelu\nMäki;Ari;49;;\n", cohort=CohortFactory.create())
    page = office.get(row_page(roster, 2))
    assert page.context["form"].initial | {"seen": ""} == {
        "last_name": "Aho",
        "first_name": "Aino",
        "birth_year": "48",
        "phone": "040 1234567",
        "channel": "call",
        "seen": "",
    }

    answer = office.post(row_page(roster, 2) + "?verdict=error", typed(page, birth_year="1948"))

    assert answer["Location"] == page_of(roster) + "?verdict=error"
    mended = Roster.objects.get()
    assert ([row.verdict.value for row in rows_of(mended)], mended.edits) == (
        ["ok", "error"],
        {"2": {"birth_year": "1948"}},
    )


def test_after_one_row_comes_the_next_in_error(office):
    roster = preview(office, "Aho;Aino;48;;\nMäki;Ari;49;;\n", cohort=CohortFactory.create())
    page = office.get(row_page(roster, 2))

    answer = office.post(row_page(roster, 2), typed(page, birth_year="1948", next="1"))

    assert answer["Location"].startswith(row_page(roster, 3))


def test_two_who_mend_one_row_see_what_stands_now_and_lose_nothing(office):
    roster = preview(office, "Aho;Aino;48;;\n", cohort=CohortFactory.create())
    page = office.get(row_page(roster, 2))
    office.post(row_page(roster, 2), typed(page, birth_year="1948"))

    late = office.post(row_page(roster, 2), typed(page, birth_year="1949"))

    assert late.context["form"].non_field_errors() == [
        "Somebody else has changed this row while you were writing. Nothing of yours was kept yet.",
        "Year of birth is now: 1948",
    ]
    assert late.context["form"]["birth_year"].value() == "1949"


def test_an_identity_code_can_be_taken_out_but_not_typed(office):
    roster = preview(office, "Aho 010148-9992;Aino;1948;;\n", cohort=CohortFactory.create())
    page = office.get(row_page(roster, 2))
    assert "9992" not in page.content.decode()

    refused = office.post(row_page(roster, 2), typed(page, last_name="Aho 010148-9992"))
    assert list(refused.context["form"].errors) == ["last_name"]
    office.post(row_page(roster, 2), typed(page, last_name="Aho"))

    assert [row.verdict.value for row in rows_of(Roster.objects.get())] == ["ok"]


def test_a_row_that_does_not_exist_is_not_found(office):
    roster = preview(office, "Aho;Aino;1948;;\n")

    assert [office.get(row_page(roster, number)).status_code for number in (1, 3)] == [404, 404]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_file_of_errors_can_be_mended_and_uploaded_again(office, form):
    cohort = CohortFactory.create()
    roster = preview(office, '"=Aho";Aino;48;+358401234567;puhelu\nMäki;Ari;1950;;\n', cohort=cohort)
    file = office.get(page_of(roster), {"format": form}).content
    if form == "csv":
        file = file.replace(b";48;", b";1948;")

    response = upload(office, file, name=f"mended.{form}", cohort=cohort)

    again = Roster.objects.exclude(pk=roster.pk).get()
    [row] = rows_of(again)
    assert response.status_code == 302
    assert (again.found["columns"], again.found["ignored"]) == (roster.found["columns"], [])
    assert (row.values["last_name"], row.values["phone"]) == ("=Aho", "+358401234567")
    assert row.verdict.value == ("ok" if form == "csv" else "error")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_file_of_errors_is_understood_in_each_language(office, language):
    roster = preview(office, "Aho;Aino;48;;\n", cohort=CohortFactory.create())
    page = office.get(row_page(roster, 2))
    every = {
        "street": "Katu 1",
        "postal_code": "0",
        "city": "Espoo",
        "district": "T",
        "note": "x",
        "email": "a@example.org",
    }
    office.post(row_page(roster, 2), typed(page, **every, gender="woman", language="sv", protected="yes"))

    file = office.get(f"/{language}/coordinator/rosters/{roster.pk}/", {"format": "csv"}).content
    upload(office, file)

    again = Roster.objects.exclude(pk=roster.pk).get()
    assert again.found["ignored"] == []
    assert {"street", "postal_code", "city", "district", "note", "email", "gender", "language", "protected"} <= set(
        again.found["fields"]
    )


def test_a_list_changed_by_somebody_else_is_not_applied_unseen(office):
    roster = preview(office, "Aho;Aino;1948;;\n", cohort=CohortFactory.create())

    page = apply(office, roster, version=roster.version - 1)

    assert said(page) == ["Somebody else has changed the list since you looked. Check the rows once more."]
    assert Enrollment.objects.count() == 0


# Messages held, long lists, undoing


def test_messages_are_held_back_until_they_are_let_go(office):
    roster = preview(office, "Aho;Aino;1948;040 1234567;puhelu\n", cohort=CohortFactory.create())

    page = apply(office, roster, hold_messages="on")
    assert (page.context["held"], list(Message.objects.values_list("held", flat=True))) == (1, [True])
    let_go = office.post(reverse("coordinator:rosters-release", args=[roster.pk]), follow=True)

    assert said(let_go)[-1:] == ["1 message goes out."]
    assert list(Message.objects.values_list("held", flat=True)) == [False]


@pytest.fixture
def long_list(office, monkeypatch):
    """A list that counts as long; nobody is woken, as when no worker is there."""
    monkeypatch.setattr(shown, "LARGE", 1)
    return preview(office, "Aho;Aino;1948;;\nMäki;Ari;1950;;\n", cohort=CohortFactory.create())


def test_a_long_list_waits_for_a_worker_and_says_how_far_it_is(office, long_list):
    page = apply(office, long_list)
    assert (Roster.objects.get().state, page.context["people"], page.context["running"]) == ("queued", 2, False)
    assert Enrollment.objects.count() == 0

    cache.set(progress_key(long_list.pk), (2, 4), 60)
    running = office.get(page_of(long_list))
    assert (running.context["done"], running.context["people"]) == (1, 2)
    assert '<progress value="1" max="2"' in running.content.decode()

    apply_queued_rosters()
    asked = office.get(page_of(long_list), headers={"HX-Request": "true"})
    assert (asked["HX-Refresh"], Enrollment.objects.count()) == ("true", 2)


def test_without_a_worker_it_can_be_done_here_and_now(clock, office, long_list):
    apply(office, long_list)
    assert not office.get(page_of(long_list)).context["alone"]
    clock.shift(timedelta(minutes=2))
    assert office.get(page_of(long_list)).context["alone"]

    page = apply(office, long_list)

    assert said(page) == ["2 people are enrolled."]
    assert Roster.objects.get().state == "applied"


def test_a_long_list_can_be_cancelled(office, long_list):
    apply(office, long_list)

    page = office.post(reverse("coordinator:rosters-cancel", args=[long_list.pk]), follow=True)

    assert said(page)[-1:] == ["Cancelled. Nothing of the list was written."]
    assert (Roster.objects.get().state, page.context["enrolling"]) == ("preview", 2)


def test_the_whole_list_is_undone(office):
    roster = preview(office, "Aho;Aino;1948;;\n", cohort=CohortFactory.create())
    apply(office, roster)
    address = reverse("coordinator:rosters-undo", args=[roster.pk])
    assert office.get(address).context["count"] == 0

    page = office.post(address, follow=True)

    assert said(page)[-1:] == ["The list is undone. Its people and enrollments are gone."]
    assert (Roster.objects.get().state, Person.objects.filter(last_name="Aho").count()) == ("undone", 0)


def test_what_stands_in_the_way_of_undoing_is_told_by_person(office):
    roster = preview(office, "Aho;Aino;1948;;\n", cohort=CohortFactory.create())
    apply(office, roster)
    Message.objects.update(state="sent", sent_at=timezone.now())
    address = reverse("coordinator:rosters-undo", args=[roster.pk])

    page = office.post(address, follow=True)

    assert said(page)[-1:] == ["Aho, Aino: A message has gone out."]
    assert [(one.person.last_name, one.reasons) for one in page.context["obstacles"]] == [
        ("Aho", ["A message has gone out."])
    ]
