import pytest

from courses.overview.selectors.setup import Setup
from courses.overview.wording.setup import setup_rows

pytestmark = pytest.mark.usefixtures("english")


def rows(done=(), *, roles=("coordinator",), draft="", others=None):
    others = {"administrator": ["Arvo Pääkäyttäjä"], "coordinator": ["Kaisa"]} if others is None else others
    return {row.title: row for row in setup_rows(Setup(frozenset(done), draft, frozenset(roles), others))}


def test_each_step_says_how_it_stands_and_has_its_button():
    found = rows(["districts", "course"])

    assert {title: (row.state, row.action) for title, row in found.items()} == {
        "The centre's details": ("An administrator does this: Arvo Pääkäyttäjä", ""),
        "Districts": ("Done", ""),
        "A venue": ("Next", "Add a venue"),
        "A trainer": ("An administrator does this: Arvo Pääkäyttäjä", ""),
        "A course": ("Done", ""),
        "A published group": ("To do", "Make a group"),
        "People in the group": ("Waits for: A published group", ""),
    }
    assert [title for title, row in found.items() if row.is_next] == ["A venue"]


def test_a_group_that_is_made_already_is_to_be_published():
    row = rows(["districts", "venue", "course"], draft="AIM-1")["A published group"]

    assert (row.action, row.url) == ("Publish the group", "/en/coordinator/cohorts/AIM-1/")


def test_an_administrator_is_told_to_add_a_coordinator_where_there_is_none():
    row = rows(roles=["administrator"], others={"coordinator": []})["A course"]

    assert (row.state, row.action) == ("A coordinator does this, and there is none yet.", "Add a coordinator")


def test_a_coordinator_without_an_administrator_is_told_how_one_is_made():
    assert "create_staff" in rows(others={"administrator": []})["A trainer"].state
