from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone, translation

from courses.enrolling.enums import EnrollmentState
from courses.scheduling.enums import CohortState, SessionState
from tests.factories import CohortFactory, CourseFactory, EnrollmentFactory, ModuleFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(centre):
    with translation.override("en"):
        yield


def text_of(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def january(day: int, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(date(2027, 1, day), at))


@pytest.mark.parametrize("size", [1, 20])
def test_the_catalogue_asks_the_same_for_one_and_for_twenty(client, size, django_assert_num_queries):
    for _cohort in range(size):
        SessionFactory.create()

    # Centre, choices, count, page, sessions.
    with django_assert_num_queries(5):
        response = client.get("/en/")

    assert len(response.context["cards"]) == size


def test_the_catalogue_has_pages(client):
    for _cohort in range(21):
        CohortFactory.create()

    assert len(client.get("/en/?page=2").context["cards"]) == 1


@pytest.mark.parametrize(
    ("language", "title"),
    [("fi", "Tekoälymentorin peruskurssi"), ("sv", "Grundkurs för AI-mentorer"), ("en", "AI Mentor Foundation Course")],
)
def test_both_pages_speak_each_language(client, language, title):
    cohort = CohortFactory.create()

    assert title in text_of(client, f"/{language}/")
    assert f"<h1>{title}</h1>" in text_of(client, f"/{language}/cohorts/{cohort.code}/")


def test_both_pages_say_what_the_course_costs_and_when_a_session_ends(client):
    cohort = CohortFactory.create(course__price=0)
    for day, ends in ((12, time(12, 30)), (19, time(13))):
        SessionFactory.create(cohort=cohort, starts_at=january(day, time(10)), ends_at=january(day, ends))

    for page in ("/en/", f"/en/cohorts/{cohort.code}/"):
        content = text_of(client, page)
        assert "Tuesdays 10:00, until 13:00 at the latest" in content
        assert "Free of charge." in content


def test_a_course_that_names_no_price_says_nothing_of_it(client):
    CohortFactory.create(course__price=None)

    assert "Free of charge." not in text_of(client, "/en/")


def test_the_catalogue_says_that_one_can_apply_here(client):
    assert "Apply here in four short pages" in text_of(client, "/en/")


@pytest.mark.parametrize(("language", "name"), [("fi", "Kirjasto A"), ("sv", "Bibliotek A"), ("en", "Kirjasto A")])
def test_both_pages_name_the_place_in_each_language_and_in_finnish_where_that_is_missing(client, language, name):
    cohort = CohortFactory.create(venue__name_fi="Kirjasto A", venue__name_sv="Bibliotek A")

    assert name in text_of(client, f"/{language}/")
    assert name in text_of(client, f"/{language}/cohorts/{cohort.code}/")


def test_an_empty_catalogue_says_when_to_come_again(client):
    content = text_of(client, "/en/")

    assert "No group is open just now." in content
    assert "Choose by language" not in content


def test_a_full_group_tells_of_its_queue(client):
    cohort = CohortFactory.create(capacity=1)
    EnrollmentFactory.create(cohort=cohort)
    EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.WAITLISTED, queue_number=1)

    assert "<strong>The group is full.</strong> 1 person waits." in text_of(client, "/en/")


def test_a_group_that_opens_later_says_when(client):
    opens = timezone.localdate() + timedelta(days=3)
    CohortFactory.create(applications_open_on=opens)

    assert f"Applications open {opens:%A}" in text_of(client, "/en/")


def test_one_chooses_by_language(client):
    CohortFactory.create(language="fi")
    swedish = CohortFactory.create(language="sv")

    def shown(query):
        return [cohort for cohort, _application in client.get("/en/", query).context["cards"]]

    assert shown({"language": "sv"}) == [swedish]
    assert len(shown({"language": "no such"})) == 2


def test_the_page_shows_all_sessions_with_their_modules(client, django_assert_num_queries):
    course = CourseFactory.create()
    cohort = CohortFactory.create(course=course)
    for order in range(1, 10):
        module = ModuleFactory.create(course=course, order=order, title_en=f"Part {order}")
        SessionFactory.create(cohort=cohort, number=order, modules=[module])
    SessionFactory.create(cohort=cohort, number=10, state=SessionState.CANCELLED)

    # Centre, cohort, sessions, modules.
    with django_assert_num_queries(4):
        content = text_of(client, f"/en/cohorts/{cohort.code}/")

    assert [f"Part {order}" in content for order in range(1, 10)] == [True] * 9
    assert "9 sessions" in content
    assert "Cancelled" in content


def test_the_link_of_a_remote_group_is_never_public(client):
    cohort = CohortFactory.create(venue=None, remote_link="https://meet.example/secret-room")
    SessionFactory.create(cohort=cohort, remote_link="https://meet.example/secret-room")

    pages = ["/en/", f"/en/cohorts/{cohort.code}/", f"/en/cohorts/{cohort.code}/calendar.ics"]

    assert ["secret-room" in client.get(url).content.decode() for url in pages] == [False, False, False]
    assert "Remote, on your own device." in text_of(client, pages[1])


@pytest.mark.parametrize("state", [CohortState.DRAFT, CohortState.CANCELLED, CohortState.CLOSED])
def test_what_is_not_public_does_not_exist(client, state):
    cohort = CohortFactory.create(state=state)

    assert client.get(f"/en/cohorts/{cohort.code}/").status_code == 404
    assert client.get(f"/en/cohorts/{cohort.code}/calendar.ics").status_code == 404


@pytest.mark.usefixtures("catalogues")
def test_the_calendar_is_a_file(client):
    SessionFactory.create(cohort__code="KEVAT-1", cohort__course__code="AIM")

    response = client.get("/fi/cohorts/KEVAT-1/calendar.ics")

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="aim-kevat-1-kurssikerrat.ics"'
    assert response.content.startswith(b"BEGIN:VCALENDAR")
