import pytest

from courses.importing.rosters.enums import RosterChoice, RosterFault
from courses.importing.rosters.rules import (
    CohortFacts,
    Fault,
    KnownPerson,
    RosterRow,
    cohort_key,
    enrolling_rows,
    forecast,
    judge_rows,
    unjudged,
)
from courses.importing.rosters.rules.likeness import likeness

COHORTS = {cohort_key(code): CohortFacts(pk, code, "sv", pk != 3) for pk, code in ((1, "R-1"), (2, "R-2"), (3, "R-3"))}


def somebody(name="aho aino", year=1948, phone="", email="", pk=1, active=True):
    return KnownPerson(pk, "S-7K3M-Q2", name, year, phone, email, active)


def row(number=2, name="Aho Aino", year=1948, phone="", email="", cohort="R-1", language=""):
    last, first = name.split(" ", 1)
    values = {"last_name": last, "first_name": first, "birth_year": year, "phone": phone, "email": email}
    return RosterRow(number, {**values, "cohort": cohort, "language": language})


def judged(*rows, known=None, enrolled=(), default=None):
    judge_rows(rows, cohorts=COHORTS, default=default, known=known or {}, enrolled=set(enrolled))
    return [[fault.code for fault in one.faults] for one in rows]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (somebody(phone="1"), somebody(phone="1"), "same"),
        (somebody(email="A@x.fi"), somebody(email="a@x.fi"), "same"),
        (somebody(year=None, phone="1"), somebody(phone="1"), "same"),
        (somebody(phone="1"), somebody(phone="1", year=1950), "contact"),
        (somebody(phone="1"), somebody(phone="2"), "year"),
        (somebody(), somebody(), "year"),
        (somebody(), somebody("aino aho"), "year"),
        (somebody(), somebody(year=None), "name"),
        (somebody(), somebody(year=1950), ""),
        (somebody("virtanen matti"), somebody("virtannen matti"), "near"),
        (somebody("virtanen matti", phone="1"), somebody("virtannen matti", phone="1"), "near"),
        # One letter apart and two phones: two people.
        (somebody("lahtinen kari", phone="1"), somebody("lahtinen mari", phone="2"), ""),
        # A couple with one phone and one year.
        (somebody("aho aino", phone="1"), somebody("aho pentti", phone="1"), ""),
    ],
)
def test_likeness(first, second, expected):
    assert likeness(first, second) == expected
    assert likeness(second, first) == expected


def test_a_person_on_two_rows_for_one_cohort_counts_once():
    assert judged(row(2, phone="1"), row(3, phone="1"), row(4, phone="1")) == [
        [],
        [RosterFault.SAME_AS_ROW],
        [RosterFault.SAME_AS_ROW],
    ]


def test_a_person_on_rows_for_two_cohorts_is_enrolled_in_both():
    rows = [row(2, phone="1"), row(3, phone="1", cohort="R-2"), row(4, phone="1", cohort="R-2")]

    assert judged(*rows) == [[], [RosterFault.SAME_AS_ROW_ELSEWHERE], [RosterFault.SAME_AS_ROW]]
    assert [one.action for one in rows] == [RosterChoice.NEW, RosterChoice.KNOWN, RosterChoice.SKIP]


def test_two_rows_that_are_one_known_person_enroll_them_once():
    person = somebody(year=None, phone="1", email="a@x.fi", pk=7)
    rows = [row(2, phone="1"), row(3, year=None, email="a@x.fi")]
    rows[1].values["birth_year"] = 1950

    codes = judged(*rows, known={2: [person], 3: [person]})

    assert codes == [[RosterFault.SAME_AS_KNOWN], [RosterFault.SAME_AS_ROW]]


@pytest.mark.parametrize(
    ("person", "enrolled", "expected", "action"),
    [
        (somebody(phone="1"), [], RosterFault.SAME_AS_KNOWN, RosterChoice.KNOWN),
        (somebody(phone="1"), [(1, 2)], RosterFault.SAME_AS_KNOWN, RosterChoice.KNOWN),
        (somebody(phone="1"), [(1, 1)], RosterFault.ENROLLED_ALREADY, RosterChoice.SKIP),
        (somebody(phone="1", active=False), [], RosterFault.KNOWN_NOT_ACTIVE, RosterChoice.SKIP),
        (somebody(phone="2"), [], RosterFault.LIKE_KNOWN_YEAR, RosterChoice.SKIP),
        (somebody(phone="1", year=1950), [], RosterFault.LIKE_KNOWN_CONTACT, RosterChoice.SKIP),
        (somebody(year=None), [], RosterFault.LIKE_KNOWN_NAME, RosterChoice.SKIP),
        (somebody("aho aini"), [], RosterFault.LIKE_KNOWN_NEAR, RosterChoice.SKIP),
    ],
)
def test_a_row_like_somebody_on_file(person, enrolled, expected, action):
    one = row(phone="1")

    assert judged(one, known={2: [person]}, enrolled=enrolled) == [[expected]]
    assert one.action == action


def test_the_likest_person_on_file_is_taken():
    one = row(phone="1")

    judged(one, known={2: [somebody(phone="2", pk=5), somebody(phone="1", pk=6)]})

    assert one.person == 6


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("R-1", []),
        ("r 1", []),
        ("R-9", [RosterFault.COHORT_UNKNOWN]),
        ("R-3", [RosterFault.COHORT_CLOSED]),
        ("", [RosterFault.COHORT_MISSING]),
    ],
)
def test_the_cohort_of_a_row(code, expected):
    assert judged(row(cohort=code)) == [expected]


def test_a_row_without_cohort_goes_to_the_one_of_the_file_and_speaks_its_language():
    one = row(cohort="")

    assert judged(one, default=COHORTS[cohort_key("R-2")]) == [[]]
    assert (one.cohort_id, one.values["cohort"], one.values["language"]) == (2, "R-2", "sv")


def test_a_choice_that_a_row_does_not_have_counts_as_none():
    one = row(phone="1")
    one.choice = RosterChoice.KNOWN

    judged(one)

    assert one.action == RosterChoice.NEW


def test_judging_again_says_the_same():
    rows = [row(2, phone="1"), row(3, phone="1"), row(4, name="Mäki Ari", cohort="R-9")]
    first = judged(*rows)

    assert judged(*unjudged(rows)) == first


def test_rows_survive_being_stored():
    rows = [row(2, phone="1"), row(3, phone="1")]
    judged(*rows)

    assert [RosterRow.from_json(one.to_json()) for one in rows] == rows


def test_forecast_gives_seats_in_order_and_queues_the_rest():
    rows = [row(number, name=f"Nimi{number} Aino", year=1930 + number) for number in range(2, 7)]
    judged(*rows)

    [one] = forecast(rows, free={1: 3}, names={1: ("R-1", "Ryhmä")})

    assert (one.code, one.placed, one.waiting) == ("R-1", 3, 2)


# Who is enrolled


def enrolled_by(*rows, enrolled=()):
    return [one.number for one in enrolling_rows(rows, set(enrolled))]


def test_a_row_whose_earlier_row_is_somebody_on_file_enrolls_that_person():
    person = somebody(phone="1", pk=7)
    for already in ((), [(7, 1)]):
        rows = [row(2, phone="1"), row(3, phone="1", cohort="R-2")]
        judged(*rows, known={2: [person], 3: [person]}, enrolled=already)

        assert enrolled_by(*rows, enrolled=already)[-1] == 3


def test_a_row_whose_earlier_row_was_left_out_by_hand_enrolls_nobody():
    person = somebody(phone="1", pk=7)
    rows = [row(2, phone="1"), row(3, phone="1", cohort="R-2")]
    judged(*rows, known={2: [person]})
    rows[0].choice = RosterChoice.SKIP

    assert enrolled_by(*rows) == []


def test_a_person_chosen_for_two_rows_or_in_the_cohort_already_is_enrolled_once():
    person = somebody(pk=7)
    rows = [row(2, name="Aho Aino"), row(3, name="Aino Aho", email="x@example.org")]
    for one in rows:
        one.faults, one.person, one.cohort_id, one.choice = [], person.pk, 1, RosterChoice.KNOWN
        one.faults = [Fault(RosterFault.LIKE_KNOWN_NAME, None, {"code": person.code})]

    assert enrolled_by(*rows) == [2]
    assert enrolled_by(*rows, enrolled=[(7, 1)]) == []
