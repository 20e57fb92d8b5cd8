"""Records that became part of another: who asks for the one is led to the other."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Model
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.access import Record
from clientier.core.actor import Actor

Find = Callable[[int], int | None]
_finders: dict[type[Model], Find] = {}


def lead_on(model: type[Model], find: Find) -> None:
    """Let a room say what a record of this kind that is no more has become: ``find(key) -> key``."""
    if model in _finders:
        raise ValueError(f"two rooms know what became of {model._meta.label_lower}")
    _finders[model] = find


def successor(actor: Actor, model: type[Record], key: int) -> Record | None:
    """The record that this one is part of now, if the actor may see it."""
    became = _finders[model](key) if model in _finders else None
    return access.visible(actor, model).filter(pk=became).first() if became else None


def words(record: Model) -> str:
    return _("What you asked for was merged into %(name)s.") % {"name": record}
