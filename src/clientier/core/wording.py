"""Words put together as the language does it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import pgettext


def listed(items: Iterable[object]) -> str:
    """Things one after the other, with what stands between them in the reader's language."""
    return pgettext("between items", ", ").join(map(str, items))
