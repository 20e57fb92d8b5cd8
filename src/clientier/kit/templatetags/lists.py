"""The parts of a list of which there are many: its rows, and a line for each column that may be shown.

Tags and not templates, because a page has fifty rows of a dozen cells, and as many columns to choose from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clientier.kit.templatetags.cells import NOTHING, filled_cell, html, is_empty_cell, mapping_of
from clientier.kit.templatetags.icons import icon

register = template.Library()

Parts = Mapping[str, Any]
PICK = (
    '<td class="stick pick"><label><input type="checkbox" name="ids" value="{}" form="bulk" data-pick'
    ' aria-label="{}"></label></td>'
)
CHOICE = (
    '<div class="check-line" data-column><label class="check-line"><input type="checkbox" name="column"'
    ' value="{path}"{checked}> {label}</label><span class="spring"></span><input class="column-width wide-only"'
    ' type="number" min="{least}" max="{most}" step="{step}" value="{width}" placeholder="{auto}"'
    ' aria-label="{width_of}" data-width-of="{path}">{up}{down}</div>'
)
MOVE = '<button class="button quiet square small" type="button" data-move="{}" aria-label="{}">{}</button>'


@register.simple_tag
def list_rows(listing: Parts) -> SafeString:
    """The rows of a list, each with its cells and, where much can be done at once, the box that picks it."""
    attributes = [_attributes(column, first=place == 0) for place, column in enumerate(listing["columns"])]
    picked = _("Select %(name)s") if listing.get("bulk") else ""
    return SafeString("\n".join(_row(row, listing, attributes, picked) for row in listing["rows"]))


def _row(row: Parts, listing: Parts, attributes: Iterable[str], picked: str) -> str:
    url, own = escape(row["url"]), escape(row.get("own_url", ""))
    editing = (
        f' data-edit-url="{own}edit/" data-cell-url="{own}cell/"' if listing.get("may_edit") and own else ""
    )
    pick = html(PICK, row["pk"], picked % {"name": row["label"]}) if picked else ""
    cells = "".join(map(_cell, row["cells"], attributes))
    return f'<tr data-row data-url="{url}"{editing}>{pick}{cells}</tr>'


def _attributes(column: Parts, *, first: bool) -> str:
    """What every cell under a heading says of itself, put together once for all rows."""
    said = {
        "class": "stick first" if first else "",
        "data-align": column.get("align", "left"),
        "data-width": column.get("width"),
        "data-label": capfirst(str(column["label"])),
        "data-cell": column["path"] if column.get("editable") else "",
    }
    return "".join(f' {name}="{escape(str(value))}"' for name, value in said.items() if value)


def _cell(given: Any, said: str) -> str:
    cell = mapping_of(given)
    if is_empty_cell(cell):
        return f'<td{said} data-kind="{cell["kind"]}" data-empty>{NOTHING}</td>'
    return f'<td{said} data-kind="{cell["kind"]}">{filled_cell(cell)}</td>'


@register.simple_tag
def column_choices(listing: Parts) -> SafeString:
    """A line for each column: whether it is shown, how wide, and the ways up and down."""
    widths = {name: listing["widths"][name] for name in ("least", "most", "step")}
    words = (_("Width of %(name)s, in pixels"), _("Move %(name)s up"), _("Move %(name)s down"))
    signs, auto = (icon("chevron-up"), icon("chevron-down")), escape(_("auto"))
    return SafeString(
        "".join(_choice(each, words, signs, auto=auto, **widths) for each in listing["column_choices"])
    )


def _choice(choice: Parts, words: Iterable[str], signs: Iterable[SafeString], **same: Any) -> str:
    width_of, *moves = (escape(each % {"name": choice["label"]}) for each in words)
    up, down = map(MOVE.format, ("up", "down"), moves, signs)
    return CHOICE.format(
        path=escape(choice["path"]),
        label=escape(capfirst(choice["label"])),
        checked=" checked" if choice["shown"] else "",
        width=choice["width"],
        width_of=width_of,
        up=up,
        down=down,
        **same,
    )
