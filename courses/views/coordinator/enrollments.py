from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.enums import Channel, HowAsked, PersonState
from accounts.models import Person
from accounts.selectors import LikelyDuplicate, likely_duplicates, search_people
from courses.exceptions import RuleError
from courses.forms.enrollments import NEW, EnrollForm, NewPersonForm
from courses.models import Cohort, Enrollment, Session
from courses.selectors.enrollments import cohorts_to_enroll_in, queue_place
from courses.selectors.people import open_enrollments_of
from courses.services.enrollments import enroll_new_person, enroll_person
from courses.views.access import PersonRequest, for_coordinator
from courses.views.refusals import refuse

FOUND = 8
SENT_ONCE_FOR = 60 * 60


@dataclass
class Desk:
    """What stands on the page: what was typed and chosen, whom the search found, who may be the same person."""

    form: EnrollForm
    person_form: NewPersonForm
    cohorts: list[Cohort]
    sent: dict[str, Any]
    person: Person | None = None
    found: list[Person] = field(default_factory=list)
    open_enrollments: list[Enrollment] = field(default_factory=list)
    duplicates: list[LikelyDuplicate] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)

    @property
    def cohort(self) -> Cohort | None:
        return next((cohort for cohort in self.cohorts if cohort.code == self.sent.get("cohort")), None)

    @property
    def today(self) -> date:
        return timezone.localdate()

    @property
    def next_session(self) -> Session | None:
        """Of the chosen cohort: what to read aloud."""
        sessions = self.cohort.held_sessions if self.cohort else []  # type: ignore[attr-defined]  # prefetched
        return next((session for session in sessions if session.starts_at > timezone.now()), None)

    @property
    def shown_name(self) -> str:
        if self.person:
            return self.person.full_name
        if self.sent["who"] != NEW:
            return ""
        return f"{self.sent.get('first_name', '')} {self.sent.get('last_name', '')}".strip()

    @property
    def forms(self) -> list[Any]:
        """Those with mistakes to tell, for the list above the heading."""
        return [form for form in (self.form, self.person_form) if form.is_bound]


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def enrollments_create(request: PersonRequest) -> HttpResponse:
    """One form on one page. Each press, and with htmx each change, shows it anew with what follows from it; only
    "enroll" writes."""
    enrolling = _is_enrolling(request)
    desk = _desk(request, checked=enrolling)
    if enrolling and _is_ready(desk):
        done = _enroll(request, desk)
        if done is not None:
            return done
    context = {"desk": desk, "form": desk.form, "person_form": desk.person_form, "token": get_random_string(20)}
    return render(request, "courses/coordinator/enrollments_create.html", context)


def _is_enrolling(request: PersonRequest) -> bool:
    """Whether the form was sent to enroll: by its button, or by keys, which press none."""
    pressed = request.POST.get("use") or request.POST.get("different")
    return request.method == "POST" and not pressed and request.POST.get("step", "enroll") == "enroll"


def _desk(request: PersonRequest, *, checked: bool) -> Desk:
    posted = request.method == "POST"
    sent: dict[str, Any] = (request.POST if posted else request.GET).dict()
    if not posted:
        sent = {"who": sent.get("person", ""), "cohort": sent.get("cohort", ""), "how_asked": HowAsked.PHONE.value}
    sent["who"] = sent.get("use") or sent.get("who", "")
    is_new = sent["who"] == NEW
    typed = {name: value for name, value in sent.items() if name in NewPersonForm.base_fields}
    if is_new and posted and not any(typed.get(name) for name in ("first_name", "last_name", "phone", "email")):
        typed |= _typed_in_search(sent.get("find", ""))
        sent |= typed
    desk = Desk(
        form=EnrollForm(sent) if checked else EnrollForm(initial=sent),
        person_form=NewPersonForm(typed)
        if checked and is_new
        else NewPersonForm(initial={"channel": Channel.CALL.value} | typed),
        cohorts=list(cohorts_to_enroll_in(timezone.localdate())),
        sent=sent,
        apart=[*request.POST.getlist("apart"), *request.POST.getlist("different")],
    )
    if is_new:
        desk.duplicates = _unconfirmed(typed, desk.apart)
    elif sent["who"]:
        desk.person = Person.objects.exclude(state=PersonState.ANONYMIZED).filter(code=sent["who"]).first()
        desk.open_enrollments = open_enrollments_of(desk.person) if desk.person else []
    desk.found = _found(sent.get("find", ""), desk.person)
    return desk


def _found(text: str, chosen: Person | None) -> list[Person]:
    """The chosen person first, then whom the search finds."""
    others = search_people(text).select_related("district")[:FOUND] if text.strip() else []
    return ([chosen] if chosen else []) + [person for person in others if person != chosen]


def _typed_in_search(text: str) -> dict[str, str]:
    """What was looked for is what the new person is called, or their number or address."""
    if "@" in text:
        return {"email": text}
    if any(letter.isdigit() for letter in text):
        return {"phone": text}
    last, _space, first = text.strip().partition(" ")
    return {"last_name": last.title(), "first_name": first.title()}


def _unconfirmed(typed: dict[str, Any], apart: list[str]) -> list[LikelyDuplicate]:
    """People on file who may be the one typed, as far as what was typed can be read, and of whom nobody has said yet that
    it is another person."""
    trial = NewPersonForm(typed)
    trial.is_valid()
    names = ("first_name", "last_name", "birth_year", "phone", "email")
    known = {name: trial.cleaned_data[name] for name in names if trial.cleaned_data.get(name)}
    return [one for one in likely_duplicates(**known) if one.by_name and one.person.code not in apart]


def _is_ready(desk: Desk) -> bool:
    """Whether all is there to enroll; otherwise the page says what is not. Both forms are checked, to say all at once."""
    valid = [form.is_valid() for form in desk.forms]
    if desk.sent["who"] not in ("", NEW) and desk.person is None:
        desk.form.add_error("who", _("There is no such person. Find the person again."))
    if desk.sent.get("cohort") and desk.cohort is None:
        desk.form.add_error("cohort", _("Nobody can be enrolled in that group now. Choose another one."))
    return all(valid) and desk.form.is_valid() and not desk.duplicates


def _enroll(request: PersonRequest, desk: Desk) -> HttpResponseRedirect | None:
    """Enrolls once per opened page, however often it is sent. None when it was refused: the form says why."""
    assert desk.cohort is not None
    again = f"{reverse('coordinator:enrollments-create')}?{urlencode({'cohort': desk.cohort.code})}"
    key = f"enroll:{request.user.pk}:{desk.sent.get('token', '')[:40]}"
    if not cache.add(key, 1, SENT_ONCE_FOR):
        messages.info(request, _("The form was sent twice. It was done once."))
        return redirect(again)
    how_asked = HowAsked(desk.form.cleaned_data["how_asked"])
    try:
        if desk.person:
            enrollment = enroll_person(person=desk.person, cohort=desk.cohort, by=request.user, how_asked=how_asked)
        else:
            data = desk.person_form.data_of_person
            enrollment = enroll_new_person(data=data, cohort=desk.cohort, by=request.user, how_asked=how_asked)
    except RuleError as error:
        refuse(desk.form, error)
    except ValidationError as error:
        desk.person_form.add_error(None, error)
    else:
        undo = reverse("coordinator:enrollments-undo", args=[enrollment.pk])
        messages.success(request, _what_was_done(enrollment, desk.cohort), extra_tags=undo)
        return redirect(again)
    cache.delete(key)
    return None


def _what_was_done(enrollment: Enrollment, cohort: Cohort) -> str:
    name = enrollment.person.full_name
    place = queue_place(enrollment)
    if place:
        return _("%(cohort)s is full. %(name)s is number %(place)d on the waiting list.") % {
            "cohort": cohort.name,
            "name": name,
            "place": place,
        }
    return _("%(name)s has a place in %(cohort)s. %(taken)d of %(capacity)d seats are taken.") % {
        "name": name,
        "cohort": cohort.name,
        "taken": cohort.seats_taken,
        "capacity": cohort.capacity,
    }
