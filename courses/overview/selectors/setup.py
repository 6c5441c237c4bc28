"""How far a new site is set up: one query for everybody, which asks only whether there is anything; one more until it is."""

from dataclasses import dataclass

from django.db.models import Exists, Subquery

from accounts.enums import RoleName
from accounts.models import District, Person, RoleGrant
from courses.catalogue.models import Centre, Course
from courses.enrolling.models import Enrollment
from courses.overview.rules import is_set_up
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort, Venue


@dataclass(frozen=True)
class Setup:
    """`done`: codes of steps (overview/rules.py). `draft`: the code of a group that waits to be published, or nothing.

    `roles`: those of the reader. `others`: who else can do a step, by role; asked for the roles that the reader lacks.
    """

    done: frozenset[str]
    draft: str
    roles: frozenset[str]
    others: dict[str, list[str]]


def setup_of(reader: Person) -> Setup | None:
    """None once the site is set up."""
    unpublished = [CohortState.DRAFT, CohortState.CANCELLED]
    there = {
        "centre": Centre.objects.all(),
        "districts": District.objects.all(),
        "venue": Venue.objects.all(),
        "trainers": RoleGrant.objects.filter(role=RoleName.TRAINER, ended_at__isnull=True),
        "course": Course.objects.all(),
        "cohort": Cohort.objects.exclude(state__in=unpublished),
        "people": Enrollment.objects.all(),
    }
    draft = Cohort.objects.filter(state=CohortState.DRAFT).order_by("pk").values("code")[:1]
    found = [*map(Exists, there.values()), Subquery(draft)]
    *answers, code = Person.objects.filter(pk=reader.pk).values_list(*found).get()
    done = frozenset(name for name, answer in zip(there, answers, strict=True) if answer)
    if is_set_up(done):
        return None
    return Setup(done, code or "", reader.roles, _others(reader.roles))


def _others(roles: frozenset[str]) -> dict[str, list[str]]:
    lacking = [role.value for role in (RoleName.ADMINISTRATOR, RoleName.COORDINATOR) if role not in roles]
    names: dict[str, list[str]] = {role: [] for role in lacking}
    if lacking:
        grants = RoleGrant.objects.filter(role__in=lacking, ended_at__isnull=True, person__is_active=True)
        for grant in grants.select_related("person").order_by("person__sort_key", "pk"):
            names[grant.role].append(grant.person.full_name)
    return names
