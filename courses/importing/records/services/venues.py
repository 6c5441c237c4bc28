from accounts.models import District
from courses.importing.records.rules.rows import VenueRow
from courses.importing.records.services.jobs import Import, create
from courses.scheduling.models import Venue


def add_venues(job: Import) -> None:
    """The venues of venues.csv, then those that a cohort or session only names; first the districts of venues and people."""
    _add_districts(job)

    def make(row: VenueRow) -> Venue:
        return Venue(
            name_fi=row.name,
            name_sv=row.name_sv,
            name_en=row.name_en,
            street=row.street,
            postal_code=row.postal_code,
            city=row.city,
            district_id=job.held.districts.get(row.district),
            directions_fi=row.directions_fi,
            directions_sv=row.directions_sv,
            directions_en=row.directions_en,
        )

    def keep(made: list[tuple[VenueRow, Venue]]) -> None:
        job.held.venues.update((row.name, venue.pk) for row, venue in made)

    create(job, "venues", [row for row in job.package.venues if row.name not in job.held.venues], make, keep)
    _add_named_venues(job)


def _add_districts(job: Import) -> None:
    package, held = job.package, job.held.districts
    named = {row.district for row in package.venues} | {row.district for row in package.people}
    made = District.objects.bulk_create(District(name=name) for name in sorted(named - held.keys() - {""}))
    held.update((district.name, district.pk) for district in made)


def _add_named_venues(job: Import) -> None:
    package, held = job.package, job.held.venues
    named = {row.venue for row in package.cohorts} | {row.venue for row in package.sessions}
    made = Venue.objects.bulk_create(Venue(name_fi=name) for name in sorted(named - held.keys() - {""}))
    held.update((venue.name_fi, venue.pk) for venue in made)
