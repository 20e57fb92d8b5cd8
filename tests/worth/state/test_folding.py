"""The state folds day by day to exactly what a full rebuild gives, and survives what goes wrong on the way."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import numpy as np
import pytest

from clientier.worth.engines.embedded import EmbeddedEngine
from clientier.worth.state import definition, dense, files
from clientier.worth.state.files import StateRefused
from clientier.worth.state.store import StateStore
from tests.worth.state.random_books import FIRST_DAY, chosen, joined, lines_of, random_lines, rows

DAYS = 24


@pytest.fixture
def engine() -> EmbeddedEngine:
    return EmbeddedEngine(duckdb.connect(":memory:", config={"threads": 1}))


@pytest.fixture(autouse=True)
def small_slabs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "LINES_A_SLAB", 100)
    monkeypatch.setattr(dense, "LINES_A_BLOCK", 16)


def book(seed: int, *, customers: int = 120, lines: int = 1_500):
    return random_lines(np.random.default_rng(seed), lines, customers=customers, days=DAYS)


def in_order(lines):
    """The lines of one day after those of the day before; within a day as they came."""
    return chosen(lines, np.argsort(lines["day"], kind="stable"))


def by_statements(engine: EmbeddedEngine, columns) -> list[tuple[int, ...]]:
    """The state by the portable statements alone."""
    engine.read_columns("all_lines", columns)
    engine.define("all_days", definition.customer_days("all_lines"))
    engine.define("all_states", definition.customer_state("all_days"))
    return rows(engine, "all_states")


def fold(state: StateStore, batch: str, columns, **more) -> bool:
    state.engine.read_columns("batch_lines", columns)
    return state.fold(batch, "batch_lines", **more)


def folded(state: StateStore) -> list[tuple[int, ...]]:
    state.open("folded")
    return rows(state.engine, "folded")


def test_a_customer_s_days_by_hand(engine, tmp_path):
    lines = lines_of(
        (7, 100, "sale", 50, 10, 1),
        (7, 100, "sale", 30, None, None),  # the same day: one purchase
        (7, 110, "return", -30, 0, 0),
        (7, 110, "sale", 0, 0, 0),  # a purchase worth nothing
        (7, 113, "sale", 20, 5, 2),
        (8, 120, "return", -5, 0, 0),  # never bought
    )
    expected = [
        (7, 3, 100, 113, 3, 10, 109, 2, 80, 20, 100, 70, 15, 3, -30, 5),
        (8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -5, 0, 0, -5, 1),
    ]
    assert by_statements(engine, lines) == expected
    state = StateStore(tmp_path, engine)
    state.rebuild("all", "all_lines")
    assert folded(state) == expected


@pytest.mark.parametrize("seed", range(3))
def test_folding_day_by_day_is_a_full_rebuild(engine, tmp_path, seed):
    lines = book(seed, customers=(30, 120, 1_200)[seed])
    expected = by_statements(engine, in_order(lines))
    assert dense.rebuilt_columns(engine, "all_lines") is not None
    state = StateStore(tmp_path / "folded", engine)
    for day in range(FIRST_DAY, FIRST_DAY + DAYS):
        assert fold(state, f"day {day}", chosen(lines, lines["day"] == day))
    assert folded(state) == expected
    assert state.manifest.watermark_day == lines["day"].max()
    rebuilt = StateStore(tmp_path / "rebuilt", engine)
    rebuilt.rebuild("all", "all_lines")
    assert folded(rebuilt) == expected


def test_a_rebuild_in_one_pass_is_the_same_where_words_do_not_fit_and_days_have_holes(engine, monkeypatch):
    lines = dict(book(5))
    lines["day"] = lines["day"] + 9_000 * (lines["day"] > FIRST_DAY + 12)
    expected = by_statements(engine, in_order(lines))
    monkeypatch.setattr(dense, "WORD_BITS", 8)
    engine.read_columns("one_pass", dense.rebuilt_columns(engine, "all_lines"))
    assert rows(engine, "one_pass") == expected


def test_lines_out_of_order_are_left_to_the_statements(engine, tmp_path):
    lines = book(6)
    expected = by_statements(engine, lines)
    assert dense.rebuilt_columns(engine, "all_lines") is None
    state = StateStore(tmp_path, engine)
    state.rebuild("all", "all_lines")
    assert folded(state) == expected


def test_keys_far_apart_are_left_to_the_statements(engine, tmp_path):
    lines = book(6)
    far = lines["customer_key"] * 1_000_003
    expected = by_statements(engine, in_order(lines | {"customer_key": far}))
    assert dense.rebuilt_columns(engine, "all_lines") is None
    state = StateStore(tmp_path, engine)
    state.rebuild("all", "all_lines")
    assert folded(state) == expected


def test_several_days_and_parts_of_a_day_fold_like_single_days(engine, tmp_path):
    lines = book(7)
    state = StateStore(tmp_path, engine)
    part = np.random.default_rng(7).integers(0, 3, len(lines["day"]))
    for start in range(0, DAYS, 8):
        span = (lines["day"] >= FIRST_DAY + start) & (lines["day"] < FIRST_DAY + start + 8)
        last = lines["day"] == FIRST_DAY + start + 7
        fold(state, f"{start}", chosen(lines, span & ~last))
        for number in range(3):
            fold(state, f"{start} part {number}", chosen(lines, last & (part == number)))
    assert folded(state) == by_statements(engine, lines)


def test_folding_a_batch_twice_changes_nothing(engine, tmp_path):
    lines = book(8)
    state = StateStore(tmp_path, engine)
    assert fold(state, "first", lines)
    before, files = folded(state), sorted(path.name for path in tmp_path.iterdir())
    assert not fold(state, "first", lines)
    assert folded(state) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == files


def test_late_lines_recompute_their_customers_from_history(engine, tmp_path):
    lines = book(9)
    late = np.random.default_rng(90).random(len(lines["day"])) < 0.02
    state = StateStore(tmp_path, engine)
    fold(state, "in time", chosen(lines, ~late))
    with pytest.raises(StateRefused) as refused:
        fold(state, "late", chosen(lines, late))
    assert refused.value.code == "history_needed"
    expected = by_statements(engine, lines)
    assert folded(state) != expected
    assert fold(state, "late", chosen(lines, late), history="all_lines")
    assert folded(state) == expected


def test_edited_and_withdrawn_lines_recompute_their_customers(engine, tmp_path):
    lines = book(10)
    state = StateStore(tmp_path, engine)
    fold(state, "all", lines)
    touched = [0, 3, 5]
    edited = {name: values.copy() for name, values in lines.items()}
    edited["amount_e4"][np.isin(edited["customer_key"], [0, 5])] += 10_000
    edited = chosen(edited, edited["customer_key"] != 3)  # every line of 3 is withdrawn
    nothing = chosen(lines, np.zeros(len(lines["day"]), dtype=bool))
    expected = by_statements(engine, edited)
    assert fold(state, "edits", nothing, changed=touched, history="all_lines")
    assert folded(state) == expected
    assert all(row[0] != 3 for row in expected)


def test_an_overlay_holds_the_changed_and_is_merged_when_it_grows(engine, tmp_path):
    lines = book(11, customers=3_000, lines=6_000)
    state = StateStore(tmp_path, engine)
    early = lines["day"] < FIRST_DAY + DAYS - 8
    fold(state, "early", chosen(lines, early))
    kinds = []
    for day in range(FIRST_DAY + DAYS - 8, FIRST_DAY + DAYS):
        fold(state, f"{day}", chosen(lines, lines["day"] == day))
        kinds.append(state.manifest.overlay is None)
        seen = lines["day"] <= day
        assert folded(state) == by_statements(engine, chosen(lines, seen))
    assert True in kinds and False in kinds


@pytest.mark.parametrize("step", ["write_parquet", "to_disk", "replace"])
def test_a_crash_in_the_middle_leaves_the_old_state(engine, tmp_path, monkeypatch, step):
    lines = book(12)
    old = lines["day"] < FIRST_DAY + 20
    state = StateStore(tmp_path, engine)
    fold(state, "old", chosen(lines, old))
    before = folded(state)

    def die(*_: object, **__: object) -> None:
        raise OSError("the power went out")

    with monkeypatch.context() as broken:
        if step == "write_parquet":
            broken.setattr(EmbeddedEngine, "write_parquet", die)
        elif step == "to_disk":
            broken.setattr(files, "_to_disk", die)
        else:
            broken.setattr(Path, "replace", die)
        with pytest.raises(OSError, match="power"):
            fold(state, "new", chosen(lines, ~old))
    again = StateStore(tmp_path, EmbeddedEngine())
    assert folded(again) == before
    assert fold(again, "new", chosen(lines, ~old))
    assert folded(again) == by_statements(engine, lines)


def test_a_state_of_another_definition_is_refused_until_it_is_rebuilt(engine, tmp_path):
    lines = book(13)
    state = StateStore(tmp_path, engine)
    fold(state, "all", lines)
    path = tmp_path / files.MANIFEST
    kept = json.loads(path.read_text())
    path.write_text(json.dumps(kept | {"definition": "another"}))
    with pytest.raises(StateRefused) as refused:
        state.open("folded")
    assert refused.value.code == "definition_changed"
    path.write_text(json.dumps(kept | {"schema_version": 0}))
    with pytest.raises(StateRefused) as refused:
        fold(state, "more", lines)
    assert refused.value.code == "schema_changed"
    expected = by_statements(engine, lines)
    state.rebuild("again", "all_lines")
    assert folded(state) == expected
    assert not fold(state, "all", lines)  # a rebuild knows what was folded before it


def test_two_folds_at_the_same_time_are_refused(engine, tmp_path):
    state, other = StateStore(tmp_path, engine), StateStore(tmp_path, EmbeddedEngine())
    with state.alone(), pytest.raises(StateRefused) as refused:
        fold(other, "all", book(14))
    assert refused.value.code == "state_in_use"


def test_two_states_on_one_engine_stay_apart(engine, tmp_path):
    first, second = StateStore(tmp_path / "first", engine), StateStore(tmp_path / "second", engine)
    fold(first, "all", book(16))
    expected = folded(first)
    fold(second, "all", book(17))
    second.open("other")
    assert rows(engine, "folded") == expected != rows(engine, "other")


def test_an_empty_state_and_an_empty_batch(engine, tmp_path):
    lines = book(15)
    nothing = chosen(lines, np.zeros(len(lines["day"]), dtype=bool))
    state = StateStore(tmp_path, engine)
    assert folded(state) == []
    assert fold(state, "nothing", nothing)
    assert folded(state) == [] and state.manifest.watermark_day is None
    fold(state, "something", joined(nothing, lines))
    assert folded(state) == by_statements(engine, lines)


@pytest.mark.parametrize("column", [3, 4, 5])
def test_money_too_large_for_a_sum_is_never_wrapped(engine, tmp_path, column):
    line = [1, 100, "sale", 1, 1, 1]
    line[column] = 2**62
    engine.read_columns("all_lines", lines_of(*((line[0], day, *line[2:]) for day in (100, 101, 102))))
    state = StateStore(tmp_path, engine)
    with pytest.raises(Exception, match=r"(?i)out of range|overflow"):
        state.rebuild("all", "all_lines")
    assert folded(state) == []


def test_large_money_that_fits_is_left_to_the_statements(engine, tmp_path):
    lines = lines_of(
        (1, 100, "sale", 2**61, 0, 0), (1, 101, "return", -(2**61), 0, 0), (1, 102, "sale", 9, 0, 0)
    )
    expected = by_statements(engine, lines)
    assert dense.rebuilt_columns(engine, "all_lines") is None
    state = StateStore(tmp_path, engine)
    state.rebuild("all", "all_lines")
    assert folded(state) == expected and expected[0][definition.FIGURES.index("net_e4") + 1] == 9


def test_days_that_no_state_can_hold_are_never_wrapped(engine, tmp_path):
    engine.read_columns("all_lines", lines_of((1, -5_000_000_000, "sale", 5, 0, 0)))
    with pytest.raises(Exception, match=r"(?i)out of range"):
        StateStore(tmp_path, engine).rebuild("all", "all_lines")


FRACTIONS = {
    "customer_key": [1.2, 1.4],
    "day": [100.0, 101.0],
    "amount_e4": [0.5, 0.5],
    "cost_e4": [0.5, 0.5],
}


@pytest.mark.parametrize("column", FRACTIONS)
@pytest.mark.parametrize("way", ["rebuild", "fold"])
def test_columns_that_are_not_whole_are_refused_not_rounded(engine, tmp_path, column, way):
    lines = lines_of((1, 100, "sale", 5, 0, 0), (1, 101, "sale", 5, 0, 0))
    engine.read_columns("all_lines", dict(lines) | {column: np.array(FRACTIONS[column])})
    state = StateStore(tmp_path, engine)
    with pytest.raises(StateRefused) as refused:
        getattr(state, way)("all", "all_lines")
    assert (refused.value.code, refused.value.values["column"]) == ("column_not_whole", column)
    assert folded(state) == []


@pytest.mark.parametrize("column", ["customer_key", "day", "kind", "amount_e4"])
@pytest.mark.parametrize("way", ["rebuild", "fold"])
def test_lines_that_miss_what_they_need_are_refused(engine, tmp_path, column, way):
    engine.read_columns("whole", lines_of((1, 100, "sale", 5, 0, 0), (1, 101, "sale", 5, 0, 0)))
    engine.keep(
        "all_lines", f"SELECT * REPLACE (CASE WHEN day = 100 THEN {column} END AS {column}) FROM whole"
    )
    state = StateStore(tmp_path, engine)
    with pytest.raises(StateRefused) as refused:
        getattr(state, way)("all", "all_lines")
    assert refused.value.code == "values_missing"
    assert (refused.value.values["column"], refused.value.values["lines"]) == (column, 1)
    assert folded(state) == []
