import csv
import datetime
import io
import json

import pytest
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from courses.reporting.documents.files import FORMATS, cohort_file, json_file, pdf_file, program_file, text_file
from courses.reporting.documents.spreadsheets import csv_file, xlsx_file
from courses.reporting.documents.tables import Table
from courses.reporting.rules.reports import CohortReport, Limits, ProgramReport, Total
from courses.reporting.rules.rows import no_ages
from courses.reporting.wording.cells import Share, cell_words, percent, share_cell

HOSTILE = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\tx", "\rx", "＝1")
TABLE = Table(
    "Groups", ("Group", "Started", "Rate"), [("Kevät; A", 12345, Share(0.7554)), ("B", None, "–")], ("All", 6, "")
)


pytestmark = pytest.mark.usefixtures("english")


def empty_cohort():
    day = datetime.date(2027, 1, 12)
    return CohortReport(
        cohort="C-1",
        name="Group 1",
        course="AIM",
        language="fi",
        state="published",
        starts_on=day,
        ends_on=day,
        modules=[],
        sessions=[],
        withdrawal_reasons={},
        ages=no_ages(),
    )


@pytest.mark.parametrize(
    ("cell", "words"),
    [(None, "<5"), (0, "0"), (7, "7"), (Share(0.7554), "76 %"), (Share(1), "100 %"), ("–", "–")],
)
def test_cell_in_words(cell, words):
    assert cell_words(cell) == words


@pytest.mark.parametrize(("language", "words"), [("fi", "75,5 %"), ("sv", "75,5 %"), ("en", "75.5 %")])
def test_percentages_are_rounded_and_written_as_the_language_has_it(language, words):
    with override(language):
        assert percent(0.7554, decimals=1) == words


@pytest.mark.parametrize(("part", "whole", "cell"), [(3, 4, 0.75), (None, 4, "–"), (3, None, "–"), (0, 0, "–")])
def test_share_of_something_hidden_is_a_dash(part, whole, cell):
    assert share_cell(part, whole) == cell


def test_csv_is_what_excel_opens_here():
    assert csv_file([TABLE, TABLE]).decode() == (
        "\ufeffGroups\r\nGroup;Started;Rate\r\n"
        '"Kevät; A";12345;75.5 %\r\nB;<5;–\r\nAll;6;\r\n'
        "\r\nGroups\r\nGroup;Started;Rate\r\n"
        '"Kevät; A";12345;75.5 %\r\nB;<5;–\r\nAll;6;\r\n'
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_csv_holds_no_formula(name):
    content = csv_file([Table("T", ("Group",), [(name,)])]).decode("utf-8-sig")

    assert list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))[2] == [f"'{name}"]


@pytest.mark.parametrize("name", HOSTILE)
def test_xlsx_holds_no_formula(name):
    content = xlsx_file([Table("T", ("Group", "n"), [(name, 3)])])
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()

    assert rows[1] == [name, 3.0]


def test_xlsx_keeps_numbers_as_numbers_and_names_its_sheets():
    content = xlsx_file([TABLE, Table("Groups", ("a",), []), Table("x/y: " + "z" * 40, ("a",), [])])
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))

    assert book.get_sheet_by_index(0).to_python()[1] == ["Kevät; A", 12345.0, 0.7554]
    assert book.sheet_names == ["Groups", "Groups+", "x y  " + "z" * 23]


def test_text_lines_its_columns_up():
    assert text_file([TABLE], "Report").decode() == (
        "Report\n\nGroups\n\n"
        "Group     Started  Rate\n"
        "--------  -------  ----\n"
        "Kevät; A   12,345  76 %\n"
        "B              <5     –\n"
        "All             6\n"
    )


def test_json_writes_hidden_counts_and_leaves_other_nulls():
    report = {"started": None, "completion_rate": None, "course": None, "sessions": [{"present": None}], "ages": None}

    assert json.loads(json_file(report)) == {
        "started": "<5",
        "completion_rate": None,
        "course": None,
        "sessions": [{"present": "<5"}],
        "ages": None,
    }


def test_pdf_is_tagged_and_takes_any_words():
    content = pdf_file([Table(name, ("#set page()", "b"), [("$x$ *y*", 1)]) for name in HOSTILE], "#panic()")

    assert content.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in content


@pytest.mark.parametrize("format", FORMATS)
def test_each_format_of_an_empty_report_is_a_file(format):
    total = Total(modules=[], sessions=0, withdrawal_reasons={}, ages=no_ages())
    report = ProgramReport(Limits(), [empty_cohort()], total)

    assert len(cohort_file(empty_cohort(), format)) > 100
    assert len(program_file(report, format)) > 100
