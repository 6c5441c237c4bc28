import csv
import io
import json
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.exceptions import RuleError
from courses.importing.rosters.enums import RosterFault
from courses.importing.rosters.readers.rosters import columns_of, read_roster, read_rows
from courses.importing.rosters.readers.tables import MAX_BYTES, read_table
from courses.importing.rosters.readers.values import phone_in, year_in
from courses.importing.rosters.readers.workbooks import cell_text
from courses.importing.rosters.rules import CohortFacts, cohort_key, judge_rows
from tests.examples import examples

ROSTERS = Path(__file__).parents[4] / "data" / "rosters"
COHORTS = {
    cohort_key(code): CohortFacts(number, code, "fi", True)
    for number, code in enumerate(("AIM-2027K-01", "AIM-2027K-02", "AIM-2027K-03"))
}
HEADER = "Sukunimi;Etunimi;Syntymävuosi;Puhelin;Sähköposti;Yhteydenotto\n"
MINIMAL = "Sukunimi;Etunimi\nAho;Aino\n"


def judged(name):
    rows = read_roster((ROSTERS / name).read_bytes(), name).rows
    judge_rows(rows, cohorts=COHORTS, default=None, known={}, enrolled=set())
    return rows


def only_row(text):
    rows = read_roster((HEADER + text).encode()).rows
    assert len(rows) == 1
    return rows[0]


def faults(row):
    return [(fault.code.value, fault.field) for fault in row.faults]


def code_of(data):
    with pytest.raises(RuleError) as refused:
        read_roster(data)
    assert len(refused.value.reasons) == 1
    return refused.value.code


def sheet(rows, **options):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, options) as workbook:
        worksheet = workbook.add_worksheet()
        for number, cells in enumerate(rows):
            worksheet.write_row(number, 0, cells)
    return content.getvalue()


def book(**sheets):
    """A workbook of several sheets, by their titles."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        for title, rows in sheets.items():
            worksheet = workbook.add_worksheet(title)
            for number, cells in enumerate(rows):
                worksheet.write_row(number, 0, cells)
    return content.getvalue()


def repacked(data, changes):
    """The workbook with some of its parts replaced or added."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            if part not in changes:
                new.writestr(part, old.read(part))
        for part, text in changes.items():
            new.writestr(part, text)
    return content.getvalue()


# The four rosters


def test_each_row_of_the_messy_roster_has_its_expected_verdict():
    expected = json.loads((ROSTERS / "messy-finnish.json").read_text())

    rows = judged("messy-finnish.csv")

    assert [{"verdict": row.verdict.value, "field": row.worst.field if row.worst else None} for row in rows] == expected
    assert [row.number for row in rows] == list(range(2, 26))
    assert all(row.worst is None or row.worst.message for row in rows)


@pytest.mark.parametrize("name", ["finnish-semicolon-cp1252.csv", "english-comma-utf8.csv", "swedish.xlsx"])
def test_every_row_of_a_clean_roster_is_in_order(name):
    rows = judged(name)

    assert [row.verdict.value for row in rows] == ["ok"] * 60


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("finnish-semicolon-cp1252.csv", ("csv", "iso-8859-1", ";", "")),
        ("english-comma-utf8.csv", ("csv", "utf-8", ",", "")),
        ("messy-finnish.csv", ("csv", "utf-8-sig", ";", "")),
        ("swedish.xlsx", ("xlsx", "", "", "Deltagare")),
    ],
)
def test_format_encoding_and_separator_are_found_out(name, expected):
    found = read_roster((ROSTERS / name).read_bytes()).found

    assert (found["format"], found["encoding"], found["separator"], found["sheet"]) == expected


def test_the_first_row_of_the_swedish_workbook_is_read_whole():
    assert judged("swedish.xlsx")[0].values == {
        "last_name": "Niemelä",
        "first_name": "Elisabet",
        "birth_year": 1954,
        "phone": "+358444789263",
        "email": "elisabet.niemela31@example.org",
        "language": "fi",
        "street": "Louhikkokatu 4",
        "postal_code": "75980",
        "city": "Espoo",
        "district": "Tapiola",
        "channel": "email",
        "gender": "woman",
        "cohort": "AIM-2027K-03",
        "note": "",
        "protected": False,
    }


# Tables


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "iso-8859-1"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_any_usual_encoding_and_separator_give_the_same_rows(encoding, separator):
    text = "Sukunimi;Etunimi;Syntymävuosi\r\nÅström;Väinö;1941\r\nMäki;Örn;1950\r\n".replace(";", separator)

    rows = read_roster(text.encode(encoding)).rows

    assert [(row.values["last_name"], row.values["first_name"], row.values["birth_year"]) for row in rows] == [
        ("Åström", "Väinö", 1941),
        ("Mäki", "Örn", 1950),
    ]


def test_the_euro_sign_tells_windows_1252_from_iso_8859_1():
    assert read_table("Nimi;Hinta\nMäki;5 €\n".encode("cp1252")).encoding == "cp1252"


def test_a_line_that_tells_the_separator_is_taken_off():
    table = read_table(b"sep=|\r\nSukunimi|Etunimi\r\nAho;n|Aino\r\n")

    assert table.rows == [["Sukunimi", "Etunimi"], ["Aho;n", "Aino"]]


def test_commas_in_the_cells_do_not_part_a_file_with_semicolons():
    table = read_table(b"Nimi;Osoite\nAho, Aino;Katu 1, A, 2\nMaki, Ari;Tie 2, B, 3\n")

    assert table.separator == ";"


@pytest.mark.parametrize(
    ("cell", "text"),
    [(1948.0, "1948"), (358401234567.0, "358401234567"), (2.5, "2.5"), (True, "1"), ("  x ", "x"), ("", "")],
)
def test_cell_text(cell, text):
    assert cell_text(cell) == text


def test_numbers_of_a_spreadsheet_are_mended():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        day = workbook.add_format({"num_format": "d.m.yyyy"})
        worksheet = workbook.add_worksheet()
        worksheet.write_row(0, 0, ["Sukunimi", "Etunimi", "Syntymäaika", "Puhelin"])
        worksheet.write_row(1, 0, ["Aho", "Aino", 1948, 401234567])
        worksheet.write_row(2, 0, ["Mäki", "Ari", "", 358501234567])
        worksheet.write_number(2, 2, 17604, day)

    rows = read_roster(content.getvalue()).rows

    assert [(row.values["birth_year"], row.values["phone"]) for row in rows] == [
        (1948, "+358401234567"),
        (1948, "+358501234567"),
    ]


def test_formulas_of_a_spreadsheet_are_their_values_and_of_a_csv_their_text():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        worksheet = workbook.add_worksheet()
        worksheet.write_row(0, 0, ["Sukunimi", "Etunimi"])
        worksheet.write_formula(1, 0, '=HYPERLINK("http://example.org","x")', None, "Aho")
        worksheet.write_string(1, 1, "Aino")

    from_sheet = read_roster(content.getvalue()).rows[0]
    from_csv = read_roster(b'Sukunimi;Etunimi\n"=HYPERLINK(""http://example.org"")";Aino\n').rows[0]

    assert from_sheet.values["last_name"] == "Aho"
    assert from_csv.values["last_name"] == '=HYPERLINK("http://example.org")'


def test_rows_are_numbered_as_in_the_file_with_a_title_above_and_blank_rows_between():
    rows = read_roster("Osallistujat;\n;\nSukunimi;Etunimi\nAho;Aino\n\n;\nMäki;Ari\n".encode()).rows

    assert [(row.number, row.verdict.value) for row in rows] == [(4, "ok"), (5, "blank"), (6, "blank"), (7, "ok")]


# Files that cannot be read


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"x" * (MAX_BYTES + 1), "too_big"),
        (b"%PDF-1.7\n\x00\x01\x02", "wrong_type"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "wrong_type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "wrong_type"),
        (b"PK\x03\x04 cut off", "damaged"),
        (b"Sukunimi;Etunimi\n", "empty"),
        (b"Sukunimi;Etunimi\n;\n;\n", "empty"),
        (b"Aho;Aino\nMaki;Ari\n", "no_header"),
        (b"Sukunimi;Puhelin\nAho;0401234567\n", "column_missing"),
        (b"Sukunimi;Etunimi;Puhelin;Matkapuhelin\nAho;Aino;1;2\n", "header_twice"),
        (b"Sukunimi;Etunimi\n" + b"Aho;Aino\n" * 20_001, "too_many_rows"),
        (b"Sukunimi;Etunimi" + b";x" * 60 + b"\nAho;Aino\n", "too_many_columns"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_is_refused_with_one_sentence(data, code):
    assert code_of(data) == code


def test_sixty_columns_and_twenty_thousand_rows_are_taken():
    wide = b"Sukunimi;Etunimi" + b";x" * 58 + b"\nAho;Aino\n"

    assert len(read_roster(wide).rows) == 1
    assert len(read_table(b"Sukunimi;Etunimi\n" + b"Aho;Aino\n" * 20_000).rows) == 20_001


def test_another_zip_than_a_workbook_is_refused():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("kuva.jpg", b"x" * 100)

    assert code_of(content.getvalue()) == "wrong_type"


def far_cell():
    return b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + (
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        b"</sheetData></worksheet>"
    )


def many_cells():
    return (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        + b'<c r="A1"><v>1</v></c>' * 1_500_000
        + b"</row></sheetData></worksheet>"
    )


def long_strings():
    text = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + b"a" * 32_000
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 20_000))
    return {
        "xl/sharedStrings.xml": text + b"</t></si></sst>",
        "xl/worksheets/sheet1.xml": b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<sheetData>" + cells + b"</sheetData></worksheet>",
    }


def wide_sheets():
    """Many sheets with a space in their first and one in their last cell."""
    last = [[" "], *[[]] * 19_999, [*[""] * 59, " "]]
    content = book(**{f"Taul{number}": last for number in range(1, 26)})
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def entities():
    return (
        b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        b'<c r="A1" t="str"><v>&b;</v></c></row></sheetData></worksheet>'
    )


BOMBS = {
    "zeros": (lambda: {"xl/worksheets/sheet1.xml": b"0" * 200_000_000}, "too_big"),
    "picture": (lambda: {"xl/media/image1.png": b"0" * 200_000_000}, "too_big"),
    "parts": (lambda: {f"xl/worksheets/sheet{n}.xml": b"<a/>" for n in range(600)}, "too_big"),
    "far cell": (lambda: {"xl/worksheets/sheet1.xml": far_cell()}, "too_many_rows"),
    "many cells": (lambda: {"xl/worksheets/sheet1.xml": many_cells()}, "too_many_columns"),
    "many elements": (lambda: {"xl/worksheets/sheet1.xml": b"<a>" + b"<x/>" * 9_000_000 + b"</a>"}, "too_big"),
    "long strings": (long_strings, "too_big"),
    "spaces": (lambda: {"xl/worksheets/sheet1.xml": b"<a>" + b" " * 62_000_000 + b"</a>"}, "empty"),
    "wide sheets": (wide_sheets, "empty"),
    "entities": (lambda: {"xl/worksheets/sheet1.xml": entities()}, "damaged"),
}

READ = """
import re, sys, time
import django
django.setup()
from accounts.exceptions import RuleError
from courses.importing.rosters.readers.rosters import read_roster
def peak():
    status = open("/proc/self/status").read() if sys.platform == "linux" else "VmHWM: 0 kB"
    return int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) // 1024

data = open(sys.argv[1], "rb").read()
before = time.monotonic()
try:
    read_roster(data)
except RuleError as error:
    print(error.code, time.monotonic() - before, peak())
"""


@pytest.mark.processes
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_within_five_seconds_and_two_hundred_megabytes(name, tmp_path):
    changes, code = BOMBS[name]
    bomb = tmp_path / "bomb.xlsx"
    bomb.write_bytes(repacked(sheet([["Sukunimi", "Etunimi"], ["Aho", "Aino"]]), changes()))
    assert bomb.stat().st_size < MAX_BYTES

    run = subprocess.run(
        [sys.executable, "-c", READ, str(bomb)], capture_output=True, text=True, check=True, timeout=60
    )

    answer, seconds, megabytes = run.stdout.split()
    assert answer == code
    assert float(seconds) < 5
    assert int(megabytes) < 200


def test_a_part_that_lies_about_its_size_is_refused():
    data = repacked(sheet([["Sukunimi", "Etunimi"], ["Aho", "Aino"]]), {"xl/worksheets/sheet1.xml": b" " * 1_000_000})
    lying = data.replace((1_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))

    assert code_of(lying) == "damaged"


# Headers


@pytest.mark.parametrize(
    "header",
    [
        "Sukunimi;Etunimi;Synt.vuosi;Puh.;S-posti;Kieli;Osoite;Pnro;Ptp;Ryhmä",
        "SUKUNIMI*;ETUNIMET;Syntymäaika (pp.kk.vvvv);GSM;Sähköpostiosoite;Äidinkieli;Katuosoite;Postinro;Kunta;Kurssi",
        "Efternamn;Förnamn;Född;Tfn;E-post;Språk;Adress;Postnr;Ort;Grupp",
        "Surname;Given name;DOB;Mobile;E-mail;Language;Address;ZIP;Town;Group",
        "Last_name;First_name;birth year;tel;mail;lang;street;postcode;city;cohort",
    ],
)
def test_headers_in_three_languages_and_their_short_forms(header):
    found = read_roster((header + "\nAho;Aino\n").encode()).found

    assert [name for name, _header in found["columns"]] == [
        "last_name",
        "first_name",
        "birth_year",
        "phone",
        "email",
        "language",
        "street",
        "postal_code",
        "city",
        "cohort",
    ]
    assert found["ignored"] == []


def test_columns_may_come_in_any_order():
    row = read_roster(b"Puhelin;Etunimi;Sukunimi\n0401234567;Aino;Aho\n").rows[0]

    assert (row.values["last_name"], row.values["first_name"], row.values["phone"]) == ("Aho", "Aino", "+358401234567")


def test_unknown_columns_are_not_read():
    found = read_roster("Sukunimi;Etunimi;Kengännumero;Hetu\nAho;Aino;42;010148-9992\n".encode())

    assert found.found["ignored"] == ["Kengännumero", "Hetu"]
    assert "9992" not in str(found.rows)


def test_a_name_in_one_column_is_parted_at_its_comma():
    rows = read_roster(b"Nimi;Puhelin\nAho, Aino Maria;0401234567\nAino Aho;\n").rows

    assert (rows[0].values["last_name"], rows[0].values["first_name"]) == ("Aho", "Aino Maria")
    assert faults(rows[1]) == [("name_unparted", "last_name")]


def names_of(text, **options):
    read = read_roster(text.encode(), **options)
    return [(row.values["last_name"], row.values["first_name"]) for row in read.rows]


@pytest.mark.parametrize(
    "title", ["Sukunimi Etunimi", "Efternamn Förnamn", "SUKUNIMI JA ETUNIMET", "Last name, First name"]
)
def test_a_title_says_that_the_last_name_comes_first(title):
    assert names_of(f'"{title}";Puh\nAho Aino Maria;\nvon Essen Karl-Gustav;\n') == [
        ("Aho", "Aino Maria"),
        ("von Essen", "Karl-Gustav"),
    ]


@pytest.mark.parametrize("title", ["Etunimi Sukunimi", "För- och efternamn", "First name and last name"])
def test_a_title_says_that_the_first_name_comes_first(title):
    assert names_of(f"{title};Puh\nAino Maria Aho;\nKarl-Gustav von Essen;\n") == [
        ("Aho", "Aino Maria"),
        ("von Essen", "Karl-Gustav"),
    ]


def test_the_last_names_of_a_column_show_which_part_comes_first():
    assert names_of("Nimi;Puh\nAho Aino;\nVirtanen Anna Maria;\n")[0] == ("Aho", "Aino")
    assert names_of("Namn;Tfn\nAino Aho;\nBirgit Öhman Nyström;\n")[0] == ("Aho", "Aino")


def test_known_first_names_show_which_part_comes_first():
    asked = []

    def known(words):
        asked.append(words)
        return {"aino"}

    assert names_of("Nimi;Puh\nAho Aino;\nMeri Eero;\n", first_names=known) == [("Aho", "Aino"), ("Meri", "Eero")]
    assert asked == [{"Aho", "Aino", "Meri", "Eero"}]


def test_the_first_of_several_first_names_may_be_the_known_one():
    assert names_of("Nimi;Puh\nAho Aino Maria;\n", first_names=lambda words: {"aino"}) == [("Aho", "Aino Maria")]


def test_a_column_in_both_orders_is_not_guessed():
    mixed = b"Nimi;Puh\nVirtanen Aino;\nKorhonen Eero;\nAino Virtanen;\nEero Korhonen;\nLiisa Laine;\nTimo Nieminen;\n"

    assert read_roster(mixed).found["fields"][0] == "name"


def test_a_column_that_does_not_tell_the_order_is_parted_at_commas_only():
    read = read_roster(b"Nimi;Puh\nAho Aino;\nMeri, Eero;\n")

    assert read.found["fields"] == ["name", "phone"]
    assert [faults(row) for row in read.rows] == [[("name_unparted", "last_name")], []]


def test_a_missing_part_of_a_whole_name_is_a_fault_of_that_part():
    assert faults(read_roster(b"Sukunimi Etunimi\nvon Essen\nAho Aino\n").rows[0]) == [
        ("first_name_missing", "first_name")
    ]
    assert faults(read_roster(b"Etunimi Sukunimi\nAino\nAino Aho\n").rows[0]) == [("last_name_missing", "last_name")]


def test_two_columns_of_whole_names_are_one_too_many():
    twice = b"Nimi;Sukunimi Etunimi\nAho, Aino;Aho Aino\n"

    assert code_of(twice) == "header_twice"
    assert read_roster(twice, lenient=True).found["fields"] == ["name", ""]


# Sheets

PEOPLE = [["Sukunimi", "Etunimi"], ["Aho", "Aino"]]


@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize("sheets", [{"Taul1": []}, {"Taul1": [], "Taul2": [[" "]]}])
def test_a_workbook_of_empty_sheets_is_refused_kindly(sheets, lenient):
    with pytest.raises(RuleError) as refused:
        read_roster(book(**sheets), lenient=lenient)

    assert refused.value.code == "empty"


def test_behind_an_empty_sheet_the_one_with_the_list_is_taken():
    read = read_roster(book(Taul1=[], Lista=PEOPLE, Taul3=[]))

    assert [row.values["last_name"] for row in read.rows] == ["Aho"]
    assert (read.found["sheet"], read.found["empty_sheets"], read.found["other_sheets"]) == ("Lista", ["Taul1"], [])


def test_of_several_sheets_the_first_is_taken_and_the_others_are_named():
    read = read_roster(book(Taul1=[], Kevät=PEOPLE, Ohje=[["Lue tämä"]], Syksy=PEOPLE))

    assert (read.found["sheet"], read.found["other_sheets"]) == ("Kevät", ["Ohje", "Syksy"])


def test_a_first_sheet_that_holds_something_is_the_list():
    read = read_roster(book(Lista=PEOPLE, Ohje=[["Lue tämä"]]))

    assert (read.found["sheet"], read.found["empty_sheets"], read.found["other_sheets"]) == ("Lista", [], [])


# Rows


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1948", 1948),
        ("1948.0", 1948),
        ("12.3.1948", 1948),
        ("12.03.1948", 1948),
        ("12. 3. 1948", 1948),
        ("3/25/1948", 1948),
        ("25/3/1948", 1948),
        ("1948-03-12", 1948),
        ("1948-03-12 00:00:00", 1948),
        ("1948/3/12", 1948),
        ("12031948", 1948),
        ("19480312", 1948),
        ("12. maaliskuuta 1948", 1948),
        ("12 mars 1948", 1948),
        ("12 March 1948", 1948),
        ("Mar 12, 1948", 1948),
        ("48", None),
        ("12.3.48", None),
        ("32.1.1948", None),
        ("30.2.1948", None),
        ("yksituhatta", None),
        ("19488", None),
        ("1948-1950", None),
        ("", None),
    ],
)
def test_year_in(text, year):
    assert year_in(text) == year


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("040-1234567", "+358401234567"),
        ("+358 40 123 4567", "+358401234567"),
        ("00358401234567", "+358401234567"),
        ("358401234567", "+358401234567"),
        ("401234567", "+358401234567"),
        ("(09) 123 4567", "+35891234567"),
        ("+46 70 123 45 67", "+46701234567"),
        ("12", None),
        ("ei ole", None),
    ],
)
def test_phone_in(text, number):
    assert phone_in(text) == number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Aho;Aino;1948;;;", []),
        ("Aho;Aino;;;;", []),
        ("Aho;Aino;48;;;", [("birth_year_digits", "birth_year")]),
        ("Aho;Aino;1899;;;", [("birth_year_range", "birth_year")]),
        ("Aho;Aino;1948;;;puhelu", [("phone_missing_call", "phone")]),
        ("Aho;Aino;1948;;;tekstiviesti", [("phone_missing_sms", "phone")]),
        ("Aho;Aino;1948;09 1234567;;tekstiviesti", [("phone_landline", "phone")]),
        ("Aho;Aino;1948;;;sähköposti", [("email_missing", "email")]),
        ("Aho;Aino;1948;;ei ole;sähköposti", [("email_unreadable", "email")]),
        ("Aho;Aino;1948;;;kirje", [("address_missing", "street")]),
        ("Aho;Aino;1948;;;yhteyshenkilö", [("contact_missing", "channel")]),
        ("Aho;Aino;1948;;;savumerkki", [("channel_unknown", "channel")]),
        ("Aho;Aino;010148-9992;;;", [("identity_code", "birth_year")]),
        ("Aho 010148-9992;Aino;1948;;;", [("identity_code", "last_name")]),
        (";;1948;;;", [("last_name_missing", "last_name"), ("first_name_missing", "first_name")]),
    ],
)
def test_faults_of_a_row(text, expected):
    assert faults(only_row(text + "\n")) == expected


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("Aho;Aino;1948;040 1234567;aino@example.org;", "email"),
        ("Aho;Aino;1948;040 1234567;;", "sms"),
        ("Aho;Aino;1948;09 1234567;;", "call"),
        ("Aho;Aino;1948;;;", "letter"),
        ("Aho;Aino;1948;09 1234567;;tekstiviesti", "call"),
    ],
)
def test_the_channel_is_one_that_reaches_the_person(text, channel):
    assert only_row(text + "\n").values["channel"] == channel


def test_hidden_characters_and_line_breaks_do_not_stay_in_a_name():
    row = only_row('"Aho\nPuro\u202e";"  Aino\u200b  Maria ";1948;;;\n')

    assert (row.values["last_name"], row.values["first_name"]) == ("Aho Puro", "Aino Maria")


@pytest.mark.parametrize("fault", RosterFault)
def test_each_fault_says_what_to_do(fault):
    figures = {"limit": 1, "oldest": 1900, "newest": 2027, "row": 2, "code": "S-7K3M-Q2", "cohort": "R1"}

    assert (str(fault.label) % figures).endswith(".")


# Speed, and anything at all


def test_ten_thousand_rows_are_read_in_under_ten_seconds():
    content = io.StringIO()
    writer = csv.writer(content, delimiter=";")
    writer.writerow(HEADER.strip().split(";"))
    for number in range(10_000):
        phone = f"040 {1_000_000 + number * 7}"
        writer.writerow(
            [
                f"Nimi{number % 500}",
                f"Aino{number // 500}",
                1930 + number % 30,
                phone,
                f"p{number}@example.org",
                "puhelu",
            ]
        )
    before = time.process_time()

    rows = read_roster(content.getvalue().encode()).rows
    judge_rows(rows, cohorts=COHORTS, default=COHORTS["aim2027k01"], known={}, enrolled=set())

    assert [row.verdict.value for row in rows] == ["ok"] * 10_000
    assert time.process_time() - before < 10


def read_anything(data):
    """Reads or refuses; whatever else is raised fails the test."""
    try:
        rows = read_roster(data).rows
    except RuleError as error:
        assert all(error.reasons)
        assert error.code
        return
    judge_rows(rows, cohorts=COHORTS, default=None, known={}, enrolled=set())
    json.dumps([row.to_json() for row in rows])


fuzz = settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])


@fuzz
@given(st.binary(max_size=400))
def test_arbitrary_bytes_are_read_or_refused(data):
    read_anything(data)


@fuzz
@given(st.binary(max_size=400))
def test_arbitrary_bytes_under_a_header_are_read_or_refused(data):
    read_anything(HEADER.encode() + data)


@fuzz
@given(st.lists(st.lists(st.text(max_size=30), min_size=1, max_size=7), max_size=6))
def test_arbitrary_cells_are_read_or_refused(rows):
    content = io.StringIO()
    csv.writer(content, delimiter=";", escapechar="\\").writerows(rows)
    read_anything((HEADER + content.getvalue()).encode("utf-8", "replace"))


@fuzz
@given(st.data())
def test_a_workbook_with_wrong_bytes_is_read_or_refused(data):
    whole = bytearray((ROSTERS / "swedish.xlsx").read_bytes())
    for _change in range(data.draw(st.integers(1, 20))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    read_anything(bytes(whole))


PARTS = ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels")


@fuzz
@given(st.data())
def test_a_workbook_with_a_wrong_part_is_read_or_refused(data):
    whole = sheet([["Sukunimi", "Etunimi", "Syntymävuosi"], ["Aho", "Aino", 1948]])
    part = data.draw(st.sampled_from(PARTS))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        text = bytearray(archive.read(part))
    for _change in range(data.draw(st.integers(1, 10))):
        place = data.draw(st.integers(0, len(text) - 1))
        text[place : place + data.draw(st.integers(0, 5))] = data.draw(st.binary(max_size=5))
    read_anything(repacked(whole, {part: bytes(text)}))


# What the coordinator puts right


def test_a_header_nobody_knows_is_read_leniently():
    read = read_roster(b"A;B\nAho;Aino\n", lenient=True)

    assert (read.found["header_row"], read.found["fields"], read.cells) == (1, ["", ""], [["A", "B"], ["Aho", "Aino"]])


def test_a_file_without_a_header_keeps_its_first_person():
    read = read_roster(b"Aho;Aino;1948\nM\xc3\xa4ki;Ari;1950\n", lenient=True)
    chosen = columns_of(["last_name", "first_name", "birth_year"], read.cells[0])

    rows = read_rows({**read.found, **chosen}, read.cells, {})

    assert [(row.number, row.values["last_name"], row.values["birth_year"]) for row in rows] == [
        (1, "Aho", 1948),
        (2, "Mäki", 1950),
    ]


def test_of_two_columns_that_say_the_same_the_first_is_read_leniently():
    read = read_roster(b"Sukunimi;Etunimi;Puhelin;GSM\nAho;Aino;0401234567;0501234567\n", lenient=True)

    assert read.found["fields"] == ["last_name", "first_name", "phone", ""]
    assert read.rows[0].values["phone"] == "+358401234567"


@pytest.mark.parametrize("title", ["What to mend", "what to mend "])
def test_the_column_of_what_to_mend_is_not_read(title):
    read = read_roster(f"Sukunimi;Etunimi;{title}\nAho;Aino;Write the year.\n".encode())

    assert read.found["ignored"] == []


def test_a_quote_before_a_formula_is_taken_off_again():
    [row] = read_roster(b"Sukunimi;Etunimi;Puhelin\n'=Aho;Aino;'+358401234567\n").rows

    assert (row.values["last_name"], row.values["phone"]) == ("=Aho", "+358401234567")


def test_a_column_of_identity_codes_is_not_kept_however_they_are_written():
    read = read_roster(b"Sukunimi;Etunimi;Hetu;Muuta\nAho;Aino;010148 9992;ks. 010148-9992\n")

    assert read.cells[1] == ["Aho", "Aino", "", "ks. ••••••-••••"]


def test_a_masked_code_stays_an_error_until_it_is_taken_out():
    row = only_row("Aho;Aino;1948;;;ks. ••••••-••••\n")

    assert ("identity_code", "channel") in faults(row)
