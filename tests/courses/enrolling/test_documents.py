import io
from datetime import timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from courses.catalogue.selectors.centre import centre_facts
from courses.enrolling.documents import confirmation_pdf
from courses.enrolling.enums import EnrollmentState
from tests.factories import CohortFactory, CourseFactory, EnrollmentFactory, PersonFactory, SessionFactory, VenueFactory

pytestmark = pytest.mark.django_db


def printed(enrollment, place=0):
    file = confirmation_pdf(
        enrollment,
        sessions=enrollment.cohort.sessions.order_by("starts_at"),
        place=place,
        centre=centre_facts(),
        application_url="https://mentors.example/en/application/",
    )
    return PdfReader(io.BytesIO(file))


def words_of(reader):
    text = " ".join(page.extract_text() for page in reader.pages).replace("\u2060", "").replace("\u00a0", " ")
    return " ".join(text.split())


def person(**data):
    return PersonFactory.create(first_name="Eila", last_name="Manninen", **{"language": "en", **data})


def test_one_page_holds_all_that_somebody_needs(clock, centre):
    venue = VenueFactory.create(name_fi="Library A", directions_en="The lift is on the right.")
    cohort = CohortFactory.create(venue=venue, course=CourseFactory.create(title_en="AI for all"), name_en="Spring A")
    cohort.notice_en = "Bring your glasses."
    for number in range(1, 10):
        SessionFactory.create(cohort=cohort, number=number, starts_at=timezone.now() + timedelta(days=7 * number))
    enrollment = EnrollmentFactory.create(cohort=cohort, person=person(), application_code="H-7K3M-Q2PX-9DTR")

    reader = printed(enrollment)

    text = words_of(reader)
    wanted = [
        "You have a place",
        "Eila Manninen",
        "AI for all",
        "Spring A",
        "Tuesday 19 January 2027, 10:00–13:00",
        "Tuesday 16 March 2027, 10:00–13:00",
        "Library A, Kirjastokatu 1, 02100 Espoo",
        "The lift is on the right.",
        "Bring your glasses.",
        "H-7K3M-Q2PX-9DTR",
        "mentors.example/en/application/",
        "09 123 4567",
        "Mon–Thu 12:30–15:30",
    ]
    assert len(reader.pages) == 1
    assert [words for words in wanted if words not in text] == []
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"].startswith("en")


@pytest.mark.parametrize(
    ("state", "place", "more", "words"),
    [
        (EnrollmentState.WAITLISTED, 3, {"queue_number": 7}, "You are number 3 on the waiting list."),
        (EnrollmentState.OFFERED, 0, {}, "The seat is held until Thursday 14 January 2027, 10:00."),
        (EnrollmentState.APPLIED, 0, {}, "We have your application"),
        (EnrollmentState.WITHDRAWN, 0, {}, "Your application has ended"),
    ],
)
def test_it_says_where_the_person_stands(clock, centre, state, place, more, words):
    if state == EnrollmentState.OFFERED:
        more = {"offer_expires_at": timezone.now() + timedelta(days=2)}
    enrollment = EnrollmentFactory.create(person=person(), state=state, **more)

    assert words in words_of(printed(enrollment, place))


def test_without_a_code_there_is_none_on_the_paper(centre):
    assert "code" not in words_of(printed(EnrollmentFactory.create(person=person())))


def test_the_paper_is_in_the_language_of_the_person(centre):
    reader = printed(EnrollmentFactory.create(person=person(language="sv")))

    assert reader.trailer["/Root"]["/Lang"].startswith("sv")
    assert "Grundkurs för AI-mentorer" in words_of(reader)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "#panic()", "‮ABC", "A" * 80, "😀 Eila"])
def test_long_and_hostile_texts_stay_texts_on_one_page(centre, name):
    venue = VenueFactory.create(directions_fi="Sisään pääovesta. " * 60)
    cohort = CohortFactory.create(venue=venue)
    for number in range(1, 46):
        SessionFactory.create(cohort=cohort, number=number)
    enrollment = EnrollmentFactory.create(
        cohort=cohort, person=PersonFactory.create(first_name=name), application_code="H-7K3M-Q2PX-9DTR"
    )

    assert len(printed(enrollment).pages) == 1
