"""Icons: one small drawing per name, set into the page so that it takes the colour of the text beside it."""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from pathlib import Path

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

FOLDER = Path(__file__).resolve().parent.parent / "static" / "kit" / "vendor" / "tabler-icons"
_NAME = re.compile(r"[a-z0-9-]+")
DOT = '<circle cx="12" cy="12" r="2"/>'
_INVISIBLE = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'


log = logging.getLogger(__name__)


def has_icon(name: str) -> bool:
    """Whether the product carries a drawing with this name."""
    return _NAME.fullmatch(name) is not None and (FOLDER / f"{name}.svg").is_file()


@lru_cache(maxsize=512)
def _shapes(name: str) -> str:
    """The inside of the drawing; a dot for a wrong name, because a page is worth more than its icon."""
    if not has_icon(name):
        log.warning("There is no icon %r.", name)
        return DOT
    drawing = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    inside = drawing[drawing.index(">", drawing.index("<svg")) + 1 : drawing.rindex("</svg>")]
    return " ".join(inside.replace(_INVISIBLE, "").split())


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """The drawing with this name; hidden from screen readers unless a label says what it means."""
    return _drawn(name, format_html('role="img" aria-label="{}"', label)) if label else _mute(name)


@lru_cache(maxsize=512)
def _mute(name: str) -> SafeString:
    """What stands on a page some seventy times is put together once."""
    return _drawn(name, mark_safe('aria-hidden="true"'))


def _drawn(name: str, voice: SafeString) -> SafeString:
    # The shapes come from files of our own, never from data.
    shapes = mark_safe(_shapes(name))  # noqa: S308
    return format_html(
        '<svg class="icon icon-{}" viewBox="0 0 24 24" width="16" height="16" fill="none"'
        ' stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'
        " {}>{}</svg>",
        name,
        voice,
        shapes,
    )
