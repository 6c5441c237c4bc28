from courses.importing.records.rules.rows import CohortRow, SessionRow
from courses.importing.records.selectors import HeldCohort
from courses.importing.records.services.jobs import CHUNK, Import, create
from courses.scheduling.models import Cohort, Session


def add_cohorts(job: Import) -> None:
    """Cohorts and their trainers. Their seats are taken by the enrollments."""
    held = job.held

    def make(row: CohortRow) -> Cohort:
        return Cohort(
            course_id=held.courses[row.course],
            venue_id=held.venues.get(row.venue),
            code=row.code,
            name_fi=row.name_fi,
            name_sv=row.name_sv,
            name_en=row.name_en,
            notice_fi=row.notice_fi,
            notice_sv=row.notice_sv,
            notice_en=row.notice_en,
            language=row.language,
            state=row.state,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            capacity=row.capacity,
            minimum=row.minimum,
            remote_link=row.remote_link,
            applications_open_on=row.applications_open_on,
            applications_close_on=row.applications_close_on,
            waiting_list_capacity=row.waiting_list_capacity,
            state_changed_at=job.at,
        )

    def keep(made: list[tuple[CohortRow, Cohort]]) -> None:
        for row, cohort in made:
            held.cohorts[row.code] = HeldCohort(cohort.pk, row.course, row.starts_on, row.ends_on)
        _add_trainers(job, made)

    create(job, "cohorts", [row for row in job.package.cohorts if row.code not in held.cohorts], make, keep)


def _add_trainers(job: Import, made: list[tuple[CohortRow, Cohort]]) -> None:
    through = Cohort.trainers.through
    through.objects.bulk_create(
        through(cohort_id=cohort.pk, person_id=job.held.people[code]) for row, cohort in made for code in row.trainers
    )


def add_sessions(job: Import) -> None:
    """Sessions and the modules that each covers."""
    held = job.held

    def make(row: SessionRow) -> Session:
        return Session(
            cohort_id=held.cohorts[row.cohort].pk,
            venue_id=held.venues.get(row.venue),
            number=row.number,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            lessons=row.lessons,
            state=row.state,
            remote_link=row.remote_link,
            marked_at=row.marked_at,
        )

    def keep(made: list[tuple[SessionRow, Session]]) -> None:
        held.sessions.update(((row.cohort, row.number), session.pk) for row, session in made)
        _add_covered_modules(job, made)

    new = [row for row in job.package.sessions if (row.cohort, row.number) not in held.sessions]
    create(job, "sessions", new, make, keep)


def _add_covered_modules(job: Import, made: list[tuple[SessionRow, Session]]) -> None:
    through = Session.modules.through
    covered = (
        through(session_id=session.pk, module_id=job.held.modules[job.held.cohorts[row.cohort].course, code])
        for row, session in made
        for code in row.modules
    )
    through.objects.bulk_create(covered, batch_size=CHUNK)
