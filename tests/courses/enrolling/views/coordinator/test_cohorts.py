from datetime import timedelta

import pytest

from courses.enrolling.enums import EnrollmentState
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort
from tests.factories import CohortFactory, CourseFactory, EnrollmentFactory, PersonFactory, SessionFactory
from tests.pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


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

    form = office.get(page("cohorts-create"), {"course": "AIM"}).context["form"]

    assert (form.initial["capacity"], form.initial["minimum"]) == (14, 7)
    assert form.initial["code"].startswith("AIM-")
    assert form.initial["starts_on"].weekday() == 0
    assert course.cohorts.count() == 0


def test_a_new_group_is_a_draft_and_leads_to_its_sessions(office, trainer):
    CourseFactory.create(code="AIM")

    response = office.post(page("cohorts-create") + "?course=AIM", filled(trainers=[trainer.pk]))

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

    form = office.post(page("cohorts-create") + "?course=AIM", filled(name_fi="Kevät", **changes)).context["form"]

    assert {name: list(errors) for name, errors in form.errors.items()} == {field: [error]}
    assert form["name_fi"].value() == "Kevät"
    assert not Cohort.objects.exists()


def test_the_same_form_sent_twice_makes_one_group(office):
    CourseFactory.create(code="AIM")
    office.post(page("cohorts-create") + "?course=AIM", filled())

    response = office.post(page("cohorts-create") + "?course=AIM", filled())

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
    cohort = CohortFactory.create(venue__name_fi="Library A")
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


def test_finishing_proposes_who_never_came_and_writes_only_what_is_ticked(office):
    cohort = CohortFactory.create(state=CohortState.RUNNING)
    never, ill = (
        EnrollmentFactory.create(cohort=cohort, person=PersonFactory.create(last_name=name)) for name in ("Aho", "Salo")
    )
    EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.ACTIVE)

    form = office.get(page("cohorts-state", cohort.code, "finish")).context["form"]
    assert form.fields["no_shows"].choices == [
        (never.pk, never.person.list_name),
        (ill.pk, ill.person.list_name),
    ]
    assert form["no_shows"].value() == [never.pk, ill.pk]

    office.post(page("cohorts-state", cohort.code, "finish"), {"no_shows": [never.pk]})
    never.refresh_from_db()
    ill.refresh_from_db()
    assert (never.state, ill.state) == (EnrollmentState.NO_SHOW, EnrollmentState.ENROLLED)


def test_finishing_asks_nothing_when_everybody_came(office):
    cohort = CohortFactory.create(state=CohortState.RUNNING)
    EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.ACTIVE)

    assert office.get(page("cohorts-state", cohort.code, "finish")).context["form"] is None


def test_cancelling_any_group_offers_another(office):
    cohort = CohortFactory.create()
    EnrollmentFactory.create_batch(3, cohort=cohort)
    best = CohortFactory.create(course=cohort.course, starts_on=cohort.starts_on + timedelta(days=30))
    url = page("cohorts-state", cohort.code, "cancel")

    assert office.get(url).context["form"]["instead"].value() == best.code
    office.post(url, {"instead": best.code})

    assert best.enrollments.filter(state="offered").count() == 3
