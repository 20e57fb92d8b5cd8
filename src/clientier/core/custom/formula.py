"""Formulas over the fields of a record: read by Python's own parser, checked, and computed by the database.

The grammar is small and closed: numbers, texts, names of fields, ``+ - * /``, comparisons, ``and or not``,
``a if b else c`` and a few functions. A field that is empty makes what is computed from it empty; so does a
division by zero. The database computes, so that lists can be filtered and sorted by the result, and the value
on a card is the value in the list.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from clientier.core.custom import definitions
from clientier.core.custom.definitions import Definition
from clientier.core.custom.formula_parts import (
    DATE,
    FUNCTIONS,
    NOTHING,
    NUMBER,
    TEXT,
    YES_NO,
    BadFormula,
    Part,
    need,
    params_of,
    same,
)
from clientier.core.custom.models import Kind
from clientier.core.money import MoneyField

LONGEST, MOST_PARTS = 1000, 600
RESULTS = {NUMBER: Kind.NUMBER, TEXT: Kind.TEXT, DATE: Kind.DATE, YES_NO: Kind.YES_NO}
_OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARISONS = {ast.Eq: "=", ast.NotEq: "<>", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


@dataclass
class Scope:
    """Where names are looked up; ``within`` are the formulas that led here, so that rings are refused."""

    model: type[models.Model]
    table: str
    within: tuple[str, ...] = ()
    names: set[str] = field(default_factory=set)
    parts: int = 0


def as_sql(definition: Definition, model: type[models.Model], table: str) -> tuple[str, list[Any]]:
    """The value of a formula field for the rows of ``table``; numbers to six decimals."""
    part = _formula(definition.formula, Scope(model, table, (definition.code,)))
    sql = f"round({part.sql}, 6)" if part.type == NUMBER else part.sql
    return f"({sql})", list(part.params)


def result_of(text: str, model: type[models.Model], code: str) -> tuple[Kind, set[str]]:
    """The kind that a formula computes, and the names of all fields it draws on, directly or by other formulas.

    BadFormula says what is wrong with it. ``code`` is that of the field whose formula it is to be.
    """
    scope = Scope(model, '"t"', (code,))
    part = _formula(text, scope)
    if part.type not in RESULTS:
        raise BadFormula(_("The formula has no value."))
    return RESULTS[part.type], scope.names


def names_in(definition: Definition, model: type[models.Model]) -> set[str] | None:
    """All fields that a formula field draws on; None where the formula is broken."""
    try:
        return result_of(definition.formula, model, definition.code)[1]
    except BadFormula:
        return None


def _formula(text: str, scope: Scope) -> Part:
    if len(text) > LONGEST:
        raise BadFormula(_("The formula is too long."))
    try:
        return _part(ast.parse(text.strip(), mode="eval").body, scope)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BadFormula(_("The formula cannot be read: “%(text)s”.") % {"text": text[:80]}) from error


def _part(node: ast.expr, scope: Scope) -> Part:
    scope.parts += 1
    if scope.parts > MOST_PARTS:
        raise BadFormula(_("The formula is too long."))
    read = _READ.get(type(node))
    if read is None:
        raise BadFormula(_("“%(text)s” is not possible in a formula.") % {"text": ast.unparse(node)[:80]})
    return read(node, scope)


def _constant(node: Any, scope: Scope) -> Part:
    value = node.value
    if isinstance(value, bool):
        return Part("TRUE" if value else "FALSE", YES_NO)
    if value is None:
        return Part("NULL", NOTHING)
    if isinstance(value, int | float) and abs(value) < 10**18:
        return Part(f"{Decimal(str(value)):f}::numeric", NUMBER)
    if isinstance(value, str) and "\0" not in value:
        return Part("%s::text", TEXT, (value,))
    raise BadFormula(_("“%(text)s” is not possible in a formula.") % {"text": str(value)[:80]})


def _sum(node: Any, scope: Scope) -> Part:
    operator = _OPERATORS.get(type(node.op))
    left, right = _part(node.left, scope), _part(node.right, scope)
    if operator is None:
        raise BadFormula(_("“%(text)s” is not possible in a formula.") % {"text": ast.unparse(node)[:80]})
    need(NUMBER, node, left, right)
    divisor = f"NULLIF({right.sql}, 0)" if operator == "/" else right.sql
    return Part(f"({left.sql} {operator} {divisor})", NUMBER, left.params + right.params)


def _sign(node: Any, scope: Scope) -> Part:
    part = _part(node.operand, scope)
    if isinstance(node.op, ast.Not):
        need(YES_NO, node, part)
        return Part(f"(NOT {part.sql})", YES_NO, part.params)
    need(NUMBER, node, part)
    if isinstance(node.op, ast.USub):
        return Part(f"(- {part.sql})", NUMBER, part.params)
    return part


def _all_or_any(node: Any, scope: Scope) -> Part:
    parts = [_part(each, scope) for each in node.values]
    need(YES_NO, node, *parts)
    word = " AND " if isinstance(node.op, ast.And) else " OR "
    return Part(f"({word.join(part.sql for part in parts)})", YES_NO, params_of(parts))


def _comparison(node: Any, scope: Scope) -> Part:
    sides = [_part(each, scope) for each in (node.left, *node.comparators)]
    words = [_COMPARISONS.get(type(operator)) for operator in node.ops]
    if None in words or len(sides) != 2:
        raise BadFormula(_("“%(text)s” is not possible in a formula.") % {"text": ast.unparse(node)[:80]})
    same(node, *sides)
    return Part(f"({sides[0].sql} {words[0]} {sides[1].sql})", YES_NO, params_of(sides))


def _either(node: Any, scope: Scope) -> Part:
    parts = [_part(each, scope) for each in (node.test, node.body, node.orelse)]
    need(YES_NO, node, parts[0])
    kind = same(node, *parts[1:])
    test, yes, no = (part.sql for part in parts)
    return Part(f"(CASE WHEN {test} THEN {yes} ELSE {no} END)", kind, params_of(parts))


def _call(node: Any, scope: Scope) -> Part:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    known = FUNCTIONS.get(name)
    if known is None or node.keywords or any(isinstance(each, ast.Starred) for each in node.args):
        raise BadFormula(_("There is no function “%(name)s”.") % {"name": ast.unparse(node.func)[:80]})
    arguments = [_part(each, scope) for each in node.args]
    if not known.fewest <= len(arguments) <= known.most:
        raise BadFormula(_("“%(name)s” takes another number of values.") % {"name": name})
    return known.make(node, arguments)


def _name(node: Any, scope: Scope) -> Part:
    name = node.id
    if (definition := definitions.live(scope.model).get(name)) is not None:
        scope.names.add(definition.path)
        return _custom(definition, scope)
    scope.names.add(name)
    return _built_in(name, scope)


def _custom(definition: Definition, scope: Scope) -> Part:
    text = f"({scope.table}.\"custom\" ->> '{definition.code}')"
    match definition.kind:
        case Kind.FORMULA:
            if definition.code in scope.within:
                raise BadFormula(
                    _("The formula leads back to itself by “%(name)s”.") % {"name": definition.code}
                )
            inner = Scope(
                scope.model, scope.table, (*scope.within, definition.code), scope.names, scope.parts
            )
            part = _formula(definition.formula, inner)
            scope.parts = inner.parts
            return Part(f"({part.sql})", part.type, part.params)
        case Kind.NUMBER | Kind.MONEY:
            return Part(f"{text}::numeric", NUMBER)
        case Kind.DATE:
            return Part(f"{text}::date", DATE)
        case Kind.YES_NO:
            return Part(f"{text}::boolean", YES_NO)
        case Kind.TEXT | Kind.LONG_TEXT | Kind.CHOICE:
            return Part(text, TEXT)
        case _:
            raise BadFormula(_("“%(name)s” cannot be used in a formula.") % {"name": definition.code})


def _built_in(name: str, scope: Scope) -> Part:
    """A field of the model, or one step away: of the record it refers to, or of the one that lies beside it."""
    first, _separator, second = name.partition("__")
    try:
        found: Any = scope.model._meta.get_field(first)
        if not second:
            return _typed(f"{scope.table}.{_quoted(found.column)}", found, name)
        if not found.is_relation or not (found.many_to_one or found.one_to_one):
            raise FieldDoesNotExist(name)
        beside: Any = found.related_model._meta.get_field(second)
        ours, theirs = _ends(found)
    except (FieldDoesNotExist, AttributeError) as error:
        raise BadFormula(_("There is no field “%(name)s”.") % {"name": name}) from error
    other = _quoted(found.related_model._meta.db_table)
    value = _typed(f"o.{_quoted(beside.column)}", beside, name)
    sql = f"(SELECT {value.sql} FROM {other} o WHERE o.{_quoted(theirs)} = {scope.table}.{_quoted(ours)})"
    return Part(sql, value.type)


def _ends(found: Any) -> tuple[str, str]:
    """The columns by which two tables are tied, ours first."""
    if found.concrete:
        return found.column, found.target_field.column
    return found.field.target_field.column, found.field.column


def _typed(sql: str, found: Any, name: str) -> Part:
    types: tuple[tuple[tuple[type[Any], ...], str, str], ...] = (
        ((models.BooleanField,), YES_NO, sql),
        ((models.ForeignKey,), NOTHING, sql),
        ((models.DateTimeField,), DATE, f"({sql} AT TIME ZONE 'UTC')::date"),
        ((models.DateField,), DATE, sql),
        (
            (MoneyField, models.DecimalField, models.FloatField, models.IntegerField),
            NUMBER,
            f"{sql}::numeric",
        ),
        ((models.CharField, models.TextField), TEXT, f"NULLIF({sql}, '')"),
    )
    for classes, kind, typed in types:
        if isinstance(found, classes) and kind != NOTHING:
            return Part(typed, kind)
    raise BadFormula(_("“%(name)s” cannot be used in a formula.") % {"name": name})


def _quoted(name: str) -> str:
    return f'"{name}"'


_READ: Mapping[type[ast.expr], Callable[[Any, Scope], Part]] = {
    ast.Constant: _constant,
    ast.BinOp: _sum,
    ast.UnaryOp: _sign,
    ast.BoolOp: _all_or_any,
    ast.Compare: _comparison,
    ast.IfExp: _either,
    ast.Call: _call,
    ast.Name: _name,
}
