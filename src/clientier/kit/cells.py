"""One value as a person sees it: its text, where it leads, what its colour means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any

from django.db.models import Model
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clientier.core.access import field_at
from clientier.core.custom import definitions, kinds
from clientier.core.custom.definitions import Definition
from clientier.core.custom.models import Kind
from clientier.core.trash import DAYS_KEPT
from clientier.kit import custom_values, formats, resource
from clientier.kit.resource import Column, Resource
from clientier.kit.rows import found_at, is_unseen, value_at

UNSEEN = "·"
TIER_TONES = {"important": "t1", "major": "t2", "ordinary": "t3", "small": "t4"}


@dataclass(frozen=True)
class Cell:
    """``kind`` decides the drawing; ``value`` is the plain value for files: unrounded, and as it is read."""

    kind: str
    text: str = ""
    url: str = ""
    tone: str = ""
    points: Sequence[float] = ()
    value: Any = None
    hint: str = ""


@dataclass(frozen=True)
class Setting:
    """What a page must know beside its records: the base currency, the day it is, how long the trash keeps.

    ``asked`` is what the address of the page asks of its panels.
    """

    currency: str
    today: dt.date
    trash_days: int = DAYS_KEPT
    asked: Mapping[str, str] = field(default_factory=dict)


def link_to(record: Model) -> str:
    """The page of a record, if records of its kind have one."""
    shown = resource.of(type(record))
    if shown is None:
        return ""
    before, after = _page_of_each(shown.slug, get_script_prefix())
    return f"{before}{record.pk}{after}"


@lru_cache(maxsize=256)
def _page_of_each(slug: str, prefix: str) -> tuple[str, str]:
    """What stands before and after the key in the addresses of such records, under the prefix of this request."""
    before, _key, after = reverse(f"{slug}-detail", args=[0]).rpartition("0")
    return before, after


def cell(shown: Resource, column: Column, record: Model, setting: Setting) -> Cell:
    return drawer(shown, column, setting)(record)


def drawer(shown: Resource, column: Column, setting: Setting) -> Callable[[Any], Cell]:
    """What draws this column for one record after the other: all that is the same for them is found out once."""
    path, draw = column.path, _drawing(shown, column, setting)

    def drawn(record: Any) -> Cell:
        if is_unseen(record, path):
            return Cell("text", UNSEEN, value=UNSEEN, hint=_("a record out of your reach"))
        return draw(record, found_at(record, path))

    return drawn


def _drawing(shown: Resource, column: Column, setting: Setting) -> Callable[[Any, Any], Cell]:
    """The drawing of a record's value in this column, which may be nothing."""
    if definition := definitions.at(shown.model, column.path):
        return lambda record, value: _custom(definition, value, setting)
    kind = resource.kind_of(shown, column)
    empty = Cell(kind if kind in {"money", "number", "percent"} else "text", "")
    if column.path == shown.title_column:
        filled: Callable[[Any, Any], Cell] = _title
    elif kind == "money":
        filled = partial(_money, column, setting)
    elif kind in {"choice", "tier"}:
        filled = _choice(shown, column, kind)
    elif kind == "coded":
        filled = _coded(shown, column)
    else:
        plain = _DRAWN[kind]
        return lambda record, value: empty if value is None or value == "" else plain(value, setting)
    return lambda record, value: empty if value is None or value == "" else filled(record, value)


def _title(record: Any, value: Any) -> Cell:
    return Cell("link", str(record), url=link_to(record), value=value)


def _coded(shown: Resource, column: Column) -> Callable[[Any, Any], Cell]:
    name_of = field_at(shown.model, column.path).name_of

    def named(record: Any, value: Any) -> Cell:
        name = name_of(value)
        return Cell("text", name, value=name)

    return named


def _custom(definition: Definition, value: Any, setting: Setting) -> Cell:
    """A custom value as one of its kind looks; several choices are one text that an import reads again."""
    kind = custom_values.CELLS[Kind(definition.holds)]
    if kinds.is_nothing(value):
        return Cell(kind if kind in {"money", "number"} else "text", "")
    if kind == "money":
        text = formats.with_symbol(value, definition.currency or setting.currency, cents=True)
        return Cell("money", text, tone="bad" if value < 0 else "", value=value)
    if kind == "choice":
        choice = definition.by_choice.get(value, value)
        tone = getattr(choice, "tone", "")
        return Cell("badge" if tone else "text", str(choice), tone=tone, value=str(choice))
    if kind == "choices":
        names = [str(definition.by_choice.get(code, code)) for code in value]
        return Cell("text", "; ".join(names), value="; ".join(names))
    drawn = _DRAWN[kind](value, setting)
    return replace(drawn, text=f"{drawn.text} {definition.unit}") if definition.unit else drawn


def _money(column: Column, setting: Setting, record: Any, value: Any) -> Cell:
    """Documents show their cents; figures computed in the base currency are read whole."""
    currency = value_at(record, column.currency) if column.currency else setting.currency
    text = formats.with_symbol(value, currency, cents=bool(column.currency))
    return Cell("money", text, tone="bad" if value < 0 else "", value=value)


def _choice(shown: Resource, column: Column, kind: str) -> Callable[[Any, Any], Cell]:
    words = {each: str(label) for each, label in field_at(shown.model, column.path).flatchoices}
    tones = TIER_TONES if kind == "tier" else column.tones
    drawn = "tier" if kind == "tier" else "badge" if tones else "text"

    def chosen(record: Any, value: Any) -> Cell:
        text = words[value] if value in words else str(value)
        return Cell(drawn, text, tone=tones.get(value, ""), value=text)

    return chosen


def _relation(value: Any, setting: Setting) -> Cell:
    return Cell("link", str(value), url=link_to(value), value=str(value))


def _user(value: Any, setting: Setting) -> Cell:
    return Cell("user", str(value), value=str(value))


def _moment(value: dt.datetime, setting: Setting) -> Cell:
    local = timezone.localtime(value)
    return Cell(
        "datetime", formats.moment(local), value=value, hint=formats.since(local.date(), setting.today)
    )


def _number(value: Any, setting: Setting) -> Cell:
    whole = value == int(value)
    return Cell("number", formats.number(value, 0 if whole else 2), value=value)


def _delta(value: float, setting: Setting) -> Cell:
    tone = "good" if value > 0 else "bad" if value < 0 else ""
    text = f"+{formats.percent(value)}" if value > 0 else formats.percent(value)
    return Cell("delta", text, tone=tone, value=value)


_DRAWN: dict[str, Callable[[Any, Setting], Cell]] = {
    "text": lambda value, setting: Cell("text", str(value), value=value),
    "link": _relation,
    "relation": _relation,
    "user": _user,
    "number": _number,
    "percent": lambda value, setting: Cell("percent", formats.percent(value), value=value),
    "delta": _delta,
    "score": lambda value, setting: Cell("score", formats.number(value), value=value),
    "spark": lambda value, setting: Cell("spark", points=tuple(value), value=list(value)),
    "date": lambda value, setting: Cell(
        "date", formats.day(value), value=value, hint=formats.since(value, setting.today)
    ),
    "datetime": _moment,
    "bool": lambda value, setting: Cell("bool", _("yes") if value else _("no"), value=value),
}
