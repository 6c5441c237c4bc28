from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from accounts.models import Person
from courses.enums import RosterChoice
from courses.models import Enrollment, Roster
from courses.services.rosters import rows_of
from tests.factories import CohortFactory, PersonFactory

pytestmark = pytest.mark.django_db

ROSTERS = Path(__file__).parents[3] / "data" / "rosters"
CREATE = "/en/coordinator/rosters/"
HEADER = "Sukunimi;Etunimi;Syntymävuosi;Puhelin;Yhteydenotto\n"
HOSTILE = '<script>alert(1)</script>;{{7*7}};1948;;\n"=1+1";"""><img src=x>";1949;;\n'


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def office(sign_in, coordinator, centre):
    return sign_in(coordinator)


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


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_an_uploaded_list_is_shown_before_anything_is_written(office):
    cohort = CohortFactory.create()

    roster = preview(office, "Aho;Aino;1948;040 1234567;puhelu\n", cohort=cohort)

    page = office.get(page_of(roster))
    assert "Aho, Aino" in page.content.decode()
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
