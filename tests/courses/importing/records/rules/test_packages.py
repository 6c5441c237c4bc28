from typing import get_type_hints

from courses.importing.records.rules.packages import FILES, Package
from courses.importing.records.rules.rows import MentorRow


def test_a_package_has_one_list_of_the_rows_of_each_file():
    lists = {name: kind for name, kind in get_type_hints(Package).items() if name != "warnings"}

    assert lists == {file.name: list[file.row] for file in FILES}


def test_the_rows_of_a_file_are_found_by_its_name():
    package = Package(mentors=[MentorRow(line=2, person="E-1", state="active")])

    assert (package.rows("mentors"), package.rows("visits")) == (package.mentors, [])


def test_columns_without_a_value_of_their_own_must_be_there():
    mentors = next(file for file in FILES if file.name == "mentors")

    assert mentors.all_columns == ("person", "state", "agreement_signed_on")
    assert mentors.columns == ("person", "state")
