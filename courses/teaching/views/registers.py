"""The register of a session: the same page for the trainer and for the coordinator, each with their own sessions."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.access import PersonRequest, act_of
from accounts.exceptions import RuleError, StaleEdit
from accounts.refusals import refuse, say_refusal
from accounts.rules.codes import parse_person_code
from accounts.rules.undo import UNDO_WITHIN
from courses.catalogue.selectors.centre import centre_facts
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment
from courses.enrolling.selectors.support import support_needs_for
from courses.enrolling.wording.support import arrangements, to_arrange
from courses.scheduling.models import Session
from courses.teaching.documents import register_pdf
from courses.teaching.forms.attendance import GuestForm, RegisterForm, RegisterRow
from courses.teaching.selectors.attendance import RegisterLine, register_lines
from courses.teaching.services.attendance import mark_made_up, save_register, undo_register
from courses.teaching.wording import counted_marks, mark_names


def register_page(request: PersonRequest, session: Session, actor: str) -> HttpResponse:
    """Shows and saves. What clashes with somebody else's mark comes back with both values; the rest is saved."""
    lines = register_lines(session)
    form = RegisterForm(
        request.POST or None, session=session, lines=lines, initial={"version": session.register_version}
    )
    rows = None
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_register(
                session=session,
                marks=form.marks(),
                expected_version=form.cleaned_data["version"],
                rest_present="fill" in request.POST,
                act=act_of(request),
            )
        except StaleEdit as stale:
            session.refresh_from_db()
            lines = register_lines(session)
            form = RegisterForm(session=session, lines=lines, initial={"version": session.register_version})
            conflicts = {conflict.enrollment_id: conflict for conflict in stale.conflicts}
            rows = list(form.rows_with(conflicts, mark_names()))
            say_refusal(request, stale, level=messages.WARNING, conflicts=False)
        except RuleError as error:
            refuse(form, error)
        else:
            return _saved(request, session, saved, actor)
    return _render(request, session, lines, form, rows, actor)


def register_undo(request: PersonRequest, session: Session, version: int, actor: str) -> HttpResponse:
    try:
        undo_register(session=session, version=version, act=act_of(request))
    except RuleError as error:
        say_refusal(request, error)
    else:
        messages.success(request, _("Undone. The register stands as it did before."))
    return redirect(f"{actor}:attendance-register", session.pk)


def register_guest(request: PersonRequest, session: Session, actor: str) -> HttpResponse:
    form = GuestForm(request.POST)
    code = parse_person_code(form["code"].value() or "")
    enrollment = _guest(session, code) if code else None
    try:
        if enrollment is None:
            raise RuleError([_("Nobody with this code has a place in another group of this course. Check the code.")])
        saved = mark_made_up(session=session, enrollment=enrollment, lessons=None, act=act_of(request))
    except RuleError as error:
        say_refusal(request, error)
    else:
        undo = reverse(f"{actor}:attendance-undo", args=[session.pk, saved.register_version])
        messages.success(request, _("The guest is on the register."), extra_tags=undo)
    return redirect(f"{actor}:attendance-register", session.pk)


def register_print(request: PersonRequest, session: Session) -> HttpResponse:
    """The register on paper: a line for each signature. Paper lies about, so it only counts what to arrange."""
    needs = support_needs_for(request.user, session.cohort)
    with override(session.cohort.language):
        arrange = to_arrange(needs.values())
    file = register_pdf(session, register_lines(session), centre=centre_facts(), arrange=arrange)
    name = f"register-{session.cohort.code}-{session.number}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(file, content_type="application/pdf", headers=headers)


def _guest(session: Session, code: str) -> Enrollment | None:
    return (
        Enrollment.objects.filter(
            person__code=code,
            cohort__course=session.cohort.course_id,
            state__in=[EnrollmentState.ENROLLED, EnrollmentState.ACTIVE],
        )
        .exclude(cohort=session.cohort_id)
        .select_related("cohort")
        .first()
    )


def _saved(request: PersonRequest, session: Session, saved: Session, actor: str) -> HttpResponse:
    if saved.register_version == session.register_version:
        messages.info(request, _("Nothing was changed."))
    else:
        undo = reverse(f"{actor}:attendance-undo", args=[session.pk, saved.register_version])
        words = _("Attendance saved: session %(number)d.") % {"number": session.number}
        messages.success(request, words, extra_tags=undo)
    return redirect(f"{actor}:attendance-register", session.pk)


def _render(
    request: PersonRequest,
    session: Session,
    lines: list[RegisterLine],
    form: RegisterForm,
    rows: list[RegisterRow] | None,
    actor: str,
) -> HttpResponse:
    marked = [line for line in lines if line.state]
    rows = list(form.rows()) if rows is None else rows
    needs = support_needs_for(request.user, session.cohort)
    for row in rows:
        if row.line.enrollment.pk in needs:
            row.arrange = arrangements(needs[row.line.enrollment.pk])
    context = {
        "session": session,
        "cohort": session.cohort,
        "form": form,
        "rows": rows,
        "to_arrange": to_arrange(needs.values()),
        "guest_form": GuestForm(),
        "marked": len(marked),
        "all": len(lines),
        "counts": counted_marks(line.state for line in lines),
        "may_undo": bool(
            session.register_version and session.marked_at and timezone.now() - session.marked_at <= UNDO_WITHIN
        ),
        "undo_url": reverse(f"{actor}:attendance-undo", args=[session.pk, session.register_version]),
        "guest_url": reverse(f"{actor}:attendance-guest", args=[session.pk]),
        "print_url": reverse(f"{actor}:attendance-print", args=[session.pk]),
    }
    return render(request, f"courses/teaching/{actor}/attendance_register.html", context)
