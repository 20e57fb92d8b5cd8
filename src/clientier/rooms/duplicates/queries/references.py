"""What refers to a record, found from the models: no list says it, so none can forget a kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from clientier.core.custom import definitions
from clientier.core.custom.definitions import Definition
from clientier.rooms.duplicates.models import DuplicatePair
from clientier.rooms.parties.models import SensitiveFact, SensitiveLook

FOLLOWED_OTHERWISE = frozenset({DuplicatePair, SensitiveFact, SensitiveLook})
"""Decisions about two customers are set aside with the one that goes; sensitive facts are bound to their person and
sealed anew for the other; who looked at them stays said of whom they looked at."""


def references(model: type[models.Model]) -> Iterator[tuple[type[models.Model], Any]]:
    """Every kind of record that refers to this one, with the field; those of many-to-many tables as well."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            related: Any = relation.related_model
            if related not in FOLLOWED_OTHERWISE:
                yield related, relation.field  # type: ignore[union-attr]


def custom_references(model: type[models.Model]) -> Iterator[tuple[type[models.Model], Definition]]:
    """The same of custom fields, retired ones too: the database knows nothing of what they refer to."""
    for related in apps.get_models():
        for each in definitions.every(related).values():
            if each.refers_to is model:
                yield related, each
