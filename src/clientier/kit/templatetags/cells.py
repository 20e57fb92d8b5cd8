"""Cells: one figure, word or mark of a table or a list of facts, shown the same way everywhere.

A tag and not a template, because a list of fifty rows has some six hundred of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from clientier.kit.templatetags.icons import icon
from clientier.kit.templatetags.sparkline import sparkline

register = template.Library()

Cell = Mapping[str, Any]
NOTHING: SafeString = mark_safe('<span class="cell-none" aria-hidden="true">–</span>')
SCORE_WIDTH = 44


class UnknownCellKind(LookupError):
    """A cell names a kind that nothing here knows how to show."""


def _text(cell: Cell) -> SafeString:
    return _opening(cell, format_html('<span class="cell-text">{}</span>', cell["text"]))


def _link(cell: Cell) -> SafeString:
    if not cell.get("url"):
        return format_html('<span class="cell-main">{}</span>', cell["text"])
    return format_html('<a class="cell-main" href="{}">{}</a>', cell["url"], cell["text"])


def _figure(cell: Cell) -> SafeString:
    tone = cell.get("tone") or ""
    return _opening(cell, format_html('<span class="{}">{}</span>', tone, cell["text"]) if tone else cell["text"])


def _badge(cell: Cell) -> SafeString:
    if cell.get("url"):
        return format_html(
            '<a class="badge" data-tone="{}" href="{}">{}</a>', cell.get("tone") or "", cell["url"], cell["text"]
        )
    return format_html('<span class="badge" data-tone="{}">{}</span>', cell.get("tone") or "", cell["text"])


def _bool(cell: Cell) -> SafeString:
    return icon("check", label=_("Yes")) if cell.get("value") else NOTHING


def _spark(cell: Cell) -> SafeString:
    drawn = sparkline(cell.get("points"), cell.get("tone") or "", cell.get("text") or "")
    return _opening(cell, drawn)


def _user(cell: Cell) -> SafeString:
    initials = cell.get("value") or "".join(word[0] for word in str(cell["text"]).split()[:2]).upper()
    return format_html(
        '<span class="person"><span class="avatar" aria-hidden="true">{}</span>{}</span>', initials, cell["text"]
    )


def _delta(cell: Cell) -> SafeString:
    tone = cell.get("tone") or ""
    return _opening(cell, format_html('<span class="delta {}">{}</span>', tone, cell["text"]))


def _score(cell: Cell) -> SafeString:
    share = min(max(float(cell.get("value") or 0), 0.0), 100.0) / 100
    bar = format_html(
        '<svg viewBox="0 0 {} 6" aria-hidden="true"><rect width="{}" height="6" rx="3"/></svg>',
        SCORE_WIDTH,
        round(SCORE_WIDTH * share, 1),
    )
    return _opening(
        cell,
        format_html('<span class="score" data-tone="{}">{}<span>{}</span></span>', cell.get("tone") or "", bar, cell["text"]),
    )


def _opening(cell: Cell, shown: SafeString | str) -> SafeString:
    """Wraps what is shown in a link to its origin where there is one; every figure that opens looks so."""
    if not cell.get("url"):
        return format_html("{}", shown)
    return format_html('<a class="opens" href="{}">{}</a>', cell["url"], shown)


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
def show_cell(cell: Cell | None) -> SafeString:
    """The cell as HTML by its kind; a quiet dash where it is empty; its hint beside it in small."""
    if is_empty_cell(cell) or cell is None:
        return NOTHING
    kind = cell.get("kind") or "text"
    if kind not in SHOW:
        message = f"There is no cell kind {kind!r}; there are {', '.join(SHOW)}."
        raise UnknownCellKind(message)
    shown = SHOW[kind](cell)
    if cell.get("hint"):
        return format_html('{} <span class="cell-hint">{}</span>', shown, cell["hint"])
    return shown


@register.filter
def is_empty_cell(cell: Cell | None) -> bool:
    """Whether the cell has nothing to show."""
    if not cell:
        return True
    if cell.get("kind") == "bool":
        return False
    if cell.get("kind") == "spark":
        return not cell.get("points")
    return cell.get("text") in (None, "")


@register.filter
def plain_cell(cell: Any) -> Any:
    """The same cell as a mapping, whether a table gives cells or bare words."""
    return cell if isinstance(cell, Mapping) else {"kind": "text", "text": cell}


@register.filter
def item_at(items: Any, index: int) -> Any:
    """The item at this place, counted from 0."""
    return items[index]
