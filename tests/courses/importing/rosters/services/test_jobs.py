import pytest
from django.core.cache import cache

from accounts.exceptions import RuleError, StaleEdit
from accounts.models import Person
from courses.enrolling.models import Enrollment
from courses.importing.rosters.models import Roster
from courses.importing.rosters.readers.rosters import read_roster
from courses.importing.rosters.selectors import progress_of
from courses.importing.rosters.services import jobs as rosterjobs
from courses.importing.rosters.services.jobs import apply_queued_rosters, cancel_roster, queue_roster
from courses.importing.rosters.services.rosters import rows_of, upload_roster
from courses.importing.rosters.tasks import apply_rosters_task
from mentors_site.celery import app
from tests.acts import act
from tests.factories import CohortFactory, PersonFactory

pytestmark = pytest.mark.django_db

HEADER = "Sukunimi;Etunimi;Syntymävuosi;Puhelin\n"


@pytest.fixture
def roster(coordinator):
    # Two parts, so that there is something between the first and the last word of the worker.
    lines = "".join(f"Sukunimi{n};Etunimi{n};{1930 + n % 40};040 {1000000 + n}\n" for n in range(600))
    read = read_roster((HEADER + lines).encode())
    return upload_roster(
        file_name="pitka.csv",
        read=read,
        cohort=CohortFactory.create(capacity=1_000),
        act=act(coordinator),
    )


def queued(roster, by, **options):
    return queue_roster(roster=roster, act=act(by), skip_errors=True, **options)


def test_a_worker_applies_what_is_queued_as_it_was_asked(roster, coordinator):
    queued(roster, coordinator, hold_messages=True)
    assert Enrollment.objects.count() == 0

    assert apply_queued_rosters() == 1

    done = Roster.objects.get()
    assert (done.state, done.result["placed"], done.attempts) == (Roster.State.APPLIED, 600, 1)
    assert set(Enrollment.objects.values_list("messages__held", flat=True)) == {True}
    assert apply_queued_rosters() == 0


def test_the_tick_finds_it_when_nobody_woke_the_worker(roster, coordinator):
    queued(roster, coordinator)

    apply_rosters_task()

    assert Roster.objects.get().state == Roster.State.APPLIED
    assert app.conf.beat_schedule["apply rosters"]["task"] == apply_rosters_task.name


def test_it_says_how_far_it_is(roster, coordinator, monkeypatch):
    queued(roster, coordinator)
    said = []
    tell = rosterjobs._tell

    def told(pk, done, total):
        tell(pk, done, total)
        said.append(progress_of(roster))

    monkeypatch.setattr(rosterjobs, "_tell", told)
    apply_queued_rosters()

    assert [(one.done, one.total) for one in said] == [(0, 1200), (500, 1200), (600, 1200), (1100, 1200), (1200, 1200)]
    assert progress_of(roster) is None


def test_cancelled_before_it_began_it_is_a_preview_again(roster, coordinator):
    queued(roster, coordinator)

    cancel_roster(roster=roster, act=act(coordinator))

    assert Roster.objects.get().state == Roster.State.PREVIEW
    assert apply_queued_rosters() == 0


def test_cancelled_halfway_it_leaves_nothing_behind(roster, coordinator, monkeypatch):
    people = Person.objects.count()
    queued(roster, coordinator)
    tell = rosterjobs._tell

    def told(pk, done, total):
        if done == 600:
            cache.set(rosterjobs._cancel_key(pk), True)
        tell(pk, done, total)

    monkeypatch.setattr(rosterjobs, "_tell", told)
    assert apply_queued_rosters() == 0

    again = Roster.objects.get()
    assert (again.state, Person.objects.count(), Enrollment.objects.count()) == (Roster.State.PREVIEW, people, 0)
    assert len(rows_of(again)) == 600


def test_cancelled_too_late_it_says_so(roster, coordinator):
    queued(roster, coordinator)
    apply_queued_rosters()

    with pytest.raises(RuleError) as refused:
        cancel_roster(roster=roster, act=act(coordinator))

    assert refused.value.code == "applied"
    assert Enrollment.objects.count() == 600


def test_what_refuses_it_stands_on_the_preview(roster, coordinator):
    queued(roster, coordinator)
    PersonFactory.create(last_name="Sukunimi7", first_name="Etunimi7", birth_year=1937, phone="+358401000007")

    assert apply_queued_rosters() == 0

    back = Roster.objects.get()
    assert back.state == Roster.State.PREVIEW
    assert len(back.result["refused"]) == 1
    assert back.result["counts"]["duplicate"] == 1


def test_begun_five_times_without_an_end_it_is_given_back(roster, coordinator):
    queued(roster, coordinator)
    Roster.objects.update(attempts=5)

    assert apply_queued_rosters() == 0

    back = Roster.objects.get()
    assert (back.state, len(back.result["refused"])) == (Roster.State.PREVIEW, 1)


def test_a_queued_list_cannot_be_changed_meanwhile(roster, coordinator):
    queued(roster, coordinator)

    with pytest.raises(RuleError) as refused:
        queued(roster, coordinator)

    assert refused.value.code == "queued"


def test_a_list_that_somebody_changed_meanwhile_is_not_queued(roster, coordinator):
    with pytest.raises(StaleEdit):
        queued(roster, coordinator, seen=roster.version - 1)

    assert Roster.objects.get().state == Roster.State.PREVIEW
