import io
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import typst
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from courses.catalogue.models import Centre, Course
from courses.certifying.documents import certificates_pdf
from courses.certifying.models import Certificate
from courses.paper import pdf

CENTRE = Centre(name="Testikeskus", phone="+35891234567")
WORDS = {
    "fi": {
        "title": "Tekoälymentorin peruskurssi",
        "text": "on suorittanut kurssin Tekoälymentorin peruskurssi ja osaa opastaa muita.",
        "extent": ["26 oppituntia", "4 opastuskertaa"],
        "signatory_title": "koordinaattori",
    },
    "sv": {"title": "Grundkurs för AI-mentorer", "text": "har avlagt kursen Grundkurs för AI-mentorer.", "extent": []},
    "centre": "Testikeskus",
    "place": "Espoo",
    "signatory": "Liisa Laine",
}


def certificate(**fields) -> Certificate:
    return Certificate(
        **{
            "number": "ESP-AIM-2027-0042",
            "check_code": "7K3M-Q2PX-9ABC",
            "name": "Aino Virtanen",
            "language": "fi",
            "words": WORDS,
            "issued_on": date(2027, 3, 9),
            "valid_until": date(2029, 3, 9),
        }
        | fields
    )


def read(*issued) -> PdfReader:
    file = certificates_pdf(issued, centre=CENTRE, site_url="https://mentorit.example.fi")
    return PdfReader(io.BytesIO(file))


def text_of(reader: PdfReader, page: int = 0) -> str:
    return " ".join(reader.pages[page].extract_text().replace("\N{ZERO WIDTH SPACE}", "").split())


def test_pdf_declares_both_standards_title_language_and_tags():
    reader = read(certificate())
    metadata = reader.trailer["/Root"]["/Metadata"].get_data().decode()

    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert ("<pdfaid:part>2</pdfaid:part>" in metadata, "<pdfaid:conformance>A</pdfaid:conformance>" in metadata) == (
        True,
        True,
    )
    assert reader.metadata.title.endswith("ESP-AIM-2027-0042")
    assert reader.trailer["/Root"]["/Lang"].startswith("fi")
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712  # a PDF object, not a bool


def test_page_says_name_course_dates_number_and_who_signs():
    text = text_of(read(certificate()))

    for words in (
        "Aino Virtanen on suorittanut kurssin Tekoälymentorin peruskurssi ja osaa opastaa muita.",
        "26 oppituntia 4 opastuskertaa",
        "9. maaliskuuta 2027",
        "9. maaliskuuta 2029",
        "Liisa Laine koordinaattori Testikeskus",
        "ESP-AIM-2027-0042",
    ):
        assert words in text


def test_many_certificates_are_one_file_with_a_page_each_in_its_holders_language():
    reader = read(certificate(), certificate(name="Gunilla Backman", language="sv", number="ESP-AIM-2027-0043"))

    assert len(reader.pages) == 2
    assert "Gunilla Backman har avlagt kursen Grundkurs för AI-mentorer." in text_of(reader, 1)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ('#read("certificate.typ") $x$ *b* \\u{41}', '#read("certificate.typ") $x$ *b* \\u{41}'),
        ("<script>alert(1)</script> {{7*7}}", "<script>alert(1)</script> {{7*7}}"),
        ("Evil\N{RIGHT-TO-LEFT OVERRIDE} \r\nBcc: x", "Evil Bcc: x"),
        ("Aino \N{PARTY POPPER}", "Aino ?"),
        ("A" * 160, "A" * 160),
        ("Иван Þórsson Ğışöü", "Иван Þórsson Ğışöü"),
    ],
    ids=["typst", "html", "direction", "no glyph", "long", "letters of others"],
)
def test_hostile_names_are_only_words(name, shown):
    text = text_of(read(certificate(name=name)))

    assert shown in text or shown.replace(" ", "") in text.replace(" ", "")


def test_imported_certificate_without_words_still_prints():
    from_records = certificate(words={}, valid_until=None, course=Course(title_fi="Peruskurssi"))

    assert "Aino Virtanen" in text_of(read(from_records))
    assert "Peruskurssi" in text_of(read(from_records))


def test_typst_itself_refuses_a_picture_without_words(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "PAPER", tmp_path)
    (tmp_path / "bare.typ").write_text('#set document(title: "x")\n#image("mark.svg")', encoding="utf-8")
    shutil.copy(Path(pdf.__file__).parent / "layouts" / "mark.svg", tmp_path)

    with pytest.raises(typst.TypstError, match="PDF/UA-1"):
        pdf.compile_pdf("bare.typ", {})


def test_who_cannot_scan_finds_an_address_to_type():
    assert "mentorit.example.fi/fi/check" in text_of(read(certificate()))
    assert "mentorit.example.fi/sv/check" in text_of(read(certificate(language="sv")))


def test_numbers_and_dates_stay_on_one_line():
    lines = read(certificate()).pages[0].extract_text().replace("\N{NO-BREAK SPACE}", " ").splitlines()

    for whole in ("09 123 4567", "ESP-AIM-2027-0042", "9. maaliskuuta 2027", "9. maaliskuuta 2029"):
        assert [line for line in lines if whole in line], whole


def test_the_central_sentence_is_a_paragraph():
    def kinds(element) -> list[str]:
        element = element.get_object()
        if not isinstance(element, DictionaryObject):
            return []
        children = element.get("/K", [])
        children = children if isinstance(children, list) else [children]
        return [str(element.get("/S", "")), *(kind for child in children for kind in kinds(child))]

    tree = read(certificate()).trailer["/Root"]["/StructTreeRoot"]
    tags = kinds(tree)

    assert "/P" in tags[tags.index("/H1") : tags.index("/H1") + 4]


@pytest.mark.usefixtures("catalogues")
def test_a_swedish_certificate_is_swedish_throughout():
    text = text_of(read(certificate(language="sv")))

    assert [word for word in ("Intyg", "AI-mentorer", "Kontrollera intyget", "9 mars 2027") if word not in text] == []
    assert not re.search("todistus|tekoälymentor|maaliskuuta|check this", text, re.IGNORECASE)
