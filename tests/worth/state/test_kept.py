"""The days and gaps beside a state are those of all lines, however they came."""

from __future__ import annotations

import numpy as np
import pytest

from clientier.worth.engines.embedded import EmbeddedEngine
from clientier.worth.state import definition, kept
from clientier.worth.state.files import StateRefused
from clientier.worth.state.store import StateStore
from tests.worth.state.random_books import FIRST_DAY, chosen, random_lines

DAYS, KEPT = 12, 5


def lines_of_a_book(seed: int) -> dict:
    return random_lines(np.random.default_rng(seed), 600, customers=50, days=DAYS)


def table(state: StateStore, statement: str) -> list[tuple]:
    found = state.engine.fetch(f"SELECT * FROM ({statement}) AS found")
    return sorted(zip(*(values.tolist() for values in found.values()), strict=True))


def assert_kept(state: StateStore, lines: dict) -> None:
    """Gaps, and sums of the days kept, are those of these lines."""
    state.engine.read_columns("known_lines", lines)
    state.engine.define("known_days", definition.customer_days("known_lines"))
    kept.open_gaps(state, "gaps", None)
    expected = kept.gaps(f"({kept.purchase_days('known_lines')}) AS known")
    assert table(state, "SELECT customer_key, gap_days FROM gaps") == table(state, expected)
    until = state.manifest.watermark_day
    kept.open_window(state, "sums", after_day=until - KEPT, until_day=until, history=None)
    assert table(state, "SELECT * FROM sums") == table(
        state, kept.window_sums("known_days", until - KEPT, until)
    )
    with pytest.raises(StateRefused) as refused:
        kept.open_window(state, "sums", after_day=until - KEPT - 1, until_day=until, history=None)
    assert refused.value.code == "window_not_kept"


def test_folded_day_by_day_and_twice_a_day(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "MOST_FILES", 4)
    lines, state, numbers = lines_of_a_book(1), StateStore(tmp_path, EmbeddedEngine()), []
    for day in range(FIRST_DAY, FIRST_DAY + DAYS):
        for half in (0, 1):
            rows = (lines["day"] == day) & (np.arange(len(lines["day"])) % 2 == half)
            state.engine.read_columns("batch", chosen(lines, rows))
            assert state.fold(f"{day} {half}", "batch", keep_days=KEPT)
            numbers.append((len(state.manifest.days), len(state.manifest.gaps)))
        assert_kept(state, chosen(lines, lines["day"] <= day))
    assert {first for first, _ in numbers} == {1, 2, 3, 4} and all(one == two for one, two in numbers)


def test_late_and_edited_lines_make_them_anew(tmp_path):
    lines, state = lines_of_a_book(2), StateStore(tmp_path, EmbeddedEngine())
    late = (lines["day"] < FIRST_DAY + 9) & (lines["customer_key"] % 5 == 0)
    state.engine.read_columns("batch", chosen(lines, ~late))
    state.fold("first", "batch", keep_days=KEPT)
    state.engine.read_columns("batch", chosen(lines, late))
    state.engine.read_columns("all_lines", lines)
    assert state.fold("late", "batch", history="all_lines", keep_days=KEPT)
    assert_kept(state, lines)
    left = lines["customer_key"] != 3
    state.engine.read_columns("batch", chosen(lines, np.zeros(len(left), dtype=bool)))
    state.engine.read_columns("all_lines", chosen(lines, left))
    assert state.fold("withdrawn", "batch", changed=[3], history="all_lines", keep_days=KEPT)
    assert_kept(state, chosen(lines, left))


def test_what_was_not_kept_is_asked_for_and_kept_from_then_on(tmp_path):
    lines, state = lines_of_a_book(3), StateStore(tmp_path, EmbeddedEngine())
    old = lines["day"] < FIRST_DAY + 10
    state.engine.read_columns("batch", chosen(lines, old))
    state.fold("old", "batch")
    with pytest.raises(StateRefused) as refused:
        kept.open_gaps(state, "gaps", None)
    assert refused.value.code == "gaps_not_kept"
    state.engine.read_columns("batch", chosen(lines, ~old))
    state.engine.read_columns("all_lines", lines)
    assert state.fold("new", "batch", history="all_lines", keep_days=KEPT)
    assert_kept(state, lines)
