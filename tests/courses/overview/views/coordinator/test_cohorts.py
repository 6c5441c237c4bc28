from datetime import timedelta

import pytest
from django.utils import timezone, translation

from courses.enrolling.enums import EnrollmentState
from courses.scheduling.enums import CohortState
from courses.teaching.enums import AttendanceState
from tests.factories import (
    AttendanceFactory,
    CohortFactory,
    CourseFactory,
    EnrollmentFactory,
    ModuleFactory,
    PersonFactory,
    SessionFactory,
)
from tests.pages import page, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "clicked")]

MOST_QUERIES = 31
LIST = "/en/coordinator/cohorts/"


def group_in_the_middle(people, trainer=None):
    """A running cohort of nine sessions, two of them marked; everyone missed the last, one both."""
    course = CourseFactory.create(capacity=max(people, 1))
    modules = [ModuleFactory.create(course=course, order=order) for order in range(1, 10)]
    cohort = CohortFactory.create(
        course=course, state=CohortState.RUNNING, capacity=max(people, 1), trainers=[trainer] if trainer else []
    )
    sessions = [
        SessionFactory.create(
            cohort=cohort,
            number=number,
            starts_at=timezone.now() + timedelta(days=7 * (number - 3)),
            marked_at=timezone.now() if number < 3 else None,
            modules=[module],
        )
        for number, module in enumerate(modules, start=1)
    ]
    for number in range(people):
        enrollment = EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.ACTIVE)
        for session in sessions[:2]:
            missed = session is sessions[1] or number == 0
            state = AttendanceState.ABSENT if missed else AttendanceState.PRESENT
            AttendanceFactory.create(enrollment=enrollment, session=session, state=state)
    return cohort


def test_the_page_of_a_hundred_people_asks_few_queries_and_writes_nothing(office, trainer):
    cohort = group_in_the_middle(100, trainer)

    queries = queries_of(office, page("cohorts-detail", cohort.code))

    assert len(queries) <= MOST_QUERIES, "\n".join(queries)
    assert [query for query in queries if not query.startswith("SELECT")] == []


def test_the_page_asks_the_same_for_one_and_for_thirty(office):
    small, large = group_in_the_middle(1), group_in_the_middle(30)

    assert len(queries_of(office, page("cohorts-detail", small.code))) == len(
        queries_of(office, page("cohorts-detail", large.code))
    )


def test_the_page_names_who_is_to_be_called(office):
    cohort = group_in_the_middle(1)
    PersonFactory.create()
    enrollment = cohort.enrollments.get()
    enrollment.person.phone = "+358401234567"
    enrollment.person.save()

    content = office.get(page("cohorts-detail", cohort.code)).content.decode()

    assert "has missed two sessions in a row" in content
    assert 'href="tel:+358401234567"' in content


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_pages_answer_in_each_language(office, language):
    cohort = group_in_the_middle(1)
    with translation.override(language):
        urls = [
            page("cohorts-list"),
            page("cohorts-create"),
            page("cohorts-detail", cohort.code),
            page("cohorts-edit", cohort.code),
            page("cohorts-state", cohort.code, "cancel"),
            page("sessions-list", cohort.code),
            page("sessions-create", cohort.code),
        ]

    assert [office.get(url).status_code for url in urls] == [200] * len(urls)


@pytest.mark.parametrize("size", [1, 30])
def test_the_list_asks_the_same_for_one_and_for_thirty(office, trainer, size, django_assert_num_queries):
    for _cohort in range(size):
        CohortFactory.create(trainers=[trainer])

    # Session, person, roles, menu; count, page, trainers, courses to choose from.
    with django_assert_num_queries(8):
        response = office.get(LIST)

    assert len(response.context["page_obj"].object_list) == size


def test_the_list_shows_what_is_going_on_unless_asked_for_more(office):
    running = CohortFactory.create(state=CohortState.RUNNING)
    closed = CohortFactory.create(state=CohortState.CLOSED)

    def shown(query):
        return list(office.get(LIST, query).context["page_obj"])

    assert shown({}) == [running]
    assert shown({"state": "closed"}) == [closed]
    assert set(shown({"state": "all"})) == {running, closed}
    assert shown({"state": "no such state"}) == [running]


def test_an_empty_list_says_what_to_do(office):
    assert "No group is going on" in office.get(LIST).content.decode()
    assert "No group is like that" in office.get(LIST, {"text": "xyz"}).content.decode()


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"name_sv": ""}, "cohorts-edit"),
        ({"course__summary_fi": ""}, "courses-edit"),
        ({"venue__directions_fi": "Bussilla."}, "venues-edit"),
    ],
)
def test_a_missing_text_leads_to_where_it_is_written(office, changes, name):
    cohort = CohortFactory.create(state=CohortState.DRAFT, **changes)

    url = office.get(page("cohorts-detail", cohort.code)).context["text_url"]

    argument = {"cohorts-edit": cohort.code, "courses-edit": cohort.course.code, "venues-edit": cohort.venue_id}[name]
    assert url == page(name, argument)
