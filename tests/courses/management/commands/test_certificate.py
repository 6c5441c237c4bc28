import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from tests.factories import CertificateFactory, CourseFactory, PersonFactory

NUMBER = "ESP-AIM-2027-0042"


@pytest.fixture
def certificate(centre):
    return CertificateFactory.create(
        person=PersonFactory.create(),
        course=CourseFactory.create(),
        number=NUMBER,
        check_code="7K3M-Q2PX-9ABC",
        name="Aino Virtanen",
        language="fi",
        issued_on=date(2027, 3, 9),
    )


def test_certificate_is_written_as_pdf(certificate, tmp_path):
    file = tmp_path / "certificate.pdf"

    call_command("certificate", NUMBER, "-o", str(file), stdout=io.StringIO())

    assert "Aino Virtanen" in PdfReader(file).pages[0].extract_text()


@pytest.mark.parametrize(
    "arguments",
    [["NONE-1"], [NUMBER, "--format", "jwt"], [NUMBER, "--format", "jsonld"]],
    ids=["unknown", "jwt", "jsonld"],
)
def test_what_cannot_be_written_is_said_and_no_file_is_left(certificate, tmp_path, arguments):
    file = tmp_path / "certificate"

    with pytest.raises(CommandError):
        call_command("certificate", *arguments, "-o", str(file))

    assert not file.exists()


def test_folder_that_is_not_there_is_named(certificate, tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        call_command("certificate", NUMBER, "-o", str(tmp_path / "nowhere" / "file.pdf"))
