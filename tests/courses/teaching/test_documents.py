import io
from datetime import timedelta

from django.utils import timezone
from pypdf import PdfReader

from courses.catalogue.selectors.centre import centre_facts
from courses.teaching.documents import register_pdf
from courses.teaching.selectors.attendance import register_lines
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory, SessionFactory


def test_paper_register_has_each_name_once_in_the_language_of_the_group(centre):
    cohort = CohortFactory.create(language="sv", capacity=60)
    session = SessionFactory.create(cohort=cohort, number=1, starts_at=timezone.now() + timedelta(days=1))
    people = [
        EnrollmentFactory.create(cohort=cohort, person=PersonFactory.create(last_name=f"Ståhl{number:02d}")).person
        for number in range(40)
    ]

    file = register_pdf(session, register_lines(session), centre=centre_facts())

    reader = PdfReader(io.BytesIO(file))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert len(reader.pages) == 2
    assert [text.count(person.full_name) for person in people] == [1] * 40
    assert reader.trailer["/Root"]["/Lang"].startswith("sv")
