"""A new relation to a person is decided before it is used: what becomes of its rows when two records are made one."""

from courses.registry.services.merges import RELATIONS, relations_to_person


def test_every_relation_to_a_person_is_decided():
    assert set(RELATIONS) == relations_to_person()
