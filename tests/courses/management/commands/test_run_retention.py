from io import StringIO

import pytest
from django.core.management import call_command

from courses.enrolling.models import SupportNeeds
from tests.factories import CohortFactory, EnrollmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def run(*options) -> list[str]:
    out = StringIO()
    call_command("run_retention", *options, stdout=out)
    return out.getvalue().splitlines()


def test_it_says_how_much_went_and_names_nothing():
    cohort = CohortFactory.create(starts_on="2026-09-01", ends_on="2026-12-01")
    SupportNeeds.objects.create(enrollment=EnrollmentFactory.create(cohort=cohort), note="Silmukka", how_asked="desk")
    said = ["Support needs deleted: 1", "Contact people ended: 0", "Contact people forgotten: 0"]
    said += ["Expired sessions deleted: 0", "Rosters emptied: 0", "Messages emptied: 0", "Notes of calls emptied: 0"]
    said.append("Phone calls deleted: 0")
    said += ["People anonymized: 0", "Applications without a place made nobody's: 0", "Certificates emptied: 0"]
    said.append("Entries of the audit trail deleted: 0")

    assert run("--dry-run") == ["Nothing is changed. This would go:", *said]
    assert SupportNeeds.objects.exists()
    assert run() == said
    assert not SupportNeeds.objects.exists()
