"""Enrollment, end to end, through the pages: an application without an account waits, a seat becomes free, the link of the
e-mail takes it; one who answers nobody loses the offer, and the next is asked."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment
from courses.enrolling.services.offers import lapse_offers
from courses.messaging.services.outbox import send_due_messages
from courses.scheduling.models import Cohort
from tests.factories import CohortFactory, EnrollmentFactory, SessionFactory

LINK = re.compile(r"https?://\S+/offer/\S+")


@pytest.fixture
def full(centre, clock) -> Cohort:
    """One seat, taken by one; the first day is in four weeks."""
    cohort = CohortFactory.create(capacity=1)
    starts_at = timezone.now() + timedelta(weeks=4)
    SessionFactory.create(cohort=cohort, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    EnrollmentFactory.create(cohort=cohort)
    return cohort


def apply(cohort: Cohort, first_name: str) -> Enrollment:
    """A browser of its own, three pages, the review."""
    senior = Client()
    steps = {
        "you": {"first_name": first_name, "last_name": "Virtanen", "birth_year": "1948", "language": "en"},
        "contact": {"channel": "email", "email": f"{first_name.lower()}@example.org"},
        "wishes": {},
    }
    for step, data in steps.items():
        assert senior.post(reverse("public:applications-step", args=[cohort.code, step]), data).status_code == 302
    sent = senior.post(reverse("public:applications-review", args=[cohort.code]), {"consent": "on"})
    assert sent.url == reverse("public:applications-done")
    return cohort.enrollments.get(person__first_name=first_name)


def deliver(mail_sink, address: str) -> str:
    """What is due is handed over; the text of the last mail to `address`."""
    send_due_messages(clock=timezone.now)
    return mail_sink.mails_to(address)[-1].get_body(("plain",)).get_content()


def state_of(enrollment: Enrollment) -> str:
    return Enrollment.objects.values_list("state", flat=True).get(pk=enrollment.pk)


@pytest.mark.django_db(transaction=True)
def test_an_application_waits_is_offered_a_freed_seat_and_takes_it(full, coordinator, clock, mail_sink):
    office = Client()
    office.force_login(coordinator)
    taken = full.enrollments.get()
    aino, eino, helmi = (apply(full, name) for name in ("Aino", "Eino", "Helmi"))

    assert [state_of(one) for one in (aino, eino, helmi)] == [EnrollmentState.WAITLISTED] * 3
    assert aino.application_code in deliver(mail_sink, "aino@example.org")

    # The seat becomes free: the first in the queue is asked in the same moment.
    office.post(
        reverse("coordinator:enrollments-state", args=[taken.pk]),
        {"to_state": "withdrawn", "reason": "time", "how_asked": "phone"},
    )
    assert [state_of(one) for one in (taken, aino, eino)] == ["withdrawn", "offered", "waitlisted"]
    first_link = LINK.search(deliver(mail_sink, "aino@example.org")).group()

    # Nobody answers: the tick after the time gives the offer to the next, and puts the first at the end.
    aino.refresh_from_db()
    clock.move_to(aino.offer_expires_at + timedelta(minutes=1))
    lapse_offers(at=timezone.now())
    assert [state_of(one) for one in (aino, eino, helmi)] == ["waitlisted", "offered", "waitlisted"]
    late = Client().post(urlsplit(first_link).path, {"answer": "accept"})
    assert (late.status_code, state_of(aino)) == (200, "waitlisted")

    # The second takes it by the link: looking at the page does nothing, pressing twice does it once.
    clock.shift(timedelta(minutes=5))
    link = urlsplit(LINK.search(deliver(mail_sink, "eino@example.org")).group()).path
    phone = Client()
    assert (phone.get(link).status_code, state_of(eino)) == (200, "offered")
    for _twice in range(2):
        phone.post(link, {"answer": "accept"})
    assert [state_of(one) for one in (aino, eino, helmi)] == ["waitlisted", "enrolled", "waitlisted"]
    assert "Eino" in deliver(mail_sink, "eino@example.org")

    full.refresh_from_db()
    queue = full.enrollments.filter(state=EnrollmentState.WAITLISTED).order_by("queue_number")
    assert full.seats_taken == full.capacity == 1
    assert [one.person.first_name for one in queue] == ["Helmi", "Aino"]
