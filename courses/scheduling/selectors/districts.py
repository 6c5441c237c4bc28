from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import District, Person
from courses.scheduling.models import Venue


def districts_with_use() -> QuerySet[District]:
    """Every district with `has_people` and `has_venues`: who has either stays."""
    return District.objects.annotate(
        has_people=Exists(Person.objects.filter(district=OuterRef("pk"))),
        has_venues=Exists(Venue.objects.filter(district=OuterRef("pk"))),
    ).order_by("name")


def is_in_use(district: District) -> bool:
    people = Person.objects.filter(district=district)
    return people.exists() or Venue.objects.filter(district=district).exists()
