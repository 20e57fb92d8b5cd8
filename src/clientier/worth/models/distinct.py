"""Distinct values and where each row finds its own: so that costly functions are computed once a value."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.integer]
SMALLEST_TABLE = 65_536
MOST_SMALL_KEYS = 2**31 - 1


def distinct(values: Floats) -> tuple[Floats, Places]:
    """The distinct values in order, and for each row the place of its own among them.

    Whole numbers that are not much larger than their count (days, purchases) go through a table, without a sort.
    """
    if len(values) and values.min() >= 0 and values.max() < max(SMALLEST_TABLE, len(values)):
        whole = values.astype(np.int32)
        if (whole == values).all():
            found, which = distinct_keys(whole, int(whole.max()) + 1)
            return found.astype(np.float64), which
    found_values, which = np.unique(values, return_inverse=True)
    return found_values, which


def distinct_pairs(first: Floats, second: Floats) -> tuple[Floats, Floats, Places, Places]:
    """Distinct values of `first`; then of each distinct pair its `second`, the place of its `first`; then where
    each row finds its pair.
    """
    first_values, which_first = distinct(first)
    second_values, which_second = distinct(second)
    stride = max(len(first_values), 1)
    space = stride * len(second_values)
    small = np.int32 if space <= MOST_SMALL_KEYS else np.int64
    keys: Places = which_second.astype(small)
    np.multiply(keys, stride, out=keys)
    np.add(keys, which_first, out=keys)
    if space <= max(SMALLEST_TABLE, 4 * len(keys)):
        pairs, back = distinct_keys(keys, space)
    else:
        pairs, back = np.unique(keys, return_inverse=True)
    place_second, place_first = np.divmod(pairs, stride)
    return first_values, second_values[place_second], place_first, back


def distinct_keys(keys: Places, space: int) -> tuple[Places, Places]:
    """Distinct whole numbers below `space` in order, and the place of each row's own."""
    present = np.zeros(space, dtype=bool)
    present[keys] = True
    found = np.flatnonzero(present)
    place = np.zeros(space, dtype=np.int32)
    place[found] = np.arange(len(found))
    return found, place[keys]
