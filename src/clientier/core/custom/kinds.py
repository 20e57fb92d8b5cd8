"""What each kind of custom field holds: its value in Python, in the record's JSON, and as a field of a model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from clientier.core.custom.definitions import Definition
from clientier.core.custom.models import Kind
from clientier.core.money import MoneyField
from clientier.core.outside import is_storable

LONGEST = {Kind.TEXT: 300, Kind.LONG_TEXT: 20_000}
DIGITS, DECIMALS = 24, 6
NUMERIC = frozenset({Kind.NUMBER, Kind.MONEY})
REFERENCES = frozenset({Kind.USER, Kind.CUSTOMER})


class CodesField(models.JSONField):
    """Codes of choices, as a list."""

    def to_python(self, value: Any) -> Any:
        return value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return super().from_db_value(value, expression, connection) if isinstance(value, str) else value


def is_nothing(value: Any) -> bool:
    return value is None or value == "" or value == []


def stored(definition: Definition, value: Any) -> Any:
    """What the record keeps of a value, or None for nothing; ValidationError where it does not fit."""
    if isinstance(value, str):
        value = value.strip()
    if is_nothing(value):
        return None
    if definition.kind in NUMERIC:
        return _number(definition, value)
    if definition.kind in REFERENCES:
        return _key(value)
    return _STORED[definition.kind](definition, value)


def read(definition: Definition, kept: Any) -> Any:
    """The value that the record's JSON holds; what cannot be read any more is nothing."""
    if kept is None:
        return None
    try:
        if definition.holds in NUMERIC:
            return Decimal(str(kept))
        if definition.holds == Kind.DATE:
            return dt.date.fromisoformat(kept)
    except (InvalidOperation, ValueError, TypeError):
        return None
    if definition.kind is Kind.CHOICES and isinstance(kept, str):
        return [kept]  # from the trash or an undo, of the time when it was one choice
    return kept


def model_field(definition: Definition, model: type[models.Model]) -> Any:
    """The field as if the model had it: what lists, forms, pages and history ask about."""
    made = _made(definition)
    made.set_attributes_from_name(definition.path)
    made.model = model
    made.verbose_name = definition.label
    return made


def _made(definition: Definition) -> models.Field[Any, Any]:
    options: dict[str, Any] = {"null": True, "blank": not definition.required}
    if (target := definition.refers_to) is not None:
        return models.ForeignKey(target, models.DO_NOTHING, **options)
    match definition.holds:
        case Kind.NUMBER:
            return models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS, **options)
        case Kind.MONEY:
            return MoneyField(**options)
        case Kind.DATE:
            return models.DateField(**options)
        case Kind.YES_NO:
            return models.BooleanField(**options)
        case Kind.CHOICE:
            return models.CharField(max_length=40, choices=words_of(definition.choices), **options)
        case Kind.CHOICES:
            return CodesField(choices=words_of(definition.choices), **options)
        case Kind.LONG_TEXT:
            return models.TextField(**options)
        case _:
            return models.CharField(max_length=LONGEST[Kind.TEXT], **options)


def words_of(choices: Iterable[Any]) -> list[tuple[str, str]]:
    return [(choice.code, str(choice)) for choice in choices]


def _number(definition: Definition, value: Any) -> str:
    try:
        number = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValidationError(_("“%(value)s” is not a number.") % {"value": value})
    places = 4 if definition.kind is Kind.MONEY else DECIMALS
    smallest = number.adjusted() if number else 0  # asked first: what is far too small becomes nought below
    if not -places <= smallest < DIGITS - DECIMALS or -int(number.normalize().as_tuple().exponent) > places:
        words = _("At most %(whole)d digits before and %(decimals)d after the decimal point.")
        raise ValidationError(words % {"whole": DIGITS - DECIMALS, "decimals": places})
    if definition.lowest and number < Decimal(definition.lowest):
        raise ValidationError(_("At least %(limit)s.") % {"limit": definition.lowest})
    if definition.highest and number > Decimal(definition.highest):
        raise ValidationError(_("At most %(limit)s.") % {"limit": definition.highest})
    return format(number.normalize(), "f") if number else "0"


def _text(definition: Definition, value: Any) -> str:
    if not isinstance(value, str):
        raise ValidationError(_("A text is needed here."))
    if not is_storable(value):
        raise ValidationError(_("The text holds a character that cannot be stored."))
    longest = LONGEST[definition.kind]
    if len(value) > longest:
        raise ValidationError(_("At most %(number)d characters.") % {"number": longest})
    if definition.kind is Kind.TEXT and "\n" in value:
        raise ValidationError(_("One line only."))
    return value


def _date(definition: Definition, value: Any) -> str:
    try:
        day = value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    except (ValueError, TypeError) as error:
        raise ValidationError(_("“%(value)s” is not a date.") % {"value": value}) from error
    text = day.isoformat()[:10]
    if definition.lowest and text < definition.lowest:
        raise ValidationError(_("Not before %(limit)s.") % {"limit": definition.lowest})
    if definition.highest and text > definition.highest:
        raise ValidationError(_("Not after %(limit)s.") % {"limit": definition.highest})
    return text


def _choice(definition: Definition, value: Any) -> str:
    if not isinstance(value, str) or value not in definition.by_choice:
        raise ValidationError(_("“%(value)s” is not one of the choices.") % {"value": value})
    return value


def _choices(definition: Definition, value: Any) -> list[str]:
    if not isinstance(value, list | tuple):
        raise ValidationError(_("A list of choices is needed here."))
    chosen = {_choice(definition, each) for each in value}
    return [choice.code for choice in definition.choices if choice.code in chosen]


def _yes_no(definition: Definition, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValidationError(_("Yes or no is needed here."))
    return value


def _key(value: Any) -> int:
    key = value.pk if isinstance(value, models.Model) else value
    if not isinstance(key, int) or isinstance(key, bool):
        raise ValidationError(_("A record is needed here."))
    return key


def _formula(definition: Definition, value: Any) -> Any:
    raise ValidationError(_("This field is computed; it cannot be written."))


_STORED = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.DATE: _date,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.YES_NO: _yes_no,
    Kind.FORMULA: _formula,
}
