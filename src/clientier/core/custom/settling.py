"""What a custom field must be before it is kept: everything said, nothing that cannot work."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from clientier.core.coded import CodedField
from clientier.core.custom import definitions, formula, kinds
from clientier.core.custom.definitions import PREFIX, Definition
from clientier.core.custom.models import CustomField, Kind
from clientier.core.money import Currency
from clientier.core.outside import is_like, refuse_unstorable

CODE = re.compile(r"[a-z](_?[a-z0-9])*\Z")
TONES = ("", "good", "warn", "bad", "info")
SEARCHABLE = frozenset({Kind.TEXT, Kind.LONG_TEXT})
NEVER_INDEXED = frozenset({Kind.LONG_TEXT, Kind.FORMULA})
MOST_FIELDS, MOST_CHOICES = 200, 500
WORDS = {str: str}
SHAPES: dict[str, Any] = {
    "names": WORDS, "group": WORDS, "helps": WORDS, "applies": {str: [str]},
    "choices": [{"code": str, "names": WORDS, "tone": str, "retired": bool}],
}  # fmt: skip


def model_with_custom_fields(label: str) -> type[models.Model]:
    """The model of this label, if its records take custom fields."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError) as error:
        raise ValidationError({"record": _("There are no records of this kind.")}) from error
    if label != model._meta.label_lower:
        raise ValidationError({"record": _("There are no records of this kind.")})
    if not definitions.takes_custom_fields(model):
        raise ValidationError({"record": _("Records of this kind take no custom fields.")})
    return model


def settle(row: CustomField, *, formula_names: Iterable[str]) -> CustomField:
    """The row made consistent; ValidationError by field where it cannot be, BadFormula for its formula.

    ``formula_names`` are the fields of the record that a formula may name beside custom ones.
    """
    model = model_with_custom_fields(row.record)
    wrong: dict[str, str] = {}
    _check_shapes(row)
    _check_code(row, model, wrong)
    if not any(str(name).strip() for name in row.names.values()):
        wrong["names"] = _("A name in at least one language is needed.")
    _keep_what_the_kind_has(row)
    _check_choices(row, wrong)
    if row.currency and row.currency not in Currency.values:
        wrong["currency"] = _("This currency is not known.")
    if unknown := row.applies.keys() - set(getattr(model, "CUSTOM_FIELDS_BY", ())):
        wrong["applies"] = _("Fields cannot depend on: %(names)s.") % {"names": ", ".join(sorted(unknown))}
    else:
        row.applies = {name: _kept(model, name, values) for name, values in row.applies.items()}
    if wrong:
        raise ValidationError(wrong)
    row.full_clean()
    if row.kind == Kind.FORMULA:
        row.result = _result(row, model, set(formula_names))
    _check_values(row)
    return row


def _kept(model: type[models.Model], name: str, values: list[str]) -> list[str]:
    """The values as records have them: what is meant by a name is kept by its code."""
    field = model._meta.get_field(name)
    return [field.recognise(each) if isinstance(field, CodedField) else each for each in values]


def _check_shapes(row: CustomField) -> None:
    """What lies as JSON may come from a file, and is read by every page: of this shape, and of nothing else."""
    names = {field.name for field in row._meta.fields} - {
        "formula"
    }  # it is read letter by letter, and refused there
    refuse_unstorable({name: getattr(row, name) for name in names})
    misshapen = [name for name, shape in SHAPES.items() if not is_like(getattr(row, name), shape)]
    if misshapen:
        raise ValidationError(dict.fromkeys(misshapen, _("That cannot be read")))


def _check_code(row: CustomField, model: type[models.Model], wrong: dict[str, str]) -> None:
    own = {field.name for field in model._meta.get_fields()} | {"custom", *formula.FUNCTIONS}
    if not CODE.match(row.code):
        wrong["code"] = _("Small Latin letters, digits and single underscores, beginning with a letter.")
    elif row.code in own:
        wrong["code"] = _("This code is taken by a field that every such record has.")
    elif row.pk is None and row.code in definitions.every(model):
        wrong["code"] = _("There is a field with this code already, perhaps a retired one.")


def _keep_what_the_kind_has(row: CustomField) -> None:
    """What means nothing for this kind is not kept."""
    if row.kind not in (Kind.CHOICE, Kind.CHOICES):
        row.choices = []
    if row.kind not in kinds.NUMERIC | {Kind.DATE}:
        row.lowest = row.highest = ""
    if row.kind not in (Kind.NUMBER, Kind.FORMULA):
        row.unit = ""
    if row.kind != Kind.MONEY:
        row.currency = ""
    if row.kind == Kind.FORMULA:
        row.required, row.default = False, None
    else:
        row.formula = row.result = ""
    row.searchable = row.searchable and row.kind in SEARCHABLE
    row.indexed = row.indexed and row.kind not in NEVER_INDEXED


def _check_choices(row: CustomField, wrong: dict[str, str]) -> None:
    if row.kind not in (Kind.CHOICE, Kind.CHOICES):
        return
    codes = [str(choice.get("code", "")) for choice in row.choices]
    if not codes:
        wrong["choices"] = _("At least one choice is needed.")
    elif len(codes) > MOST_CHOICES:
        wrong["choices"] = _("At most %(number)d choices.") % {"number": MOST_CHOICES}
    elif len(set(codes)) < len(codes) or not all(CODE.match(code) and len(code) <= 40 for code in codes):
        wrong["choices"] = _(
            "Every choice needs a code of its own, of small letters, digits and underscores."
        )
    elif any(not any(choice.get("names", {}).values()) for choice in row.choices):
        wrong["choices"] = _("Every choice needs a name.")
    elif any(choice.get("tone", "") not in TONES for choice in row.choices):
        wrong["choices"] = _("This colour is not known.")


def _check_values(row: CustomField) -> None:
    """Limits and the default are values of the field themselves."""
    known = definitions.definition(row)
    if row.lowest or row.highest:
        unlimited = replace(known, lowest="", highest="")
        for name in ("lowest", "highest"):
            if limit := getattr(row, name):
                setattr(row, name, str(_stored(unlimited, limit, name)))
        if _ordered(row.lowest, row.kind) > _ordered(row.highest or row.lowest, row.kind):
            raise ValidationError({"highest": _("The highest is below the lowest.")})
    known = definitions.definition(row)
    row.default = _stored(known, row.default, "default")


def _stored(known: Definition, value: Any, name: str) -> Any:
    try:
        return kinds.stored(known, value)
    except ValidationError as refusal:
        raise ValidationError({name: refusal.messages}) from refusal


def _ordered(limit: str, kind: str) -> Any:
    if not limit:
        return Decimal("-Infinity") if kind in kinds.NUMERIC else ""
    try:
        return Decimal(limit) if kind in kinds.NUMERIC else limit
    except InvalidOperation:
        return Decimal(0)


def _result(row: CustomField, model: type[models.Model], allowed: set[str]) -> str:
    kind, names = formula.result_of(row.formula, model, row.code)
    if unknown := {name for name in names if not name.startswith(PREFIX)} - allowed:
        words = _("There is no field “%(name)s”.") % {"name": sorted(unknown)[0]}
        raise formula.BadFormula(words)
    return str(kind)
