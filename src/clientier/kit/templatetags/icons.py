"""Icons: one small drawing per name, set into the page so that it takes the colour of the text beside it."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

FOLDER = Path(__file__).resolve().parent.parent / "static" / "kit" / "vendor" / "tabler-icons"
_NAME = re.compile(r"[a-z0-9-]+")
_SHAPES = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_INVISIBLE = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'


class UnknownIconError(LookupError):
    """An icon was asked for that the product does not carry."""


@lru_cache(maxsize=512)
def _shapes(name: str) -> str:
    path = FOLDER / f"{name}.svg"
    if not _NAME.fullmatch(name) or not path.is_file():
        message = f"There is no icon {name!r}; the ones there are lie in {FOLDER.name}/."
        raise UnknownIconError(message)
    match = _SHAPES.search(path.read_text(encoding="utf-8"))
    if match is None:
        message = f"The icon {name!r} is not a drawing."
        raise UnknownIconError(message)
    return " ".join(match.group(1).replace(_INVISIBLE, "").split())


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """The drawing with this name; hidden from screen readers unless a label says what it means."""
    # The shapes come from files of our own, never from data.
    shapes = mark_safe(_shapes(name))  # noqa: S308
    voice = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon icon-{}" viewBox="0 0 24 24" width="16" height="16" fill="none"'
        ' stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'
        " {}>{}</svg>",
        name,
        voice,
        shapes,
    )
