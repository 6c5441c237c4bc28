from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import PersonRequest, act_of, for_coordinator
from accounts.exceptions import RuleError
from accounts.refusals import refuse, say_refusal
from courses.catalogue.forms.courses import CompletionRuleForm, CopyCourseForm, CourseForm, ModuleForm
from courses.catalogue.models import Course, Module
from courses.catalogue.readers import SAMPLE, read_course
from courses.catalogue.selectors.courses import courses_with_modules
from courses.catalogue.services.courses import (
    add_module,
    copy_course,
    course_fingerprint,
    create_course,
    create_described_course,
    move_module,
    remove_module,
    set_completion_rule,
    update_course,
    update_module,
)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def courses_create(request: PersonRequest) -> HttpResponse:
    form = CourseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        course = create_course(act=act_of(request), **form.cleaned_data)
        messages.success(request, _("The course is saved. Add its modules next."))
        return redirect("coordinator:courses-detail", course.code)
    return render(request, "courses/catalogue/coordinator/courses_edit.html", {"form": form})


@require_POST
@for_coordinator
def courses_sample(request: PersonRequest) -> HttpResponse:
    """The course that comes with the product; a coordinator changes it as any other."""
    try:
        course = create_described_course(description=read_course(SAMPLE), act=act_of(request))
    except RuleError as error:
        say_refusal(request, error)
        return redirect("coordinator:courses-list")
    messages.success(request, _("The course is added. Read it through and change what is different with you."))
    return redirect("coordinator:courses-detail", course.code)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def courses_copy(request: PersonRequest, code: str) -> HttpResponse:
    course = get_object_or_404(Course, code=code)
    form = CopyCourseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        copy = copy_course(course=course, code=form.cleaned_data["code"], act=act_of(request))
        messages.success(request, _("The course is copied. Give the copy a title of its own."))
        return redirect("coordinator:courses-edit", copy.code)
    return render(request, "courses/catalogue/coordinator/courses_copy.html", {"form": form, "course": course})


@require_safe
@for_coordinator
def courses_detail(request: PersonRequest, code: str) -> HttpResponse:
    course = get_object_or_404(courses_with_modules(), code=code)
    cohorts = course.cohorts.select_related("venue").order_by("-starts_on")[:10]
    context = {"course": course, "modules": course.modules.all(), "cohorts": cohorts}
    return render(request, "courses/catalogue/coordinator/courses_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def courses_edit(request: PersonRequest, code: str) -> HttpResponse:
    course = get_object_or_404(Course, code=code)
    seen, has_modules = course_fingerprint(course), course.modules.exists()
    form = CourseForm(request.POST or None, instance=course, has_modules=has_modules)
    if request.method == "POST" and form.is_valid():
        try:
            saved = update_course(
                course=course, act=act_of(request), seen=request.POST.get("seen", ""), **form.cleaned_data
            )
        except RuleError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The course is saved."))
            return redirect("coordinator:courses-detail", saved.code)
    context = {"form": form, "course": course, "code": code, "seen": seen}
    return render(request, "courses/catalogue/coordinator/courses_edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def courses_rule(request: PersonRequest, code: str) -> HttpResponse:
    course = get_object_or_404(courses_with_modules(), code=code)
    form = CompletionRuleForm(request.POST or None, course=course)
    if request.method == "POST" and form.is_valid():
        set_completion_rule(course=course, rule=form.rule(), act=act_of(request))
        messages.success(request, _("The completion rule is saved. What is completed already stays so."))
        return redirect("coordinator:courses-detail", course.code)
    return render(request, "courses/catalogue/coordinator/courses_rule.html", {"form": form, "course": course})


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def modules_create(request: PersonRequest, code: str) -> HttpResponse:
    course = get_object_or_404(Course, code=code)
    form = ModuleForm(request.POST or None, instance=Module(course=course))
    if request.method == "POST" and form.is_valid():
        if course.modules.filter(code=form.cleaned_data["code"]).exists():
            form.add_error("code", _("The course has a module with this code already."))
        else:
            add_module(course=course, act=act_of(request), **form.cleaned_data)
            messages.success(request, _("The module is saved."))
            return redirect("coordinator:courses-detail", course.code)
    return render(request, "courses/catalogue/coordinator/modules_edit.html", {"form": form, "course": course})


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def modules_edit(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    module = get_object_or_404(Module.objects.select_related("course"), course__code=code, pk=pk)
    form = ModuleForm(request.POST or None, instance=module)
    if request.method == "POST" and form.is_valid():
        update_module(module=module, act=act_of(request), **form.cleaned_data)
        messages.success(request, _("The module is saved."))
        return redirect("coordinator:courses-detail", code)
    context = {"form": form, "course": module.course, "module": module}
    return render(request, "courses/catalogue/coordinator/modules_edit.html", context)


@require_POST
@for_coordinator
def modules_move(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    module = get_object_or_404(Module.objects.select_related("course"), course__code=code, pk=pk)
    move_module(module=module, up=request.POST.get("up") == "1", act=act_of(request))
    return redirect("coordinator:courses-detail", code)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def modules_remove(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    module = get_object_or_404(Module.objects.select_related("course"), course__code=code, pk=pk)
    reasons: list[str] = []
    if request.method == "POST":
        try:
            remove_module(module=module, act=act_of(request))
        except RuleError as error:
            reasons = error.reasons
        else:
            messages.success(request, _("The module is taken away."))
            return redirect("coordinator:courses-detail", code)
    context = {"course": module.course, "module": module, "reasons": reasons}
    return render(request, "courses/catalogue/coordinator/modules_remove.html", context)
