from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import District
from courses.enrolling.rules.desk import Asked
from courses.enrolling.selectors.desk import groups_side_by_side
from courses.templatetags.enrolling import hits
from tests.factories import CohortFactory, CourseFactory, PersonFactory, VenueFactory


def groups(**options):
    return groups_side_by_side(
        **{"people": [], "new": False, "asked": Asked(), "chosen": "", "today": timezone.localdate(), **options}
    )


def cohort_in(days, **fields):
    today = timezone.localdate()
    return CohortFactory.create(starts_on=today + timedelta(days=days), ends_on=today + timedelta(days=90), **fields)


def cohorts(columns):
    return [column.cohort for column in columns]


@pytest.mark.django_db
def test_four_stand_side_by_side_and_those_that_began_apart():
    coming = [cohort_in(days) for days in (5, 10, 15, 20, 25)]
    begun = [cohort_in(days) for days in (-70, -40)]

    found = groups()
    with_chosen = groups(chosen=begun[0].code)

    assert (cohorts(found.columns), cohorts(found.more), cohorts(found.begun)) == (coming[:4], coming[4:], begun[::-1])
    assert cohorts(with_chosen.columns) == [*coming[:3], begun[0]]
    assert with_chosen.chosen(begun[0].code).key


@pytest.mark.django_db
def test_where_all_have_begun_they_stand_side_by_side():
    begun = [cohort_in(days) for days in (-70, -40)]

    assert cohorts(groups().columns) == begun[::-1]


@pytest.mark.django_db
def test_whoever_speaks_swedish_is_offered_the_swedish_group_first_however_late_it_begins():
    finnish = [cohort_in(days) for days in (5, 10, 15, 20)]
    swedish = cohort_in(60, language="sv")

    found = groups(asked=Asked(languages=["sv"]))

    assert cohorts(found.columns) == [swedish, *finnish[:3]]
    assert [column.other_language for column in found.columns] == [False, True, True, True]


@pytest.mark.django_db
def test_a_group_near_their_home_comes_before_a_sooner_one():
    home = District.objects.create(name="Tapiola")
    far, near = cohort_in(5), cohort_in(10, venue=VenueFactory.create(district=home))

    found = groups(asked=Asked(districts=[home.pk]))

    assert [(column.cohort, column.near) for column in found.columns] == [(near, True), (far, False)]


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_no_group_has_the_letter_of_another_one_also_of_one_listed_below():
    for number in range(4):
        cohort_in(5 + number, name_en=f"Spring {number}")
    cohort_in(10, name_en="Spring A")

    found = groups()

    assert [column.key for column in found.columns] == ["b", "c", "d", "e"]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 30])
def test_the_queries_do_not_grow_with_the_groups(count, django_assert_num_queries):
    course = CourseFactory.create(required_course=CourseFactory.create())
    CohortFactory.create_batch(count, course=course)
    person = PersonFactory.create()

    # Groups, their sessions; who completed, who holds a certificate.
    with django_assert_num_queries(4):
        found = groups(people=[person])

    assert len(found.everything) == count


@pytest.mark.parametrize(
    ("name", "text", "marked"),
    [
        ("Mäkelä, Väinö", "makel", "<mark>Mäkel</mark>ä, Väinö"),
        ("Korhonen, Aino-Maija", "aino korho", "<mark>Korho</mark>nen, <mark>Aino</mark>-Maija"),
        ("<b>", "b", "&lt;<mark>b</mark>&gt;"),
        ("Aino", "", "Aino"),
    ],
)
def test_what_was_looked_for_is_marked(name, text, marked):
    assert hits(name, text) == marked
