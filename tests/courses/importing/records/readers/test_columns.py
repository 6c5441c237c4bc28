from typing import get_origin, get_type_hints

import pytest

from courses.importing.records.readers.columns import COLUMNS, EMPTY
from courses.importing.records.rules.packages import FILES

ALL = pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)


def values_for_empty(file):
    return EMPTY.get(file.name, {}) | file.row._field_defaults


@ALL
def test_every_column_is_read_into_the_type_that_its_row_says(file):
    empty = values_for_empty(file)
    read = {"line": int}
    for name, parse in COLUMNS[file.name].items():
        found = get_type_hints(parse)["return"]
        read[name] = found | None if empty.get(name, "needed") is None else found

    assert read == get_type_hints(file.row)


@ALL
def test_an_empty_cell_means_nothing_or_a_value_of_that_type(file):
    for name, value in values_for_empty(file).items():
        found = get_type_hints(COLUMNS[file.name][name])["return"]
        assert value is None or type(value) is (get_origin(found) or found), name
