"""What somebody asks of a list, as the URL says it: search, conditions, order, columns, place.

A condition is ``f=path:operator:values``; several values of one condition are alternatives. A condition that begins
with ``~`` is an alternative to the one before it: ``f=a f=~b f=c`` asks for (a or b) and c. The same words serve
pages, exports, the API, saved views and bulk work.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import DecimalField, F, Lookup, Q, Value
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clientier.core.custom.definitions import PREFIX
from clientier.core.errors import BadQuestion
from clientier.kit.resource import Words

LONGEST_NUMBER = 30
ALTERNATIVE = "~"
WIDTHS = range(60, 601, 20)
_NUMERIC = ("gte", "lte", "between", "empty", "filled")
OPERATORS: dict[str, tuple[str, ...]] = {
    "text": ("contains", "is", "starts", "empty", "filled"),
    "number": _NUMERIC,
    "date": ("within", "ahead", "older", "gte", "lte", "between", "empty", "filled"),
    "choice": ("in", "not_in", "empty"),
    "coded": ("in", "not_in", "empty", "filled"),
    "relation": ("in", "not_in", "empty", "filled"),
    "bool": ("is",),
}
OPERATOR_LABELS: dict[str, Words] = {
    "contains": gettext_lazy("contains"),
    "is": pgettext_lazy("filter", "is"),
    "starts": gettext_lazy("begins with"),
    "empty": gettext_lazy("is empty"),
    "filled": gettext_lazy("is filled in"),
    "gte": pgettext_lazy("filter", "from"),
    "lte": pgettext_lazy("filter", "up to"),
    "between": gettext_lazy("between"),
    "within": gettext_lazy("in the last … days"),
    "ahead": gettext_lazy("in the next … days"),
    "older": gettext_lazy("more than … days ago"),
    "in": gettext_lazy("is one of"),
    "not_in": gettext_lazy("is none of"),
}
FAMILIES = {
    "money": "number", "percent": "number", "score": "number", "delta": "number", "datetime": "date",
    "tier": "choice", "badge": "choice", "choices": "choice", "user": "relation", "link": "text",
}  # fmt: skip


@dataclass(frozen=True)
class Condition:
    path: str
    operator: str
    text: str
    alternative: bool = False

    @property
    def values(self) -> list[str]:
        return [value for value in self.text.split(",") if value]

    def __str__(self) -> str:
        return f"{ALTERNATIVE if self.alternative else ''}{self.path}:{self.operator}:{self.text}"

    @classmethod
    def parse(cls, text: str) -> Condition:
        parts = text.removeprefix(ALTERNATIVE).split(":", 2)
        if len(parts) != 3:
            raise BadQuestion(_("The filter “%(text)s” cannot be read.") % {"text": text})
        return cls(parts[0], parts[1], parts[2], text.startswith(ALTERNATIVE))


@dataclass(frozen=True)
class Question:
    conditions: tuple[Condition, ...] = ()
    search: str = ""
    order: str = ""
    columns: tuple[str, ...] = ()
    widths: tuple[tuple[str, int], ...] = ()
    after: str = ""
    before: str = ""
    imported: str = ""

    @classmethod
    def parse(cls, params: QueryDict) -> Question:
        return cls(
            conditions=tuple(Condition.parse(text) for text in params.getlist("f")),
            search=params.get("q", "").strip()[:200],
            order=params.get("order", ""),
            columns=tuple(filter(None, params.get("cols", "").split(","))),
            widths=tuple(_widths(params.get("widths", ""))),
            after=params.get("after", ""),
            before=params.get("before", ""),
            imported=params.get("imported", ""),
        )

    def without(self, place: int) -> Question:
        """The question with one condition less; what was an alternative to that alone stands for itself."""
        left = [*self.conditions[:place], *self.conditions[place + 1 :]]
        if place < len(left) and not self.conditions[place].alternative:
            left[place] = replace(left[place], alternative=False)
        return replace(self, conditions=tuple(left))

    def query(self, **changes: Any) -> str:
        """The query string of this question, or of one that differs; the place is dropped unless given."""
        asked = replace(self, **{"after": "", "before": "", **changes})
        params = QueryDict(mutable=True)
        params.setlist("f", [str(condition) for condition in asked.conditions])
        simple = {
            "q": asked.search,
            "order": asked.order,
            "cols": ",".join(asked.columns),
            "widths": ",".join(f"{path}:{width}" for path, width in asked.widths),
            "imported": asked.imported,
        }
        for name, value in {**simple, "after": asked.after, "before": asked.before}.items():
            if value:
                params[name] = value
        return params.urlencode()


def _widths(text: str) -> Iterator[tuple[str, int]]:
    """The widths of columns in pixels, in the steps that the style sheet knows; others are passed over."""
    for part in text.split(","):
        path, _colon, width = part.rpartition(":")
        if path and width.isdecimal() and len(width) < 4 and int(width) in WIDTHS:
            yield path, int(width)


def family(kind: str) -> str:
    """The kinds that are asked about in the same way."""
    return FAMILIES.get(kind, kind)


def as_filter(condition: Condition, kind: str, today: dt.date) -> Q:
    """The condition as a database filter; BadQuestion when its values do not fit."""
    asked = family(kind)
    if kind == "datetime":
        condition = replace(condition, path=f"{condition.path}__date")
    if asked == "coded" and condition.operator in OPERATORS["text"]:
        asked = "text"  # views kept since the field was a text like others
    if condition.operator not in OPERATORS.get(asked, ()):
        raise BadQuestion(_("The filter “%(text)s” cannot be read.") % {"text": condition})
    try:
        if "\0" in condition.text:  # PostgreSQL has no such letter
            _refuse(condition.text)
        return _BUILDERS[condition.operator](condition, asked, today)
    except (ValueError, OverflowError, InvalidOperation, IndexError) as error:
        raise BadQuestion(
            _("“%(value)s” is not a value to filter by here.") % {"value": condition.text}
        ) from error


def _typed(text: str, asked: str) -> Any:
    if asked == "number":
        number = Decimal(text)
        return number if number.is_finite() and number.adjusted() < LONGEST_NUMBER else _refuse(text)
    if asked == "date":
        return dt.date.fromisoformat(text)
    if asked == "relation":
        return int(text)
    if asked == "bool":
        return {"yes": True, "no": False}.get(text) if text in {"yes", "no"} else _refuse(text)
    return text


def _refuse(text: str) -> Any:
    raise ValueError(text)


def _lookup(suffix: str) -> Callable[[Condition, str, dt.date], Q]:
    def build(condition: Condition, asked: str, today: dt.date) -> Q:
        return Q(**{f"{condition.path}{suffix}": _typed(condition.text, asked)})

    return build


def _bound(comparison: type[Lookup[bool]], suffix: str) -> Callable[[Condition, str, dt.date], Q]:
    def build(condition: Condition, asked: str, today: dt.date) -> Q:
        value = _typed(condition.text, asked)
        if asked == "number":  # compared as numbers: a whole-number field would cut 1.5 to 1
            return Q(comparison(F(condition.path), Value(value, DecimalField())))
        return Q(**{f"{condition.path}{suffix}": value})

    return build


_from = _bound(GreaterThanOrEqual, "__gte")
_up_to = _bound(LessThanOrEqual, "__lte")


def _empty(condition: Condition, asked: str, today: dt.date) -> Q:
    nothing = Q(**{f"{condition.path}__isnull": True})
    return nothing | Q(**{condition.path: ""}) if asked in {"text", "choice", "coded"} else nothing


def _among(condition: Condition, asked: str, today: dt.date) -> Q:
    return Q(**{f"{condition.path}__in": [_typed(value, asked) for value in condition.values]})


def _none_of(condition: Condition, asked: str, today: dt.date) -> Q:
    none = ~_among(condition, asked, today)
    return none | Q(**{f"{condition.path}__isnull": True}) if PREFIX in condition.path else none


def _between(condition: Condition, asked: str, today: dt.date) -> Q:
    low, high = (replace(condition, text=value) for value in condition.values[:2])
    return _from(low, asked, today) & _up_to(high, asked, today)


def _days(condition: Condition) -> dt.timedelta:
    return dt.timedelta(days=min(int(condition.text), 36_500))


_BUILDERS: dict[str, Callable[[Condition, str, dt.date], Q]] = {
    "contains": _lookup("__icontains"),
    "is": _lookup(""),
    "starts": _lookup("__istartswith"),
    "gte": _from,
    "lte": _up_to,
    "empty": _empty,
    "filled": lambda c, asked, today: ~_empty(c, asked, today),
    "in": _among,
    "not_in": _none_of,
    "between": _between,
    "within": lambda c, asked, today: Q(**{f"{c.path}__range": (today - _days(c), today)}),
    "ahead": lambda c, asked, today: Q(**{f"{c.path}__range": (today, today + _days(c))}),
    "older": lambda c, asked, today: Q(**{f"{c.path}__lt": today - _days(c)}),
}
