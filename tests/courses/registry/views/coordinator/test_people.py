import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import HowAsked, PersonState
from accounts.models import AuditEntry, Person
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.services.enrollments import enroll_person
from tests.acts import act
from tests.factories import AttendanceFactory, CohortFactory, EnrollmentFactory, PersonFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

LIST = "/en/coordinator/people/"
CREATE = "/en/coordinator/people/new/"
HOSTILE = ["<script>alert(1)</script>", "{{7*7}}", "=1+1", '"><img src=x onerror=alert(1)>']

FILLED = {
    "first_name": "Eila",
    "last_name": "Manninen",
    "birth_year": "1948",
    "language": "fi",
    "channel": "call",
    "second_channel": "",
    "phone": "040 123 4567",
    "how_asked": "phone",
}


def page_of(person):
    return reverse("coordinator:people-detail", args=[person.code])


def listed(response):
    return [row.person for row in response.context["rows"]]


def errors_of(response):
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


def test_the_list_shows_everybody_in_finnish_order(office, coordinator):
    late, early = PersonFactory.create(last_name="Öhman"), PersonFactory.create(last_name="Aalto")

    assert listed(office.get(LIST)) == [early, coordinator, late]


@pytest.mark.parametrize("typed", ["mäki", "maki", "040 559 0936", "ake.maki@example.org"])
def test_a_search_is_posted_and_finds(office, typed):
    found = PersonFactory.create(
        first_name="Åke", last_name="Mäki", phone="+358405590936", email="ake.maki@example.org"
    )

    assert listed(office.post(LIST, {"q": typed})) == [found]


def test_an_own_code_leads_to_its_person(office):
    person = PersonFactory.create(code="S-7K3M-Q4")

    response = office.post(LIST, {"q": "s7k3mq4"})

    assert response["Location"] == page_of(person)


def test_while_one_types_the_list_comes_without_leading_away(office):
    person = PersonFactory.create(code="S-7K3M-Q4")

    assert listed(office.post(LIST, {"q": "s7k3mq4"}, headers={"HX-Request": "true"})) == [person]


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        ({"show": "waiting"}, ["Waiting"]),
        ({"show": "place"}, ["Placed"]),
        ({"show": "no_email"}, ["Mailless"]),
        ({"show": "gone"}, ["Moved"]),
        ({"language": "sv"}, ["Swede"]),
        ({"channel": "letter"}, ["Lettered"]),
        ({"show": "no such thing"}, ["Lettered", "Mailless", "Moved", "Placed", "Swede", "Waiting"]),
    ],
)
def test_choices_narrow_the_list(office, coordinator, choice, names):
    EnrollmentFactory.create(
        person=PersonFactory.create(last_name="Waiting"), state=EnrollmentState.WAITLISTED, queue_number=1
    )
    EnrollmentFactory.create(person=PersonFactory.create(last_name="Placed"))
    PersonFactory.create(last_name="Mailless", email="")
    PersonFactory.create(last_name="Moved", state=PersonState.MOVED)
    PersonFactory.create(last_name="Swede", language="sv")
    PersonFactory.create(last_name="Lettered", second_channel="letter")

    response = office.post(LIST, choice)

    assert [person.last_name for person in listed(response) if person != coordinator] == names


def test_pages_of_a_search_go_on_without_an_address(office):
    PersonFactory.create_batch(60, last_name="Aalto")

    chosen = {"q": "aalto", "language": "fi"}
    first, second = (office.post(LIST, {**chosen, "page": number}) for number in (1, 2))

    assert (len(listed(first)), len(listed(second))) == (50, 10)
    assert 'form="people-filters" name="page" value="2"' in " ".join(first.content.decode().split())


@pytest.mark.parametrize(("count", "says"), [(50, False), (51, True)])
def test_a_search_that_finds_too_many_asks_for_more_of_the_name(office, count, says):
    PersonFactory.create_batch(count, last_name="Aalto")

    page = office.post(LIST, {"q": "aalto"})

    assert len(listed(page)) == 50
    assert ("Write more of the name to find others." in page.content.decode()) is says


def test_lists_hide_the_name_of_a_protected_person(office):
    person = PersonFactory.create(last_name="Salattu", protected=True)

    page = office.post(LIST, {"q": "salattu"}).content.decode()

    assert person.code in page
    assert "Salattu" not in page.replace('value="salattu"', "")


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_takes_the_same_queries_for_one_and_thirty(office, count, django_assert_num_queries):
    for _number in range(count):
        EnrollmentFactory.create(cohort=CohortFactory.create())
    office.get(LIST)

    # Session, user, roles, how many, people, their enrollments, figures of the menu.
    with django_assert_num_queries(7):
        office.get(LIST)


def test_a_person_is_written_down(office, coordinator):
    response = office.post(CREATE, FILLED)

    person = Person.objects.get(last_name="Manninen")
    assert response["Location"] == page_of(person)
    assert (person.phone, person.birth_year, person.channel) == ("+358401234567", 1948, "call")
    entry = AuditEntry.objects.get(action="person.create")
    assert (entry.by, entry.subject, entry.detail) == (coordinator, person, {"how_asked": "phone"})


def test_a_likely_duplicate_is_shown_before_saving(office):
    known = PersonFactory.create(first_name="Eila", last_name="Manninen", birth_year=1948)

    asked = office.post(CREATE, FILLED)
    assert [person for person, why, enrollment in asked.context["rows"]] == [known]
    assert Person.objects.filter(last_name="Manninen").count() == 1

    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', asked.content.decode()))
    office.post(CREATE, hidden)
    assert Person.objects.filter(last_name="Manninen", phone="+358401234567").count() == 1


def test_what_was_written_can_be_changed_after_the_question(office):
    PersonFactory.create(first_name="Eila", last_name="Manninen", birth_year=1948)

    response = office.post(CREATE, {**FILLED, "somebody_else": "1", "change": "1"})

    assert response.context["form"]["first_name"].value() == "Eila"
    assert Person.objects.filter(last_name="Manninen").count() == 1


def test_mistakes_keep_what_was_typed(office):
    response = office.post(CREATE, {**FILLED, "birth_year": "48", "phone": "12"})

    assert set(errors_of(response)) == {"birth_year", "phone"}
    assert response.context["form"]["phone"].value() == "12"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_never_unescaped(office, name):
    person = PersonFactory.create(first_name=name, last_name=name, street=name, city=name[:50], email="a@example.org")

    pages = [
        office.get(LIST),
        office.get(page_of(person)),
        office.get(reverse("coordinator:people-edit", args=[person.code])),
        office.get(reverse("coordinator:people-state", args=[person.code, "moved"])),
        office.post(CREATE, {**FILLED, "email": "a@example.org"}),
    ]

    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
        assert "<img src=x" not in page.content.decode()


def test_opening_a_page_is_written_down_and_nothing_else_is(office, coordinator):
    person = PersonFactory.create()

    office.get(page_of(person))
    office.get(LIST)
    office.get(reverse("coordinator:people-edit", args=[person.code]))

    assert list(AuditEntry.objects.values_list("by", "action", "subject")) == [
        (coordinator.pk, "person.look", person.pk)
    ]


def test_looks_are_shown_when_asked_for(office):
    person = PersonFactory.create()
    office.get(page_of(person))

    without, with_looks = (office.get(page_of(person) + asked).context["history"] for asked in ("", "?looks=1"))

    assert [event.text for event in without] == []
    assert [event.text for event in with_looks] == ["Looked at this page."] * 2


def test_the_page_tells_what_has_happened(clock, office, coordinator):
    person = PersonFactory.create()
    cohort = CohortFactory.create(name_en="Spring A", course__lessons=18)
    enrollment = enroll_person(person=person, cohort=cohort, act=act(coordinator, HowAsked.PHONE))
    clock.shift(timedelta(minutes=5))
    AttendanceFactory.create(
        enrollment=enrollment,
        session=SessionFactory.create(cohort=cohort, number=6),
        marked_by=coordinator,
        marked_at=timezone.now(),
    )

    response = office.get(page_of(person))

    assert [(event.text, event.more, event.who) for event in response.context["history"]] == [
        ("Was present at session 6 of Spring A.", "", "Kaisa Koordinaattori"),
        ("Got a place in Spring A.", "", "Kaisa Koordinaattori, asked by phone"),
    ]
    (row,) = response.context["enrollments"]
    assert (row.lessons_attended, row.next_session_number) == (3, 6)


@pytest.mark.parametrize("count", [1, 30])
def test_a_persons_page_takes_the_same_queries_for_one_and_thirty(
    office, coordinator, count, django_assert_num_queries
):
    person = PersonFactory.create()
    for _number in range(count):
        cohort = CohortFactory.create()
        enrollment = enroll_person(person=person, cohort=cohort, act=act(coordinator, HowAsked.PHONE))
        session = SessionFactory.create(cohort=cohort, number=1)
        AttendanceFactory.create(enrollment=enrollment, session=session)
    office.get(page_of(person))

    with django_assert_num_queries(20):
        office.get(page_of(person))


def test_details_are_changed(office):
    person = PersonFactory.create(first_name="Eila", last_name="Manninen", birth_year=1948)
    address = reverse("coordinator:people-edit", args=[person.code])
    seen = office.get(address).context["form"]["seen"].value()

    response = office.post(address, {**FILLED, "seen": seen})

    assert response["Location"] == page_of(person)
    person.refresh_from_db()
    assert person.phone == "+358401234567"
    changed = AuditEntry.objects.get(action="person.update").detail["fields"]
    assert changed == ["channel", "email", "phone"]


def test_a_stale_form_is_refused_and_keeps_what_was_typed(office):
    person = PersonFactory.create(first_name="Eila", last_name="Manninen", birth_year=1948)
    address = reverse("coordinator:people-edit", args=[person.code])
    seen = office.get(address).context["form"]["seen"].value()
    Person.objects.filter(pk=person.pk).update(city="Helsinki")

    response = office.post(address, {**FILLED, "seen": seen})

    assert list(errors_of(response)) == ["__all__"]
    assert response.context["form"]["phone"].value() == "040 123 4567"
    person.refresh_from_db()
    assert person.phone == ""


@pytest.mark.parametrize("state", ["moved", "deceased"])
def test_moved_or_deceased_frees_the_seat_after_a_question(office, state):
    enrollment = EnrollmentFactory.create(cohort__name_en="Spring A", cohort__capacity=1)
    person, cohort = enrollment.person, enrollment.cohort
    address = reverse("coordinator:people-state", args=[person.code, state])
    asked = office.get(address)
    assert "The place in Spring A is given up and free for somebody else." in asked.context["consequences"]

    office.post(address, {"how_asked": "phone"})

    person.refresh_from_db()
    enrollment.refresh_from_db()
    cohort.refresh_from_db()
    assert (person.state, enrollment.state, enrollment.reason, cohort.seats_taken) == (
        state,
        EnrollmentState.WITHDRAWN,
        state,
        0,
    )


def test_the_change_of_state_is_undone(office):
    enrollment = EnrollmentFactory.create(cohort__capacity=1)
    person = enrollment.person
    office.post(reverse("coordinator:people-state", args=[person.code, "deceased"]), {"how_asked": "phone"})
    assert office.get(page_of(person)).context["undoable"]

    office.post(reverse("coordinator:people-undo", args=[person.code]))

    person.refresh_from_db()
    enrollment.refresh_from_db()
    assert (person.state, enrollment.state) == (PersonState.ACTIVE, EnrollmentState.ENROLLED)
    assert not office.get(page_of(person)).context["undoable"]


@pytest.mark.parametrize("state", ["anonymized", "king", "active"])
def test_states_that_cannot_be_chosen(office, state):
    person = PersonFactory.create()
    address = reverse("coordinator:people-state", args=[person.code, state])

    response = office.post(address, {"how_asked": "phone"})

    person.refresh_from_db()
    assert person.state == PersonState.ACTIVE
    assert response.status_code == (200 if state == "active" else 404)


def test_another_role_meets_nothing(sign_in, trainer):
    person = PersonFactory.create()

    assert sign_in(trainer).get(page_of(person)).status_code == 404
