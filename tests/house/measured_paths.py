"""Four things done for real, and which modules of the house had a function called on the way; `measure` counts them.

Not a test of the site: the assertions only say that the thing was done. Models, states and pages go by their names in
the database and in URLs, which a rearrangement of the modules leaves alone."""

import inspect
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import FrameType

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from tests.factories import CohortFactory, CourseFactory, EnrollmentFactory, ModuleFactory, SessionFactory
from tests.house.programs import ROOT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]

HOUSE = tuple(f"{ROOT / app}{os.sep}" for app in ("accounts", "courses", "mentors_site"))
# Pages that have little in common: what each of them calls, every page calls.
UNLIKE_PAGES = ("venues-list", "people-list", "messages-letters", "courses-create")
RULE = {"mandatory_modules": ["M1"], "declarations": ["confidentiality"], "practice": {"visits": 1}}


@pytest.fixture(scope="session")
def walked() -> Iterator[dict[str, set[str]]]:
    """Modules by path walked; written at the end to the file named in MEASURED_PATHS."""
    found: dict[str, set[str]] = {}
    yield found
    written = {name: sorted(modules) for name, modules in found.items()}
    Path(os.environ["MEASURED_PATHS"]).write_text(json.dumps(written), encoding="utf-8")


@pytest.fixture
def office(coordinator, centre) -> Iterator[Client]:
    client = Client()
    client.force_login(coordinator)
    with translation.override("en"):
        # What happens once only, such as imports on the first request, belongs to no path.
        client.get(page("venues-list"))
        yield client


@contextmanager
def modules_called(into: set[str]) -> Iterator[None]:
    def note(frame: FrameType, event: str, argument: object) -> None:
        code = frame.f_code
        # The bodies of modules and classes run on import: only functions are marked as optimized.
        if event == "call" and code.co_flags & inspect.CO_OPTIMIZED and code.co_filename.startswith(HOUSE):
            into.add(str(Path(code.co_filename).relative_to(ROOT)))

    before = sys.getprofile()
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(before)
        threading.setprofile(None)


def page(name: str, *arguments: object) -> str:
    return reverse(f"coordinator:{name}", args=arguments)


def model(name: str):
    return apps.get_model("courses", name)


def called_by(work: Callable[[], object]) -> set[str]:
    called: set[str] = set()
    with modules_called(into=called):
        work()
    return called


def test_every_page(office, walked):
    called = [called_by(lambda name=name: office.get(page(name))) for name in UNLIKE_PAGES]

    walked["every page"] = set.intersection(*called)


def test_a_seat_becomes_free(office, walked):
    cohort = CohortFactory.create(capacity=1, queue_last=1)
    starts_at = timezone.now() + timedelta(weeks=4)
    SessionFactory.create(cohort=cohort, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    leaving = EnrollmentFactory.create(cohort=cohort)
    waiting = EnrollmentFactory.create(cohort=cohort, state="waitlisted", queue_number=1)
    answer = {"to_state": "withdrawn", "reason": "time", "how_asked": "phone"}

    walked["seat becomes free"] = called_by(lambda: office.post(page("enrollments-state", leaving.pk), answer))

    waiting.refresh_from_db()
    assert waiting.state == "offered"


def test_a_completion_is_decided(office, walked):
    today = timezone.localdate()
    module = ModuleFactory.create(course=CourseFactory.create(completion_rule=RULE), order=1)
    one = EnrollmentFactory.create(cohort=CohortFactory.create(course=module.course), state="active")
    model("ModuleResult").objects.create(enrollment=one, module=module, result="passed", recorded_on=today)
    model("SignedDeclaration").objects.create(enrollment=one, declaration="confidentiality", recorded_on=today)
    model("Visit").objects.create(person=one.person, enrollment=one, visited_on=today, minutes=60)

    walked["completion decided"] = called_by(
        lambda: office.post(page("completions-decide", one.cohort.code), {"one": one.pk})
    )

    one.refresh_from_db()
    assert one.state == "completed"


def test_a_reminder_is_sent(office, walked, clock, mail_sink):
    starts_at = timezone.now() + timedelta(days=14)
    session = SessionFactory.create(starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    enrollment = EnrollmentFactory.create(cohort=session.cohort, admitted_at=timezone.now() - timedelta(days=1))

    planned = called_by(lambda: call_command("plan_messages", verbosity=0))
    [message] = model("Message").objects.all()
    clock.move_to(message.due_at)
    sent = called_by(lambda: call_command("send_messages", verbosity=0))

    walked["reminder sent"] = planned | sent
    assert (message.session, len(mail_sink.mails_to(enrollment.person.email))) == (session, 1)


def test_a_report_is_read(office, walked):
    cohort = CohortFactory.create(state="finished")
    module = ModuleFactory.create(course=cohort.course)
    session = SessionFactory.create(cohort=cohort, modules=[module], state="held")
    for enrollment in EnrollmentFactory.create_batch(3, cohort=cohort, state="completed"):
        model("Attendance").objects.create(enrollment=enrollment, session=session, state="present", lessons=3)
        model("ModuleResult").objects.create(
            enrollment=enrollment, module=module, result="passed", recorded_on=cohort.starts_on
        )

    walked["report read"] = called_by(lambda: report_read(office, cohort))


def report_read(office: Client, cohort) -> None:
    assert office.get(page("reports-cohort", cohort.code)).status_code == 200
