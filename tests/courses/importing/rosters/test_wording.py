"""What is said of a roster as a whole."""

import pytest
from django.utils.translation import override

from accounts.models import Person
from courses.importing.rosters.rules import Found
from courses.importing.rosters.selectors import Obstacle
from courses.importing.rosters.wording import MOST_PEOPLE, column_missing, notices, rows_in_error, what_depends


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def columns(*, ignored: list[str], **titles: str) -> Found:
    return {
        "format": "xlsx",
        "encoding": "",
        "separator": "",
        "sheet": "Lista",
        "header_row": 1,
        "fields": list(titles),
        "columns": [[name, title] for name, title in titles.items()],
        "ignored": ignored,
    }


def test_columns_that_are_not_read_are_named_and_identity_codes_apart():
    said = notices(columns(ignored=["Kengännumero", "Hetu", "Lempiväri"], cohort="Ryhmä", note="Muuta"))

    assert said == [
        "The column “Hetu” is not read. We do not need identity codes: leave them out next time.",
        "These columns are not known and are not read: “Kengännumero” and “Lempiväri”.",
        "The column “Muuta” is shown here for you to read. It is not stored.",
    ]


def test_a_sheet_that_is_not_the_first_is_told_and_so_are_others_that_hold_something():
    found = columns(ignored=[], cohort="Ryhmä") | {"empty_sheets": ["Taul1"], "other_sheets": ["Syksy", "Ohje"]}

    assert notices(found) == [
        "The sheet “Taul1” is empty. The sheet “Lista” is read.",
        "These sheets hold something too and are not read: “Syksy” and “Ohje”. If the list is there, put its sheet first.",
    ]


def test_a_file_without_groups_says_where_everybody_goes():
    assert notices(columns(ignored=[])) == [
        "No column names the group: everybody goes to the group chosen for the whole file."
    ]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("last_first", "In the column “Nimi” the last name comes first."),
        ("first_last", "In the column “Nimi” the first name comes first."),
        ("name", "The column “Nimi” does not tell which is the last name."),
    ],
)
def test_how_a_column_of_whole_names_is_read_is_told(field, words):
    assert notices(columns(ignored=[], cohort="Ryhmä", **{field: "Nimi"}))[0].startswith(words)


@pytest.mark.parametrize(("fields", "column"), [(["first_name"], "Last name"), (["last_name"], "First name")])
def test_the_part_of_the_name_that_no_column_holds_is_named(fields, column):
    assert column_missing(fields).startswith(f"The column “{column}” is missing.")


@pytest.mark.parametrize(
    ("numbers", "words"),
    [([7], "1 row is in error, the first is row 7."), ([3, 7], "2 rows are in error, the first is row 3.")],
)
def test_rows_in_error_are_counted(numbers, words):
    assert rows_in_error(numbers).startswith(words)


def test_so_many_people_are_named_of_whom_something_depends_and_the_rest_counted():
    aino = Obstacle(Person(first_name="Aino", last_name="Aho"), ["She came.", "She was told."])
    gone = Obstacle(None, ["An enrollment is gone."])

    said = what_depends([aino, *[gone] * (MOST_PEOPLE + 1)])

    assert said[:2] == ["Aho, Aino: She came. She was told.", "One person: An enrollment is gone."]
    assert said[MOST_PEOPLE:] == ["And as many as 2 others."]
