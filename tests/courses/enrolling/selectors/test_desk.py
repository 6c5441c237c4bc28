from datetime import timedelta

import pytest
from django.utils import timezone

from courses.enrolling.selectors.desk import group_keys, groups_side_by_side
from courses.templatetags.enrolling import hits
from tests.factories import CohortFactory, CourseFactory, PersonFactory


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        (["Spring B", "Spring C"], ["b", "c"]),
        (["Spring B", "Autumn B"], ["b", "a"]),
        # The letters of the page itself are no group's.
        (["Spring F", "Spring A"], ["b", "a"]),
        (["", "12/2027", "Ryhmä Ö"], ["a", "b", "c"]),
    ],
)
def test_each_group_has_a_letter_of_its_own(names, keys):
    assert group_keys(names) == keys


def groups(**options):
    return groups_side_by_side(
        **{"people": [], "new": False, "languages": [], "chosen": "", "today": timezone.localdate(), **options}
    )


@pytest.mark.django_db
def test_four_stand_side_by_side_those_to_come_before_those_that_began():
    today = timezone.localdate()
    days = [-70, -40, 5, 10, 15]
    by_day = {
        day: CohortFactory.create(starts_on=today + timedelta(days=day), ends_on=today + timedelta(days=90))
        for day in days
    }

    found = groups()
    with_chosen = groups(chosen=by_day[-70].code)

    assert [column.cohort for column in found.columns] == [by_day[day] for day in days[1:]]
    assert [column.cohort for column in found.more] == [by_day[-70]]
    assert with_chosen.columns[0].cohort == by_day[-70]
    assert len(with_chosen.columns) == 4


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
