from collections import Counter

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from accounts.validators import refuse_identity_code
from tests.house.field_register import NOT_TYPED, REGISTER

MODELS = {
    model._meta.label: model for app in ("accounts", "courses") for model in apps.get_app_config(app).get_models()
}
TYPED = [
    (label, field)
    for label, model in MODELS.items()
    for field in model._meta.concrete_fields
    if isinstance(field, models.CharField | models.TextField)
    and not field.choices
    and field.name not in NOT_TYPED.get(label, "").split()
]


def stored_fields(model: type[models.Model]) -> Counter[str]:
    return Counter(field.name for field in [*model._meta.concrete_fields, *model._meta.many_to_many])


def test_every_model_is_registered():
    assert set(REGISTER) == set(MODELS)


@pytest.mark.parametrize("label", MODELS)
def test_every_field_is_registered_once(label):
    registered = Counter(field for field, _kind in REGISTER[label].kinds())

    assert registered == stored_fields(MODELS[label])


def test_texts_that_nobody_types_exist():
    gone = {
        f"{label}.{field}"
        for label, fields in NOT_TYPED.items()
        for field in fields.split()
        if field not in stored_fields(MODELS[label])
    }

    assert gone == set()


@pytest.mark.parametrize(("label", "field"), TYPED, ids=[f"{label}.{field.name}" for label, field in TYPED])
def test_typed_text_refuses_an_identity_code(label, field):
    assert refuse_identity_code in field.validators
    with pytest.raises(ValidationError) as refusal:
        field.run_validators("Soita aamulla 010148-123A.")
    assert "identity_code" in {error.code for error in refusal.value.error_list}
