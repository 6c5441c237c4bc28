"""Who may sign in, who has a role, and whom the demo offers."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.enums import PersonState
from accounts.models import Person, PersonMerge, RoleGrant
from accounts.rules.codes import parse_person_code

SIGN_IN_STATES = (PersonState.ACTIVE, PersonState.PAUSED, PersonState.MOVED)

DEMO_ADDRESSES = (
    "coordinator@demo.example",
    "trainer@demo.example",
    "learner@demo.example",
    "mentor@demo.example",
    "viewer@demo.example",
    "admin@demo.example",
)


def people_who_may_sign_in() -> QuerySet[Person]:
    return Person.objects.filter(is_active=True, state__in=SIGN_IN_STATES)


def may_sign_in(person: Person) -> bool:
    return person.is_active and person.state in SIGN_IN_STATES


def people_with_address(email: str) -> list[Person]:
    """Those who share this e-mail address and may sign in, in any case of its letters."""
    return list(people_who_may_sign_in().filter(email__iexact=email))


def person_with_code(text: str) -> Person | None:
    """The person whose own code was typed, in any form; who may sign in. Codes that came with old records count too, and
    those of a record that was made one with this."""
    code = parse_person_code(text)
    how, value = ("", code) if code else ("__iexact", text.strip())
    # Asked first: an OR with a sub-query would read a million rows on PostgreSQL.
    kept = PersonMerge.objects.filter(**{f"old_code{how}": value}).values_list("kept", flat=True).first()
    codes = Q(**{f"code{how}": value}) if kept is None else Q(pk=kept)
    return people_who_may_sign_in().filter(codes).first()


def staff() -> QuerySet[Person]:
    """Everybody with a role now, with the grants at hand in `current_grants`."""
    current = RoleGrant.objects.filter(ended_at__isnull=True).order_by("role")
    return Person.objects.filter(Exists(current.filter(person=OuterRef("pk")))).prefetch_related(
        Prefetch("role_grants", queryset=current, to_attr="current_grants")
    )


def demo_people() -> list[Person]:
    """The invented people one can sign in as in the demo, in the order of DEMO_ADDRESSES."""
    people = people_who_may_sign_in().filter(email__in=DEMO_ADDRESSES).prefetch_related("role_grants")
    return sorted(people, key=lambda person: DEMO_ADDRESSES.index(person.email))
