"""Holds typed values against what the model of the records allows, before the database has to refuse them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models

from clientier.core.addresses import validate_address
from clientier.kit.imports.kinds import cell_text
from clientier.kit.imports.reasons import Reason, quoting
from clientier.kit.imports.registry import ImportTarget
from clientier.kit.imports.targets import Kind

Check = Callable[[Sequence[Any]], Mapping[int, Reason]]


def checks_for(importing: ImportTarget, fields: Sequence[str]) -> dict[str, Check]:
    """A check of the whole column for every field whose model sets bounds to it."""
    checks: dict[str, Check] = {}
    for name in fields:
        if name not in importing.target.by_name:
            continue  # a custom field, checked by its definition
        declared = importing.target.by_name[name]
        stored = _stored(importing, name)
        if stored is None or declared.lookup:
            continue
        if declared.kind in (Kind.INTEGER, Kind.DECIMAL):
            checks[name] = _bounds(stored)
        elif isinstance(stored, models.EmailField):
            checks[name] = _emails()
    return checks


def _stored(importing: ImportTarget, name: str) -> Any:
    for model in importing.writes:
        for stored in model._meta.concrete_fields:
            if stored.name == name:
                return stored
    return None


def _bounds(stored: Any) -> Check:
    least, most = _limits(stored)

    def check(values: Sequence[Any]) -> Mapping[int, Reason]:
        known = [value for value in values if value is not None]
        if not known or (min(known) >= least and max(known) <= most):
            return {}
        return {
            position: quoting("too_small", cell_text(value), limit=least)
            if value < least
            else quoting("too_great", cell_text(value), limit=most)
            for position, value in enumerate(values)
            if value is not None and not least <= value <= most
        }

    return check


def _limits(stored: Any) -> tuple[Any, Any]:
    least: Any
    most: Any
    if isinstance(stored, models.DecimalField):
        whole_digits = (stored.max_digits or 18) - (stored.decimal_places or 0)
        most = Decimal(10) ** whole_digits - Decimal(10) ** -(stored.decimal_places or 0)
        least = -most
    else:
        least, most = connection.ops.integer_field_range(stored.get_internal_type())
    for validator in stored.validators:
        limit = getattr(validator, "limit_value", None)
        if isinstance(validator, MinValueValidator):
            least = max(least, _exact(limit))
        elif isinstance(validator, MaxValueValidator):
            most = min(most, _exact(limit))
    return least, most


def _exact(limit: Any) -> Any:
    return Decimal(str(limit)) if isinstance(limit, float) else limit


def _emails() -> Check:
    judged: dict[str, Reason | None] = {}

    def judge(text: str) -> Reason | None:
        if text not in judged:
            try:
                validate_address(text)
                judged[text] = None
            except ValidationError:
                judged[text] = quoting("not_email", text)
        return judged[text]

    def check(values: Sequence[Any]) -> Mapping[int, Reason]:
        return {p: reason for p, text in enumerate(values) if text and (reason := judge(text)) is not None}

    return check
