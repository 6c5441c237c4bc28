"""A new relation to a person is decided before it is used: what becomes of its rows when two records are made one."""

from accounts.models import Person
from courses.registry.services.merges import RELATIONS


def test_every_relation_to_a_person_is_decided():
    relations = {
        f"{relation.related_model._meta.label}.{relation.field.name}"
        for relation in Person._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and not relation.many_to_many
    }

    assert set(RELATIONS) == relations
