from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment, Party
from courses.scheduling.enums import CohortState
from tests.factories import (
    AttendanceFactory,
    CohortFactory,
    CourseFactory,
    EnrollmentFactory,
    PersonFactory,
    SessionFactory,
)
from tests.pages import page, said
from tests.queues import offered, order, pair, state_of, states_of, wait

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "english")]


@pytest.fixture
def full():
    """A group of two seats, both taken."""
    cohort = CohortFactory.create(capacity=2)
    EnrollmentFactory.create_batch(2, cohort=cohort)
    return cohort


def person(first="Aino", last="Aho", **more):
    return PersonFactory.create(first_name=first, last_name=last, **more)


def withdraw(office, enrollment):
    return office.post(
        page("enrollments-state", enrollment.pk), {"to_state": "withdrawn", "reason": "time", "how_asked": "phone"}
    )


# Offers


def test_two_seats_freed_go_to_the_pair_and_one_yes_gives_both_a_place(office):
    cohort = CohortFactory.create(capacity=4)
    leaving = EnrollmentFactory.create_batch(4, cohort=cohort)[:2]
    arvo, maija = pair(cohort, "Arvo Lahtinen", "Maija Lahtinen")
    [single] = wait(cohort, "Ulla Salo")
    withdraw(office, leaving[0])
    assert states_of(arvo, maija, single) == ["waitlisted"] * 3
    withdraw(office, leaving[1])
    assert states_of(arvo, maija, single) == ["offered", "offered", "waitlisted"]

    answered = office.post(page("enrollments-accept", maija.pk), {"how_asked": "phone"}, follow=True)

    assert said(answered)[-1] == "Arvo and Maija Lahtinen have their places."
    assert states_of(arvo, maija) == ["enrolled", "enrolled"]
    assert Enrollment.objects.get(pk=arvo.pk).transitions.latest("pk").how_asked == "phone"


def test_a_no_is_for_both_and_the_next_one_is_asked(office):
    cohort = CohortFactory.create(capacity=2)
    party = Party.objects.create(cohort=cohort, how_asked="phone")
    arvo, maija = offered(cohort, "Arvo Lahtinen", "Maija Lahtinen", party=party)
    [single] = wait(cohort, "Ulla Salo")

    answered = office.post(page("enrollments-decline", arvo.pk), {"how_asked": "desk"}, follow=True)

    assert said(answered) == ["Arvo and Maija Lahtinen do not want the seats. The next in the queue are asked."]
    assert states_of(arvo, maija, single) == ["withdrawn", "withdrawn", "offered"]


def test_one_of_a_pair_who_does_not_come_leaves_the_other_the_offer(office):
    cohort = CohortFactory.create(capacity=2)
    party = Party.objects.create(cohort=cohort, how_asked="phone")
    arvo, maija = offered(cohort, "Arvo Lahtinen", "Maija Lahtinen", party=party)

    shown = office.get(page("enrollments-state", arvo.pk) + "?to=withdrawn")
    assert "Comes together with Maija Lahtinen" in shown.content.decode()
    assert shown.context["form"]["to_state"].value() == "withdrawn"
    withdraw(office, arvo)

    assert states_of(arvo, maija) == ["withdrawn", "offered"]


@pytest.mark.parametrize(
    ("name", "becomes"), [("enrollments-accept", "enrolled"), ("enrollments-decline", "withdrawn")]
)
def test_a_button_pressed_twice_says_that_it_is_done_and_doubles_nothing(office, name, becomes):
    [asked] = offered(CohortFactory.create(capacity=1), "Aino Aho")
    office.post(page(name, asked.pk), {"how_asked": "phone"})
    steps = asked.transitions.count()

    again = office.post(page(name, asked.pk), {"how_asked": "phone"}, follow=True)

    assert said(again)[-1] in (
        "The seat has been taken already: there is nothing left to do.",
        "The offer was declined already.",
    )
    assert (state_of(asked), asked.transitions.count()) == (becomes, steps)


@pytest.mark.parametrize("name", ["enrollments-accept", "enrollments-decline"])
def test_an_offer_that_is_gone_says_so_and_changes_nothing(office, full, name):
    [waiting] = wait(full, "Aino Aho")

    answered = office.post(page(name, waiting.pk), {"how_asked": "phone"}, follow=True)

    [words] = said(answered)
    assert words.startswith("The offer is not valid any more")
    assert state_of(waiting) == "waitlisted"


@pytest.fixture
def begun():
    """A group of three seats that began yesterday; one is free, and offers are made by hand."""
    cohort = CohortFactory.create(capacity=3, starts_on=timezone.localdate() - timedelta(days=1))
    EnrollmentFactory.create_batch(2, cohort=cohort)
    return cohort


def test_the_first_in_the_queue_is_asked_with_one_press(office, begun):
    first, _second = wait(begun, "Aino Aho", "Bo Berg")
    assert "Offer the seat<" in office.get(page("cohorts-learners", begun.code)).content.decode()

    answered = office.post(page("enrollments-offer", first.pk), follow=True)

    assert said(answered) == ["A seat is held for Aino Aho."]
    assert state_of(first) == "offered"


def test_out_of_turn_a_reason_is_asked_for(office, begun):
    first, second = wait(begun, "Aino Aho", "Bo Berg")

    shown = office.post(page("enrollments-offer", second.pk), {"how_asked": "phone"})
    assert shown.context["form"].errors == {"note": ["Say why, in a few words."]}
    assert "1 person stands before them" in shown.content.decode()
    assert state_of(second) == "waitlisted"

    office.post(page("enrollments-offer", second.pk), {"how_asked": "phone", "note": "Aino is away until May"})
    assert states_of(first, second) == ["waitlisted", "offered"]
    assert second.transitions.latest("pk").reason == "Aino is away until May"


def test_a_seat_taken_meanwhile_is_told_and_nobody_is_asked(office, begun):
    [first] = wait(begun, "Aino Aho")
    EnrollmentFactory.create(cohort=begun)

    answered = office.post(page("enrollments-offer", first.pk), follow=True)

    assert said(answered) == [f"{begun.name} has 3 seats, and there are not enough free ones."]
    assert state_of(first) == "waitlisted"


def test_two_coordinators_at_once_ask_once(office, begun):
    [first] = wait(begun, "Aino Aho")
    office.post(page("enrollments-offer", first.pk))

    again = office.post(page("enrollments-offer", first.pk), follow=True)

    assert said(again)[-1] == "They do not wait any more. Look at the page again."
    assert begun.enrollments.filter(state="offered").count() == 1


# The order


def test_somebody_is_moved_with_a_reason_that_stands_in_the_list(office, full):
    _aino, _bo, ulla = wait(full, "Aino Aho", "Bo Berg", "Ulla Salo")
    url = page("enrollments-move-in-queue", ulla.pk)

    refused = office.post(url, {"place": "1", "reason": "other", "how_asked": "phone"})
    assert refused.context["form"].errors == {"note": ["Say why, in a few words."]}
    office.post(url, {"place": "1", "reason": "other", "how_asked": "phone", "note": "Promised last autumn"})

    assert order(full) == ["Ulla", "Aino", "Bo"]
    assert "Promised last autumn" in office.get(page("cohorts-learners", full.code)).content.decode()


@pytest.mark.parametrize(("place", "field"), [("", "place"), ("0", "place"), ("two", "place")])
def test_a_place_that_is_none_is_refused(office, full, place, field):
    [first] = wait(full, "Aino Aho")

    refused = office.post(
        page("enrollments-move-in-queue", first.pk), {"place": place, "reason": "access", "how_asked": "phone"}
    )

    assert list(refused.context["form"].errors) == [field]


def test_one_place_down_passes_a_pair_as_one(office, full):
    [first] = wait(full, "Aino Aho")
    pair(full, "Arvo Lahtinen", "Maija Lahtinen")
    wait(full, "Ulla Salo")
    url = page("enrollments-move-in-queue", first.pk)

    form = office.get(url + "?down=1").context["form"]
    assert (form["place"].value(), form["reason"].value()) == (3, "away")
    office.post(url, {"place": "3", "reason": "away", "how_asked": "phone"})

    assert order(full) == ["Arvo", "Maija", "Aino", "Ulla"]


@pytest.mark.parametrize("name", ["enrollments-move-in-queue", "enrollments-offer"])
def test_who_does_not_wait_any_more_is_told_so(office, full, name):
    enrollment = full.enrollments.first()

    shown = office.get(page(name, enrollment.pk), follow=True)

    assert said(shown) == [f"{enrollment.person.list_name} does not wait any more: Has a place."]


# Together


def test_two_who_wait_come_together_and_part_again(office, full):
    aino, _bo, ulla = wait(full, "Aino Aho", "Bo Berg", "Ulla Salo")
    url = page("enrollments-party", aino.pk)

    refused = office.post(url, {"how_asked": "phone"})
    assert refused.context["form"].errors == {"others": ["Choose the other one."]}
    office.post(url, {"others": [ulla.pk], "how_asked": "phone"})
    assert order(full) == ["Bo", "Aino", "Ulla"]
    assert Enrollment.objects.get(pk=ulla.pk).party == Enrollment.objects.get(pk=aino.pk).party is not None

    office.post(url, {"how_asked": "phone"})
    assert Enrollment.objects.exclude(party=None).count() == 0
    assert order(full) == ["Bo", "Aino", "Ulla"]


def test_nobody_is_joined_with_somebody_of_another_group(office, full):
    [aino] = wait(full, "Aino Aho")
    [other] = wait(CohortFactory.create(), "Bo Berg")
    wait(full, "Ulla Salo")

    refused = office.post(page("enrollments-party", aino.pk), {"others": [other.pk], "how_asked": "phone"})

    assert list(refused.context["form"].errors) == ["others"]


# Applications


@pytest.fixture
def asking():
    """A group of a course that asks for another one, with somebody who has not completed it."""
    asked = CourseFactory.create(title_en="The first course")
    cohort = CohortFactory.create(course__required_course=asked)
    return EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.APPLIED)


def test_what_is_missing_is_told_and_waived_only_with_a_reason(office, asking):
    text = office.get(page("cohorts-learners", asking.cohort.code)).content.decode()
    assert "“The first course” is not completed." in text

    refused = office.post(page("enrollments-admit", asking.pk), {"how_asked": "phone"})
    assert refused.context["form"].errors == {"note": ["Say why it is not asked for, or do not admit the person."]}
    assert state_of(asking) == "applied"

    office.post(page("enrollments-admit", asking.pk), {"how_asked": "phone", "note": "Has taught the course"})
    asking.refresh_from_db()
    assert (asking.state, asking.waiver) == ("enrolled", "Has taught the course")


def test_who_lacks_nothing_by_now_is_admitted_without_words(office, asking):
    EnrollmentFactory.create(
        cohort__course=asking.cohort.course.required_course, person=asking.person, state=EnrollmentState.COMPLETED
    )

    answered = office.post(page("enrollments-admit", asking.pk), {"how_asked": "phone"}, follow=True)

    assert said(answered) == [f"{asking.person.full_name}: Has a place."]


def test_an_application_answered_already_is_told(office, asking):
    data = {"how_asked": "phone", "note": "Has taught the course"}
    office.post(page("enrollments-admit", asking.pk), data)

    again = office.post(page("enrollments-admit", asking.pk), data)
    shown = office.get(page("enrollments-admit", asking.pk), follow=True)

    assert "Somebody may have changed it meanwhile." in again.content.decode()
    assert said(shown)[-1] == "The application has been answered already."
    assert asking.transitions.count() == 1


# Another group


def test_a_transfer_keeps_what_was_attended_frees_the_seat_and_can_be_undone(office):
    old = CohortFactory.create(capacity=1, state=CohortState.RUNNING)
    new = CohortFactory.create(course=old.course)
    session = SessionFactory.create(cohort=old, marked_at=timezone.now())
    moving = EnrollmentFactory.create(
        cohort=old, state=EnrollmentState.ACTIVE, started_at=timezone.now(), person=person("Aino", "Aho")
    )
    AttendanceFactory.create(enrollment=moving, session=session)
    url = page("enrollments-transfer", moving.pk)

    text = office.get(url).content.decode()
    assert "What was attended is kept: 1 session, lessons: 3. It counts in the new group as made up." in text
    answered = office.post(url, {"to": new.code, "how_asked": "phone"}, follow=True)

    assert said(answered) == [f"Aino Aho has a place in {new.name}."]
    moving.refresh_from_db()
    assert (moving.cohort, moving.state, moving.attendances.count()) == (new, "active", 1)
    office.post(page("enrollments-undo", moving.pk))
    moving.refresh_from_db()
    assert (moving.cohort, moving.state) == (old, "active")


def test_a_pair_that_waits_goes_to_another_group_as_a_pair(office, full):
    arvo, maija = pair(full, "Arvo Lahtinen", "Maija Lahtinen")
    new = CohortFactory.create(course=full.course, capacity=2)

    shown = office.get(page("enrollments-transfer", arvo.pk) + f"?to={new.code}")
    assert f"Propose {new.name} to Arvo and Maija Lahtinen" in shown.content.decode()
    answered = office.post(page("enrollments-transfer", arvo.pk), {"to": new.code, "how_asked": "phone"}, follow=True)

    assert said(answered) == [f"Arvo and Maija Lahtinen have their places in {new.name}."]
    members = Enrollment.objects.filter(pk__in=[arvo.pk, maija.pk])
    assert set(members.values_list("cohort", "state")) == {(new.pk, "enrolled")}
    assert len(set(members.values_list("party", flat=True)) - {None}) == 1
    assert not members.filter(messages__rule="companion_left").exclude(messages__state="cancelled").exists()


def test_a_pair_for_which_the_other_group_has_one_seat_stays_whole(office, full):
    arvo, maija = pair(full, "Arvo Lahtinen", "Maija Lahtinen")
    new = CohortFactory.create(course=full.course, capacity=1)

    refused = office.post(page("enrollments-transfer", arvo.pk), {"to": new.code, "how_asked": "phone"})

    assert refused.context["form"].non_field_errors() == [f"{new.name} has 1 seat, and it is taken."]
    members = Enrollment.objects.filter(pk__in=[arvo.pk, maija.pk])
    assert set(members.values_list("cohort", "state", "party")) == {(full.pk, "waitlisted", arvo.party_id)}


@pytest.mark.parametrize("to", ["", "GONE-1"])
def test_a_group_that_is_no_choice_is_refused(office, full, to):
    moving = full.enrollments.first()

    refused = office.post(page("enrollments-transfer", moving.pk), {"to": to, "how_asked": "phone"})

    assert refused.context["form"].errors == {"to": ["Choose the group."]}


def test_a_transfer_pressed_twice_says_so(office, full):
    moving = full.enrollments.first()
    new = CohortFactory.create(course=full.course)
    office.post(page("enrollments-transfer", moving.pk), {"to": new.code, "how_asked": "phone"})

    again = office.post(page("enrollments-transfer", moving.pk), {"to": new.code, "how_asked": "phone"}, follow=True)

    assert said(again)[-1] == f"{moving.person.list_name} is in {new.name} already."
    assert moving.transitions.count() == 1


def test_who_has_only_applied_is_answered_first(office, asking):
    shown = office.get(page("enrollments-transfer", asking.pk), follow=True)

    assert said(shown) == ["Answer the application first."]


# Leaving


def test_a_place_past_others_needs_a_reason(office, begun):
    _first, second = wait(begun, "Aino Aho", "Bo Berg")
    data = {"to_state": "enrolled", "how_asked": "phone"}

    refused = office.post(page("enrollments-state", second.pk), data)
    assert refused.context["form"].errors == {
        "note": ["Others stand before them in the queue. Say why they get the place first."]
    }
    office.post(page("enrollments-state", second.pk), {**data, "note": "Aino is away"})

    assert state_of(second) == "enrolled"


@pytest.mark.parametrize("state", ["deceased", "moved"])
def test_a_death_or_a_move_frees_the_seat_which_is_offered_at_once(office, full, state):
    leaving = full.enrollments.first()
    arvo, maija = pair(full, "Arvo Lahtinen", "Maija Lahtinen")
    [single] = wait(full, "Ulla Salo")
    other = full.enrollments.filter(state="enrolled").last()

    for one in (leaving, other):
        url = reverse("coordinator:people-state", args=[one.person.code, state])
        assert office.post(url, {"how_asked": "phone"}).status_code == 302

    assert states_of(leaving, other, arvo, maija, single) == [
        "withdrawn",
        "withdrawn",
        "offered",
        "offered",
        "waitlisted",
    ]


def test_of_a_pair_one_dies_and_the_other_is_asked_never_moved(office, full):
    arvo, maija = pair(full, "Arvo Lahtinen", "Maija Lahtinen")

    office.post(reverse("coordinator:people-state", args=[arvo.person.code, "deceased"]), {"how_asked": "phone"})

    assert states_of(arvo, maija) == ["withdrawn", "waitlisted"]
    assert list(maija.messages.values_list("rule", flat=True)) == ["companion_left"]


# Undoing


def undone(office, answered):
    """Presses Undo on the page that was answered; what it says then."""
    *_before, message = answered.context["messages"]
    return said(office.post(message.extra_tags, follow=True))[-1]


def test_an_offer_by_hand_can_be_undone(office, begun):
    first, _second = wait(begun, "Aino Aho", "Bo Berg")

    answered = office.post(page("enrollments-offer", first.pk), follow=True)

    assert undone(office, answered) == "Undone. Aino Aho: On the waiting list."
    assert (state_of(first), order(begun)) == ("waitlisted", ["Aino", "Bo"])


@pytest.mark.parametrize("name", ["enrollments-accept", "enrollments-decline"])
def test_an_answer_for_a_pair_can_be_undone(office, name):
    cohort = CohortFactory.create(capacity=2)
    both = offered(cohort, "Aino Aho", "Eino Aho", party=Party.objects.create(cohort=cohort, how_asked="phone"))

    answered = office.post(page(name, both[0].pk), {"how_asked": "phone"}, follow=True)

    assert undone(office, answered) == "Undone. Aino and Eino Aho: Seat offered."
    assert states_of(*both) == ["offered", "offered"]


def test_another_place_in_the_queue_can_be_undone(office, full):
    [_first, second] = wait(full, "Aino Aho", "Bo Berg")
    data = {"place": "1", "reason": "access", "how_asked": "phone"}

    answered = office.post(page("enrollments-move-in-queue", second.pk), data, follow=True)
    assert order(full) == ["Bo", "Aino"]

    assert undone(office, answered) == "Undone. Bo Berg: On the waiting list."
    assert order(full) == ["Aino", "Bo"]


def test_an_admission_can_be_undone(office, asking):
    data = {"how_asked": "phone", "note": "Has taught the course"}

    answered = office.post(page("enrollments-admit", asking.pk), data, follow=True)

    assert undone(office, answered) == f"Undone. {asking.person.full_name}: Applied."
    assert state_of(asking) == "applied"


def test_what_was_told_is_not_undone(office, begun):
    [first] = wait(begun, "Aino Aho")
    answered = office.post(page("enrollments-offer", first.pk), follow=True)
    first.messages.update(state="sent", sent_at=timezone.now())

    assert undone(office, answered) == (
        "They have been told already. Call them first, and then change it here by hand."
    )
    assert state_of(first) == "offered"
