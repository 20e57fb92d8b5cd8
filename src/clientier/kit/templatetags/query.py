"""The query string of a list, taken apart for plain forms."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django import template

register = template.Library()

PLACE_IN_LIST = frozenset({"after", "before", "cursor", "page"})


@register.filter
def query_pairs(query: str | None, without: str = "") -> list[tuple[str, str]]:
    """The pairs of a query string for hidden fields, without one name and without the place in the list."""
    return [
        (name, value)
        for name, value in parse_qsl(query or "", keep_blank_values=True)
        if name != without and name not in PLACE_IN_LIST
    ]
