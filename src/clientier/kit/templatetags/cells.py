"""Cells: one figure, word or mark of a table or a list of facts, shown the same way everywhere.

A tag and not a template, because a list of fifty rows has some six hundred of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clientier.kit.templatetags.icons import icon
from clientier.kit.templatetags.sparkline import sparkline

register = template.Library()

Cell = Mapping[str, Any]
INITIALS_AT_MOST = 3
NOTHING: SafeString = mark_safe('<span class="cell-none" aria-hidden="true">–</span>')
SCORE_WIDTH = 44


class UnknownCellKindError(LookupError):
    """A cell names a kind that nothing here knows how to show."""


def _html(pattern: str, *values: Any) -> SafeString:
    """What Django's format_html does, without its allowances for lazy arguments: they were a quarter of a list."""
    return SafeString(pattern.format(*[v if isinstance(v, SafeString) else escape(str(v)) for v in values]))


def _text(cell: Cell) -> SafeString:
    return _opening(cell, _html('<span class="cell-text">{}</span>', cell["text"]))


def _link(cell: Cell) -> SafeString:
    if not cell.get("url"):
        return _html('<span class="cell-main">{}</span>', cell["text"])
    return _html('<a class="cell-main" href="{}">{}</a>', cell["url"], cell["text"])


def _figure(cell: Cell) -> SafeString:
    tone = cell.get("tone") or ""
    return _opening(cell, _html('<span class="{}">{}</span>', tone, cell["text"]) if tone else cell["text"])


def _badge(cell: Cell) -> SafeString:
    if cell.get("url"):
        return _html(
            '<a class="badge" data-tone="{}" href="{}">{}</a>',
            cell.get("tone") or "",
            cell["url"],
            cell["text"],
        )
    return _html('<span class="badge" data-tone="{}">{}</span>', cell.get("tone") or "", cell["text"])


def _bool(cell: Cell) -> SafeString:
    return icon("check", label=_("Yes")) if cell.get("value") else NOTHING


def _spark(cell: Cell) -> SafeString:
    drawn = sparkline(cell.get("points"), cell.get("tone") or "", cell.get("text") or "")
    return _opening(cell, drawn)


def _user(cell: Cell) -> SafeString:
    given = str(cell.get("value") or "")
    name = str(cell["text"])
    initials = given if given != name and 0 < len(given) <= INITIALS_AT_MOST else initials_of(name)
    return _html(
        '<span class="person"><span class="avatar" aria-hidden="true">{}</span>{}</span>',
        initials,
        cell["text"],
    )


def initials_of(name: str) -> str:
    """The first letters of a name's first two words; of a Chinese name, its first character."""
    return "".join(word[0] for word in name.split()[:2]).upper()


def _delta(cell: Cell) -> SafeString:
    tone = cell.get("tone") or ""
    return _opening(cell, _html('<span class="delta {}">{}</span>', tone, cell["text"]))


def _score(cell: Cell) -> SafeString:
    share = min(max(float(cell.get("value") or 0), 0.0), 100.0) / 100
    bar = _html(
        '<svg viewBox="0 0 {} 6" aria-hidden="true"><rect width="{}" height="6" rx="3"/></svg>',
        SCORE_WIDTH,
        round(SCORE_WIDTH * share, 1),
    )
    return _opening(
        cell,
        _html(
            '<span class="score" data-tone="{}">{}<span>{}</span></span>',
            cell.get("tone") or "",
            bar,
            cell["text"],
        ),
    )


def _opening(cell: Cell, shown: SafeString | str) -> SafeString:
    """Wraps what is shown in a link to its origin where there is one; every figure that opens looks so."""
    if not cell.get("url"):
        return _html("{}", shown)
    return _html('<a class="opens" href="{}">{}</a>', cell["url"], shown)


SHOW: dict[str, Callable[[Cell], SafeString]] = {
    "text": _text,
    "link": _link,
    "money": _figure,
    "number": _figure,
    "percent": _figure,
    "date": _figure,
    "datetime": _figure,
    "badge": _badge,
    "tier": _badge,
    "bool": _bool,
    "spark": _spark,
    "user": _user,
    "delta": _delta,
    "score": _score,
}


@register.simple_tag(name="cell")
def show_cell(given: Any) -> SafeString:
    """The cell as HTML by its kind; a quiet dash where it is empty; its hint beside it in small.

    A cell is a mapping or an object with the same names.
    """
    if is_empty_cell(given):
        return NOTHING
    cell = _mapping(given)
    kind = cell.get("kind") or "text"
    if kind not in SHOW:
        message = f"There is no cell kind {kind!r}; there are {', '.join(SHOW)}."
        raise UnknownCellKindError(message)
    shown = SHOW[kind](cell)
    if cell.get("hint"):
        return _html('{} <span class="cell-hint">{}</span>', shown, cell["hint"])
    return shown


@register.simple_tag
def cell_attributes(columns: Iterable[Mapping[str, Any]]) -> list[str]:
    """What every cell under each heading of a list says of itself, put together once for all rows."""
    return [_attributes(column, first=place == 0) for place, column in enumerate(columns)]


def _attributes(column: Mapping[str, Any], *, first: bool) -> str:
    said = {
        "class": "stick first" if first else "",
        "data-align": column.get("align", "left"),
        "data-width": column.get("width"),
        "data-label": capfirst(str(column["label"])),
        "data-cell": column["path"] if column.get("editable") else "",
    }
    return "".join(f' {name}="{escape(str(value))}"' for name, value in said.items() if value)


@register.simple_tag
def row_cells(cells: Iterable[Any], attributes: Iterable[str]) -> SafeString:
    """The cells of one row of a list, in one piece."""
    return SafeString("".join(map(_row_cell, cells, attributes)))


def _row_cell(given: Any, said: str) -> str:
    kind, empty = escape(_mapping(given)["kind"]), " data-empty" if is_empty_cell(given) else ""
    return f'<td{said} data-kind="{kind}"{empty}>{show_cell(given)}</td>'


@register.filter
def is_empty_cell(given: Any) -> bool:
    """Whether the cell has nothing to show."""
    if not given:
        return True
    cell = _mapping(given)
    if cell.get("kind") == "bool":
        return False
    if cell.get("kind") == "spark":
        return not cell.get("points")
    return cell.get("text") in (None, "")


@register.filter
def plain_cell(cell: Any) -> Any:
    """A cell, whether a table gives cells or bare words."""
    is_cell = isinstance(cell, Mapping) or hasattr(cell, "kind")
    return cell if is_cell else {"kind": "text", "text": cell}


def _mapping(given: Any) -> Cell:
    return given if isinstance(given, Mapping) else vars(given)


@register.filter
def item_at(items: Any, index: int) -> Any:
    """The item at this place, counted from 0."""
    return items[index]
