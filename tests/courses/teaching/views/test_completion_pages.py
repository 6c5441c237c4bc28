from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from courses.enrolling.enums import EnrollmentState
from courses.teaching.enums import CompletionState, Result
from courses.teaching.models import Completion, ModuleResult, SignedDeclaration, Visit
from courses.teaching.services.grades import grade_modules
from tests.acts import act
from tests.factories import CohortFactory, CourseFactory, EnrollmentFactory, ModuleFactory, ModuleResultFactory

pytestmark = pytest.mark.usefixtures("centre", "english")

RULE = {"mandatory_modules": ["M1"], "declarations": ["confidentiality"], "practice": {"visits": 1}}


@pytest.fixture
def module(db):
    return ModuleFactory.create(course=CourseFactory.create(completion_rule=RULE), order=1)


@pytest.fixture
def cohort(module, trainer):
    return CohortFactory.create(course=module.course, trainers=[trainer])


def learner_of(cohort, module, *, done=True):
    enrollment = EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.ACTIVE)
    if done:
        today = timezone.localdate()
        ModuleResultFactory.create(enrollment=enrollment, module=module, recorded_on=today)
        SignedDeclaration.objects.create(enrollment=enrollment, declaration="confidentiality", recorded_on=today)
        Visit.objects.create(person=enrollment.person, enrollment=enrollment, visited_on=today, minutes=60)
    return enrollment


def record_url(cohort, module, actor="trainer") -> str:
    return reverse(f"{actor}:completions-record", args=[cohort.code, "module", module.pk])


def results() -> dict[int, str]:
    return dict(ModuleResult.objects.filter(revoked_at__isnull=True).values_list("enrollment_id", "result"))


def undo_of(response) -> str:
    return next(iter(get_messages(response.wsgi_request))).extra_tags


def test_grid_says_exactly_what_is_missing(cohort, module, sign_in, trainer):
    learner_of(cohort, module, done=False)

    response = sign_in(trainer).get(reverse("trainer:completions-grid", args=[cohort.code]))

    [(standing, cells, sentences)] = response.context["rows"]
    assert [cell.state for cell in cells] == ["none"]
    assert sentences == [
        "Complete module M1: Module 1.",
        "Guide 1 more time during the course (now 0).",
        "Sign the promise of confidentiality.",
    ]


@pytest.mark.parametrize("actor", ["trainer", "coordinator"])
def test_whole_group_is_recorded_at_once_and_undone(cohort, module, sign_in, trainer, coordinator, actor):
    people = [learner_of(cohort, module, done=False) for _ in range(2)]
    client = sign_in({"trainer": trainer, "coordinator": coordinator}[actor])

    response = client.post(
        record_url(cohort, module, actor), {"fill": "passed", **{f"seen-{one.pk}": ":" for one in people}}
    )

    assert results() == {one.pk: Result.PASSED for one in people}
    client.post(undo_of(response))
    assert results() == {}


def test_stale_form_comes_back_with_both_values(cohort, module, sign_in, trainer, coordinator):
    one, two = (learner_of(cohort, module, done=False) for _ in range(2))
    grade_modules(cohort=cohort, results={(one.pk, module.pk): (Result.FAILED, False)}, act=act(coordinator))

    response = sign_in(trainer).post(
        record_url(cohort, module),
        {f"r-{one.pk}": "passed", f"seen-{one.pk}": ":", f"r-{two.pk}": "passed", f"seen-{two.pk}": ":"},
    )

    row = next(row for row in response.context["rows"] if row.pk == one.pk)
    assert (row.choice, str(row.theirs), row.theirs_by) == ("passed", "Failed", coordinator.full_name)
    assert results() == {one.pk: Result.FAILED, two.pk: Result.PASSED}


def test_untouched_rows_of_a_stale_form_clash_with_nothing(cohort, module, sign_in, trainer, coordinator):
    one, two = (learner_of(cohort, module, done=False) for _ in range(2))
    grade_modules(cohort=cohort, results={(one.pk, module.pk): (Result.FAILED, False)}, act=act(coordinator))

    response = sign_in(trainer).post(
        record_url(cohort, module), {f"seen-{one.pk}": ":", f"r-{two.pk}": "passed", f"seen-{two.pk}": ":"}
    )

    assert response.status_code == 302
    assert results() == {one.pk: Result.FAILED, two.pk: Result.PASSED}


def test_trainer_proposes_everyone_who_is_done_and_undoes_it(cohort, module, sign_in, trainer):
    done = learner_of(cohort, module)
    learner_of(cohort, module, done=False)
    client = sign_in(trainer)

    response = client.post(reverse("trainer:completions-propose", args=[cohort.code]), {"all": "1"})

    assert list(Completion.objects.values_list("enrollment", "state")) == [(done.pk, CompletionState.PROPOSED)]
    client.post(undo_of(response))
    assert Completion.objects.get().state == CompletionState.REVOKED


def test_coordinator_decides_one_and_undoes_it(cohort, module, sign_in, coordinator):
    one, other = learner_of(cohort, module), learner_of(cohort, module)
    client = sign_in(coordinator)

    response = client.post(reverse("coordinator:completions-decide", args=[cohort.code]), {"one": one.pk})

    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.state, other.state) == (EnrollmentState.COMPLETED, EnrollmentState.ACTIVE)
    client.post(undo_of(response))
    one.refresh_from_db()
    assert one.state == EnrollmentState.ACTIVE


def test_undo_of_a_decision_lasts_a_day(cohort, module, sign_in, coordinator, clock):
    learner_of(cohort, module)
    client = sign_in(coordinator)
    undo = undo_of(client.post(reverse("coordinator:completions-decide", args=[cohort.code]), {"all": "1"}))
    clock.shift(timedelta(hours=25))
    client = sign_in(coordinator)

    client.post(undo)

    assert Completion.objects.get().state == CompletionState.DECIDED


def test_deciding_without_the_rule_met_says_what_is_missing(cohort, module, sign_in, coordinator):
    one = learner_of(cohort, module, done=False)

    response = sign_in(coordinator).post(
        reverse("coordinator:completions-decide", args=[cohort.code]), {"enrollment": one.pk}, follow=True
    )

    assert "Complete module M1: Module 1." in response.content.decode()
    assert not Completion.objects.exists()


def test_decision_is_taken_back_with_a_reason_only(cohort, module, sign_in, coordinator):
    one = learner_of(cohort, module)
    client = sign_in(coordinator)
    client.post(reverse("coordinator:completions-decide", args=[cohort.code]), {"one": one.pk})
    url = reverse("coordinator:completions-revoke", args=[Completion.objects.get().pk])

    refused = client.post(url, {"reason": ""})
    client.post(url, {"reason": "Wrong group"})

    completion = Completion.objects.get()
    assert refused.status_code == 200
    assert (completion.state, completion.reason) == (CompletionState.REVOKED, "Wrong group")


def test_practice_is_recorded_and_taken_back(cohort, module, sign_in, trainer):
    one = learner_of(cohort, module, done=False)
    client = sign_in(trainer)
    url = reverse("trainer:completions-practice", args=[cohort.code, one.pk])

    client.post(url, {"visited_on": timezone.localdate().isoformat(), "minutes": "60", "people_helped": "2"})
    future = client.post(
        url,
        {"visited_on": (timezone.localdate() + timedelta(days=1)).isoformat(), "minutes": "60", "people_helped": "1"},
    )
    visit = Visit.objects.get()
    client.post(reverse("trainer:visits-take-back", args=[cohort.code, visit.pk]))

    visit.refresh_from_db()
    assert future.status_code == 200
    assert (visit.minutes, visit.people_helped, visit.revoked_by) == (60, 2, trainer)


@pytest.mark.parametrize("people", [1, 30])
@pytest.mark.parametrize("actor", ["trainer", "coordinator"])
def test_grid_takes_the_same_queries_for_any_number_of_people(
    module, trainer, coordinator, sign_in, actor, people, django_assert_max_num_queries
):
    cohort = CohortFactory.create(course=module.course, trainers=[trainer], capacity=40)
    for _ in range(people):
        learner_of(cohort, module)
    client = sign_in({"trainer": trainer, "coordinator": coordinator}[actor])
    url = reverse(f"{actor}:completions-grid", args=[cohort.code])
    client.get(url)

    with django_assert_max_num_queries(20):
        client.get(url)
