import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import SupportNeeds
from tests.factories import CohortFactory, ConsentFactory, EnrollmentFactory, PersonFactory, SessionFactory

pytestmark = pytest.mark.usefixtures("clock", "centre", "english")

MARK = "Paikka-ikkunan-luona-4711"


@pytest.fixture
def enrollment(trainer, learner):
    cohort = CohortFactory.create(trainers=[trainer], language="en")
    SessionFactory.create(cohort=cohort, number=1, starts_at=timezone.now() + timedelta(days=1))
    return EnrollmentFactory.create(cohort=cohort, person=learner)


@pytest.fixture
def noted(enrollment):
    return SupportNeeds.objects.create(enrollment=enrollment, hearing_loop=True, note=MARK, how_asked="desk")


def url(enrollment) -> str:
    return reverse("coordinator:support-edit", args=[enrollment.pk])


def test_what_to_arrange_is_noted_with_the_yes(sign_in, coordinator, enrollment):
    client = sign_in(coordinator)
    filled = {"wheelchair": "on", "note": MARK, "how_asked": "phone"}

    refused = client.post(url(enrollment), filled)
    assert list(refused.context["form"].errors) == ["said_yes"]
    assert not SupportNeeds.objects.exists()

    assert client.post(url(enrollment), filled | {"said_yes": "on"}).status_code == 302
    needs = SupportNeeds.objects.get()
    assert (needs.hearing_loop, needs.wheelchair, needs.note, needs.noted_by) == (False, True, MARK, coordinator)
    assert "said_yes" not in client.get(url(enrollment)).context["form"].fields


def test_an_identity_code_is_refused(sign_in, coordinator, enrollment):
    response = sign_in(coordinator).post(
        url(enrollment), {"note": "010148-123A", "how_asked": "phone", "said_yes": "on"}
    )

    assert list(response.context["form"].errors) == ["note"]
    assert not SupportNeeds.objects.exists()


def test_emptied_and_saved_means_deleted(sign_in, coordinator, noted):
    assert sign_in(coordinator).post(url(noted.enrollment), {"how_asked": "phone"}).status_code == 302

    assert not SupportNeeds.objects.exists()


def test_an_ended_place_has_no_page(sign_in, coordinator):
    ended = EnrollmentFactory.create(state=EnrollmentState.WITHDRAWN)

    assert sign_in(coordinator).get(url(ended)).status_code == 404


def test_withdrawing_the_consent_deletes_what_is_noted(sign_in, coordinator, noted):
    consent = ConsentFactory.create(person=noted.enrollment.person)
    address = reverse("coordinator:consents-withdraw", args=[consent.person.code, consent.pk])

    client = sign_in(coordinator)
    client.get(address)
    assert SupportNeeds.objects.exists()
    client.post(address, {"how_asked": "phone"})

    consent.refresh_from_db()
    assert (consent.withdrawn_by, SupportNeeds.objects.count()) == (coordinator, 0)


@pytest.mark.parametrize("actor", ["trainer", "coordinator"])
def test_the_register_says_what_to_arrange_in_all_and_for_whom(sign_in, trainer, coordinator, noted, actor):
    EnrollmentFactory.create(cohort=noted.enrollment.cohort)
    session = noted.enrollment.cohort.sessions.get()

    response = sign_in({"trainer": trainer, "coordinator": coordinator}[actor]).get(
        reverse(f"{actor}:attendance-register", args=[session.pk])
    )

    assert response.context["to_arrange"] == "To arrange: hearing loop (1), another arrangement (1)"
    rows = {row.line.enrollment.pk: [thing.words for thing in row.arrange] for row in response.context["rows"]}
    assert rows.pop(noted.enrollment_id) == ["hearing loop", MARK]
    assert list(rows.values()) == [[]]
    assert MARK in response.content.decode()


def test_paper_counts_and_quotes_nothing(sign_in, trainer, noted):
    session = noted.enrollment.cohort.sessions.get()

    response = sign_in(trainer).get(reverse("trainer:attendance-print", args=[session.pk]))

    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)
    assert "To arrange: hearing loop (1), another arrangement (1)" in " ".join(text.split())
    assert MARK not in text


def test_the_persons_page_shows_them_to_a_coordinator(sign_in, coordinator, noted):
    page = sign_in(coordinator).get(reverse("coordinator:people-detail", args=[noted.enrollment.person.code]))

    assert MARK in page.content.decode()


def test_nobody_else_meets_a_word_of_them(sign_in, noted, viewer, administrator, stranger):
    """Every page that such a person can open about the group, its sessions or the learner."""
    cohort, session = noted.enrollment.cohort, noted.enrollment.cohort.sessions.get()
    other_trainer = PersonFactory.create(roles=["trainer"])
    CohortFactory.create(trainers=[other_trainer])
    pages = [
        reverse("trainer:attendance-register", args=[session.pk]),
        reverse("trainer:attendance-print", args=[session.pk]),
        reverse("trainer:cohorts-detail", args=[cohort.code]),
        reverse("coordinator:attendance-register", args=[session.pk]),
        reverse("coordinator:people-detail", args=[noted.enrollment.person.code]),
        url(noted.enrollment),
    ]

    for person in (other_trainer, viewer, administrator, stranger):
        client = sign_in(person)
        assert [client.get(page).status_code for page in pages] == [404] * len(pages)
        assert MARK not in client.get(reverse("learner:home")).content.decode()
    client = sign_in(viewer)
    report = client.get(reverse("viewer:reports-cohort", args=[cohort.code]))
    assert report.status_code == 200
    assert MARK not in report.content.decode()


def test_lists_that_many_people_see_do_not_show_them(sign_in, coordinator, noted):
    cohort = noted.enrollment.cohort
    client = sign_in(coordinator)

    for name in ("cohorts-detail", "cohorts-learners", "sessions-list", "completions-grid", "reports-cohort"):
        page = client.get(reverse(f"coordinator:{name}", args=[cohort.code])).content.decode()
        assert MARK not in page
        assert "earing loop" not in page
