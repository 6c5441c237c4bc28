"""One application, opened by its code: how it stands, what was told, correcting it, giving up the place, printing.

Which one is open stands in the session, so no code is ever in an address. Half an hour without a click closes it.
"""

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import act_of_visitor
from accounts.enums import ConsentPurpose
from accounts.exceptions import RuleError
from accounts.models import Person
from accounts.refusals import refuse
from accounts.wording.consents import consent_text
from courses.catalogue.selectors.centre import centre_facts
from courses.enrolling.documents import confirmation_pdf
from courses.enrolling.enums import OPEN_STATES, EnrollmentState
from courses.enrolling.forms.applications.answers import CodeForm, GiveUpForm
from courses.enrolling.forms.applications.people import CONTACT_FIELDS, ContactForm
from courses.enrolling.forms.applications.steps import all_right
from courses.enrolling.forms.applications.wishes import CorrectForm
from courses.enrolling.links import application_url
from courses.enrolling.models import Enrollment
from courses.enrolling.selectors.applications import (
    application_with_code,
    applications_by_ids,
    is_own_record,
    notified_about,
    other_cohorts,
    sessions_to_come_to,
)
from courses.enrolling.selectors.cohorts import CohortWithWaiting
from courses.enrolling.selectors.queues import party_members, queue_position
from courses.enrolling.services.applications import correct_application
from courses.enrolling.services.enrollments import withdraw_enrollment
from courses.enrolling.services.support import may_be_noted
from courses.enrolling.views.drafts import (
    Sent,
    close_application,
    open_application,
    opened_application,
    sent_application,
)
from courses.enrolling.views.limits import is_too_often, is_used_up
from courses.enrolling.views.offer_answers import answer_to_offer, can_take_back
from courses.enrolling.wording.applications import how_it_stands, what_comes_next
from courses.scheduling.models import Cohort

TOO_OFTEN = 429


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def applications_lookup(request: HttpRequest) -> HttpResponse:
    """Type the code. The same answer for a code that was never given out and for one that is mistyped."""
    form = CodeForm(_sent(request))
    if request.method == "POST" and is_used_up(request, "application_wrong_code"):
        return _lookup(request, form, status=TOO_OFTEN)
    if form.is_valid():
        enrollment = application_with_code(form.cleaned_data["code"])
        if enrollment:
            open_application(request, enrollment)
            return redirect("public:applications-show")
        is_too_often(request, "application_wrong_code")
        form.add_error("code", _("There is no application with this code. Compare each letter and digit, or phone us."))
    return _lookup(request, form)


@login_not_required
@never_cache
@require_safe
def applications_done(request: HttpRequest) -> HttpResponse:
    """The answer after sending: place or queue, the code, what comes next."""
    sent, enrollment = sent_application(request), opened_application(request)
    if sent is None:
        return redirect("public:applications-lookup")
    if not sent.enrollments:
        enrollment = _for_the_trap(sent)
    if enrollment is None:
        return _not_open(request)
    sessions = sessions_to_come_to(enrollment.cohort)
    others = [other for other in applications_by_ids(sent.enrollments) if other.pk != enrollment.pk]
    context = {
        **_standing(enrollment),
        "steps": what_comes_next(enrollment, sessions),
        "companions": others,
        "groups": _groups_with_seats(enrollment),
    }
    return render(request, "courses/enrolling/public/applications_done.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def applications_show(request: HttpRequest) -> HttpResponse:
    """How the application stands, with the buttons of an offer while one holds."""
    enrollment = opened_application(request)
    if enrollment is None:
        return _not_open(request)
    answered = answer_to_offer(request, enrollment, reverse("public:applications-show"))
    if answered:
        return answered
    sessions = sessions_to_come_to(enrollment.cohort)
    own = is_own_record(enrollment.person)
    context = {
        **_standing(enrollment),
        "sessions": sessions,
        "steps": what_comes_next(enrollment, sessions),
        "told": notified_about(enrollment),
        "is_open": enrollment.state in OPEN_STATES,
        "gave_up": can_take_back(enrollment, timezone.now()),
        "contact": _contact_form(enrollment.person) if own else None,
        "members": party_members(enrollment) if enrollment.state in OPEN_STATES else [enrollment],
    }
    return render(request, "courses/enrolling/public/applications_show.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def applications_correct(request: HttpRequest) -> HttpResponse:
    """Goal, what to arrange, and how the person is reached as long as the record is the application's own."""
    enrollment = opened_application(request)
    if enrollment is None:
        return _not_open(request)
    typed = _sent(request)
    wishes = CorrectForm(typed, enrollment=enrollment, asks_consent=not may_be_noted(enrollment.person))
    contact = _contact_form(enrollment.person, typed) if is_own_record(enrollment.person) else None
    all_forms = [form for form in (contact, wishes) if form]
    if all_right(all_forms) and _corrected(enrollment, wishes, contact):
        messages.success(request, _("Your changes are saved."))
        return redirect("public:applications-show")
    context = {
        "enrollment": enrollment,
        "contact": contact,
        "wishes": wishes,
        "forms": all_forms,
        "form": next((form for form in all_forms if form.errors), wishes),
        "support_consent_words": consent_text(ConsentPurpose.SUPPORT, centre_facts()),
    }
    return render(request, "courses/enrolling/public/applications_correct.html", context)


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was sent; None leaves a form unbound, and then it is never valid."""
    return request.POST if request.method == "POST" else None


def _corrected(enrollment: Enrollment, wishes: CorrectForm, contact: ContactForm | None) -> bool:
    """Whether it was saved; if not, the form says why."""
    try:
        correct_application(
            enrollment=enrollment,
            goal=wishes.cleaned_data["goal"],
            needs=wishes.needs,
            act=act_of_visitor(),
            data=contact.data_of_person if contact else None,
            consent_text=consent_text(ConsentPurpose.SUPPORT, centre_facts()) if wishes.has_consent else "",
        )
    except RuleError as error:
        refuse(wishes, error)
        return False
    return True


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def applications_withdraw(request: HttpRequest) -> HttpResponse:
    enrollment = opened_application(request)
    if enrollment is None:
        return _not_open(request)
    if enrollment.state not in OPEN_STATES:
        return redirect("public:applications-show")
    form = GiveUpForm(_sent(request))
    if form.is_valid():
        try:
            withdraw_enrollment(
                enrollment=enrollment,
                act=act_of_visitor(),
                reason=form.reason_or_none(),
            )
        except RuleError as error:
            refuse(form, error)
        else:
            return redirect("public:applications-show")
    return render(
        request, "courses/enrolling/public/applications_withdraw.html", {**_standing(enrollment), "form": form}
    )


@login_not_required
@require_POST
def applications_close(request: HttpRequest) -> HttpResponse:
    close_application(request)
    messages.success(request, _("The application is closed on this device."))
    return redirect("public:applications-lookup")


@login_not_required
@never_cache
@require_safe
def applications_print(request: HttpRequest) -> HttpResponse:
    """One A4 with the code in large letters, in the language of the person."""
    enrollment = opened_application(request)
    if enrollment is None:
        return _not_open(request)
    content = confirmation_pdf(
        enrollment,
        sessions=sessions_to_come_to(enrollment.cohort),
        place=queue_position(enrollment),
        centre=centre_facts(),
        application_url=application_url(enrollment.person.language),
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="application.pdf"'
    return response


def _standing(enrollment: Enrollment) -> dict[str, object]:
    place = queue_position(enrollment) if enrollment.pk else 0
    return {"enrollment": enrollment, "place": place, "heading": how_it_stands(enrollment, place)}


def _contact_form(person: Person, typed: Mapping[str, object] | None = None) -> ContactForm:
    initial = {name: getattr(person, name) for name in CONTACT_FIELDS}
    return ContactForm(typed, initial=initial)


def _groups_with_seats(enrollment: Enrollment) -> list[CohortWithWaiting]:
    """Where somebody who has to wait would have a seat at once."""
    if enrollment.state != EnrollmentState.WAITLISTED:
        return []
    groups = other_cohorts(enrollment.cohort, timezone.localdate())
    return [one.cohort for one in groups if one.state == "open" and one.cohort.course_id == enrollment.cohort.course_id]


def _for_the_trap(sent: Sent) -> Enrollment | None:
    """What a machine is shown: an application that was never written."""
    cohort = Cohort.objects.select_related("course", "venue").filter(code=sent.cohort).first()
    if cohort is None:
        return None
    person = Person(first_name=sent.first_name)
    return Enrollment(cohort=cohort, person=person, application_code=sent.code, applied_at=timezone.now())


def _lookup(request: HttpRequest, form: CodeForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "too_often": status == TOO_OFTEN}
    return render(request, "courses/enrolling/public/applications_lookup.html", context, status=status)


def _not_open(request: HttpRequest) -> HttpResponse:
    messages.warning(request, _("No application is open here. Type its code to open it."))
    return redirect("public:applications-lookup")
