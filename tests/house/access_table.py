"""Who may open what: URL name x method x role x object -> status. A URL that does not stand here fails the tests.

To add a page, add one line under its actor:

    Page(
        "trainer:cohorts-detail",
        gets=lets_in(TRAINER),
        own=lambda w: {"code": w.own_cohort.code},
        another=lambda w: {"code": w.another_cohort.code},
        missing={"code": "GONE-1"},
    )

gets, posts   status by role; left out: the method is not allowed (405). `lets_in(ROLE, …, status=200)` lets those in, is 404 for
              other people who are signed in, and leads anyone else to the sign-in page (302). `everyone(200)` is for public pages.
own           the URL's arguments for a thing of the world's own learner and trainer (access_world.py); left out: the URL has none
another       the same for a thing that belongs to another learner and another trainer
anothers      who may open that: roles among those let in; nobody when left out, so that each gets 404
missing       arguments that lead to nothing: 404 for everyone whom the page lets in
data          what is posted; left out: an empty form. `posts` says what an empty form gives (200 when it is shown again, 302 when
              the page acts without one)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from courses.enrolling.links import offer_token
from courses.messaging.links import contact_stop_token, stop_token
from tests.house.access_world import (
    ADMINISTRATOR,
    ANYONE,
    COORDINATOR,
    DISABLED,
    LEARNER,
    ROLES,
    TRAINER,
    VIEWER,
    World,
)

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

Statuses = Mapping[str, int]
Arguments = Mapping[str, Any]


def lets_in(*roles: str, status: int = 200) -> Statuses:
    return {role: status if role in roles else 302 if role in (ANYONE, DISABLED) else 404 for role in ROLES}


def everyone(status: int) -> Statuses:
    return dict.fromkeys(ROLES, status)


def signed_in(status: int, *, anyone: int = 302) -> Statuses:
    return {role: anyone if role in (ANYONE, DISABLED) else status for role in ROLES}


@dataclass(frozen=True)
class Page:
    name: str
    gets: Statuses | None = None
    posts: Statuses | None = None
    own: Callable[[World], Arguments] | None = None
    another: Callable[[World], Arguments] | None = None
    anothers: tuple[str, ...] = ()
    missing: Arguments | None = None
    data: Callable[[World], Mapping[str, Any]] = field(default=lambda world: {})


SITE = [
    Page("healthz", gets=everyone(200)),
    Page("robots", gets=everyone(200)),
    Page("favicon", gets=everyone(302)),
    Page("security", gets=everyone(200)),
    Page("set_language", gets=everyone(302), posts=everyone(302)),
    Page("reading-edit", posts=everyone(302)),
    Page("accessibility", gets=everyone(200)),
    Page("ethics", gets=everyone(200)),
    Page("privacy", gets=everyone(200)),
    Page("gallery", gets=lets_in(COORDINATOR, ADMINISTRATOR)),
    Page("gallery-calm", gets=lets_in(COORDINATOR, ADMINISTRATOR)),
]

SIGN_IN = [
    Page("account_login", gets=signed_in(302, anyone=200), posts=signed_in(302, anyone=200)),
    Page("account_request_login_code", gets=signed_in(302, anyone=200), posts=signed_in(302, anyone=200)),
    # Nobody here has asked for a code, so the page leads back to where one asks.
    Page("account_confirm_login_code", gets=everyone(302), posts=everyone(302)),
    Page("account_logout", gets=signed_in(200), posts=everyone(302)),
    Page("account_inactive", gets=everyone(200)),
    # Nothing is kept for any of them, so the page leads home.
    Page("account_kept_form", gets=signed_in(302), posts=signed_in(302)),
    Page("account_stay", posts=signed_in(204)),
    # A sign-in that was used up: the page says so.
    Page("account_sign_in_once", gets=everyone(200), posts=everyone(410), own=lambda w: {"token": "used-up"}),
]

PUBLIC: list[Page] = [
    Page("public:catalogue", gets=everyone(200)),
    Page(
        "public:cohorts-detail",
        gets=everyone(200),
        own=lambda w: {"code": w.own_cohort.code},
        missing={"code": "GONE-1"},
    ),
    Page(
        "public:cohorts-calendar",
        gets=everyone(200),
        own=lambda w: {"code": w.own_cohort.code},
        missing={"code": "GONE-1"},
    ),
    # The link of a mail: whoever has it may press it, signed in or not.
    Page(
        "public:reminders-stop",
        gets=everyone(200),
        posts=everyone(200),
        own=lambda w: {"token": stop_token(person_id=w.people[LEARNER].pk, rule="session_soon")},
        missing={"token": "guessed"},
    ),
    Page(
        "public:contacts-stop",
        gets=everyone(200),
        posts=everyone(200),
        own=lambda w: {"token": contact_stop_token(w.own_contact.pk)},
        missing={"token": "guessed"},
    ),
    Page(
        "public:applications-start",
        # To the first question.
        gets=everyone(302),
        own=lambda w: {"code": w.own_cohort.code},
    ),
    Page(
        "public:applications-step",
        gets=everyone(200),
        posts=everyone(200),
        own=lambda w: {"code": w.own_cohort.code, "step": "you"},
        missing={"code": "GONE-1", "step": "you"},
    ),
    # Nothing has been written, so it leads to the first question.
    Page(
        "public:applications-review",
        gets=everyone(302),
        posts=everyone(302),
        own=lambda w: {"code": w.own_cohort.code},
    ),
    Page(
        "public:applications-stop",
        posts=everyone(200),
        own=lambda w: {"code": w.own_cohort.code},
        missing={"code": "GONE-1"},
    ),
    Page("public:applications-lookup", gets=everyone(200), posts=everyone(200)),
    # No application is open: they lead to where one types the code.
    Page("public:applications-done", gets=everyone(302)),
    Page("public:applications-show", gets=everyone(302), posts=everyone(302)),
    Page("public:applications-correct", gets=everyone(302), posts=everyone(302)),
    Page("public:applications-withdraw", gets=everyone(302), posts=everyone(302)),
    Page("public:applications-close", posts=everyone(302)),
    Page("public:applications-print", gets=everyone(302)),
    # The link of a message: whoever has it may answer, signed in or not; without an answer the page stands again.
    Page(
        "public:offers-answer",
        gets=everyone(200),
        posts=everyone(200),
        own=lambda w: {"token": offer_token(w.own_offer)},
        missing={"token": "guessed"},
    ),
    Page("public:certificates-check", gets=everyone(200), posts=everyone(200)),
    Page(
        "public:certificates-show",
        gets=everyone(200),
        posts=everyone(200),
        own=lambda w: {"number": w.own_certificate.number},
        missing={"number": "ESP-AIM-2000-0001"},
    ),
]

COORDINATORS: list[Page] = [
    Page("coordinator:today", gets=lets_in(COORDINATOR)),
    Page("coordinator:messages-list", gets=lets_in(COORDINATOR)),
    Page("coordinator:messages-calls", gets=lets_in(COORDINATOR)),
    Page("coordinator:messages-letters", gets=lets_in(COORDINATOR)),
    Page("coordinator:messages-sheets", gets=lets_in(COORDINATOR)),
    Page("coordinator:messages-posted", posts=lets_in(COORDINATOR, status=302)),
    Page(
        "coordinator:messages-detail",
        gets=lets_in(COORDINATOR),
        own=lambda w: {"pk": w.own_message.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:messages-mail",
        gets=lets_in(COORDINATOR),
        own=lambda w: {"pk": w.own_message.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:messages-letter",
        gets=lets_in(COORDINATOR),
        own=lambda w: {"pk": w.own_letter.pk},
        missing={"pk": 999_999},
    ),
    *(
        Page(
            f"coordinator:messages-{verb}",
            posts=lets_in(COORDINATOR, status=302),
            own=lambda w: {"pk": w.own_message.pk},
            missing={"pk": 999_999},
        )
        for verb in ("hold", "cancel", "again", "test")
    ),
    Page(
        "coordinator:messages-answer",
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"pk": w.own_call.pk},
        missing={"pk": 999_999},
        data=lambda w: {"answer": "no_answer"},
    ),
    Page("coordinator:people-list", gets=lets_in(COORDINATOR), posts=lets_in(COORDINATOR)),
    Page("coordinator:find", gets=lets_in(COORDINATOR), posts=lets_in(COORDINATOR)),
    # A file goes out; without a format it is a CSV.
    Page("coordinator:people-file", posts=lets_in(COORDINATOR)),
    Page("coordinator:mentors-file", posts=lets_in(COORDINATOR)),
    Page("coordinator:certificates-file", posts=lets_in(COORDINATOR)),
    Page(
        "coordinator:learners-file",
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.own_cohort.code},
        missing={"code": "GONE-1"},
    ),
    Page("coordinator:people-create", gets=lets_in(COORDINATOR), posts=lets_in(COORDINATOR)),
    Page(
        "coordinator:people-detail",
        gets=lets_in(COORDINATOR),
        own=lambda w: {"code": w.people[LEARNER].code},
        missing={"code": "S-2222-23"},
    ),
    Page("coordinator:people-pairs", gets=lets_in(COORDINATOR)),
    Page("coordinator:people-apart", gets=lets_in(COORDINATOR)),
    Page(
        "coordinator:people-apart-undo",
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"pk": w.told_apart.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:people-compare",
        gets=lets_in(COORDINATOR),
        # An empty form tells nothing of what was seen: the two are looked at anew.
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"first": w.people[LEARNER].code, "second": w.twin.code},
        missing={"first": "S-2222-23", "second": "S-2222-23"},
    ),
    Page(
        "coordinator:people-apart-create",
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"first": w.people[LEARNER].code, "second": w.twin.code},
        missing={"first": "S-2222-23", "second": "S-2222-23"},
    ),
    Page(
        "coordinator:people-merge",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.people[LEARNER].code},
        missing={"code": "S-2222-23"},
    ),
    Page(
        "coordinator:people-edit",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.people[LEARNER].code},
        missing={"code": "S-2222-23"},
    ),
    Page(
        "coordinator:people-state",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.people[LEARNER].code, "state": "moved"},
        missing={"code": "S-2222-23", "state": "moved"},
    ),
    Page(
        "coordinator:people-undo",
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"code": w.people[LEARNER].code},
        missing={"code": "S-2222-23"},
    ),
    Page(
        "coordinator:calls-create",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.people[LEARNER].code},
        missing={"code": "S-2222-23"},
    ),
    Page(
        "coordinator:notes-create",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.people[LEARNER].code},
        missing={"code": "S-2222-23"},
    ),
    Page(
        "coordinator:notes-edit",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.people[LEARNER].code, "pk": w.own_note.pk},
        # A note belongs to the person in the address.
        missing={"code": "S-2222-23", "pk": 999_999},
    ),
    Page(
        "coordinator:notes-delete",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"code": w.people[LEARNER].code, "pk": w.own_note.pk},
        missing={"code": "S-2222-23", "pk": 999_999},
    ),
    Page(
        "coordinator:contacts-create",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.people[LEARNER].code},
        missing={"code": "S-2222-23"},
    ),
    Page(
        "coordinator:contacts-edit",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.people[LEARNER].code, "pk": w.own_contact.pk},
        missing={"code": "S-2222-23", "pk": 999_999},
    ),
    Page(
        "coordinator:contacts-end",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.people[LEARNER].code, "pk": w.own_contact.pk},
        missing={"code": "S-2222-23", "pk": 999_999},
    ),
    Page(
        "coordinator:consents-withdraw",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.people[LEARNER].code, "pk": w.own_consent.pk},
        missing={"code": "S-2222-23", "pk": 999_999},
    ),
    Page(
        "coordinator:support-edit",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"pk": w.own_enrollment.pk},
        missing={"pk": 999_999},
    ),
    Page("coordinator:enrollments-create", gets=lets_in(COORDINATOR), posts=lets_in(COORDINATOR)),
    Page(
        "coordinator:enrollments-print",
        gets=lets_in(COORDINATOR),
        own=lambda w: {"pk": w.own_enrollment.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:enrollments-state",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"pk": w.own_enrollment.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:enrollments-move-in-queue",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"pk": w.waiting_enrollment.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:enrollments-offer",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"pk": w.waiting_enrollment.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:enrollments-accept",
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"pk": w.waiting_enrollment.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:enrollments-decline",
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"pk": w.waiting_enrollment.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:enrollments-admit",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"pk": w.applied_enrollment.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:enrollments-transfer",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"pk": w.own_enrollment.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:enrollments-party",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"pk": w.waiting_enrollment.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:enrollments-undo",
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"pk": w.own_enrollment.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:cohorts-learners",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"code": w.own_cohort.code},
        missing={"code": "GONE-1"},
    ),
    Page("coordinator:rosters-create", gets=lets_in(COORDINATOR), posts=lets_in(COORDINATOR)),
    Page("coordinator:rosters-sample", gets=lets_in(COORDINATOR)),
    Page(
        "coordinator:rosters-detail",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"pk": w.own_roster.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:rosters-columns",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"pk": w.own_roster.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:rosters-row",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"pk": w.own_roster.pk, "number": 2},
        missing={"pk": 999_999, "number": 2},
    ),
    Page(
        "coordinator:rosters-cancel",
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"pk": w.own_roster.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:rosters-release",
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"pk": w.own_roster.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:rosters-undo",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"pk": w.own_applied_roster.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:rosters-apply",
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"pk": w.own_roster.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:rosters-drop",
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"pk": w.own_roster.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:courses-list",
        gets=lets_in(COORDINATOR),
    ),
    Page(
        "coordinator:courses-create",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
    ),
    Page(
        "coordinator:courses-detail",
        gets=lets_in(COORDINATOR),
        own=lambda w: {"code": w.own_cohort.course.code},
        missing={"code": "GONE-1"},
    ),
    Page("coordinator:courses-sample", posts=lets_in(COORDINATOR, status=302)),
    Page(
        "coordinator:courses-copy",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.own_cohort.course.code},
        missing={"code": "GONE-1"},
    ),
    Page(
        "coordinator:courses-edit",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.own_cohort.course.code},
        missing={"code": "GONE-1"},
    ),
    Page(
        "coordinator:courses-rule",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.own_cohort.course.code},
        missing={"code": "GONE-1"},
    ),
    Page(
        "coordinator:modules-create",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.own_cohort.course.code},
        missing={"code": "GONE-1"},
    ),
    Page(
        "coordinator:modules-edit",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.own_cohort.course.code, "pk": w.own_session.modules.get().pk},
        missing={"code": "GONE-1", "pk": 0},
    ),
    Page(
        "coordinator:modules-move",
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"code": w.own_cohort.course.code, "pk": w.own_session.modules.get().pk},
        missing={"code": "GONE-1", "pk": 0},
    ),
    Page(
        "coordinator:modules-remove",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.own_cohort.course.code, "pk": w.own_session.modules.get().pk},
        missing={"code": "GONE-1", "pk": 0},
    ),
    Page(
        "coordinator:venues-list",
        gets=lets_in(COORDINATOR),
    ),
    Page(
        "coordinator:venues-create",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
    ),
    Page(
        "coordinator:venues-edit",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"pk": w.own_cohort.venue_id},
        missing={"pk": 0},
    ),
    Page("coordinator:districts-list", gets=lets_in(COORDINATOR)),
    Page("coordinator:districts-create", gets=lets_in(COORDINATOR), posts=lets_in(COORDINATOR)),
    Page("coordinator:districts-espoo", posts=lets_in(COORDINATOR, status=302)),
    Page(
        "coordinator:districts-edit",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"pk": w.own_district.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:districts-remove",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"pk": w.own_district.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "coordinator:cohorts-list",
        gets=lets_in(COORDINATOR),
    ),
    Page(
        "coordinator:cohorts-create",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
    ),
    Page(
        "coordinator:cohorts-detail",
        gets=lets_in(COORDINATOR),
        own=lambda w: {"code": w.own_cohort.code},
        missing={"code": "GONE-1"},
    ),
    Page(
        "coordinator:cohorts-copy",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.own_cohort.code},
        missing={"code": "GONE-1"},
    ),
    Page(
        "coordinator:cohorts-edit",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.own_cohort.code},
        missing={"code": "GONE-1"},
    ),
    Page(
        "coordinator:cohorts-state",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"code": w.own_cohort.code, "step": "confirm"},
        missing={"code": "GONE-1", "step": "confirm"},
    ),
    Page(
        "coordinator:cohorts-minimum",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.own_cohort.code},
        missing={"code": "GONE-1"},
    ),
    Page(
        "coordinator:cohorts-undo",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.own_cohort.code},
        missing={"code": "GONE-1"},
    ),
    Page(
        "coordinator:sessions-list",
        gets=lets_in(COORDINATOR),
        own=lambda w: {"code": w.own_cohort.code},
        missing={"code": "GONE-1"},
    ),
    Page(
        "coordinator:sessions-create",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.own_cohort.code},
        missing={"code": "GONE-1"},
    ),
    Page(
        "coordinator:sessions-add",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.own_cohort.code},
        missing={"code": "GONE-1"},
    ),
    Page(
        "coordinator:sessions-move",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"pk": w.own_session.pk},
        missing={"pk": 0},
    ),
    Page(
        "coordinator:sessions-cancel",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"pk": w.own_session.pk},
        missing={"pk": 0},
    ),
    Page(
        "coordinator:sessions-restore",
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"pk": w.own_session.pk},
        missing={"pk": 0},
    ),
    Page("coordinator:reports-program", gets=lets_in(COORDINATOR)),
    Page(
        "coordinator:reports-cohort",
        gets=lets_in(COORDINATOR),
        own=lambda w: {"code": w.own_cohort.code},
        missing={"code": "GONE-1"},
    ),
    Page(
        "coordinator:attendance-register",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"pk": w.own_session.pk},
        missing={"pk": 0},
    ),
    Page(
        "coordinator:attendance-print",
        gets=lets_in(COORDINATOR),
        own=lambda w: {"pk": w.own_session.pk},
        missing={"pk": 0},
    ),
    Page(
        "coordinator:attendance-guest",
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"pk": w.own_session.pk},
        missing={"pk": 0},
    ),
    Page(
        "coordinator:attendance-undo",
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"pk": w.own_session.pk, "version": 1},
        missing={"pk": 0, "version": 1},
    ),
    Page(
        "coordinator:completions-grid",
        gets=lets_in(COORDINATOR),
        own=lambda w: {"code": w.own_cohort.code},
        missing={"code": "GONE-1"},
    ),
    Page(
        "coordinator:completions-record",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"code": w.own_cohort.code, "kind": "module", "key": str(w.own_session.modules.get().pk)},
        missing={"code": "GONE-1", "kind": "module", "key": "1"},
    ),
    Page(
        "coordinator:completions-practice",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"code": w.own_cohort.code, "pk": w.own_enrollment.pk},
        missing={"code": "GONE-1", "pk": 0},
    ),
    Page(
        "coordinator:visits-take-back",
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"code": w.own_cohort.code, "pk": w.own_visit.pk},
        missing={"code": "GONE-1", "pk": 0},
    ),
    Page(
        "coordinator:completions-undo",
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"code": w.own_cohort.code, "kind": "module", "saved_at": LONG_AGO},
        missing={"code": "GONE-1", "kind": "module", "saved_at": LONG_AGO},
    ),
    Page(
        "coordinator:completions-decide",
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"code": w.own_cohort.code},
        missing={"code": "GONE-1"},
    ),
    Page(
        "coordinator:completions-undecide",
        posts=lets_in(COORDINATOR, status=302),
        own=lambda w: {"code": w.own_cohort.code, "decided_at": LONG_AGO},
        missing={"code": "GONE-1", "decided_at": LONG_AGO},
    ),
    Page(
        "coordinator:completions-revoke",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"pk": w.own_completion.pk},
        missing={"pk": 0},
    ),
    Page("coordinator:certificates-list", gets=lets_in(COORDINATOR)),
    Page("coordinator:certificates-issue", gets=lets_in(COORDINATOR), posts=lets_in(COORDINATOR, status=302)),
    # Nothing was issued in the last days, so the page leads back to the list.
    Page("coordinator:certificates-print", gets=lets_in(COORDINATOR, status=302)),
    Page(
        "coordinator:certificates-detail",
        gets=lets_in(COORDINATOR),
        own=lambda w: {"number": w.own_certificate.number},
        missing={"number": "ESP-AIM-2000-0001"},
    ),
    Page(
        "coordinator:certificates-pdf",
        gets=lets_in(COORDINATOR),
        own=lambda w: {"number": w.own_certificate.number},
        missing={"number": "ESP-AIM-2000-0001"},
    ),
    Page(
        "coordinator:certificates-revoke",
        gets=lets_in(COORDINATOR),
        posts=lets_in(COORDINATOR),
        own=lambda w: {"number": w.own_certificate.number},
        missing={"number": "ESP-AIM-2000-0001"},
    ),
    Page("coordinator:mentoring-list", gets=lets_in(COORDINATOR)),
    Page("coordinator:retention-list", gets=lets_in(COORDINATOR, ADMINISTRATOR)),
]

TRAINERS: list[Page] = [
    Page("trainer:today", gets=lets_in(TRAINER)),
    Page(
        "trainer:cohorts-detail",
        gets=lets_in(TRAINER),
        own=lambda w: {"code": w.own_cohort.code},
        another=lambda w: {"code": w.another_cohort.code},
        missing={"code": "GONE-1"},
    ),
    Page(
        "trainer:attendance-register",
        gets=lets_in(TRAINER),
        posts=lets_in(TRAINER),
        own=lambda w: {"pk": w.own_session.pk},
        another=lambda w: {"pk": w.another_session.pk},
        missing={"pk": 0},
    ),
    Page(
        "trainer:attendance-print",
        gets=lets_in(TRAINER),
        own=lambda w: {"pk": w.own_session.pk},
        another=lambda w: {"pk": w.another_session.pk},
        missing={"pk": 0},
    ),
    Page(
        "trainer:attendance-guest",
        posts=lets_in(TRAINER, status=302),
        own=lambda w: {"pk": w.own_session.pk},
        another=lambda w: {"pk": w.another_session.pk},
        missing={"pk": 0},
    ),
    Page(
        "trainer:attendance-undo",
        posts=lets_in(TRAINER, status=302),
        own=lambda w: {"pk": w.own_session.pk, "version": 1},
        another=lambda w: {"pk": w.another_session.pk, "version": 1},
        missing={"pk": 0, "version": 1},
    ),
    Page(
        "trainer:completions-grid",
        gets=lets_in(TRAINER),
        own=lambda w: {"code": w.own_cohort.code},
        another=lambda w: {"code": w.another_cohort.code},
        missing={"code": "GONE-1"},
    ),
    Page(
        "trainer:completions-record",
        gets=lets_in(TRAINER),
        posts=lets_in(TRAINER, status=302),
        own=lambda w: {"code": w.own_cohort.code, "kind": "module", "key": str(w.own_session.modules.get().pk)},
        another=lambda w: {
            "code": w.another_cohort.code,
            "kind": "module",
            "key": str(w.another_session.modules.get().pk),
        },
        missing={"code": "GONE-1", "kind": "module", "key": "1"},
    ),
    Page(
        "trainer:completions-practice",
        gets=lets_in(TRAINER),
        posts=lets_in(TRAINER),
        own=lambda w: {"code": w.own_cohort.code, "pk": w.own_enrollment.pk},
        another=lambda w: {"code": w.another_cohort.code, "pk": w.another_enrollment.pk},
        missing={"code": "GONE-1", "pk": 0},
    ),
    Page(
        "trainer:visits-take-back",
        posts=lets_in(TRAINER, status=302),
        own=lambda w: {"code": w.own_cohort.code, "pk": w.own_visit.pk},
        another=lambda w: {"code": w.another_cohort.code, "pk": w.another_visit.pk},
        missing={"code": "GONE-1", "pk": 0},
    ),
    Page(
        "trainer:completions-undo",
        posts=lets_in(TRAINER, status=302),
        own=lambda w: {"code": w.own_cohort.code, "kind": "module", "saved_at": LONG_AGO},
        another=lambda w: {"code": w.another_cohort.code, "kind": "module", "saved_at": LONG_AGO},
        missing={"code": "GONE-1", "kind": "module", "saved_at": LONG_AGO},
    ),
    Page(
        "trainer:completions-propose",
        posts=lets_in(TRAINER, status=302),
        own=lambda w: {"code": w.own_cohort.code},
        another=lambda w: {"code": w.another_cohort.code},
        missing={"code": "GONE-1"},
    ),
    Page(
        "trainer:completions-unpropose",
        posts=lets_in(TRAINER, status=302),
        own=lambda w: {"code": w.own_cohort.code, "proposed_at": LONG_AGO},
        another=lambda w: {"code": w.another_cohort.code, "proposed_at": LONG_AGO},
        missing={"code": "GONE-1", "proposed_at": LONG_AGO},
    ),
]

LEARNERS: list[Page] = [
    Page("learner:home", gets=signed_in(200)),
    Page(
        "learner:certificates-pdf",
        gets=lets_in(LEARNER),
        own=lambda w: {"number": w.own_certificate.number},
        another=lambda w: {"number": w.another_certificate.number},
        missing={"number": "ESP-AIM-2000-0001"},
    ),
    Page("learner:consents-list", gets=signed_in(200)),
    Page(
        "learner:consents-withdraw",
        gets=lets_in(LEARNER),
        posts=lets_in(LEARNER, status=302),
        own=lambda w: {"pk": w.own_consent.pk},
        another=lambda w: {"pk": w.another_consent.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "learner:contacts-end",
        gets=lets_in(LEARNER),
        posts=lets_in(LEARNER, status=302),
        own=lambda w: {"pk": w.own_contact.pk},
        another=lambda w: {"pk": w.another_contact.pk},
        missing={"pk": 999_999},
    ),
    Page(
        "learner:messages-detail",
        gets=lets_in(LEARNER),
        own=lambda w: {"pk": w.own_sent_message.pk},
        another=lambda w: {"pk": w.another_sent_message.pk},
        missing={"pk": 0},
    ),
]

VIEWERS: list[Page] = [
    # A coordinator may see what a viewer sees.
    Page("viewer:reports-program", gets=lets_in(VIEWER, COORDINATOR)),
    Page(
        "viewer:reports-cohort",
        gets=lets_in(VIEWER, COORDINATOR),
        own=lambda w: {"code": w.own_cohort.code},
        missing={"code": "GONE-1"},
    ),
]

ADMINISTRATORS: list[Page] = [
    Page("administrator:centre-edit", gets=lets_in(ADMINISTRATOR), posts=lets_in(ADMINISTRATOR)),
    Page("administrator:staff-list", gets=lets_in(ADMINISTRATOR), posts=lets_in(ADMINISTRATOR)),
    Page("administrator:staff-create", gets=lets_in(ADMINISTRATOR), posts=lets_in(ADMINISTRATOR)),
    Page(
        "administrator:staff-edit",
        gets=lets_in(ADMINISTRATOR),
        posts=lets_in(ADMINISTRATOR),
        own=lambda w: {"code": w.people[LEARNER].code},
        missing={"code": "S-2222-23"},
    ),
]

# Registered with DEMO=1 only.
DEMO: list[Page] = [
    # The people of this world are not those of the demo.
    Page("demo:sign-in", posts=everyone(404)),
    Page("demo:mailbox", gets=everyone(200)),
    Page(
        "demo:mailbox-message",
        gets=everyone(200),
        own=lambda w: {"pk": w.own_call.pk},
        missing={"pk": 999_999},
    ),
    Page("demo:mailbox-detail", gets=everyone(200), own=lambda w: {"name": w.own_mail}, missing={"name": "none"}),
    Page("demo:mailbox-html", gets=everyone(200), own=lambda w: {"name": w.own_mail}, missing={"name": "none"}),
]

PAGES = [*SITE, *SIGN_IN, *PUBLIC, *COORDINATORS, *TRAINERS, *LEARNERS, *VIEWERS, *ADMINISTRATORS, *DEMO]
