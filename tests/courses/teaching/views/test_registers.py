import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from courses.teaching.enums import AttendanceState
from courses.teaching.services.attendance import save_register
from tests.acts import act
from tests.factories import CohortFactory, EnrollmentFactory, ModuleFactory, PersonFactory, SessionFactory

pytestmark = pytest.mark.usefixtures("centre", "english")


@pytest.fixture
def session(db, trainer):
    cohort = CohortFactory.create(trainers=[trainer], capacity=200)
    module = ModuleFactory.create(course=cohort.course, order=1)
    return SessionFactory.create(
        cohort=cohort, number=1, starts_at=timezone.now() - timedelta(hours=3), modules=[module]
    )


def register(session, actor="trainer") -> str:
    return reverse(f"{actor}:attendance-register", args=[session.pk])


def current(session) -> dict[int, tuple[str, int]]:
    marks = session.attendances.filter(revoked_at__isnull=True)
    return {mark.enrollment_id: (mark.state, mark.lessons) for mark in marks}


@pytest.mark.parametrize("actor", ["trainer", "coordinator"])
def test_everyone_is_present_with_one_press_and_without_javascript(session, sign_in, trainer, coordinator, actor):
    people = EnrollmentFactory.create_batch(3, cohort=session.cohort)
    client = sign_in({"trainer": trainer, "coordinator": coordinator}[actor])

    response = client.post(register(session, actor), {"version": "0", "fill": "present"})

    assert response.status_code == 302
    assert current(session) == {person.pk: (AttendanceState.PRESENT, 3) for person in people}


def test_exceptions_are_saved_and_the_rest_is_present(session, sign_in, trainer):
    here, late, told, missed = EnrollmentFactory.create_batch(4, cohort=session.cohort)

    sign_in(trainer).post(
        register(session),
        {
            "version": "0",
            "fill": "present",
            f"m-{late.pk}": "part",
            f"p-{late.pk}": "left_early",
            f"l-{late.pk}": "1",
            f"m-{told.pk}": "away",
            f"a-{told.pk}": "absent_told",
            f"m-{missed.pk}": "away",
        },
    )

    assert current(session) == {
        here.pk: (AttendanceState.PRESENT, 3),
        late.pk: (AttendanceState.LEFT_EARLY, 1),
        told.pk: (AttendanceState.ABSENT_TOLD, 0),
        missed.pk: (AttendanceState.ABSENT, 0),
    }


def test_page_shows_what_stands_counts_and_who_marked_when(session, sign_in, trainer):
    one, two = EnrollmentFactory.create_batch(2, cohort=session.cohort)
    save_register(
        session=session, marks={one.pk: ("present", None), two.pk: ("late", 1)}, expected_version=0, act=act(trainer)
    )

    response = sign_in(trainer).get(register(session))

    rows = {row.line.enrollment.pk: (row.choice, row.part, row.lessons, row.was) for row in response.context["rows"]}
    assert rows == {one.pk: ("present", "", "", "present:3"), two.pk: ("part", "late", 1, "late:1")}
    assert response.context["counts"] == ["2 came", "0 were absent"]
    assert f"Last marked by {trainer.full_name}" in response.content.decode()


def test_each_group_of_choices_has_a_name_of_its_own(session, sign_in, trainer):
    for _twin in range(2):
        EnrollmentFactory.create(cohort=session.cohort, person__first_name="Aino", person__last_name="Aalto")

    content = sign_in(trainer).get(register(session)).content.decode()
    labels = re.findall(r'role="group"\s+aria-label="([^"]+)"', content)
    legends = re.findall(r"<legend>\s*<span>([^<]+)</span>", content)

    assert [" ".join(label.split()) for label in labels] == [
        "1. Aino Aalto: which part",
        "1. Aino Aalto: which absence",
        "2. Aino Aalto: which part",
        "2. Aino Aalto: which absence",
    ]
    assert legends == ["1. Aino Aalto", "2. Aino Aalto"]


def test_stale_form_comes_back_with_both_values_and_the_rest_is_saved(session, sign_in, trainer, coordinator):
    clash, free = EnrollmentFactory.create_batch(2, cohort=session.cohort)
    save_register(session=session, marks={clash.pk: ("absent", None)}, expected_version=0, act=act(coordinator))
    client = sign_in(trainer)
    mine = {"version": "0", f"m-{clash.pk}": "present", f"was-{clash.pk}": "", f"m-{free.pk}": "present"}

    response = client.post(register(session), mine)

    row = next(row for row in response.context["rows"] if row.line.enrollment.pk == clash.pk)
    assert response.status_code == 200
    assert (row.choice, str(row.theirs), row.theirs_by) == ("present", "Absent, did not tell", coordinator.full_name)
    assert current(session) == {clash.pk: (AttendanceState.ABSENT, 0), free.pk: (AttendanceState.PRESENT, 3)}

    again = {"version": "2", f"m-{clash.pk}": "present", f"was-{clash.pk}": row.was}
    assert client.post(register(session), again).status_code == 302
    assert current(session)[clash.pk] == (AttendanceState.PRESENT, 3)


def test_untouched_rows_of_a_stale_form_clash_with_nothing(session, sign_in, trainer, coordinator):
    one, two = EnrollmentFactory.create_batch(2, cohort=session.cohort)
    save_register(session=session, marks={one.pk: ("present", None)}, expected_version=0, act=act(trainer))
    save_register(session=session, marks={one.pk: ("late", None)}, expected_version=1, act=act(coordinator))

    response = sign_in(trainer).post(
        register(session),
        {"version": "1", f"m-{one.pk}": "present", f"was-{one.pk}": "present:3", f"m-{two.pk}": "present"},
    )

    assert response.status_code == 302
    assert current(session) == {one.pk: (AttendanceState.LATE, 2), two.pk: (AttendanceState.PRESENT, 3)}


def test_too_many_lessons_are_refused_and_what_was_typed_is_kept(session, sign_in, trainer):
    one = EnrollmentFactory.create(cohort=session.cohort)

    response = sign_in(trainer).post(register(session), {"version": "0", f"m-{one.pk}": "part", f"l-{one.pk}": "9"})

    [row] = response.context["rows"]
    assert (row.choice, row.lessons, len(row.errors)) == ("part", "9", 1)
    assert current(session) == {}


def test_what_was_saved_offers_its_undoing(session, sign_in, trainer):
    EnrollmentFactory.create(cohort=session.cohort)
    client = sign_in(trainer)
    response = client.post(register(session), {"version": "0", "fill": "present"})
    [said] = get_messages(response.wsgi_request)

    client.post(said.extra_tags)

    assert current(session) == {}


def test_guest_of_another_group_is_added_by_own_code(session, sign_in, trainer):
    guest = EnrollmentFactory.create(cohort=CohortFactory.create(course=session.cohort.course), state="active")
    client = sign_in(trainer)
    url = reverse("trainer:attendance-guest", args=[session.pk])

    client.post(url, {"code": guest.person.code.lower().replace("-", "")})
    client.post(url, {"code": PersonFactory.create().code})

    assert current(session) == {guest.pk: (AttendanceState.MADE_UP, 3)}


def test_name_under_a_safety_ban_is_on_no_register(session, sign_in, trainer):
    person = EnrollmentFactory.create(
        cohort=session.cohort, person=PersonFactory.create(last_name="Salainen", protected=True)
    ).person

    body = sign_in(trainer).get(register(session)).content.decode()

    assert ("Salainen" in body, person.code in body) == (False, True)


@pytest.mark.parametrize("people", [1, 30])
def test_register_takes_the_same_queries_for_any_number_of_people(
    session, sign_in, trainer, people, django_assert_max_num_queries
):
    EnrollmentFactory.create_batch(people, cohort=session.cohort)
    client = sign_in(trainer)
    client.get(register(session))

    with django_assert_max_num_queries(10):
        client.get(register(session))


def test_marking_a_hundred_people_over_the_page_takes_few_queries(
    session, sign_in, trainer, django_assert_max_num_queries
):
    EnrollmentFactory.create_batch(100, cohort=session.cohort)
    client = sign_in(trainer)
    client.get(register(session))

    # Fifteen to mark them with their audit rows, and those that find the person, the session and the people on the page.
    with django_assert_max_num_queries(23):
        client.post(register(session), {"version": "0", "fill": "present"})

    assert len(current(session)) == 100


def test_paper_register_is_a_tagged_pdf(session, sign_in, trainer):
    response = sign_in(trainer).get(reverse("trainer:attendance-print", args=[session.pk]))

    assert response["Content-Type"] == "application/pdf"
    assert b"pdfuaid:part" in response.content
