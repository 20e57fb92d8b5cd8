"""Rules on records that must hold however a record is put back: by undoing, or out of the trash."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

from clientier.core.actor import Actor

Guard = Callable[[Any, Actor], None]
_guards: dict[type[models.Model], Guard] = {}


def guard(model: type[models.Model], refuse: Guard) -> None:
    """Have ``refuse(record, actor)`` asked before and after a record of this kind is put back.

    It raises NotAllowed for what the kind's own commands would have refused: the right alone does not tell.
    """
    if model in _guards:
        raise ValueError(f"{model.__name__} is guarded already")
    _guards[model] = refuse


def ask(record: models.Model, actor: Actor) -> None:
    """Ask the guard of this kind of record, if there is one."""
    if refuse := _guards.get(type(record)):
        refuse(record, actor)
