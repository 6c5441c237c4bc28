from django.contrib.auth.hashers import make_password

from accounts.enums import Channel
from accounts.models import Person
from accounts.rules.keys import person_keys
from accounts.services.search import add_search_words
from courses.importing.records.rules.rows import PersonRow
from courses.importing.records.services.jobs import Import, create


def add_people(job: Import) -> None:
    def make(row: PersonRow) -> Person:
        return Person(
            code=row.code,
            first_name=row.first_name,
            last_name=row.last_name,
            birth_year=row.birth_year,
            **person_keys(first_name=row.first_name, last_name=row.last_name, birth_year=row.birth_year),
            gender=row.gender,
            language=row.language,
            phone=row.phone,
            email=row.email,
            street=row.street,
            postal_code=row.postal_code,
            city=row.city,
            district_id=job.held.districts.get(row.district),
            channel=row.channel or _likely_channel(row),
            second_channel=row.second_channel,
            state=row.state,
            protected=row.protected,
            password=make_password(None),
            created_at=job.at,
        )

    def keep(made: list[tuple[PersonRow, Person]]) -> None:
        add_search_words([person for _row, person in made])
        job.held.people.update((row.code, person.pk) for row, person in made)

    create(job, "people", [row for row in job.package.people if row.code not in job.held.people], make, keep)


def _likely_channel(row: PersonRow) -> str:
    if row.email:
        return Channel.EMAIL
    return Channel.CALL if row.phone else Channel.LETTER
