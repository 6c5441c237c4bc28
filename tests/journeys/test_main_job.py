"""The main job, end to end, through the pages: a roster, a course, completions, certificates, messages, the report."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.enums import Channel
from courses.catalogue.readers import SAMPLES, read_course
from courses.catalogue.rules import CompletionRule
from courses.catalogue.services.courses import create_course, set_completion_rule, set_modules
from courses.certifying.enums import ReminderRule
from courses.importing.rosters.models import Roster
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.messaging.services.outbox import send_due_messages
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort
from tests.acts import act
from tests.conftest import HELSINKI, NOW
from tests.factories import CohortFactory, SessionFactory

ROSTER = Path(__file__).parents[1] / "data" / "rosters" / "english-comma-utf8.csv"
CODES = ["AIM-2027K-01", "AIM-2027K-02", "AIM-2027K-03"]
# After the last session, on a working day.
LATER = datetime(2027, 4, 12, 10, 0, tzinfo=HELSINKI)


@pytest.fixture
def cohorts(centre, coordinator, trainer):
    described = read_course(SAMPLES / "aim.json")
    course = create_course(act=act(coordinator), **described.fields)
    modules = set_modules(course=course, modules=described.modules, act=act(coordinator))
    course = set_completion_rule(course=course, rule=described.rule, act=act(coordinator))
    made = []
    for code in CODES:
        cohort = CohortFactory.create(
            course=course, code=code, capacity=60, state=CohortState.RUNNING, trainers=[trainer]
        )
        for number, module in enumerate([module for module in modules if module.lessons], start=1):
            starts_at = NOW + timedelta(weeks=number)
            SessionFactory.create(
                cohort=cohort,
                number=number,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=3),
                lessons=module.lessons,
                modules=[module],
            )
        made.append(cohort)
    return made


def visit(client: Client, name: str, *arguments: object, **data: object) -> None:
    """A form sent; every one of the journey leads on to another page."""
    answer = client.post(reverse(name, args=arguments), data)
    assert (answer.status_code, "login" in answer.url) == (302, False), name


def test_the_main_job(cohorts, coordinator, trainer, clock, mail_sink, tmp_path):
    office, group = Client(), Client()
    cohort = cohorts[0]

    office.force_login(coordinator)
    enroll_roster(office)
    people = list(cohort.enrollments.order_by("pk"))
    clock.move_to(LATER)
    # Three months later both sign in anew.
    office.force_login(coordinator)
    group.force_login(trainer)
    run_course(group, cohort, people)
    visit(office, "coordinator:completions-decide", cohort.code, all="1")
    waiting = office.get(reverse("coordinator:certificates-issue")).context["page_obj"].object_list
    visit(office, "coordinator:certificates-issue", completion=[completion.pk for completion in waiting])
    sent = send_due_messages(clock=lambda: LATER)

    told = Message.objects.filter(rule=ReminderRule.CERTIFICATE_READY)
    by_mail = told.filter(channel=Channel.EMAIL, state=MessageState.SENT)
    # Everyone is told: those without e-mail by a letter or a call, which wait for a person.
    assert told.values("person").distinct().count() == len(people)
    assert sent == {"sent": by_mail.count()}
    assert sorted(mail["To"].addresses[0].addr_spec for mail in mail_sink.mails) == sorted(
        message.person.email for message in by_mail.select_related("person")
    )
    report = report_of(cohort, tmp_path)
    everyone = len(people)
    assert everyone == 20
    assert {name: report[name] for name in ("enrollments", "admitted", "started", "completed", "certified")} == {
        "enrollments": everyone,
        "admitted": everyone,
        "started": everyone,
        "completed": everyone,
        "certified": everyone,
    }
    assert report["completion_rate"] == 1.0


def enroll_roster(office: Client) -> None:
    file = SimpleUploadedFile(ROSTER.name, ROSTER.read_bytes(), content_type="text/csv")
    visit(office, "coordinator:rosters-create", file=file)
    visit(office, "coordinator:rosters-apply", Roster.objects.get().pk, skip_errors="on")


def run_course(group: Client, cohort: Cohort, people: list) -> None:
    """The trainer: everyone present at each session, then what the rule asks for besides, then the proposal."""
    for session in cohort.sessions.all():
        visit(group, "trainer:attendance-register", session.pk, version=session.register_version, fill="present")
    rule = CompletionRule.from_json(cohort.course.completion_rule)
    for kind, codes, choice in (
        ("assessment", rule.assessments, "passed"),
        ("declaration", rule.declarations, "signed"),
    ):
        for code in codes:
            chosen = {f"r-{enrollment.pk}": choice for enrollment in people}
            seen = {f"seen-{enrollment.pk}": ":" for enrollment in people}
            visit(group, "trainer:completions-record", cohort.code, kind, code, **chosen, **seen)
    for enrollment in people:
        for number in range(rule.practice.visits):
            visit(
                group,
                "trainer:completions-practice",
                cohort.code,
                enrollment.pk,
                visited_on=(LATER - timedelta(days=number + 1)).date().isoformat(),
                minutes=60,
                people_helped=1,
                supervised="on",
            )
    visit(group, "trainer:completions-propose", cohort.code, all="1")


def report_of(cohort: Cohort, folder: Path) -> dict:
    call_command("cohort_report", cohort.code, format="json", output=folder / "report.json", verbosity=0)
    return json.loads((folder / "report.json").read_text())
