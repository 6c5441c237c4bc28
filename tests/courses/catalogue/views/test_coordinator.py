import pytest
from django.utils import translation

from courses.catalogue.models import Course, Module
from courses.catalogue.rules import CompletionRule
from tests.factories import CohortFactory, CourseFactory, ModuleFactory, SessionFactory
from tests.pages import page, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "clicked")]

LIST = "/en/coordinator/courses/"


def filled(**changes):
    return {
        "code": "AIM",
        "format": "course",
        "title_fi": "Kurssi",
        "title_sv": "Kurs",
        "title_en": "Course",
        "lessons": "0",
        "capacity": "16",
        "minimum": "8",
        **changes,
    }


def module(**changes):
    return {
        "code": "M1",
        "kind": "classroom",
        "title_fi": "Huijaukset",
        "title_sv": "Bedrägerier",
        "title_en": "Scams",
        "lessons": "3",
        "practice_minutes": "0",
        **changes,
    }


@pytest.mark.parametrize("size", [1, 30])
def test_the_list_asks_the_same_for_one_and_for_thirty(office, size, django_assert_num_queries):
    for _course in range(size):
        CohortFactory.create(course=ModuleFactory.create().course)

    # Session, person, roles, menu; count, page, whether the ready course is there.
    with django_assert_num_queries(7):
        response = office.get(LIST)

    assert [course.module_count for course in response.context["page_obj"]] == [1] * size


def test_an_empty_list_says_what_to_do(office):
    assert "There are no courses yet" in office.get(LIST).content.decode()


def test_a_course_is_made_and_changed(office):
    office.post(page("courses-create"), filled())
    office.post(page("courses-edit", "AIM"), filled(summary_fi="Opi.", valid_months="24"))

    course = Course.objects.get()
    assert (course.title_sv, course.summary_fi, course.valid_months) == ("Kurs", "Opi.", 24)


def test_a_missing_swedish_title_is_said_and_the_rest_kept(office):
    form = office.post(page("courses-create"), filled(title_sv="")).context["form"]

    assert set(form.errors) == {"title_sv"}
    assert form["title_fi"].value() == "Kurssi"


def test_a_stale_form_says_what_stands_now(office):
    course = CourseFactory.create(code="AIM", title_en="Theirs")

    form = office.post(page("courses-edit", course.code), filled(seen="0123456789abcdef")).context["form"]

    assert "title in English is now: Theirs" in form.non_field_errors()
    assert Course.objects.get().title_en == "Theirs"


def test_modules_are_added_changed_moved_and_taken_away(office):
    CourseFactory.create(code="AIM")
    for code in ("M1", "M2", "M3"):
        office.post(page("modules-create", "AIM"), module(code=code))
    first, _second, third = Module.objects.order_by("order")

    office.post(page("modules-edit", "AIM", first.pk), module(title_en="Fakes"))
    office.post(page("modules-move", "AIM", third.pk), {"up": "1"})
    office.post(page("modules-remove", "AIM", first.pk))

    assert list(Module.objects.order_by("order").values_list("code", flat=True)) == ["M3", "M2"]
    assert Course.objects.get().lessons == 6


def test_a_second_module_of_the_same_code_is_refused(office):
    taken = ModuleFactory.create(code="M1")

    form = office.post(page("modules-create", taken.course.code), module()).context["form"]

    assert form.errors["code"] == ["The course has a module with this code already."]


def test_a_taught_module_stays(office):
    taught = ModuleFactory.create()
    SessionFactory.create(cohort__course=taught.course, modules=[taught])

    response = office.post(page("modules-remove", taught.course.code, taught.pk))

    assert response.context["reasons"] == [f"Module {taught.code} is taught or has results, so it stays."]


def test_a_module_is_found_under_its_own_course_only(office):
    one, other = ModuleFactory.create(), ModuleFactory.create()

    assert office.get(page("modules-edit", other.course.code, one.pk)).status_code == 404


def test_the_rule_is_set_by_figures_and_shown_in_words(office):
    course = CourseFactory.create(code="AIM")
    for code in ("M1", "M2"):
        office.post(page("modules-create", "AIM"), module(code=code))

    office.post(
        page("courses-rule", "AIM"),
        {
            "lesson_percent": "75",
            "counted_modules": ["M1", "M2"],
            "mandatory_modules": ["M2"],
            "most_made_up_modules": "",
            "visits": "4",
        },
    )

    course.refresh_from_db()
    rule = CompletionRule.from_json(course.completion_rule)
    assert (float(rule.lesson_share), rule.mandatory_modules, rule.most_made_up_modules) == (0.75, ("M2",), None)
    content = office.get(page("courses-detail", "AIM")).content.decode()
    assert "At least 75 % of the lessons: 5 of 6." in content
    assert "Module M2 is mandatory." in content


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_pages_answer_in_each_language(office, language):
    one = ModuleFactory.create()
    code = one.course.code
    with translation.override(language):
        urls = [
            page("courses-list"),
            page("courses-create"),
            page("courses-detail", code),
            page("courses-edit", code),
            page("courses-rule", code),
            page("modules-create", code),
            page("modules-edit", code, one.pk),
            page("modules-remove", code, one.pk),
            page("venues-list"),
            page("venues-create"),
        ]

    assert [office.get(url).status_code for url in urls] == [200] * len(urls)


def test_a_course_asks_for_another_and_for_a_certificate(office):
    first = CourseFactory.create(code="ENSIN", title_en="The first course")
    CourseFactory.create(code="PAIVA", title_en="The update day", valid_months=12)
    fields = filled(code="PAIVA", required_course=first.pk, required_certificate=first.pk)

    office.post(page("courses-edit", "PAIVA"), fields)

    course = Course.objects.get(code="PAIVA")
    assert (course.required_course, course.required_certificate) == (first, first)
    shown = office.get(page("courses-detail", "PAIVA")).content.decode()
    assert shown.count(">The first course</a>") == 2


def test_a_course_offers_neither_itself_nor_a_certificate_that_is_not_given(office):
    own = CourseFactory.create(code="A")
    other = CourseFactory.create(code="B")
    without = CourseFactory.create(code="C", valid_months=None)

    fields = office.get(page("courses-edit", own.code)).context["form"].fields

    assert list(fields["required_course"].queryset) == [other, without]
    assert list(fields["required_certificate"].queryset) == [other]


@pytest.mark.parametrize("field", ["required_course", "required_certificate"])
def test_a_circle_of_prerequisites_is_refused_with_words(office, field):
    first = CourseFactory.create(code="A", title_en="Alpha")
    second = CourseFactory.create(code="B", required_course=first)
    third = CourseFactory.create(code="C", required_certificate=second)

    refused = office.post(page("courses-edit", "A"), filled(code="A", title_en="Alpha", **{field: third.pk}))

    assert refused.context["form"].non_field_errors() == [
        "The course would ask for itself: what it asks for asks, itself or through others, for Alpha."
    ]
    first.refresh_from_db()
    assert (first.required_course, first.required_certificate) == (None, None)


def test_the_ready_course_is_added_once(office):
    assert "Add the ready course" in office.get(LIST).content.decode()

    office.post(page("courses-sample"))

    course = Course.objects.get(code="AIM")
    assert course.modules.count() == 10
    assert CompletionRule.from_json(course.completion_rule).mandatory_modules == ("M4", "M5", "M7")
    assert "Add the ready course" not in office.get(LIST).content.decode()
    assert said(office.post(page("courses-sample"), follow=True)) == ["There is a course with the code AIM already."]
    assert Course.objects.count() == 1


def test_a_copy_has_all_that_the_course_has_under_its_own_code(office):
    office.post(page("courses-sample"))
    asked = CourseFactory.create(code="BASIC")
    Course.objects.filter(code="AIM").update(required_course=asked)
    course = Course.objects.get(code="AIM")

    response = office.post(page("courses-copy", "AIM"), {"code": "AIM-2"})

    copy = Course.objects.get(code="AIM-2")
    assert response.url == page("courses-edit", "AIM-2")
    assert stored(copy, "id code") == stored(course, "id code")
    ours, theirs = (
        [stored(module, "id course_id") for module in one.modules.order_by("order")] for one in (copy, course)
    )
    assert ours == theirs


def test_a_copy_of_a_course_without_a_rule_asks_for_its_mandatory_modules(office):
    module = ModuleFactory.create(code="M1", mandatory=True)

    office.post(page("courses-copy", module.course.code), {"code": "COPY"})

    copy = Course.objects.get(code="COPY")
    assert (copy.completion_rule, copy.modules.get().mandatory) == (module.course.completion_rule, True)


@pytest.mark.parametrize("code", ["AIM", "new", "sample", ""])
def test_a_copy_needs_a_code_that_is_free(office, code):
    CourseFactory.create(code="AIM")

    response = office.post(page("courses-copy", "AIM"), {"code": code})

    assert list(response.context["form"].errors) == ["code"]
    assert Course.objects.count() == 1


def stored(thing, without):
    return {
        field.attname: getattr(thing, field.attname)
        for field in thing._meta.concrete_fields
        if field.attname not in without.split()
    }
