from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.exceptions import RuleError, StaleEdit
from accounts.models import AuditEntry
from courses.catalogue.models import Course
from courses.catalogue.readers import SAMPLES, read_course
from courses.catalogue.rules import CompletionRule
from courses.catalogue.services.courses import (
    add_module,
    course_fingerprint,
    create_course,
    move_module,
    remove_module,
    set_completion_rule,
    set_modules,
    update_course,
    update_module,
)
from tests.acts import act
from tests.factories import CourseFactory, ModuleFactory, SessionFactory

pytestmark = pytest.mark.django_db

TITLES = {"title_fi": "Kurssi", "title_sv": "Kurs", "title_en": "Course"}


def named(code, **fields):
    return {"code": code, "title_fi": code, "title_sv": code, "title_en": code, "lessons": 3, **fields}


def order_of(course):
    return [(module.order, module.code) for module in course.modules.order_by("order")]


def test_create_course_leaves_an_audit_row(coordinator):
    course = create_course(act=act(coordinator), code="AIM", **TITLES)

    entry = AuditEntry.objects.get()
    assert (entry.by, entry.action, entry.object_id, entry.detail) == (
        coordinator,
        "course.create",
        course.pk,
        {"code": "AIM"},
    )


def test_create_course_refuses_a_personal_identity_code(coordinator):
    with pytest.raises(ValidationError):
        create_course(act=act(coordinator), code="AIM", summary_fi="Soita 010148-123N", **TITLES)

    assert not Course.objects.exists()


def test_the_sample_course_is_made_whole(coordinator):
    sample = read_course(SAMPLES / "aim.json")
    course = create_course(act=act(coordinator), **sample.fields)
    set_modules(course=course, modules=sample.modules, act=act(coordinator))
    set_completion_rule(course=course, rule=sample.rule, act=act(coordinator))

    course.refresh_from_db()
    assert [code for _order, code in order_of(course)] == ["M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8", "P", "M9"]
    assert (course.lessons, course.capacity, course.minimum, course.valid_months) == (26, 16, 8, 24)
    assert CompletionRule.from_json(course.completion_rule) == sample.rule
    assert list(course.modules.filter(mandatory=True).values_list("code", flat=True)) == ["M4", "M5", "M7"]


def test_update_course_on_a_stale_form_writes_nothing_and_says_what_stands(coordinator):
    course = CourseFactory.create(title_en="Old")
    seen = course_fingerprint(course)
    update_course(course=course, act=act(coordinator), title_en="Theirs")

    with pytest.raises(StaleEdit) as refused:
        update_course(course=course, act=act(coordinator), seen=seen, title_en="Mine")

    assert refused.value.conflicts == [(str(Course._meta.get_field("title_en").verbose_name), "Theirs")]
    assert Course.objects.get().title_en == "Theirs"


def test_set_modules_changes_adds_and_removes_in_the_order_given(coordinator):
    course = CourseFactory.create()
    set_modules(course=course, modules=[named("A"), named("B"), named("C")], act=act(coordinator))
    kept = course.modules.get(code="C")

    set_modules(course=course, modules=[named("C", lessons=5), named("D"), named("A")], act=act(coordinator))

    assert order_of(course) == [(1, "C"), (2, "D"), (3, "A")]
    assert course.modules.get(code="C").pk == kept.pk
    assert Course.objects.get().lessons == 11


def test_set_modules_keeps_a_module_that_is_taught(coordinator):
    taught = ModuleFactory.create()
    SessionFactory.create(cohort__course=taught.course, modules=[taught])

    with pytest.raises(RuleError) as refused:
        set_modules(course=taught.course, modules=[named("X")], act=act(coordinator))

    assert refused.value.code == "module_used"
    assert list(taught.course.modules.all()) == [taught]


def test_add_update_and_move_a_module(coordinator):
    course = CourseFactory.create()
    first = add_module(course=course, act=act(coordinator), **named("A"))
    add_module(course=course, act=act(coordinator), **named("B"))

    update_module(module=first, act=act(coordinator), lessons=4, code="ignored")
    move_module(module=first, up=False, act=act(coordinator))

    assert order_of(course) == [(1, "B"), (2, "A")]
    assert Course.objects.get().lessons == 7


def test_move_module_stops_at_the_ends(coordinator):
    course = CourseFactory.create()
    only = add_module(course=course, act=act(coordinator), **named("A"))

    move_module(module=only, up=True, act=act(coordinator))
    move_module(module=only, up=False, act=act(coordinator))

    assert order_of(course) == [(1, "A")]


def test_remove_module_asks_to_change_the_rule_first(coordinator):
    module = ModuleFactory.create()
    set_completion_rule(
        course=module.course, rule=CompletionRule(mandatory_modules=(module.code,)), act=act(coordinator)
    )

    with pytest.raises(RuleError) as refused:
        remove_module(module=module, act=act(coordinator))

    assert refused.value.code == "module_in_rule"


def test_the_rule_marks_its_mandatory_modules(coordinator):
    course = CourseFactory.create()
    set_modules(course=course, modules=[named("A", mandatory=True), named("B")], act=act(coordinator))

    set_completion_rule(
        course=course,
        rule=CompletionRule(lesson_share=Decimal("0.75"), counted_modules=("A", "B"), mandatory_modules=("B",)),
        act=act(coordinator),
    )

    assert dict(course.modules.values_list("code", "mandatory")) == {"A": False, "B": True}


def test_the_rule_cannot_name_a_module_of_another_course(coordinator):
    with pytest.raises(RuleError) as refused:
        set_completion_rule(
            course=CourseFactory.create(), rule=CompletionRule(counted_modules=("M1",)), act=act(coordinator)
        )

    assert refused.value.reasons == ["The course has no module M1."]
