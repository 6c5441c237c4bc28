"""Fills an empty database with the demo, in bulk. The same numbers on the same day give the same demo."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.enums import HowAsked, RoleName
from accounts.exceptions import RuleError
from accounts.models import District, Person, RoleGrant
from accounts.services.search import add_search_words
from courses.catalogue.models import Centre, Course, Module
from courses.catalogue.readers import SAMPLE, parse_course, read_course
from courses.catalogue.services.courses import create_described_course
from courses.certifying.services import issue_certificates, revoke_certificate
from courses.demo import texts
from courses.demo.cohorts import Progress, make_cohorts
from courses.demo.contacts import make_contacts
from courses.demo.messages import make_history
from courses.demo.names import DISTRICTS
from courses.demo.people import LEARNER, MENTOR, STAFF, Codes, demo_person, invented_people
from courses.demo.plans import cohort_plans
from courses.demo.queue import give_application_codes, make_duplicate_candidate, make_queue, make_update_day
from courses.demo.world import DAY, Demo
from courses.enrolling.models import Enrollment
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort, Session, Venue
from courses.teaching.models import Attendance, Completion, Visit

COHORTS_AT_A_TIME = 200


@transaction.atomic
def load_demo(*, people: int, cohorts: int, seed: int, progress: Progress = lambda done: None) -> dict[str, int]:
    """Makes the demo and returns how many rows of each kind there are. `progress` hears of each cohort that is done.

    Raises RuleError on a database that holds people already, real or invented.
    """
    if Person.objects.exists():
        raise RuleError([_("There are people in this database already. The demo is loaded into an empty one only.")])
    now = timezone.now()
    demo = _foundation(Random(seed), now, people)
    minutes = {
        code: [45 * module.lessons + 15 for module in modules if module.lessons]
        for code, modules in demo.modules.items()
    }
    plans = cohort_plans(demo.random, cohorts, timezone.localdate(now), minutes)
    while batch := list(islice(plans, COHORTS_AT_A_TIME)):
        make_cohorts(demo, batch, progress)
    _issue(demo)
    _mentor_visits(demo)
    make_update_day(by=demo.staff["coordinator"], now=now)
    make_queue(by=demo.staff["coordinator"], now=now)
    make_duplicate_candidate(by=demo.staff["coordinator"], now=now)
    give_application_codes()
    make_contacts(learner=demo.learner, by=demo.staff["coordinator"], now=now)
    make_history(demo.random, now)
    return {
        model._meta.model_name or "": model._default_manager.count()
        for model in (Person, Course, Cohort, Session, Enrollment, Attendance, Completion, Visit)
    }


def _foundation(random: Random, now: datetime.datetime, count: int) -> Demo:
    Centre.objects.create(pk=1, **texts.CENTRE)
    districts = District.objects.bulk_create(
        [District(name=name, name_sv=swedish) for name, swedish in DISTRICTS.items()]
    )
    venues = _venues(districts)
    people = _people(random, now, districts, count)
    _give_roles(people.staff)
    courses = {course.code: course for course in _courses(people.staff["coordinator"])}
    return Demo(
        random=random,
        now=now,
        courses=courses,
        modules=_modules(courses),
        venues=venues,
        staff=people.staff,
        learner=people.learner,
        mentor=people.mentor,
        pools={language: _pool(people, language) for language in ("fi", "sv", "en")},
    )


def _venues(districts: Iterable[District]) -> list[Venue]:
    by_name = {district.name: district for district in districts}
    return Venue.objects.bulk_create(
        [
            Venue(
                name_fi=name[0],
                name_sv=name[1],
                name_en=name[2],
                street=street,
                postal_code=postal_code,
                city="Espoo",
                district=by_name[district],
                **{f"directions_{language}": words for language, words in texts.DIRECTIONS.items()},
            )
            for name, street, postal_code, district in texts.VENUES
        ]
    )


@dataclass(frozen=True)
class _People:
    """`staff` by the local part of their address; `crowd`: those who have no part to play."""

    staff: dict[str, Person]
    learner: Person
    mentor: Person
    crowd: list[Person]


def _people(random: Random, now: datetime.datetime, districts: list[District], count: int) -> _People:
    codes, long_ago = Codes(random, set()), now - 900 * DAY
    staff = {person[3]: demo_person(codes, *person, created=long_ago) for person in STAFF}
    learner, mentor = (demo_person(codes, *person, created=long_ago) for person in (LEARNER, MENTOR))
    rest = max(0, count - len(staff) - 2)
    crowd = invented_people(random, codes, districts, rest, timezone.localdate(now), long_ago)
    everybody = [*staff.values(), learner, mentor, *crowd]
    Person.objects.bulk_create(everybody, batch_size=2000)
    add_search_words(everybody)
    return _People(staff, learner, mentor, crowd)


def _pool(people: _People, language: str) -> Iterator[Person]:
    """Those who speak the language, again and again; anybody where nobody does."""
    return cycle([one for one in people.crowd if one.language == language] or people.crowd or [people.learner])


def _give_roles(staff: dict[str, Person]) -> None:
    roles = {
        "coordinator": RoleName.COORDINATOR,
        "trainer": RoleName.TRAINER,
        "trainer2": RoleName.TRAINER,
        "trainer3": RoleName.TRAINER,
        "viewer": RoleName.VIEWER,
        "admin": RoleName.ADMINISTRATOR,
    }
    RoleGrant.objects.bulk_create([RoleGrant(person=staff[local], role=role) for local, role in roles.items()])


def _courses(by: Person) -> Iterator[Course]:
    act = Act(by=by, via=HowAsked.DESK, at=timezone.now())
    described = [
        read_course(SAMPLE),
        *(parse_course(_described(course)) for course in texts.OTHER_COURSES),
    ]
    for description in described:
        yield create_described_course(description=description, act=act)


def _modules(courses: Iterable[str]) -> dict[str, list[Module]]:
    modules: dict[str, list[Module]] = {code: [] for code in courses}
    for module in Module.objects.select_related("course").order_by("course", "order"):
        modules[module.course.code].append(module)
    return modules


def _described(course: texts.OtherCourse) -> dict[str, object]:
    """In the shape of samples/aim.json. Every module is to be attended."""
    return {
        "code": course.code,
        "format": course.format,
        "title": texts.by_language(course.title),
        "summary": texts.by_language(course.summary),
        "valid_months": course.valid_months,
        "price": 0,
        "capacity": {"minimum": course.minimum, "maximum": course.capacity},
        "modules": [
            {"code": code, "lessons": lessons, "title": texts.by_language(title), "mandatory": True}
            for code, lessons, title in course.modules
        ],
        "completion_rule": {
            "lesson_share": 0.75,
            "counted_modules": [code for code, _lessons, _title in course.modules],
            "most_made_up_modules": 1,
        },
    }


def _issue(demo: Demo) -> None:
    """Certificates of every decided completion but those of the newest finished AIM cohort; one is revoked."""
    newest = Cohort.objects.filter(course=demo.courses["AIM"], state=CohortState.FINISHED).order_by("-ends_on")[:1]
    completions = (
        Completion.objects.filter(enrollment__cohort__course__valid_months__isnull=False)
        .exclude(enrollment__cohort__in=list(newest))
        .select_related("enrollment__person", "enrollment__cohort__course")
        .order_by("decided_at", "pk")
    )
    by_day: dict[datetime.datetime, list[Completion]] = {}
    for completion in completions:
        key = (completion.enrollment.person_id, completion.enrollment.cohort.course_id)
        if key not in demo.certified:
            demo.certified.add(key)
            assert completion.decided_at is not None
            by_day.setdefault(completion.decided_at + 3 * DAY, []).append(completion)
    issued = [
        certificate
        for at, group in by_day.items()
        for certificate in issue_certificates(
            completions=group, act=Act(by=demo.staff["coordinator"], via=HowAsked.DESK, at=at)
        )
    ]
    for certificate in issued[30:31]:
        revoke_certificate(
            certificate=certificate,
            reason="Esittely: todistus annettiin väärälle henkilölle",
            act=Act(by=demo.staff["admin"], via=HowAsked.DESK, at=certificate.issued_at + 20 * DAY),
        )


def _mentor_visits(demo: Demo) -> None:
    """Most mentors help now and then; some have been quiet for months."""
    today = timezone.localdate(demo.now)
    people = Person.objects.filter(mentor__isnull=False).order_by("pk")[:5000]
    visits = []
    for person in people:
        quiet = demo.random.random() < 0.2 and person != demo.mentor
        for _number in range(demo.random.randint(1, 12)):
            day = today - demo.random.randint(95 if quiet else 1, 360) * DAY
            visits.append(
                Visit(
                    person=person,
                    visited_on=day,
                    minutes=demo.random.choice([30, 45, 60, 90, 120]),
                    people_helped=demo.random.randint(1, 4),
                    place=demo.random.choice(demo.venues).name_fi,
                    how_asked=demo.random.choice([HowAsked.WEB, HowAsked.PHONE]),
                    recorded_at=demo.now,
                    recorded_by=person,
                )
            )
    Visit.objects.bulk_create(visits, batch_size=1000)
