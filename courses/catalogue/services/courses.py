"""Courses and their modules: made, changed, and set from a description such as catalogue.readers reads."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.exceptions import RuleError, StaleEdit
from accounts.rules.fingerprints import fingerprint
from accounts.services.audit import record_change
from accounts.services.changes import changed_names
from courses.catalogue.models import Course, Module
from courses.catalogue.readers import CourseDescription
from courses.catalogue.rules import CompletionRule

COURSE_FIELDS = (
    "code",
    "format",
    "title_fi",
    "title_sv",
    "title_en",
    "summary_fi",
    "summary_sv",
    "summary_en",
    "lessons",
    "valid_months",
    "price",
    "makes_mentors",
    "minimum",
    "capacity",
    "required_course_id",
    "required_certificate_id",
)
MODULE_FIELDS = (
    "code",
    "kind",
    "title_fi",
    "title_sv",
    "title_en",
    "description_fi",
    "description_sv",
    "description_en",
    "lessons",
    "mandatory",
    "practice_minutes",
)
# Further than the last place of any course.
FAR = 1000


def course_fingerprint(course: Course) -> str:
    """For the form: tells at saving whether somebody else saved first."""
    return fingerprint({name: getattr(course, name) for name in COURSE_FIELDS})


@transaction.atomic
def create_course(*, act: Act, **fields: Any) -> Course:
    """`fields` as of Course; its modules and rule come with set_modules and set_completion_rule."""
    course = Course(**fields)
    course.full_clean()
    course.save()
    record_change(by=act.by, action="course.create", thing=course, detail={"code": course.code})
    return course


@transaction.atomic
def create_described_course(*, description: CourseDescription, act: Act) -> Course:
    """A course with its modules and its rule, as a file describes it. RuleError when its code is taken."""
    if Course.objects.filter(code=description.fields["code"]).exists():
        raise RuleError(
            [_("There is a course with the code %(code)s already.") % {"code": description.fields["code"]}],
            code="course_exists",
        )
    course = create_course(act=act, **description.fields)
    set_modules(course=course, modules=description.modules, act=act)
    return set_completion_rule(course=course, rule=description.rule, act=act)


@transaction.atomic
def copy_course(*, course: Course, code: str, act: Act) -> Course:
    """Another course with all that `course` is, under a code of its own. Its groups and results stay where they are."""
    source = lock_course(course.pk)
    fields = {name: getattr(source, name) for name in COURSE_FIELDS}
    copy = create_course(act=act, **fields | {"code": code})
    modules = [{name: getattr(module, name) for name in MODULE_FIELDS} for module in source.modules.order_by("order")]
    set_modules(course=copy, modules=modules, act=act)
    # As it is stored: an empty rule asks for every mandatory module, and would be another one when written in full.
    Course.objects.filter(pk=copy.pk).update(completion_rule=source.completion_rule, lessons=source.lessons)
    copy.refresh_from_db()
    return copy


@transaction.atomic
def update_course(*, course: Course, act: Act, seen: str = "", **fields: Any) -> Course:
    """Changes `fields`. With `seen`, the fingerprint the form was opened on, raises StaleEdit when it is not today's.

    RuleError when the course would ask for itself, through others too: nobody could ever begin.
    """
    locked = lock_course(course.pk)
    if seen and seen != course_fingerprint(locked):
        raise StaleEdit(
            [_("Somebody else changed this course meanwhile. Compare with what is below, then save again.")],
            conflicts=changed_names(locked, fields),
        )
    for name, value in fields.items():
        setattr(locked, name, value)
    _check_prerequisites(locked)
    locked.full_clean()
    locked.save()
    record_change(
        by=act.by, action="course.update", thing=locked, detail={"code": locked.code, "fields": sorted(fields)}
    )
    return locked


@transaction.atomic
def set_modules(*, course: Course, modules: Sequence[Mapping[str, Any]], act: Act) -> list[Module]:
    """Makes the course have exactly `modules` (fields of Module without `course` and `order`), in their order.

    Known by their codes: one that stands is changed, a new one added, one left out removed. Raises RuleError when one
    that would go is taught in a session or has results.
    """
    lock_course(course.pk)
    standing = {module.code: module for module in course.modules.all()}
    wanted = [str(fields["code"]) for fields in modules]
    _remove(module for code, module in standing.items() if code not in wanted)
    _make_room_in_order(course)
    saved = []
    for order, fields in enumerate(modules, start=1):
        module = standing.get(str(fields["code"])) or Module(course=course)
        saved.append(_save_module(module, {**fields, "order": order}))
    _count_lessons(course)
    record_change(by=act.by, action="course.modules", thing=course, detail={"code": course.code, "modules": wanted})
    return saved


@transaction.atomic
def add_module(*, course: Course, act: Act, **fields: Any) -> Module:
    """Adds a module after the last one."""
    lock_course(course.pk)
    last = course.modules.order_by("order").last()
    module = _save_module(Module(course=course), {**fields, "order": last.order + 1 if last else 1})
    _count_lessons(course)
    record_change(by=act.by, action="module.create", thing=module, detail={"course": course.code, "code": module.code})
    return module


@transaction.atomic
def update_module(*, module: Module, act: Act, **fields: Any) -> Module:
    """Changes `fields` but the code, by which rules and records know the module."""
    lock_course(module.course_id)
    fields.pop("code", None)
    saved = _save_module(Module.objects.get(pk=module.pk), fields)
    _count_lessons(saved.course)
    record_change(by=act.by, action="module.update", thing=saved, detail={"code": saved.code, "fields": sorted(fields)})
    return saved


@transaction.atomic
def move_module(*, module: Module, up: bool, act: Act) -> None:
    """Changes places with the neighbor before (`up`) or after; nothing at the ends."""
    lock_course(module.course_id)
    order = list(module.course.modules.order_by("order"))
    here = order.index(module)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(order):
        return
    order[here], order[there] = order[there], order[here]
    _make_room_in_order(module.course)
    for number, one in enumerate(order, start=1):
        Module.objects.filter(pk=one.pk).update(order=number)
    record_change(by=act.by, action="module.move", thing=module, detail={"code": module.code, "place": there + 1})


@transaction.atomic
def remove_module(*, module: Module, act: Act) -> None:
    """Takes an unused module away. Raises RuleError when it is taught, has results or stands in the completion rule."""
    course = lock_course(module.course_id)
    rule = CompletionRule.from_json(course.completion_rule)
    if module.code in {*rule.counted_modules, *rule.mandatory_modules}:
        raise RuleError(
            [_("The completion rule names module %(code)s. Change the rule first.") % {"code": module.code}],
            code="module_in_rule",
        )
    record_change(by=act.by, action="module.remove", thing=module, detail={"course": course.code, "code": module.code})
    _remove([module])
    _count_lessons(course)


@transaction.atomic
def set_completion_rule(*, course: Course, rule: CompletionRule, act: Act) -> Course:
    """Stores the rule; the modules it names as mandatory are marked so. What is completed stays completed.

    Raises RuleError when it names a module that the course has not.
    """
    locked = lock_course(course.pk)
    codes = set(locked.modules.values_list("code", flat=True))
    unknown = [code for code in (*rule.counted_modules, *rule.mandatory_modules) if code not in codes]
    if unknown:
        raise RuleError(
            [_("The course has no module %(code)s.") % {"code": code} for code in dict.fromkeys(unknown)],
            code="unknown_module",
        )
    locked.completion_rule = rule.to_json()
    locked.full_clean()
    locked.save(update_fields=["completion_rule"])
    mandatory = rule.mandatory_modules
    locked.modules.filter(code__in=mandatory).update(mandatory=True)
    locked.modules.exclude(code__in=mandatory).update(mandatory=False)
    record_change(
        by=act.by, action="course.rule", thing=locked, detail={"code": locked.code, "rule": locked.completion_rule}
    )
    return locked


def lock_course(pk: int) -> Course:
    """The course, its row locked until the transaction ends: modules and rule change under it."""
    return Course.objects.select_for_update(no_key=True).get(pk=pk)


def _save_module(module: Module, fields: Mapping[str, Any]) -> Module:
    for name, value in fields.items():
        setattr(module, name, value)
    module.full_clean()
    module.save()
    return module


def _remove(modules: Iterable[Module]) -> None:
    modules = list(modules)
    used = [module.code for module in modules if module.sessions.exists() or module.results.exists()]
    if used:
        raise RuleError(
            [_("Module %(code)s is taught or has results, so it stays.") % {"code": code} for code in used],
            code="module_used",
        )
    Module.objects.filter(pk__in=[module.pk for module in modules]).delete()


def _make_room_in_order(course: Course) -> None:
    """Moves all places out of the way, so that new ones never meet old ones (the database holds them unique)."""
    course.modules.update(order=F("order") + FAR)


def _count_lessons(course: Course) -> None:
    total = course.modules.aggregate(total=Sum("lessons"))["total"] or 0
    Course.objects.filter(pk=course.pk).update(lessons=total)
    course.lessons = total


def _check_prerequisites(course: Course) -> None:
    """Refuses a circle of prerequisites. The few courses of a centre are read whole."""
    asks = {
        pk: _known(required, certificate)
        for pk, required, certificate in Course.objects.values_list("pk", "required_course", "required_certificate")
    }
    asks[course.pk] = _known(course.required_course_id, course.required_certificate_id)
    reached: set[int] = set()
    ahead = asks[course.pk]
    while ahead - reached:
        reached |= ahead
        ahead = set().union(*(asks.get(pk, set()) for pk in ahead))
    if course.pk not in reached:
        return
    raise RuleError(
        [
            _("The course would ask for itself: what it asks for asks, itself or through others, for %(course)s.")
            % {"course": course.title}
        ],
        code="prerequisite_circle",
    )


def _known(*pks: int | None) -> set[int]:
    return {pk for pk in pks if pk is not None}
