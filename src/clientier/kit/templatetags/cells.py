"""Cells: one figure, word or mark of a table or a list of facts, shown the same way everywhere.

A tag and not a template, because a list of fifty rows has some six hundred of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
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


def html(pattern: str, *values: Any) -> SafeString:
    """What Django's format_html does, without its allowances for lazy arguments: they were a quarter of a list."""
    return SafeString(pattern.format(*[v if isinstance(v, SafeString) else escape(str(v)) for v in values]))


def _text(cell: Cell) -> SafeString:
    return _opening(cell, html('<span class="cell-text">{}</span>', cell["text"]))


def _link(cell: Cell) -> SafeString:
    if not cell.get("url"):
        return html('<span class="cell-main">{}</span>', cell["text"])
    return html('<a class="cell-main" href="{}">{}</a>', cell["url"], cell["text"])


def _figure(cell: Cell) -> SafeString:
    tone = cell.get("tone") or ""
    return _opening(cell, html('<span class="{}">{}</span>', tone, cell["text"]) if tone else cell["text"])


def _badge(cell: Cell) -> SafeString:
    if cell.get("url"):
        return html(
            '<a class="badge" data-tone="{}" href="{}">{}</a>',
            cell.get("tone") or "",
            cell["url"],
            cell["text"],
        )
    return html('<span class="badge" data-tone="{}">{}</span>', cell.get("tone") or "", cell["text"])


def _bool(cell: Cell) -> SafeString:
    return icon("check", label=_("Yes")) if cell.get("value") else NOTHING


def _spark(cell: Cell) -> SafeString:
    drawn = sparkline(cell.get("points"), cell.get("tone") or "", cell.get("text") or "")
    return _opening(cell, drawn)


def _user(cell: Cell) -> SafeString:
    given = str(cell.get("value") or "")
    name = str(cell["text"])
    initials = given if given != name and 0 < len(given) <= INITIALS_AT_MOST else initials_of(name)
    return html(
        '<span class="person"><span class="avatar" aria-hidden="true">{}</span>{}</span>',
        initials,
        cell["text"],
    )


def initials_of(name: str) -> str:
    """The first letters of a name's first two words; of a Chinese name, its first character."""
    return "".join(word[0] for word in name.split()[:2]).upper()


def _delta(cell: Cell) -> SafeString:
    tone = cell.get("tone") or ""
    return _opening(cell, html('<span class="delta {}">{}</span>', tone, cell["text"]))


def _score(cell: Cell) -> SafeString:
    share = min(max(float(cell.get("value") or 0), 0.0), 100.0) / 100
    bar = html(
        '<svg viewBox="0 0 {} 6" aria-hidden="true"><rect width="{}" height="6" rx="3"/></svg>',
        SCORE_WIDTH,
        round(SCORE_WIDTH * share, 1),
    )
    return _opening(
        cell,
        html(
            '<span class="score" data-tone="{}">{}<span>{}</span></span>',
            cell.get("tone") or "",
            bar,
            cell["text"],
        ),
    )


def _opening(cell: Cell, shown: SafeString | str) -> SafeString:
    """Wraps what is shown in a link to its origin where there is one; every figure that opens looks so."""
    if not cell.get("url"):
        return html("{}", shown)
    return html('<a class="opens" href="{}">{}</a>', cell["url"], shown)


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
    return NOTHING if is_empty_cell(given) else filled_cell(mapping_of(given))


def filled_cell(cell: Cell) -> SafeString:
    """The same for a cell that is known to hold something."""
    kind = cell.get("kind") or "text"
    if kind not in SHOW:
        message = f"There is no cell kind {kind!r}; there are {', '.join(SHOW)}."
        raise UnknownCellKindError(message)
    shown = SHOW[kind](cell)
    if cell.get("hint"):
        return html('{} <span class="cell-hint">{}</span>', shown, cell["hint"])
    return shown


@register.filter
def is_empty_cell(given: Any) -> bool:
    """Whether the cell has nothing to show."""
    if not given:
        return True
    cell = mapping_of(given)
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


def mapping_of(given: Any) -> Cell:
    """The parts of a cell by name, whether it is a mapping or an object."""
    return given if isinstance(given, Mapping) else vars(given)


@register.filter
def item_at(items: Any, index: int) -> Any:
    """The item at this place, counted from 0."""
    return items[index]
