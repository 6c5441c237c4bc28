from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import PersonRequest, act_of, for_coordinator
from accounts.enums import HowAsked
from accounts.exceptions import RuleError
from accounts.refusals import refuse
from courses.catalogue.selectors.centre import centre_facts
from courses.enrolling.documents import confirmation_pdf
from courses.enrolling.forms.desk import DoneForm
from courses.enrolling.models import Enrollment
from courses.enrolling.selectors.queues import party_members, queue_position
from courses.enrolling.services.desk import enroll_at_desk
from courses.enrolling.views.coordinator.desk import Desk
from courses.enrolling.wording.desk import done_words
from courses.scheduling.enums import SessionState

SENT_ONCE_FOR = 60 * 60
LONGEST_TOKEN = 40
# Buttons that choose something -> the field that keeps it; with a prefix both belong to a companion.
CHOOSING = {"use": "who", "different": "apart", "pick": "cohort"}


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def enrollments_create(request: PersonRequest) -> HttpResponse:
    """One form on one page. Each press, and with htmx each change, shows it anew with what follows from it; only
    "enroll" writes."""
    enrolling = _is_enrolling(request)
    sent = _sent(request)
    desk = Desk(sent, judged=enrolling, by=request.user)
    if enrolling and desk.check():
        try:
            return _enroll(request, desk)
        except (RuleError, ValidationError) as error:
            # What stands now is not what the page was made of.
            desk = Desk(sent, judged=True, by=request.user)
            _refuse(desk, error)
    context = {
        "desk": desk,
        "done": _just_enrolled(request),
        "token": request.POST.get("token") or get_random_string(20),
    }
    return render(request, "courses/enrolling/coordinator/enrollments_create.html", context)


@require_safe
@for_coordinator
def enrollments_print(request: PersonRequest, pk: int) -> HttpResponse:
    """The confirmation on one A4, in the person's language."""
    enrollment = get_object_or_404(
        Enrollment.objects.select_related("person", "cohort__course", "cohort__venue"), pk=pk
    )
    sessions = enrollment.cohort.sessions.exclude(state=SessionState.CANCELLED).select_related("venue")
    with override(enrollment.person.language):
        page = reverse("public:applications-lookup")
    file = confirmation_pdf(
        enrollment,
        sessions=list(sessions.order_by("starts_at")),
        place=queue_position(enrollment),
        centre=centre_facts(),
        application_url=f"{settings.SITE_URL}{page}",
    )
    headers = {"Content-Disposition": f'inline; filename="confirmation-{enrollment.pk}.pdf"'}
    return HttpResponse(file, content_type="application/pdf", headers=headers)


def _is_enrolling(request: PersonRequest) -> bool:
    """Whether the form was sent to enroll: by its button, or by keys, which press none."""
    pressed = any(name.rpartition("-")[2] in CHOOSING for name in request.POST)
    return request.method == "POST" and not pressed and request.POST.get("step", "enroll") == "enroll"


def _sent(request: PersonRequest) -> QueryDict:
    """What was typed and chosen, a pressed button as the field that keeps it; a link may bring a person and a group
    along."""
    if request.method != "POST":
        sent = QueryDict(mutable=True)
        sent.update({"who": request.GET.get("person", ""), "cohort": request.GET.get("cohort", "")})
        return sent
    sent = request.POST.copy()
    for name in request.POST:
        prefix, dash, button = name.rpartition("-")
        if button in CHOOSING and request.POST[name]:
            sent.appendlist(f"{prefix}{dash}{CHOOSING[button]}", request.POST[name])
    return sent


def _enroll(request: PersonRequest, desk: Desk) -> HttpResponseRedirect:
    """Enrolls once per opened page, however often it is sent. Raises what enroll_at_desk raises."""
    assert desk.cohort is not None
    again = {"cohort": desk.cohort.code}
    key = f"enroll:{request.user.pk}:{request.POST.get('token', '')[:LONGEST_TOKEN]}"
    if not cache.add(key, 1, SENT_ONCE_FOR):
        messages.info(request, _("The form was sent twice. It was done once."))
        return _to_desk(again)
    try:
        enrollments = enroll_at_desk(
            people=[caller.at_desk(desk.contact_form if caller is desk.first else None) for caller in desk.callers],
            cohort=desk.cohort,
            act=act_of(request, HowAsked(desk.form.cleaned_data["how_asked"])),
            waiver=desk.form.cleaned_data["waiver"] if desk.asks else "",
            seats_promised=desk.was_promised_seats,
        )
    except (RuleError, ValidationError):
        cache.delete(key)
        raise
    first = enrollments[0]
    undo = reverse("coordinator:enrollments-undo", args=[first.pk])
    messages.success(request, done_words(enrollments, desk.cohort, queue_position(first)), extra_tags=undo)
    return _to_desk(again | {"done": str(first.pk)})


def _refuse(desk: Desk, error: RuleError | ValidationError) -> None:
    if isinstance(error, RuleError):
        refuse(desk.form, error)
    else:
        desk.form.add_error(None, error.messages)


def _to_desk(query: dict[str, str]) -> HttpResponseRedirect:
    return redirect(f"{reverse('coordinator:enrollments-create')}?{urlencode(query)}")


def _just_enrolled(request: PersonRequest) -> list[Enrollment]:
    """Those of the last press, for the links to their confirmations; the address names nobody."""
    form = DoneForm(request.GET)
    if request.method == "POST" or not form.is_valid():
        return []
    enrollment = Enrollment.objects.select_related("person", "cohort").filter(pk=form.cleaned_data["done"]).first()
    return party_members(enrollment) if enrollment else []
