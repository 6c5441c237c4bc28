"""What to arrange for one enrollment. Shown to coordinators here and to the trainers of that group on the register."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, act_of, for_coordinator
from accounts.enums import ConsentPurpose, HowAsked
from accounts.exceptions import RuleError
from accounts.models import Person
from accounts.refusals import refuse
from accounts.wording.consents import consent_text
from courses.catalogue.selectors.centre import centre_facts
from courses.enrolling.enums import OPEN_STATES
from courses.enrolling.forms.support import SupportForm
from courses.enrolling.models import Enrollment
from courses.enrolling.selectors.support import support_needs_of
from courses.enrolling.services.support import may_be_noted, note_support_needs


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def support_edit(request: PersonRequest, pk: int) -> HttpResponse:
    rows = Enrollment.objects.filter(state__in=OPEN_STATES).select_related("person", "cohort")
    enrollment = get_object_or_404(rows, pk=pk)
    person = enrollment.person
    form = SupportForm(
        request.POST or None,
        instance=support_needs_of(request.user, person).get(enrollment.pk),
        consent=_read_aloud(person),
        language=person.language,
    )
    if request.method == "POST" and form.is_valid():
        try:
            noted = note_support_needs(
                enrollment=enrollment,
                needs=form.needs,
                consent_text=form.consent_text,
                act=act_of(request, HowAsked(form.cleaned_data["how_asked"])),
            )
        except RuleError as error:
            refuse(form, error)
        else:
            messages.success(request, _("What to arrange is noted.") if noted else _("Nothing needs to be arranged."))
            return redirect("coordinator:people-detail", person.code)
    return render(
        request,
        "courses/enrolling/coordinator/support_edit.html",
        {"form": form, "person": person, "enrollment": enrollment},
    )


def _read_aloud(person: Person) -> str:
    """In the language that is spoken with the person; empty when their yes stands already."""
    if may_be_noted(person):
        return ""
    with override(person.language):
        return consent_text(ConsentPurpose.SUPPORT, centre_facts())
