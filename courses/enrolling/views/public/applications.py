"""An application in four pages: who you are, how we reach you, what you wish for, and a review before it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import act_of_visitor
from accounts.enums import ConsentPurpose
from accounts.exceptions import RuleError
from accounts.refusals import refuse
from accounts.rules.codes import new_application_code
from accounts.services.people import PersonData
from accounts.wording.consents import consent_text
from courses.catalogue.selectors.centre import centre_facts
from courses.enrolling.forms.applications.answers import SendForm
from courses.enrolling.forms.applications.people import CompanionForm, ContactForm, YouForm
from courses.enrolling.forms.applications.public import PublicForm
from courses.enrolling.forms.applications.steps import STEPS, all_right, companion_forms, forms_of_step, typed_in
from courses.enrolling.forms.applications.wishes import WishesForm
from courses.enrolling.selectors.applications import TAKES_APPLICATIONS, other_cohorts, sessions_to_come_to
from courses.enrolling.selectors.cohorts import CohortWithWaiting, application_state, cohorts_to_apply_for
from courses.enrolling.services.applications import Applicant, send_application
from courses.enrolling.views.drafts import Draft, Sent, draft_of, drop_draft, keep_step, open_sent, sent_application
from courses.enrolling.views.limits import is_too_often
from courses.enrolling.wording.prerequisites import what_course_asks

ORDER = list(STEPS)
TOO_OFTEN = 429


@dataclass(frozen=True)
class Written:
    """The forms of all pages, filled in and right; `companions`: those that somebody has filled in."""

    you: YouForm
    contact: ContactForm
    wishes: WishesForm
    companions: list[CompanionForm]

    @property
    def applicants(self) -> list[Applicant]:
        data = cast(PersonData, {**self.you.cleaned_data, **self.contact.data_of_person})
        first = Applicant(data=data, goal=self.wishes.cleaned_data["goal"], needs=self.wishes.needs)
        return [first, *(Applicant(data=form.data_of_person(data)) for form in self.companions)]


@login_not_required
@never_cache
@require_safe
def applications_start(request: HttpRequest, code: str) -> HttpResponse:
    """The first question; whoever has begun before on this device chooses whether to go on or to begin anew."""
    cohort = _cohort(code)
    if _state(cohort) not in TAKES_APPLICATIONS:
        return _closed(request, cohort)
    if draft_of(request):
        return render(request, "courses/enrolling/public/applications_start.html", {"cohort": cohort})
    return redirect("public:applications-step", cohort.code, ORDER[0])


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def applications_step(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """One page of questions. What is right is kept; nothing is written but the session."""
    cohort, draft = _cohort(code), draft_of(request)
    if step not in STEPS:
        raise Http404
    if request.method == "POST":
        step_forms = forms_of_step(step, request.POST)
        if all_right(step_forms):
            if draft is None and is_too_often(request, "application_begin"):
                return _step(request, cohort, step, step_forms, status=TOO_OFTEN)
            keep_step(request, step, typed_in(step_forms))
            return redirect(*_next_page(cohort, draft_of(request)))
        return _step(request, cohort, step, step_forms)
    if _state(cohort) not in TAKES_APPLICATIONS:
        return _closed(request, cohort)
    return _step(request, cohort, step, forms_of_step(step, draft.steps.get(step) if draft else None))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def applications_review(request: HttpRequest, code: str) -> HttpResponse:
    """All that was written, the consent, and the button that sends it."""
    cohort, draft = _cohort(code), draft_of(request)
    written = _written(draft)
    if draft is None and sent_application(request):
        # The button was pressed twice: what the first press sent is the answer to the second.
        return redirect("public:applications-done")
    if draft is None or written is None:
        return redirect(*_next_page(cohort, draft))
    form = SendForm(
        request.POST if request.method == "POST" else None,
        needs=any(written.wishes.needs.values()),
        companions=bool(written.companions),
    )
    if request.method == "POST" and form.is_valid():
        return _send(request, cohort, draft, written, form)
    if _state(cohort) not in TAKES_APPLICATIONS:
        return _closed(request, cohort)
    return _review(request, cohort, written, form)


@login_not_required
@require_POST
def applications_stop(request: HttpRequest, code: str) -> HttpResponse:
    """Deletes what was written and not sent; `again` begins anew."""
    cohort = _cohort(code)
    drop_draft(request)
    if "again" in request.POST:
        return redirect("public:applications-step", cohort.code, ORDER[0])
    return render(request, "courses/enrolling/public/applications_stop.html", {"cohort": cohort})


def _send(
    request: HttpRequest, cohort: CohortWithWaiting, draft: Draft, written: Written, form: SendForm
) -> HttpResponse:
    if is_too_often(request, "application_send"):
        return _review(request, cohort, written, form, status=TOO_OFTEN)
    if form.is_trapped:
        # The machine is answered as anybody is, and nothing is written.
        drop_draft(request)
        open_sent(request, Sent([], cohort.code, new_application_code(), written.you.cleaned_data["first_name"]))
        return redirect("public:applications-done")
    try:
        enrollments = send_application(
            cohort=cohort,
            applicants=written.applicants,
            act=act_of_visitor(),
            consent_text=_consent_text(written, form),
            support_consent_text=consent_text(ConsentPurpose.SUPPORT, centre_facts()),
            draft=draft.key,
        )
    except RuleError as error:
        if error.code in ("closed", "not_enrolling", "waiting_list_full"):
            return _closed(request, cohort)
        refuse(form, error)
        return _review(request, cohort, written, form)
    drop_draft(request)
    open_sent(request, Sent([enrollment.pk for enrollment in enrollments]))
    return redirect("public:applications-done")


def _consent_text(written: Written, form: SendForm) -> str:
    text = consent_text(ConsentPurpose.COURSE, centre_facts())
    return f"{text} {form.fields['companions_consent'].label}." if written.companions else text


def _written(draft: Draft | None) -> Written | None:
    """None while a page is missing or no longer right."""
    if draft is None or any(step not in draft.steps for step in STEPS):
        return None
    you, contact = YouForm(draft.steps["you"]), ContactForm(draft.steps["contact"])
    wishes, companions = WishesForm(draft.steps["wishes"]), companion_forms(draft.steps["wishes"])
    if not all_right([you, contact, wishes, *companions]):
        return None
    return Written(you, contact, wishes, [form for form in companions if form.has_changed()])


def _next_page(cohort: CohortWithWaiting, draft: Draft | None) -> tuple[str, ...]:
    """The first page that still asks for something, else the review."""
    for step in STEPS:
        typed = draft.steps.get(step) if draft else None
        if typed is None or not all_right(forms_of_step(step, typed)):
            return "public:applications-step", cohort.code, step
    return "public:applications-review", cohort.code


def _step(
    request: HttpRequest, cohort: CohortWithWaiting, step: str, step_forms: Sequence[PublicForm], status: int = 200
) -> HttpResponse:
    number = ORDER.index(step)
    context = {
        "cohort": cohort,
        "application": _state(cohort),
        "step": step,
        "steps": _step_names(),
        "number": number + 1,
        "before": ORDER[number - 1] if number else "",
        "form": next((form for form in step_forms if form.errors), step_forms[0]),
        "forms": step_forms,
        "companions": step_forms[1:],
        "asks": what_course_asks(cohort.course) if not number else [],
        "has_draft": draft_of(request) is not None,
        "too_often": status == TOO_OFTEN,
    }
    return render(request, "courses/enrolling/public/applications_step.html", context, status=status)


def _review(
    request: HttpRequest, cohort: CohortWithWaiting, written: Written, form: SendForm, status: int = 200
) -> HttpResponse:
    centre = centre_facts()
    context = {
        "you": written.you,
        "contact": written.contact,
        "wishes": written.wishes,
        "companions": written.companions,
        "form": form,
        "too_often": status == TOO_OFTEN,
        "cohort": cohort,
        "application": _state(cohort),
        "steps": _step_names(),
        "held": sessions_to_come_to(cohort),
        "consent_words": consent_text(ConsentPurpose.COURSE, centre),
        "support_consent_words": consent_text(ConsentPurpose.SUPPORT, centre),
    }
    return render(request, "courses/enrolling/public/applications_review.html", context, status=status)


def _closed(request: HttpRequest, cohort: CohortWithWaiting) -> HttpResponse:
    """The group takes nobody now. What was typed is kept for another one."""
    context = {
        "cohort": cohort,
        "application": _state(cohort),
        "others": other_cohorts(cohort, timezone.localdate()),
        "has_draft": draft_of(request) is not None,
    }
    return render(request, "courses/enrolling/public/applications_closed.html", context)


def _cohort(code: str) -> CohortWithWaiting:
    return get_object_or_404(cohorts_to_apply_for(), code=code)


def _state(cohort: CohortWithWaiting) -> str:
    return application_state(cohort, timezone.localdate())


def _step_names() -> list[str]:
    return [_("You"), _("How we reach you"), _("Wishes"), _("Review")]
