"""Every kind of record that points to a person says what it tells of them, and what becomes of it afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import BinaryField, CharField, JSONField, Model, TextField

import clientier.site.urls  # noqa: F401 - importing it loads every room
from clientier.core.derived import derived_fields
from clientier.core.personal import personal_of
from clientier.rooms.parties.models import Contact, Customer

PERSONS = (Customer, Contact)


def pointing() -> Iterator[tuple[type[Model], str]]:
    """Every model and foreign key that leads to a person, but for what ties persons to each other."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model in PERSONS and model not in PERSONS:
                yield model, field.name


def telling() -> list[type[Model]]:
    return [model for model in apps.get_models() if personal_of(model)]


@pytest.mark.parametrize(("model", "path"), [*pointing()], ids=lambda part: getattr(part, "__name__", part))
def test_whatever_points_to_a_person_says_what_it_tells(model: type[Model], path: str) -> None:
    said = personal_of(model)
    assert said is not None, "declare PERSONAL (core.personal) on the model"
    assert path in {way.split("__")[0] for way in said.paths}


def is_told(model: type[Model], field: Any) -> bool:
    """Whether somebody has thought of the field; ``*`` stands for figures, days and choices, never for words."""
    said: Any = personal_of(model)
    if said.goes or field.name in (*said.erased, *said.kept):
        return True
    words = isinstance(field, CharField | TextField | JSONField | BinaryField) and not field.choices
    return "*" in said.kept and not words


@pytest.mark.parametrize("model", telling(), ids=lambda model: model._meta.label_lower)
def test_every_field_of_such_a_record_is_erased_or_kept_for_a_reason(model: type[Model]) -> None:
    derived = {field.name for field in derived_fields(model)}
    own = [
        f for f in model._meta.concrete_fields if not (f.is_relation or f.primary_key or f.name in derived)
    ]
    assert [field.name for field in own if not is_told(model, field)] == []


@pytest.mark.parametrize("model", telling(), ids=lambda model: model._meta.label_lower)
def test_what_is_kept_has_its_reason_and_what_is_named_exists(model: type[Model]) -> None:
    said: Any = personal_of(model)
    names = {field.name for field in model._meta.concrete_fields}
    assert set(said.erased) <= names
    assert set(said.kept) - {"*"} <= names
    assert not said.dated or said.dated in names
    assert said.goes or str(said.why)
