from accounts.rules.chunks import chunks


def test_values_come_in_lists_of_the_size_and_a_rest():
    assert list(chunks(range(5), 2)) == [[0, 1], [2, 3], [4]]


def test_nothing_gives_no_list():
    assert list(chunks([], 2)) == []


def test_no_more_is_asked_for_than_one_list():
    values = iter(range(5))

    assert (next(chunks(values, 2)), next(values)) == ([0, 1], 2)
