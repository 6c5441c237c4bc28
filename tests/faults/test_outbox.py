"""Kills at each step, races, outages: with real processes, a real SMTP server and the database of the run.

The control shows that the harness finds duplicates where there are some.
"""

import os
import random
import signal
import time
from collections import Counter
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, transaction

from accounts.enums import HowAsked
from courses.enrolling.enums import EnrollmentState, ReminderRule
from courses.enrolling.messages.sessions import plan_session_reminders
from courses.enrolling.models import Enrollment
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.messaging.services.by_hand import cancel_message
from courses.messaging.services.planning import cancel_messages_for_person
from courses.messaging.services.stops import stop_reminders
from tests.acts import act
from tests.conftest import NOW
from tests.factories import PersonFactory
from tests.faults.killing_mail_server import STEPS, KillingMailServer, killing_mail_server
from tests.faults.outbox import DUE, LATER, copies, ends, finish, give_places, lost, plan_mails, start

pytestmark = pytest.mark.django_db(transaction=True)

NIGHT = NOW.replace(hour=22)
# What the killed sender's message ends as, and in how many copies: by policy.
UNTOUCHED = {"resend": ("sent", 1), "hold": ("sent", 1)}
NEVER_ARRIVED = {"resend": ("sent", 1), "hold": ("unknown", 0)}
ARRIVED = {"resend": ("sent", 2), "hold": ("unknown", 1)}
AFTER_KILL = {
    "claimed": UNTOUCHED,
    "offered": UNTOUCHED,
    "taken": UNTOUCHED,
    "wired": NEVER_ARRIVED,
    "half": NEVER_ARRIVED,
    "whole": ARRIVED,
    "accepted": ARRIVED,
}


@pytest.fixture
def server():
    with killing_mail_server() as server:
        yield server


def kill_at(server: KillingMailServer, step: str, policy: str) -> tuple[str, int]:
    """State and copies of the message in whose hand-over the sender was killed; checks that the others went once."""
    plan_mails(3, policy=policy)
    server.step = step
    first = start("send", server=server)
    server.victim = first.pid
    first.communicate(timeout=60)
    assert first.returncode == -signal.SIGKILL
    # The message in hand: the killed process left it claimed.
    (hit,) = Message.objects.filter(state=MessageState.SENDING).values_list("pk", flat=True)

    finish(start("send", server=server, at=LATER))

    arrived = copies(server)
    assert [arrived[message.pk] for message in Message.objects.exclude(pk=hit)] == [1, 1]
    assert set(Message.objects.exclude(pk=hit).values_list("state", flat=True)) == {"sent"}
    assert lost(server) == []
    return Message.objects.get(pk=hit).state, arrived[hit]


@pytest.mark.parametrize(("step", "policy"), [("claimed", "hold"), ("wired", "resend"), ("accepted", "hold")])
def test_killed_sender_loses_nothing(server, step, policy):
    assert kill_at(server, step, policy) == AFTER_KILL[step][policy]


@pytest.mark.faults
@pytest.mark.parametrize("policy", ["resend", "hold"])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("round_number", range(3))
def test_sender_killed_at_each_step(server, step, policy, round_number):
    assert kill_at(server, step, policy) == AFTER_KILL[step][policy]


@pytest.mark.faults
@pytest.mark.parametrize("policy", ["resend", "hold"])
def test_sender_killed_between_250_and_its_confirmation(server, policy):
    """The database is held while the mail server says 250, so the sender knows it and cannot write it down."""
    (message,) = plan_mails(1, policy=policy)
    sender = start("send", server=server)
    server.at_data = lambda _address: hold_database_until_killed(message.pk, sender.pid)

    sender.communicate(timeout=60)
    server.at_data = None
    finish(start("send", server=server, at=LATER))

    message.refresh_from_db()
    assert (message.state, copies(server)[message.pk]) == ARRIVED[policy]


def hold_database_until_killed(message_id: int, sender: int) -> None:
    """Takes the row (SQLite: the database) and lets it go half a second after the server's reply, when the sender is dead."""
    ready = []

    def hold() -> None:
        with transaction.atomic():
            list(Message.objects.select_for_update().filter(pk=message_id))
            ready.append(True)
            time.sleep(0.5)
            os.kill(sender, signal.SIGKILL)
        connection.close()

    Thread(target=hold, daemon=True).start()
    while not ready:
        time.sleep(0.01)


@pytest.mark.faults
@pytest.mark.parametrize("policy", ["resend", "hold"])
def test_sender_killed_after_confirmation(server, policy):
    plan_mails(2, policy=policy)
    sender = start("send", server=server)

    def kill_at_second(_address: str) -> None:
        if len(server.copies) == 1:
            os.kill(sender.pid, signal.SIGKILL)

    server.at_rcpt = kill_at_second
    sender.communicate(timeout=60)
    server.at_rcpt = None
    finish(start("send", server=server, at=LATER))

    assert (ends(), list(copies(server).values())) == ({"sent": 2}, [1, 1])


def test_planner_killed_before_its_commit_leaves_nothing_and_after_it_everything(tmp_path):
    give_places(5)
    killed_before = start("plan", "--hold", tmp_path / "never")
    assert killed_before.stdout is not None and killed_before.stdout.readline() == "planned\n"
    killed_before.kill()
    killed_before.communicate()
    after_first = Message.objects.count()

    killed_after = start("plan", "--wait")
    assert killed_after.stdout is not None and killed_after.stdout.readline() == "5\n"
    killed_after.kill()
    killed_after.communicate()

    assert (after_first, Message.objects.count()) == (0, 5)
    assert finish(start("plan")) == "0\n"


def test_second_planner_at_the_same_moment_adds_nothing(tmp_path):
    """The first has planned and not committed; the second plans the same meanwhile."""
    give_places(5)
    first = start("plan", "--hold", tmp_path / "go")
    assert first.stdout is not None and first.stdout.readline() == "planned\n"
    second = start("plan")
    time.sleep(3)
    (tmp_path / "go").touch()

    finish(first)
    finish(second)

    assert Message.objects.count() == 5


def test_two_planners_and_three_senders_send_each_once(server):
    give_places(30)
    planners = [start("plan", at=DUE) for _number in range(2)]
    for planner in planners:
        finish(planner)

    senders = [start("send", server=server, at=DUE) for _number in range(3)]
    for sender in senders:
        finish(sender)

    assert (ends(), list(copies(server).values())) == ({"sent": 30}, [1] * 30)


@pytest.mark.faults
def test_two_planners_and_eight_senders_send_each_once(server):
    give_places(200)
    racing = [start("plan", at=DUE) for _number in range(2)] + [
        start("send", "--seconds", 120, server=server, at=DUE) for _number in range(8)
    ]
    for process in racing:
        finish(process)
    finish(start("send", server=server, at=DUE))

    assert (ends(), list(copies(server).values())) == ({"sent": 200}, [1] * 200)


@pytest.mark.faults
def test_random_kills_under_load_lose_nothing(server):
    plan_mails(200)
    dice = random.Random(20270112)
    kills = 0
    senders = [start("send", "--lease", 3, "--wire-lease", 3, server=server) for _number in range(4)]
    while kills < 12 and Message.objects.filter(state__in=["pending", "sending"]).exists():
        time.sleep(dice.uniform(0.2, 0.6))
        victim = dice.randrange(len(senders))
        if senders[victim].poll() is None and server.copies:
            senders[victim].kill()
            senders[victim].communicate()
            senders[victim] = start("send", "--lease", 3, "--wire-lease", 3, server=server)
            kills += 1
    for sender in senders:
        finish(sender)

    arrived = copies(server)
    duplicates = sum(number - 1 for number in arrived.values())
    print(f"{kills} kills, {duplicates} duplicates")
    assert (ends(), lost(server), max(arrived.values()) <= 2) == ({"sent": 200}, [], True)
    assert duplicates <= kills
    assert kills == 12


@pytest.mark.faults
def test_refusals_and_cuts_lose_nothing(server):
    """30 % of replies for now, 10 % for good, 10 % taken and then cut off."""
    plan_mails(150)
    dice = random.Random(30102)
    people = dict(Message.objects.values_list("person__email", "pk"))
    rejected = set(dice.sample(sorted(people), 15))

    def answer(address: str) -> tuple[str, bool]:
        if address in rejected:
            return "550 no such user", False
        throw = dice.random()
        if throw < 0.3:
            return dice.choice(["421 closing", "450 mailbox busy", "451 try later"]), False
        return ("cut", True) if throw < 0.4 else ("250 OK", True)

    server.answer_data = answer
    for sender in [start("send", "--jump", "--seconds", 200, server=server)]:
        finish(sender, 240)

    arrived = copies(server)
    dead = set(Message.objects.filter(state="dead").values_list("person__email", flat=True))
    print(ends(), Counter(arrived.values()))
    assert dead == rejected
    assert lost(server) == []
    assert max(arrived.values()) <= 2
    assert set(ends()) <= {"sent", "dead", "unknown"}
    # What is not known to have arrived did arrive, twice: nothing was given up too early.
    assert {arrived[pk] for pk in Message.objects.filter(state="unknown").values_list("pk", flat=True)} <= {2}


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(NIGHT, id="night"),
        pytest.param(NOW.replace(day=16), id="saturday", marks=pytest.mark.faults),
        pytest.param(NOW.replace(day=6), id="epiphany", marks=pytest.mark.faults),
    ],
)
def test_nothing_leaves_in_quiet_hours(server, moment):
    plan_mails(3)
    Message.objects.update(next_attempt_at=moment - timedelta(hours=1))

    finish(start("send", server=server, at=moment))

    assert (ends(), server.copies) == ({"pending": 3}, {})


@pytest.mark.faults
def test_outage_over_the_night_sends_in_the_morning_and_nothing_twice(server):
    """The day of sending stops short of its end; the night is over; a clock one hour off sends nothing extra."""
    plan_mails(10)
    evening = NOW.replace(hour=16, minute=59, second=58)
    server.at_data = lambda _address: time.sleep(0.4)

    finish(start("send", server=server, at=evening))
    by_night = sum(server.copies.values())
    finish(start("send", server=server, at=NOW.replace(hour=18)))
    after_five = sum(server.copies.values())
    server.at_data = None
    finish(start("send", server=server, at=NOW.replace(day=13, hour=9)))
    finish(start("send", server=server, at=NOW.replace(day=13, hour=10)))

    print(f"{by_night} of 10 before five o'clock")
    assert 0 < by_night < 10
    assert after_five == by_night
    assert list(copies(server).values()) == [1] * 10


def withdraw(enrollment: Enrollment) -> None:
    Enrollment.objects.filter(pk=enrollment.pk).update(state=EnrollmentState.WITHDRAWN)


def stop(enrollment: Enrollment) -> None:
    stop_reminders(person=enrollment.person, rule=ReminderRule.SESSION_SOON, act=act(via=HowAsked.WEB, at=DUE))


def erase(enrollment: Enrollment) -> None:
    enrollment.person.state = "anonymized"
    enrollment.person.save()
    cancel_messages_for_person(person=enrollment.person)


@pytest.mark.parametrize(
    "happens",
    [pytest.param(withdraw, marks=pytest.mark.faults), stop, pytest.param(erase, marks=pytest.mark.faults)],
)
def test_what_is_taken_back_while_it_is_handed_over_does_not_leave(server, happens):
    """The sender has connected and named the recipient; the wish is committed before the last check."""
    one, other = give_places(2)
    plan_session_reminders(at=NOW)

    def at_rcpt(address: str) -> None:
        if address == one.person.email:
            happens(one)
            connection.close()

    server.at_rcpt = at_rcpt
    finish(start("send", server=server, at=DUE))

    states = dict(Message.objects.values_list("person", "state"))
    assert states == {one.person_id: "cancelled", other.person_id: "sent"}
    assert list(server.recipients.values()) == [other.person.email]


def test_message_cancelled_by_hand_before_its_claim_does_not_leave(server):
    first, second = plan_mails(2)
    cancel_message(message=first, act=act(PersonFactory.create()))

    finish(start("send", server=server))

    assert copies(server) == {first.pk: 0, second.pk: 1}


def test_control_that_selects_sends_and_marks_sends_twice(server, tmp_path):
    plan_mails(30)
    senders = [start("control", "--go", tmp_path / "go", server=server) for _number in range(2)]
    for sender in senders:
        assert sender.stdout is not None and sender.stdout.readline() == "ready\n"
    (tmp_path / "go").touch()
    for sender in senders:
        finish(sender)

    duplicates = sum(number - 1 for number in server.copies.values())
    print(f"control: {duplicates} of 30 twice")
    assert duplicates > 0
