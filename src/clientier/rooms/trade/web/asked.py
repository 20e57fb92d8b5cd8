"""What the address of a page asks for, as far as it makes sense."""

from __future__ import annotations

import datetime as dt

from clientier.kit.asking import Asking

EARLIEST, LATEST = dt.date(1990, 1, 1), dt.date(2200, 1, 1)


def day_of(request: Asking, name: str, otherwise: dt.date) -> dt.date:
    """The day in the address, or another where there is none or nonsense."""
    try:
        asked = dt.date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return otherwise
    return asked if EARLIEST <= asked <= LATEST else otherwise
