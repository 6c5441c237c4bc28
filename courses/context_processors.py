"""What every page knows of the centre; all of it asked only when a template looks."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.enums import RoleName
from accounts.selectors import DEMO_ADDRESSES, demo_people
from courses.catalogue.selectors.centre import centre_facts
from courses.overview.selectors.navigation import nav_counts


def centre(request: HttpRequest) -> dict[str, object]:
    """`centre`: name, phone, phone_href, hours, email, address. `nav_counts`: for coordinators' pages. With DEMO=1
    `demo_people` for the sign-in page: (name, role, what they show, own code) each."""
    context: dict[str, object] = {
        "centre": SimpleLazyObject(centre_facts),
        "nav_counts": SimpleLazyObject(lambda: _counts(request)),
    }
    if settings.DEMO:
        context["demo_people"] = SimpleLazyObject(_demo_people)
    return context


def _counts(request: HttpRequest) -> dict[str, int]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or RoleName.COORDINATOR not in user.roles:
        return {}
    return nav_counts(user)


def _demo_people() -> list[tuple[str, str, str, str]]:
    words = _demo_words()
    return [(person.full_name, *words[person.email], person.code) for person in demo_people()]


def _demo_words() -> dict[str, tuple[str, str]]:
    return dict(
        zip(
            DEMO_ADDRESSES,
            [
                (str(RoleName.COORDINATOR.label), _("enrolls people, decides, certifies and reports")),
                (str(RoleName.TRAINER.label), _("marks attendance and proposes completions")),
                (pgettext("role", "Learner"), _("sees what comes next")),
                (pgettext("role", "Mentor"), _("has a certificate")),
                (str(RoleName.VIEWER.label), _("reads figures without names")),
                (str(RoleName.ADMINISTRATOR.label), _("keeps the centre's details and the roles of the staff")),
            ],
            strict=True,
        )
    )
