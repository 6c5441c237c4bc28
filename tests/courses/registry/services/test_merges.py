import random
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.utils import timezone

from accounts.enums import Channel, ConsentPurpose, HowAsked, PersonState
from accounts.exceptions import RuleError
from accounts.models import AuditEntry, Consent, ContactPerson, Person, PersonMerge, RoleGrant, SuspectedPair, ToldApart
from accounts.selectors import person_on_record, person_with_code, person_with_id, search_people
from accounts.services.merges import take_back_told_apart, tell_apart
from courses.certifying.enums import MentorState
from courses.certifying.models import Mentor
from courses.enrolling.enums import OPEN_STATES, SEAT_STATES, EnrollmentState, ReminderRule, WithdrawalReason
from courses.enrolling.models import Enrollment, Party, SupportNeeds, Transition
from courses.enrolling.services.enrollments import enroll_person
from courses.enrolling.services.undo import undo_transition
from courses.importing.rosters.models import Roster
from courses.messaging.enums import MessageState
from courses.messaging.models import ReminderStop
from courses.registry.enums import NoteKind
from courses.registry.models import Note
from courses.registry.selectors.merges import compare
from courses.registry.services.merges import RELATIONS, merge_people
from courses.registry.services.people import change_person_state, last_state_change
from courses.reporting.selectors.programs import program_report
from courses.teaching.enums import Result
from courses.teaching.models import AssessmentResult, SignedDeclaration, Visit
from tests.acts import act
from tests.factories import (
    AttendanceFactory,
    CertificateFactory,
    CohortFactory,
    CompletionFactory,
    EnrollmentFactory,
    MessageFactory,
    ModuleFactory,
    ModuleResultFactory,
    PersonFactory,
    SessionFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "english")]

# Made anew: what the library keeps of a sign-in, and what is reckoned from names and numbers.
MADE_ANEW = {"account.EmailAddress.user", "mfa.Authenticator.user", "accounts.SearchWord.person"} | {
    f"accounts.{name}" for name in ("SuspectedPair.first", "SuspectedPair.second", "UncomparedPerson.person")
}


@pytest.fixture
def kept(db):
    return PersonFactory.create(first_name="Aino", last_name="Korhonen")


@pytest.fixture
def gone(kept):
    return PersonFactory.create(first_name="Aino", last_name="Korhonen")


def merged(kept, gone, coordinator, fields=(), via=HowAsked.DESK, **more):
    return merge_people(kept=kept, gone=gone, fields=fields, act=act(coordinator, via), **more)


def certificate_of(person, course, number, *, valid_until=None, **more):
    return CertificateFactory.create(
        person=person,
        course=course,
        number=number,
        check_code=f"check-{number}",
        name=person.full_name,
        language="fi",
        issued_on=date(2026, 5, 4),
        valid_until=valid_until,
        **more,
    )


def message_of(person, key, **more):
    now = timezone.now()
    times = dict.fromkeys(("due_at", "expires_at", "next_attempt_at"), now)
    return MessageFactory.create(
        rule=ReminderRule.SESSION_SOON, dedupe_key=key, person=person, channel=Channel.EMAIL, **times, **more
    )


def everything_of(person: Person) -> None:
    """At least one row under each relation to a person."""
    now, day = timezone.now(), timezone.localdate()
    enrollment = EnrollmentFactory.create(person=person, state=EnrollmentState.ACTIVE)
    cohort = enrollment.cohort
    session = SessionFactory.create(
        cohort=cohort, marked_by=person, modules=[ModuleFactory.create(course=cohort.course)]
    )
    recorded = {"recorded_on": day, "recorded_by": person, "revoked_by": person}
    EmailAddress.objects.create(user=person, email="aino@example.org")
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    AuditEntry.objects.create(by=person, subject=person, action="person.create")
    consent = Consent.objects.create(
        person=person,
        purpose=ConsentPurpose.CONTACT,
        text="…",
        how_asked=HowAsked.PHONE,
        by=person,
        withdrawn_by=person,
    )
    ContactPerson.objects.create(person=person, name="Leena", phone="+358401234567", consent=consent)
    PersonMerge.objects.create(kept=person, old_code="S-OLD", old_id=990_001, by=person)
    other = PersonFactory.create()
    RoleGrant.objects.create(person=person, role="trainer", granted_by=person, ended_at=now)
    ToldApart.objects.create(first=person, second=other, by=person)
    first, second = PersonFactory.create_batch(2)
    ToldApart.objects.create(first=first, second=second, by=person)
    ToldApart.objects.create(first=Person.objects.order_by("pk").first(), second=person)
    SuspectedPair.objects.create(first=person, second=other, rank=1, signs="name")
    SuspectedPair.objects.create(first=Person.objects.order_by("pk").first(), second=person, rank=1, signs="name")
    AttendanceFactory.create(enrollment=enrollment, session=session, marked_by=person, revoked_by=person)
    ModuleResultFactory.create(enrollment=enrollment, module=session.modules.get(), **recorded)
    AssessmentResult.objects.create(enrollment=enrollment, assessment="teach_back", result=Result.PASSED, **recorded)
    SignedDeclaration.objects.create(enrollment=enrollment, declaration="confidentiality", **recorded)
    CompletionFactory.create(
        enrollment=enrollment, proposed_by=person, decided_by=person, revoked_by=person, decided_at=now
    )
    certificate_of(person, cohort.course, "ESP-1", issued_by=person, revoked_by=person)
    cohort.trainers.add(person)
    Mentor.objects.create(person=person)
    message_of(person, "session_soon:1", done_by=person)
    Note.objects.create(person=person, kind=NoteKind.NOTE, text="Soittaa aamulla", written_by=person)
    Party.objects.create(cohort=cohort, made_by=person, how_asked=HowAsked.PHONE)
    ReminderStop.objects.create(person=person, rule=ReminderRule.SESSION_SOON, how_asked=HowAsked.WEB, by=person)
    Roster.objects.create(file_name="a.csv", file_hash="0", uploaded_by=person, queued_by=person)
    SupportNeeds.objects.create(enrollment=enrollment, noted_by=person, how_asked=HowAsked.PHONE)
    Transition.objects.create(enrollment=enrollment, to_state="active", by=person, how_asked=HowAsked.PHONE)
    Visit.objects.create(person=person, visited_on=day, minutes=60, recorded_by=person, revoked_by=person)


def overall() -> dict[str, Any]:
    total = program_report().total.to_json()
    return {name: value for name, value in total.items() if isinstance(value, int)}


def rows(relation: str, person_id: int) -> int:
    label, field = relation.rsplit(".", 1)
    model: Any = apps.get_model(label)
    return int(model._base_manager.filter(**{field: person_id}).count())


@pytest.mark.parametrize("relation", sorted(RELATIONS))
def test_each_relation_moves_to_the_record_that_stays(relation, coordinator):
    first = PersonFactory.create()
    kept, gone = PersonFactory.create(), PersonFactory.create()
    everything_of(gone)
    before, had = rows(relation, gone.pk), rows(relation, kept.pk)

    merged(kept, gone, coordinator)

    assert first
    assert before > 0
    assert rows(relation, gone.pk) == 0
    if relation not in MADE_ANEW:
        # The merge itself adds two rows about the record that stays.
        written = relation in ("accounts.PersonMerge.kept", "accounts.AuditEntry.subject")
        assert rows(relation, kept.pk) == had + before + written


def test_the_record_that_goes_leads_to_the_one_that_stays(kept, gone, coordinator):
    old_code, old_id = gone.code, gone.pk

    merge = merged(kept, gone, coordinator)

    assert not Person.objects.filter(pk=old_id).exists()
    assert (merge.kept, merge.old_code, merge.old_id, merge.by) == (kept, old_code, old_id, coordinator)
    assert person_with_code(old_code.lower().replace("-", " ")) == kept
    assert person_on_record(old_code) == kept
    assert person_with_id(old_id) == kept


def test_merges_in_a_row_lead_to_the_last_record(kept, gone, coordinator):
    last = PersonFactory.create()
    old_code = gone.code
    merged(kept, gone, coordinator)

    merged(last, kept, coordinator)

    assert person_on_record(old_code) == last


def test_values_are_kept_as_chosen_and_found_by(kept, gone, coordinator):
    Person.objects.filter(pk=gone.pk).update(first_name="Aino-Maija", phone="+358401234567", street="Katu 1")

    merged(kept, gone, coordinator, fields=["first_name", "phone"])

    kept.refresh_from_db()
    assert (kept.first_name, kept.phone, kept.street) == ("Aino-Maija", "+358401234567", "")
    assert kept.name_key == "korhonen aino maija"
    assert list(search_people("0401234567 maija")) == [kept]


def test_the_audit_row_holds_no_values(kept, gone, coordinator):
    EnrollmentFactory.create(person=gone)
    Person.objects.filter(pk=gone.pk).update(phone="+358401234567")
    gone_id = gone.pk

    merge = merged(kept, gone, coordinator, fields=["phone"], via=HowAsked.PHONE)

    entry = AuditEntry.objects.get(action="person.merge")
    assert (entry.subject, entry.by, entry.object_id) == (kept, coordinator, merge.pk)
    assert entry.detail == {
        "gone": gone_id,
        "fields": ["phone"],
        "moved": {"courses.Enrollment.person": 1},
        "how_asked": "phone",
    }


def test_a_safety_ban_of_either_record_stays_without_address(kept, gone, coordinator):
    Person.objects.filter(pk=kept.pk).update(street="Katu 1", city="Espoo")
    Person.objects.filter(pk=gone.pk).update(protected=True)

    merged(kept, gone, coordinator)

    kept.refresh_from_db()
    assert (kept.protected, kept.street, kept.city) == (True, "", "")


def test_a_stop_of_sign_in_is_not_lifted(kept, gone, coordinator):
    Person.objects.filter(pk=gone.pk).update(is_active=False)

    merged(kept, gone, coordinator)

    kept.refresh_from_db()
    assert kept.is_active is False


# Two open enrollments in one group


@pytest.mark.parametrize(
    ("of_kept", "of_gone", "stays"),
    [
        ("enrolled", "active", "gone"),
        ("enrolled", "offered", "kept"),
        ("waitlisted", "offered", "gone"),
        ("applied", "waitlisted", "gone"),
        ("applied", "applied", "kept"),
    ],
)
def test_of_two_open_enrollments_the_further_one_stays(kept, gone, coordinator, of_kept, of_gone, stays):
    cohort = CohortFactory.create(capacity=4)
    mine, theirs = (
        EnrollmentFactory.create(
            cohort=cohort,
            person=person,
            state=state,
            queue_number=number if state == "waitlisted" else None,
            offer_expires_at=timezone.now() + timedelta(days=1) if state == "offered" else None,
        )
        for number, (person, state) in enumerate([(kept, of_kept), (gone, of_gone)], start=1)
    )

    merged(kept, gone, coordinator)

    mine.refresh_from_db()
    theirs.refresh_from_db()
    stayed, went = (mine, theirs) if stays == "kept" else (theirs, mine)
    assert stayed.state == (of_kept if stays == "kept" else of_gone)
    assert (went.state, went.reason) == (EnrollmentState.WITHDRAWN, WithdrawalReason.OTHER)
    assert {mine.person_id, theirs.person_id} == {kept.pk}
    cohort.refresh_from_db()
    assert cohort.seats_taken == cohort.enrollments.filter(state__in=["offered", "enrolled", "active"]).count()


def test_the_earlier_place_in_the_queue_stays(kept, gone, coordinator):
    cohort = CohortFactory.create(capacity=1)
    EnrollmentFactory.create(cohort=cohort)
    later = EnrollmentFactory.create(cohort=cohort, person=kept, state="waitlisted", queue_number=5)
    earlier = EnrollmentFactory.create(cohort=cohort, person=gone, state="waitlisted", queue_number=2)

    merged(kept, gone, coordinator)

    later.refresh_from_db()
    earlier.refresh_from_db()
    assert (earlier.state, earlier.queue_number, earlier.person, later.state) == ("waitlisted", 2, kept, "withdrawn")


def test_the_freed_seat_is_offered_to_the_next(kept, gone, coordinator, centre):
    cohort = CohortFactory.create(capacity=2)
    for person in (kept, gone):
        EnrollmentFactory.create(cohort=cohort, person=person)
    waiting = EnrollmentFactory.create(cohort=cohort, state="waitlisted", queue_number=1)

    merged(kept, gone, coordinator)

    waiting.refresh_from_db()
    cohort.refresh_from_db()
    assert (waiting.state, cohort.seats_taken) == ("offered", 2)


def test_what_was_recorded_under_the_one_counts_for_the_other(kept, gone, coordinator):
    cohort = CohortFactory.create()
    module = ModuleFactory.create(course=cohort.course)
    sessions = [SessionFactory.create(cohort=cohort, modules=[module] if number == 3 else []) for number in range(4)]
    stays, goes = (EnrollmentFactory.create(cohort=cohort, person=one, state="active") for one in (kept, gone))
    marks = [("present", None), ("absent", "present"), ("present", "absent"), (None, "present")]
    for session, states in zip(sessions, marks, strict=True):
        for enrollment, state in zip((stays, goes), states, strict=True):
            if state:
                AttendanceFactory.create(enrollment=enrollment, session=session, state=state, lessons=3)
    SupportNeeds.objects.create(enrollment=goes, hearing_loop=True, how_asked=HowAsked.PHONE)

    merged(kept, gone, coordinator)

    current = stays.attendances.filter(revoked_at__isnull=True).order_by("session")
    assert list(current.values_list("session", "state")) == [(session.pk, "present") for session in sessions]
    assert list(stays.module_results.values_list("module", "result", "source")) == [(module.pk, "passed", "attendance")]
    assert SupportNeeds.objects.get().enrollment == stays


def test_people_who_come_together_are_parted_first(kept, gone, coordinator):
    cohort = CohortFactory.create()
    party = Party.objects.create(cohort=cohort, how_asked=HowAsked.PHONE)
    EnrollmentFactory.create(cohort=cohort, person=kept)
    goes = EnrollmentFactory.create(cohort=cohort, person=gone, state="waitlisted", queue_number=1, party=party)

    with pytest.raises(RuleError) as refusal:
        merged(kept, gone, coordinator)

    goes.refresh_from_db()
    assert len(refusal.value.reasons) == 1
    assert goes.state == "waitlisted"


def test_the_withdrawal_is_not_undone_into_a_second_place(kept, gone, coordinator):
    cohort = CohortFactory.create(capacity=4)
    EnrollmentFactory.create(cohort=cohort, person=kept, state="active")
    goes = EnrollmentFactory.create(cohort=cohort, person=gone)
    merged(kept, gone, coordinator)

    with pytest.raises(RuleError) as refusal:
        undo_transition(enrollment=goes, act=act(coordinator))

    assert refusal.value.code == "already_open"


def test_who_was_made_one_meanwhile_is_searched_for_again(kept, gone, coordinator):
    open_page = Person.objects.get(pk=gone.pk)
    merged(kept, gone, coordinator)

    with pytest.raises(RuleError) as refusal:
        enroll_person(person=open_page, cohort=CohortFactory.create(), act=act(coordinator, HowAsked.PHONE))

    assert refusal.value.code == "gone"


@pytest.mark.parametrize("seed", range(12))
def test_whatever_both_had_seats_are_counted_and_nothing_is_lost(kept, gone, coordinator, centre, seed):
    chance = random.Random(seed)
    cohorts = [CohortFactory.create(capacity=chance.randint(2, 4)) for _number in range(3)]
    for cohort in cohorts:
        for number, person in enumerate([kept, gone, PersonFactory.create()], start=1):
            state = chance.choice(EnrollmentState.values)
            if cohort.free_seats <= 0 and state in SEAT_STATES:
                state = EnrollmentState.WAITLISTED
            EnrollmentFactory.create(
                cohort=cohort,
                person=person,
                state=state,
                queue_number=number,
                offer_expires_at=timezone.now() + timedelta(days=1),
            )
    before = Enrollment.objects.count()

    merged(kept, gone, coordinator)

    assert (Enrollment.objects.count(), Enrollment.objects.filter(person=kept).count()) == (before, 6)
    for cohort in cohorts:
        cohort.refresh_from_db()
        taken = cohort.enrollments.filter(state__in=SEAT_STATES).count()
        assert (cohort.seats_taken, taken <= cohort.capacity) == (taken, True)
        assert cohort.enrollments.filter(person=kept, state__in=OPEN_STATES).count() <= 1


# Certificates, mentors, stops, trainers


def test_of_two_certificates_of_a_course_the_one_that_holds_longest_counts(kept, gone, coordinator):
    course = CohortFactory.create().course
    old = certificate_of(kept, course, "ESP-1", valid_until=date(2027, 5, 4))
    new = certificate_of(gone, course, "ESP-2", valid_until=date(2028, 5, 4))

    merged(kept, gone, coordinator)

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.replaced_at, new.replaced_at, new.person) == (timezone.now(), None, kept)


def test_of_two_mentors_the_stricter_state_stays(kept, gone, coordinator):
    Mentor.objects.create(person=kept, agreement_signed_on=date(2026, 1, 2))
    Mentor.objects.create(person=gone, state=MentorState.REMOVED, agreement_signed_on=date(2025, 1, 2))

    merged(kept, gone, coordinator)

    card = Mentor.objects.get()
    assert (card.person, card.state, card.agreement_signed_on) == (kept, MentorState.REMOVED, date(2026, 1, 2))


def test_a_stop_said_under_both_records_stands_once(kept, gone, coordinator):
    for person in (kept, gone):
        ReminderStop.objects.create(person=person, rule=ReminderRule.SESSION_SOON, how_asked=HowAsked.WEB)

    merged(kept, gone, coordinator)

    assert ReminderStop.objects.filter(person=kept).count() == 2
    assert ReminderStop.objects.filter(person=kept, ended_at__isnull=True).count() == 1


def test_a_trainer_under_both_records_stands_in_the_group_once(kept, gone, coordinator):
    cohort = CohortFactory.create(trainers=[kept, gone])

    merged(kept, gone, coordinator)

    assert list(cohort.trainers.all()) == [kept]


def test_planned_messages_go_to_the_record_that_stays(kept, gone, coordinator):
    message = message_of(gone, "session_soon:7:1:0")

    merged(kept, gone, coordinator)

    message.refresh_from_db()
    assert (message.person, message.state) == (kept, MessageState.PENDING)


# Refusals


def refused(kept, gone, coordinator, **more):
    with pytest.raises(RuleError) as refusal:
        merged(kept, gone, coordinator, **more)
    assert Person.objects.filter(pk__in=[kept.pk, gone.pk]).count() == len({kept.pk, gone.pk})
    return refusal.value.code


def test_one_record_twice_is_refused(kept, coordinator):
    assert refused(kept, kept, coordinator) == "same_record"


def test_an_erased_record_is_refused(kept, gone, coordinator):
    Person.objects.filter(pk=gone.pk).update(state=PersonState.ANONYMIZED)

    assert refused(kept, gone, coordinator) == "refused"


def test_different_states_are_made_the_same_first(kept, gone, coordinator):
    Person.objects.filter(pk=gone.pk).update(state=PersonState.DECEASED)

    assert refused(kept, gone, coordinator) == "refused"


def test_a_record_with_a_role_does_not_go(kept, coordinator):
    assert refused(kept, PersonFactory.create(roles=["trainer"]), coordinator) == "refused"


def test_pairs_told_apart_stay_apart_until_it_is_taken_back(kept, gone, coordinator):
    told = tell_apart(first=gone, second=kept, act=act(coordinator))

    assert refused(kept, gone, coordinator) == "refused"

    take_back_told_apart(told=told, act=act(coordinator))
    merged(kept, gone, coordinator)
    assert PersonMerge.objects.get().kept == kept


@pytest.mark.parametrize("change", ["details", "enrollment"])
def test_a_record_changed_since_it_was_seen_is_looked_at_again(kept, gone, coordinator, change):
    enrollment = EnrollmentFactory.create(person=gone)
    seen = compare(kept, gone).seen
    if change == "details":
        Person.objects.filter(pk=gone.pk).update(phone="+358401234567")
    else:
        Enrollment.objects.filter(pk=enrollment.pk).update(state=EnrollmentState.ACTIVE)

    assert refused(kept, gone, coordinator, seen=seen) == "stale"


def test_pressed_twice_nothing_is_doubled(kept, gone, coordinator):
    seen = compare(kept, gone).seen
    again = Person.objects.get(pk=gone.pk)
    merged(kept, gone, coordinator, seen=seen)

    with pytest.raises(RuleError) as refusal:
        merged(kept, again, coordinator, seen=seen)

    assert refusal.value.code == "gone"
    assert PersonMerge.objects.count() == 1


def test_the_other_record_does_not_go_too(kept, gone, coordinator):
    one, another = Person.objects.get(pk=kept.pk), Person.objects.get(pk=gone.pk)
    merged(kept, gone, coordinator)

    with pytest.raises(RuleError):
        merged(another, one, coordinator)

    assert Person.objects.filter(pk=kept.pk).exists()


def test_a_change_of_state_before_the_merge_is_not_undone_on_the_other_record(kept, gone, coordinator):
    for person in (kept, gone):
        change_person_state(person=person, to_state=PersonState.PAUSED, act=act(coordinator, HowAsked.PHONE))
    assert last_state_change(kept) is not None

    merged(kept, gone, coordinator)

    assert last_state_change(kept) is None


# What reports say


@pytest.mark.parametrize("share", ["none", "one"])
def test_reports_count_one_person_less_and_the_same_enrollments(kept, gone, coordinator, centre, share):
    cohort = CohortFactory.create(capacity=9)
    others = EnrollmentFactory.create_batch(3, cohort=cohort)
    EnrollmentFactory.create(cohort=cohort, person=kept, state="active")
    theirs = cohort if share == "one" else CohortFactory.create(course=cohort.course)
    EnrollmentFactory.create(cohort=theirs, person=gone, admitted_at=timezone.now())
    before = overall()

    merged(kept, gone, coordinator)

    after = overall()
    assert len(others) == 3
    assert after["unique_people"] == before["unique_people"] - 1
    changed = {name for name in before if before[name] != after[name]} - {"unique_people"}
    assert changed == (set() if share == "none" else {"enrolled", "withdrawn", "withdrawn_before_start"})
