from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from courses.enrolling.enums import EnrollmentState
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort
from courses.teaching.enums import AttendanceState
from tests.factories import (
    AttendanceFactory,
    CohortFactory,
    CourseFactory,
    EnrollmentFactory,
    ModuleFactory,
    PersonFactory,
    SessionFactory,
    VenueFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

MOST_QUERIES = 15
MINIMUM_QUERIES = 15
LIST = "/en/coordinator/cohorts/"


@pytest.fixture
def office(sign_in, coordinator, centre):
    """A coordinator who has clicked just now: the first click of a minute is noted in the session."""
    client = sign_in(coordinator)
    client.get("/en/coordinator/courses/")
    return client


def page(name, *args):
    return reverse(f"coordinator:{name}", args=args)


def queries_of(client, url):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(url)
    assert response.status_code == 200
    return [query["sql"] for query in captured.captured_queries]


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

    assert "Absent from sessions 1 and 2, did not tell." in content
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


def filled(**changes):
    return {
        "code": "AIM-2027K-01",
        "language": "fi",
        "starts_on": "12.1.2027",
        "ends_on": "9.3.2027",
        "capacity": "12",
        "minimum": "6",
        **changes,
    }


def test_a_new_group_begins_with_what_its_course_says(office):
    course = CourseFactory.create(code="AIM", capacity=14, minimum=7)

    form = office.get(LIST + "new/", {"course": "AIM"}).context["form"]

    assert (form.initial["capacity"], form.initial["minimum"]) == (14, 7)
    assert form.initial["code"].startswith("AIM-")
    assert form.initial["starts_on"].weekday() == 0
    assert course.cohorts.count() == 0


def test_a_new_group_is_a_draft_and_leads_to_its_sessions(office, trainer):
    CourseFactory.create(code="AIM")

    response = office.post(LIST + "new/?course=AIM", filled(trainers=[trainer.pk]))

    cohort = Cohort.objects.get()
    assert response.url == page("sessions-create", cohort.code)
    assert (cohort.state, cohort.capacity, list(cohort.trainers.all())) == (CohortState.DRAFT, 12, [trainer])


@pytest.mark.parametrize(
    ("changes", "field", "error"),
    [
        ({"starts_on": "32.1.2027"}, "starts_on", "Write the day like 23.2.2027."),
        ({"code": "new"}, "code", "This code cannot be used. Choose another one."),
        ({"ends_on": "1.1.2027"}, "__all__", "The last day cannot be before the first."),
        ({"minimum": "20"}, "__all__", "The smallest group cannot be larger than the number of seats."),
        (
            {"applications_close_on": "1.2.2027"},
            "applications_close_on",
            "Applications end before the group starts.",
        ),
        (
            {"notice_fi": "Soita 010148-123N"},
            "notice_fi",
            "Please take the personal identity code out of this text. We do not need it.",
        ),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(office, changes, field, error):
    CourseFactory.create(code="AIM")

    form = office.post(LIST + "new/?course=AIM", filled(name_fi="Kevät", **changes)).context["form"]

    assert {name: list(errors) for name, errors in form.errors.items()} == {field: [error]}
    assert form["name_fi"].value() == "Kevät"
    assert not Cohort.objects.exists()


def test_the_same_form_sent_twice_makes_one_group(office):
    CourseFactory.create(code="AIM")
    office.post(LIST + "new/?course=AIM", filled())

    response = office.post(LIST + "new/?course=AIM", filled())

    assert "code" in response.context["form"].errors
    assert Cohort.objects.count() == 1


def test_fewer_seats_than_are_taken_are_refused_in_words(office):
    cohort = CohortFactory.create(capacity=5)
    EnrollmentFactory.create_batch(2, cohort=cohort)

    response = office.post(page("cohorts-edit", cohort.code), filled(code=cohort.code, capacity="1", minimum="1"))

    assert response.context["form"].non_field_errors() == [
        "2 seats are taken already, so there cannot be fewer. Free seats first."
    ]
    assert Cohort.objects.get().capacity == 5


def test_a_stale_form_is_refused_once_and_saved_when_sent_again(office):
    cohort = CohortFactory.create(name_en="Old")
    url = page("cohorts-edit", cohort.code)
    seen = office.get(url).context["seen"]
    Cohort.objects.update(name_en="Theirs")
    mine = filled(code=cohort.code, name_fi="Minun", name_sv="Min", name_en="Mine")

    refused = office.post(url, {**mine, "seen": seen})
    name_after_refusal = Cohort.objects.get().name_en
    office.post(url, {**mine, "seen": refused.context["seen"]})

    assert "name in English is now: Theirs" in refused.context["form"].non_field_errors()
    assert (name_after_refusal, Cohort.objects.get().name_en) == ("Theirs", "Mine")


def test_publishing_shows_what_is_missing_in_place_of_the_button(office):
    cohort = CohortFactory.create(state=CohortState.DRAFT, name_sv="")

    response = office.get(page("cohorts-state", cohort.code, "publish"))

    assert response.context["reasons"] == ["Swedish is missing: name of the group."]
    assert '<button class="btn btn-primary"' not in response.content.decode()


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


def test_a_step_is_asked_about_taken_and_taken_back(office):
    cohort = CohortFactory.create(state=CohortState.DRAFT)
    url = page("cohorts-state", cohort.code, "publish")
    office.get(url)
    state_after_asking = Cohort.objects.get().state

    office.post(url)
    state_after_step = Cohort.objects.get().state
    office.post(page("cohorts-undo", cohort.code))

    assert (state_after_asking, state_after_step, Cohort.objects.get().state) == ("draft", "published", "draft")


def test_the_undo_button_stands_on_the_next_page_with_its_token(office):
    cohort = CohortFactory.create(state=CohortState.DRAFT)

    response = office.post(page("cohorts-state", cohort.code, "publish"), follow=True)

    form = response.content.decode().partition(page("cohorts-undo", cohort.code))[2].partition("</form>")[0]
    assert "csrfmiddlewaretoken" in form


def test_cancelling_says_who_is_told_and_how(office):
    cohort = CohortFactory.create(venue__name="Library A")
    SessionFactory.create(cohort=cohort)
    for channel in ("email", "email", "call"):
        EnrollmentFactory.create(cohort=cohort, person=PersonFactory.create(channel=channel, phone="+358401234567"))

    response = office.get(page("cohorts-state", cohort.code, "cancel"))

    assert response.context["consequences"] == [
        "1 session is cancelled.",
        "Library A is not needed: cancel the booking there.",
        "3 people lose their places or turns in the queue.",
        "Each is told at once: e-mail 2, phone call 1.",
        "1 call is yours to make: it stands in the list of calls.",
        "This cannot be taken back.",
    ]


def test_a_step_that_does_not_exist_is_no_page(office):
    assert office.get(page("cohorts-state", CohortFactory.create().code, "explode")).status_code == 404


def test_a_venue_is_added_and_changed(office):
    office.post(page("venues-create"), {"name": "Sellon kirjasto", "city": "Espoo"})
    venue = VenueFactory._meta.model.objects.get()
    office.post(page("venues-edit", venue.pk), {"name": "Sellon kirjasto", "directions_fi": "Toinen kerros."})

    venue.refresh_from_db()
    assert (venue.name, venue.city, venue.directions_fi) == ("Sellon kirjasto", "", "Toinen kerros.")


def test_finishing_proposes_who_never_came_and_writes_only_what_is_ticked(office):
    cohort = CohortFactory.create(state=CohortState.RUNNING)
    never, ill = (
        EnrollmentFactory.create(cohort=cohort, person=PersonFactory.create(last_name=name)) for name in ("Aho", "Salo")
    )
    EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.ACTIVE)

    form = office.get(page("cohorts-state", cohort.code, "finish")).context["form"]
    assert form.fields["never_came"].choices == [
        (never.pk, never.person.list_name),
        (ill.pk, ill.person.list_name),
    ]
    assert form["never_came"].value() == [never.pk, ill.pk]

    office.post(page("cohorts-state", cohort.code, "finish"), {"never_came": [never.pk]})
    never.refresh_from_db()
    ill.refresh_from_db()
    assert (never.state, ill.state) == (EnrollmentState.NO_SHOW, EnrollmentState.ENROLLED)


def test_finishing_asks_nothing_when_everybody_came(office):
    cohort = CohortFactory.create(state=CohortState.RUNNING)
    EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.ACTIVE)

    assert office.get(page("cohorts-state", cohort.code, "finish")).context["form"] is None


# A group under its smallest size


@pytest.fixture
def small():
    """A published group of three where eight are needed, in four days."""
    soon = timezone.localdate() + timedelta(days=4)
    cohort = CohortFactory.create(minimum=8, starts_on=soon, name_en="Autumn F")
    EnrollmentFactory.create_batch(3, cohort=cohort)
    return cohort


def other_group(cohort, **more):
    days = {"starts_on": cohort.starts_on + timedelta(days=30), "ends_on": cohort.starts_on + timedelta(days=90)}
    return CohortFactory.create(course=cohort.course, **{**days, **more})


def test_the_page_of_a_small_group_says_what_follows_from_yes_and_no(office, small):
    other_group(small, language="sv", name_en="In Swedish", starts_on=small.starts_on + timedelta(days=10))
    other_group(small, capacity=2, name_en="Too few seats", starts_on=small.starts_on + timedelta(days=10))
    best = other_group(small, name_en="Spring D")

    shown = office.get(page("cohorts-minimum", small.code))

    assert "3 people have a place; the smallest group is 8." in shown.content.decode()
    assert shown.context["confirming"] == [
        "3 people have a place.",
        "The smallest group is 8. It is yours to decide that fewer are enough.",
        "The group is held. People can still be enrolled in it.",
    ]
    form = shown.context["form"]
    assert form["instead"].value() == best.code
    assert len(form.fields["instead"].choices) == 4


def test_a_small_group_is_confirmed_with_one_press_and_that_can_be_undone(office, small):
    office.post(page("cohorts-minimum", small.code), {"action": "confirm"})
    small.refresh_from_db()
    assert small.state == CohortState.CONFIRMED

    office.post(page("cohorts-undo", small.code))
    small.refresh_from_db()
    assert small.state == CohortState.PUBLISHED


def test_a_small_group_is_cancelled_only_with_a_tick(office, small):
    refused = office.post(page("cohorts-minimum", small.code), {"action": "cancel", "instead": ""})

    assert refused.context["form"].errors == {"sure": ["Tick this first: it cannot be taken back."]}
    small.refresh_from_db()
    assert (small.state, small.seats_taken) == (CohortState.PUBLISHED, 3)


def test_the_people_of_a_cancelled_group_are_asked_to_another_in_one_action(office, small):
    best = other_group(small, capacity=2)
    people = set(small.enrollments.values_list("person", flat=True))

    office.post(page("cohorts-minimum", small.code), {"action": "cancel", "instead": best.code, "sure": "on"})

    small.refresh_from_db()
    assert small.state == CohortState.CANCELLED
    assert set(best.enrollments.values_list("person", flat=True)) == people
    assert sorted(best.enrollments.values_list("state", flat=True)) == ["offered", "offered", "waitlisted"]


def test_a_group_of_another_course_is_no_choice_instead(office, small):
    stranger = CohortFactory.create()
    data = {"action": "cancel", "instead": stranger.code, "sure": "on"}

    refused = office.post(page("cohorts-minimum", small.code), data)

    assert list(refused.context["form"].errors) == ["instead"]


@pytest.mark.parametrize("action", ["confirm", "cancel"])
def test_a_small_group_decided_meanwhile_says_so_and_is_left(office, small, action):
    url = page("cohorts-minimum", small.code)
    office.post(url, {"action": "confirm"})

    again = office.post(url, {"action": action, "sure": "on"}, follow=True)

    assert str(list(again.context["messages"])[-1]) == "Autumn F is decided: Confirmed."
    small.refresh_from_db()
    assert small.state == CohortState.CONFIRMED


def test_cancelling_any_group_offers_another(office, small):
    best = other_group(small)
    url = page("cohorts-state", small.code, "cancel")

    assert office.get(url).context["form"]["instead"].value() == best.code
    office.post(url, {"instead": best.code})

    assert best.enrollments.filter(state="offered").count() == 3


@pytest.mark.parametrize("size", [1, 30])
def test_the_page_of_a_small_group_asks_the_same_for_one_and_for_thirty(office, size, django_assert_num_queries):
    cohort = CohortFactory.create(minimum=40, capacity=50)
    EnrollmentFactory.create_batch(size, cohort=cohort)
    for _turn in range(size):
        other_group(cohort)

    with django_assert_num_queries(MINIMUM_QUERIES):
        assert office.get(page("cohorts-minimum", cohort.code)).status_code == 200
