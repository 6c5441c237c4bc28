import pytest
from django.core.management import CommandError, call_command

from courses.enums import CompletionState, EnrollmentState
from courses.models import Completion
from courses.services.certificates import issue_certificates
from tests.factories import EnrollmentFactory


@pytest.fixture
def certificate(centre, coordinator, learner):
    enrollment = EnrollmentFactory.create(person=learner, state=EnrollmentState.COMPLETED)
    completion = Completion.objects.create(
        enrollment=enrollment, state=CompletionState.DECIDED, decided_at=enrollment.applied_at, decided_by=coordinator
    )
    return issue_certificates(completions=[completion], by=coordinator)[0]


def test_certificate_is_written_as_pdf(certificate, tmp_path):
    call_command("certificate", certificate.number, output=tmp_path / "one.pdf", verbosity=0)

    assert (tmp_path / "one.pdf").read_bytes()[:5] == b"%PDF-"


def test_unknown_certificate_is_refused(certificate, tmp_path):
    with pytest.raises(CommandError):
        call_command("certificate", "ESP-XX-2020-0001", output=tmp_path / "one.pdf", verbosity=0)
    assert list(tmp_path.iterdir()) == []
