"""The typed parts that formulas are made of, and the functions that make parts of parts."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clientier.core.errors import DomainError

NUMBER, TEXT, DATE, YES_NO, NOTHING = "number", "text", "date", "yes_no", "nothing"


class BadFormula(DomainError):
    """A formula that cannot be understood, or that mixes what does not go together."""

    code = "bad_formula"
    status = 422


@dataclass(frozen=True)
class Part:
    """A part of a formula in SQL, with the type of its value."""

    sql: str
    type: str
    params: tuple[Any, ...] = ()


def need(wanted: str, node: Any, *parts: Part) -> None:
    if any(part.type not in (wanted, NOTHING) for part in parts):
        words = {NUMBER: _("numbers"), TEXT: _("texts"), DATE: _("dates"), YES_NO: _("yes or no")}
        raise BadFormula(
            _("“%(text)s” needs %(kind)s.") % {"text": ast.unparse(node)[:80], "kind": words[wanted]}
        )


def same(node: Any, *parts: Part) -> str:
    """The one type that all parts have."""
    kinds = {part.type for part in parts} - {NOTHING}
    if len(kinds) > 1:
        raise BadFormula(_("“%(text)s” mixes what cannot be compared.") % {"text": ast.unparse(node)[:80]})
    return kinds.pop() if kinds else NOTHING


def params_of(parts: list[Part]) -> tuple[Any, ...]:
    return tuple(value for part in parts for value in part.params)


@dataclass(frozen=True)
class Function:
    """How a function makes a part of its arguments, and how many it takes."""

    make: Callable[[Any, list[Part]], Part]
    fewest: int
    most: int


def _simple(template: str, takes: tuple[str, ...], gives: str) -> Function:
    def make(node: Any, parts: list[Part]) -> Part:
        for wanted, part in zip(takes, parts, strict=True):
            need(wanted, node, part)
        return Part(template.format(*(part.sql for part in parts)), gives, params_of(parts))

    return Function(make, len(takes), len(takes))


def _alike(word: str, only: str = "") -> Function:
    """A function of any number of values of one type, which it gives back."""

    def make(node: Any, parts: list[Part]) -> Part:
        if only:
            need(only, node, *parts)
        kind = same(node, *parts)
        return Part(f"{word}({', '.join(part.sql for part in parts)})", kind, params_of(parts))

    return Function(make, 1, 20)


def _round(node: Any, parts: list[Part]) -> Part:
    need(NUMBER, node, *parts)
    places = node.args[1] if len(parts) == 2 else ast.Constant(0)
    decimals = getattr(places, "value", None)
    if type(decimals) is not int or not 0 <= decimals <= 6:
        raise BadFormula(_("Round to 0 to 6 decimals."))
    return Part(f"round({parts[0].sql}, {decimals:d})", NUMBER, parts[0].params)


def _joined(node: Any, parts: list[Part]) -> Part:
    """Texts and numbers one after another; what is empty is left out."""
    texts = [
        f"trim_scale({part.sql})::text" if part.type == NUMBER else f"({part.sql})::text" for part in parts
    ]
    return Part("(" + " || ".join(f"COALESCE({text}, '')" for text in texts) + ")", TEXT, params_of(parts))


FUNCTIONS: Mapping[str, Function] = {
    "round": Function(_round, 1, 2),
    "abs": _simple("abs({0})", (NUMBER,), NUMBER),
    "min": _alike("LEAST", NUMBER),
    "max": _alike("GREATEST", NUMBER),
    "first": _alike("COALESCE"),
    "join": Function(_joined, 1, 20),
    "length": _simple("char_length({0})::numeric", (TEXT,), NUMBER),
    "days": _simple("({1} - {0})::numeric", (DATE, DATE), NUMBER),
    "year": _simple("EXTRACT(YEAR FROM {0})::numeric", (DATE,), NUMBER),
    "month": _simple("EXTRACT(MONTH FROM {0})::numeric", (DATE,), NUMBER),
}
