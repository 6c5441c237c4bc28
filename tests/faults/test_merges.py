"""Two hands on the same records at once: each gets an answer in words, and nothing is lost or doubled."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from accounts.enums import HowAsked
from accounts.exceptions import RuleError
from accounts.models import Person, PersonMerge
from courses.enrolling.enums import SEAT_STATES
from courses.enrolling.models import Enrollment
from courses.enrolling.services.enrollments import enroll_person, withdraw_enrollment
from courses.registry.services.merges import merge_people
from tests.acts import act
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """`ok`, the code of the refusal, or the error of each, all begun in the same moment."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            start.wait(10)
            act()
        except RuleError as refusal:
            return refusal.code
        except Exception as error:  # every other kind of failure is a finding
            return f"{type(error).__name__}: {error}"
        finally:
            connections.close_all()
        return "ok"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.parametrize("round_number", range(5))
def test_merged_both_ways_at_once_one_record_stays(round_number):
    one, another, by = PersonFactory.create_batch(3)
    cohort = CohortFactory.create(capacity=4)
    for person in (one, another):
        EnrollmentFactory.create(cohort=cohort, person=person)

    answers = at_once(
        lambda: merge_people(kept=one, gone=another, fields=[], act=act(by)),
        lambda: merge_people(kept=another, gone=one, fields=[], act=act(by)),
    )

    assert sorted(answers) == ["gone", "ok"]
    assert Person.objects.filter(pk__in=[one.pk, another.pk]).count() == 1
    assert PersonMerge.objects.count() == 1
    cohort.refresh_from_db()
    assert (cohort.seats_taken, cohort.enrollments.count()) == (1, 2)


@pytest.mark.parametrize("round_number", range(5))
def test_enrolled_elsewhere_while_the_record_goes(round_number):
    """In whatever order: the enrollment stands with the record that stays, or one of the two is told to look again."""
    kept, gone, by = PersonFactory.create_batch(3)
    first, second = CohortFactory.create(), CohortFactory.create()
    held = EnrollmentFactory.create(cohort=first, person=gone)

    merging, enrolling, leaving = at_once(
        lambda: merge_people(kept=kept, gone=gone, fields=[], act=act(by)),
        lambda: enroll_person(person=gone, cohort=second, act=act(by, HowAsked.PHONE)),
        lambda: withdraw_enrollment(enrollment=held, act=act(by, HowAsked.PHONE), reason="time"),
    )

    assert leaving == "ok"
    assert (merging, enrolling) in {("ok", "ok"), ("ok", "gone"), ("stale", "ok")}
    assert Person.objects.filter(pk=gone.pk).exists() == (merging == "stale")
    assert Enrollment.objects.count() == 1 + (enrolling == "ok")
    for cohort in (first, second):
        cohort.refresh_from_db()
        assert cohort.seats_taken == cohort.enrollments.filter(state__in=SEAT_STATES).count()
