"""Customers named by text have keys that are given once, and lie beside the state as a fold found them or left them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from clientier.worth.engines.embedded import EmbeddedEngine
from clientier.worth.state import names
from clientier.worth.state.files import StateRefused
from clientier.worth.state.store import StateStore
from tests.worth.state.random_books import FIRST_DAY, lines_of, rows

FIRST = ("Zoe", "Ann", "北京", "Ann")
SECOND = ("Bob", "Ann", "Abe")


def fold(state: StateStore, batch: str, customers: tuple, day: int) -> bool:
    """One line a customer, on one day."""
    lines = lines_of(*((0, day, "sale", 100, 1, 1) for _ in customers))
    del lines["customer_key"]
    state.engine.read_columns("named", lines | {"customer_id": np.array(customers, dtype=object)})
    return state.fold(batch, "named", keep_days=30)


def keys(state: StateStore) -> dict[str, int]:
    assert names.open_keys(state)
    found = state.engine.fetch("SELECT customer_id, customer_key FROM worth_keys")
    return dict(zip(found["customer_id"].tolist(), found["customer_key"].tolist(), strict=True))


def folded(state: StateStore) -> list[tuple[int, ...]]:
    state.open("folded")
    return rows(state.engine, "folded")


def test_newcomers_get_the_next_keys_and_all_others_keep_theirs(tmp_path):
    state = StateStore(tmp_path, EmbeddedEngine())
    assert fold(state, "one", FIRST, FIRST_DAY)
    assert keys(state) == {"Ann": 1, "Zoe": 2, "北京": 3}
    assert fold(state, "two", SECOND, FIRST_DAY + 5)
    assert keys(state) == {"Ann": 1, "Zoe": 2, "北京": 3, "Abe": 4, "Bob": 5}
    assert [(row[0], row[1]) for row in folded(state)] == [(1, 2), (2, 1), (3, 1), (4, 1), (5, 1)]
    assert fold(state, "three", ("Zoe",), FIRST_DAY + 6) and len(state.manifest.keys) == 2


@pytest.mark.parametrize("step", ["write_parquet", "replace"])
def test_a_crash_leaves_neither_keys_nor_days_half_applied(tmp_path, monkeypatch, step):
    state = StateStore(tmp_path, EmbeddedEngine())
    fold(state, "one", FIRST, FIRST_DAY)
    before, known = folded(state), keys(state)
    written: list = []
    write = EmbeddedEngine.write_parquet

    def die(engine, path, *more):
        if step == "replace" or "gaps" in path.name:
            raise OSError("the power went out")
        written.append(path.name)
        write(engine, path, *more)

    with monkeypatch.context() as broken:
        broken.setattr(EmbeddedEngine if step == "write_parquet" else Path, step, die)
        with pytest.raises(OSError, match="power"):
            fold(state, "two", SECOND, FIRST_DAY + 5)
    again = StateStore(tmp_path, EmbeddedEngine())
    assert (folded(again), keys(again)) == (before, known)
    assert step == "replace" or "keys-000002.parquet" in written
    assert fold(again, "two", SECOND, FIRST_DAY + 5)
    assert keys(again)["Bob"] == 5 and len(folded(again)) == 5
    assert len(again.manifest.days) == len(again.manifest.gaps) == 2


def test_numbers_where_there_are_names_are_refused_and_so_are_lines_of_nobody(tmp_path):
    state = StateStore(tmp_path, EmbeddedEngine())
    fold(state, "one", FIRST, FIRST_DAY)
    state.engine.read_columns("numbered", lines_of((1, FIRST_DAY, "sale", 100, 1, 1)))
    with pytest.raises(StateRefused) as refused:
        state.fold("two", "numbered")
    assert refused.value.code == "state_has_names"
    state.engine.define("nobody", "SELECT * REPLACE (nullif(customer_id, 'Zoe') AS customer_id) FROM named")
    with pytest.raises(StateRefused) as refused:
        state.fold("two", "nobody")
    assert refused.value.code == "values_missing" and refused.value.values["column"] == "customer_id"


def test_a_batch_of_which_a_part_was_folded_is_refused(tmp_path):
    state = StateStore(tmp_path, EmbeddedEngine())
    fold(state, "one", FIRST, FIRST_DAY)
    with pytest.raises(StateRefused) as refused:
        state.fold(("one", "two"), "named")
    assert refused.value.code == "batch_partly_folded" and refused.value.values == {"batches": "one"}
    assert state.fold(("two", "three"), "named") and not state.fold(("three", "one"), "named")
