from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session as BrowserSession
from django.core import serializers

from accounts.enums import HowAsked
from accounts.models import AuditEntry, ContactPerson, Person, RoleGrant
from accounts.services.contacts import add_contact_person
from courses.certifying.models import Certificate
from courses.enrolling.messages.sessions import plan_session_reminders
from courses.enrolling.models import Enrollment, SupportNeeds, Transition
from courses.messaging.enums import MessageState, MessageTrouble
from courses.messaging.models import Message
from courses.registry.enums import CallOutcome
from courses.registry.models import Note
from courses.registry.services.notes import add_note, log_call
from courses.registry.services.retention import Gone, run_retention
from courses.registry.tasks import run_retention_task
from courses.reporting.selectors.programs import program_report
from courses.teaching.models import Visit
from mentors_site.celery import app
from tests.acts import act
from tests.conftest import NOW
from tests.factories import (
    AttendanceFactory,
    CertificateFactory,
    CohortFactory,
    CompletionFactory,
    ContactPersonFactory,
    EnrollmentFactory,
    MessageFactory,
    PersonFactory,
    SessionFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def contact(learner):
    return add_contact_person(
        person=learner,
        data={"name": "Liisa", "phone": "+358401234567", "until": NOW.date()},
        consent_text="Saako kertoa?",
        act=act(via=HowAsked.WEB),
    )


@pytest.fixture
def old_needs():
    cohort = CohortFactory.create(starts_on=NOW.date() - timedelta(days=90), ends_on=NOW.date() - timedelta(days=30))
    return SupportNeeds.objects.create(
        enrollment=EnrollmentFactory.create(cohort=cohort), note="Rampille tilaa", how_asked="desk"
    )


def test_each_goes_when_its_time_is_over_and_once(contact, old_needs):
    assert run_retention(at=NOW) == Gone(1, 0, 0)
    assert run_retention(at=NOW + timedelta(days=1)) == Gone(0, 1, 0)
    assert run_retention(at=NOW + timedelta(days=30)) == Gone(0, 0, 0)
    assert run_retention(at=NOW + timedelta(days=31)) == Gone(0, 0, 1)
    assert run_retention(at=NOW + timedelta(days=31)) == Gone(0, 0, 0)


def test_a_dry_run_says_the_same_and_changes_nothing(contact, old_needs):
    at = NOW + timedelta(days=1)

    assert run_retention(at=at, dry_run=True) == Gone(1, 1, 0)

    assert SupportNeeds.objects.exists()
    assert ContactPerson.objects.get().ended_at is None
    assert run_retention(at=at) == Gone(1, 1, 0)


def test_what_was_planned_for_the_contact_person_is_taken_back(contact, learner):
    enrollment = EnrollmentFactory.create(person=learner, admitted_at=NOW - timedelta(days=60))
    SessionFactory.create(
        cohort=enrollment.cohort,
        number=1,
        starts_at=NOW + timedelta(days=10),
        ends_at=NOW + timedelta(days=10, hours=3),
    )
    ContactPerson.objects.update(until=None)
    plan_session_reminders(at=NOW)
    planned = Message.objects.get(contact=contact)
    ContactPerson.objects.update(until=NOW.date())

    run_retention(at=NOW + timedelta(days=1))

    planned.refresh_from_db()
    assert (planned.state, planned.last_error) == (MessageState.CANCELLED, MessageTrouble.CONTACT_ENDED)


def test_the_night_runs_it(old_needs):
    entry = app.conf.beat_schedule["run retention"]

    run_retention_task()

    assert entry["task"] == run_retention_task.name
    assert entry["schedule"].hour == {3}
    assert not SupportNeeds.objects.exists()


def test_the_draft_of_an_application_goes_with_its_session(client):
    cohort = CohortFactory.create()
    client.post(f"/en/apply/{cohort.code}/you/", {"first_name": "Aino", "last_name": "Virtanen", "language": "fi"})

    assert run_retention(at=NOW + timedelta(days=1, hours=23)).sessions_deleted == 0
    assert run_retention(at=NOW + timedelta(days=2, minutes=1)).sessions_deleted == 1
    assert BrowserSession.objects.count() == 0


# The periods: the day before nothing goes, the day after it goes, and once

DAY = timedelta(days=1)


def months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, 28))


def at_night(day: date) -> datetime:
    """The run of that day's night."""
    return datetime.combine(day, time(3, 10), tzinfo=NOW.tzinfo)


def goes(kind: str, day: date) -> None:
    """On the day before nothing of `kind` goes; on the day after one goes, once; a dry run says so before."""
    before, after = at_night(day - DAY), at_night(day + DAY)
    assert getattr(run_retention(at=before), kind) == 0
    assert getattr(run_retention(at=after, dry_run=True), kind) == 1
    assert getattr(run_retention(at=after), kind) == 1
    assert getattr(run_retention(at=after), kind) == 0


@pytest.fixture
def ended():
    """A course that ended long ago, completed by somebody with everything that can be known of a person."""
    cohort = CohortFactory.create(starts_on=date(2023, 9, 1), ends_on=date(2023, 11, 15), state="finished")
    person = PersonFactory.create(
        first_name="Aino",
        last_name="Kanariala",
        phone="+358401112223",
        email="aino@kanariala.example",
        street="Kanarialankatu 1",
        postal_code="02100",
        city="Kanariala",
        created_at=NOW - timedelta(days=1500),
    )
    enrollment = EnrollmentFactory.create(
        cohort=cohort,
        person=person,
        state="completed",
        admitted_at=at_night(date(2023, 8, 1)),
        started_at=at_night(date(2023, 9, 1)),
        ended_at=at_night(date(2023, 11, 20)),
        goal="Kanariala oppii",
        application_code="H-KANARIALA",
    )
    session = SessionFactory.create(cohort=cohort, number=1)
    AttendanceFactory.create(enrollment=enrollment, session=session)
    completion = CompletionFactory.create(enrollment=enrollment, reason="Kanariala pyysi")
    Transition.objects.create(enrollment=enrollment, to_state="completed", how_asked="desk", reason="Kanariala pyysi")
    Visit.objects.create(person=person, visited_on=date(2023, 11, 1), minutes=60, place="Kanarialan kirjasto")
    ContactPersonFactory.create(person=person, name="Liisa Kanariala")
    MessageFactory.create(
        person=person,
        state="sent",
        due_at=at_night(date(2023, 9, 1)),
        body="Hei Kanariala",
        address="aino@kanariala.example",
    )
    return SimpleNamespace(person=person, enrollment=enrollment, cohort=cohort, completion=completion)


def dump() -> str:
    """The whole database as text."""
    return "\n".join(
        serializers.serialize("json", model._base_manager.all())
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ("accounts", "courses", "account", "mfa")
    ).lower()


def test_whose_a_course_was_goes_24_months_after_its_end(ended, coordinator):
    add_note(person=ended.person, text="Kanariala soittaa aamulla", act=act(coordinator))
    assert "kanariala" in dump()

    goes("people", months_later(date(2023, 11, 20), 24))

    assert "kanariala" not in dump()
    ended.person.refresh_from_db()
    assert (ended.person.state, ended.person.full_name, ended.person.birth_year) == ("anonymized", "", 1949)
    assert not ended.person.search_words.exists()
    assert ended.enrollment.attendances.count() == 1


def test_the_figures_are_the_same_before_and_after(ended):
    EnrollmentFactory.create(
        cohort=ended.cohort,
        person=PersonFactory.create(created_at=NOW - timedelta(days=1500), gender="woman"),
        state="declined",
        ended_at=at_night(date(2023, 9, 1)),
    )
    night = at_night(months_later(date(2023, 11, 20), 25))
    before = program_report(today=night.date())

    assert run_retention(at=night).people == 2

    assert program_report(today=night.date()) == before
    assert sum(row.started for row in before.total.ages.values()) == 1


def test_a_second_missed_night_is_made_up(ended):
    assert run_retention(at=at_night(date(2027, 12, 1))).people == 1
    assert run_retention(at=at_night(date(2027, 12, 2))).people == 0


@pytest.mark.parametrize("why", ["role", "role_ended_lately", "certificate", "open", "visit", "recent"])
def test_who_is_kept(ended, why):
    night = at_night(months_later(date(2023, 11, 20), 25))
    match why:
        case "role":
            RoleGrant.objects.create(person=ended.person, role="trainer")
        case "role_ended_lately":
            RoleGrant.objects.create(person=ended.person, role="trainer", ended_at=night - 30 * DAY)
        case "certificate":
            CertificateFactory.create(person=ended.person, issued_on=date(2023, 12, 1), valid_until=night.date())
        case "open":
            EnrollmentFactory.create(person=ended.person, state="waitlisted", queue_number=1)
        case "visit":
            Visit.objects.create(person=ended.person, visited_on=night.date() - 200 * DAY, minutes=30)
        case "recent":
            cohort = CohortFactory.create(starts_on=night.date() - 300 * DAY, ends_on=night.date() - 200 * DAY)
            EnrollmentFactory.create(
                person=ended.person, cohort=cohort, state="not_completed", admitted_at=NOW, ended_at=night - 200 * DAY
            )

    assert run_retention(at=night).people == 0

    ended.person.refresh_from_db()
    assert ended.person.full_name == "Aino Kanariala"


def test_who_never_enrolled_goes_24_months_after_they_were_added():
    person = PersonFactory.create(created_at=NOW)

    goes("people", months_later(NOW.date(), 24))

    assert Person.objects.get(pk=person.pk).full_name == ""


def test_an_application_without_a_place_goes_after_6_months_with_its_person():
    person = PersonFactory.create(created_at=NOW - 30 * DAY)
    EnrollmentFactory.create(person=person, state="declined", ended_at=NOW, goal="Oppia")

    goes("people", months_later(NOW.date(), 6))

    assert Enrollment.objects.get().goal == ""


def test_an_application_of_somebody_who_stays_is_nobodys_after_6_months():
    person = PersonFactory.create(created_at=NOW - 30 * DAY, birth_year=1944, gender="man")
    stays = EnrollmentFactory.create(person=person)
    gone = EnrollmentFactory.create(person=person, state="declined", ended_at=NOW, goal="Oppia")
    waits = EnrollmentFactory.create(person=person, state="waitlisted", queue_number=1)
    MessageFactory.create(person=person, enrollment=gone, state="sent")

    goes("applications", months_later(NOW.date(), 6))

    assert set(person.enrollments.all()) == {stays, waits}
    gone.refresh_from_db()
    assert (gone.state, gone.goal, gone.person.full_name) == ("declined", "", "")
    assert (gone.person.birth_year, gone.person.gender, gone.person.state) == (1944, "man", "anonymized")
    assert not Message.objects.exists()


def test_the_text_of_a_message_goes_after_6_months_and_that_it_was_sent_stays():
    due = at_night(NOW.date())
    text = {"body": "Hei", "subject": "Kurssi", "address": "a@b.example"}
    MessageFactory.create(state="sent", due_at=due, **text)
    planned = MessageFactory.create(due_at=due, **text)

    goes("messages", months_later(NOW.date(), 6))

    sent = Message.objects.get(state="sent")
    assert (sent.body, sent.subject, sent.address, sent.sent_at) == ("", "", "", due)
    assert Message.objects.get(pk=planned.pk).body == "Hei"


def test_the_notes_of_a_call_go_after_3_months():
    MessageFactory.create(state="sent", channel="call", due_at=at_night(NOW.date()), answer="reached")

    goes("call_notes", months_later(NOW.date(), 3))

    assert Message.objects.get().answer == ""


def test_phone_calls_that_were_written_down_go_after_3_months_and_notes_stay(learner, coordinator):
    at = at_night(NOW.date())
    log_call(person=learner, outcome=CallOutcome.REACHED, text="Tulee", act=act(coordinator, at=at))
    note = add_note(person=learner, text="Soittaa aamulla", act=act(coordinator, at=at))

    goes("logged_calls", months_later(NOW.date(), 3))

    assert list(Note.objects.all()) == [note]


@pytest.mark.parametrize(
    "ended",
    [
        {"valid_until": NOW.date()},
        {"valid_until": date(2029, 1, 1), "revoked_at": NOW, "revoked_reason": "Pyyntö"},
        {"valid_until": None, "replaced_at": NOW},
    ],
    ids=["expired", "revoked", "replaced"],
)
def test_a_certificate_goes_10_years_after_its_end(ended):
    issued_on = date(2025, 1, 12)
    CertificateFactory.create(name="Aino Virtanen", issued_on=issued_on, words={"fi": {"title": "x"}}, **ended)
    holds = CertificateFactory.create(valid_until=None)

    goes("certificates", months_later(NOW.date(), 120))

    emptied = Certificate.objects.exclude(pk=holds.pk).get()
    assert (emptied.name, emptied.words, emptied.revoked_reason) == ("", {}, "-" if "revoked_at" in ended else "")
    assert emptied.number == emptied.check_code == f"gone-{emptied.pk}"
    assert Certificate.objects.get(pk=holds.pk).name


def test_the_audit_trail_goes_after_24_months():
    learner = PersonFactory.create(roles=["trainer"])
    AuditEntry.objects.create(at=at_night(NOW.date()), action="person.look", subject=learner)
    AuditEntry.objects.create(at=at_night(NOW.date()) + 3 * DAY, action="person.look", subject=learner)

    goes("audit_entries", months_later(NOW.date(), 24))


def test_more_than_a_batch_goes_in_one_night(monkeypatch):
    monkeypatch.setattr("courses.messaging.services.retention.BATCH", 2)
    monkeypatch.setattr("courses.registry.services.retention.PEOPLE_AT_ONCE", 2)
    for _each in range(5):
        person = PersonFactory.create(created_at=NOW - timedelta(days=900))
        MessageFactory.create(person=person, state="sent", due_at=NOW - timedelta(days=300), body="Hei")

    gone = run_retention(at=NOW)

    assert (gone.messages, gone.people) == (5, 5)
