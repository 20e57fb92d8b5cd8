"""Scores from the state are those of the models, customer by customer, though the models never see customers."""

from __future__ import annotations

import numpy as np
import pytest

from clientier.worth import purchase_fit
from clientier.worth.engines.embedded import EmbeddedEngine
from clientier.worth.models.history import History
from clientier.worth.models.purchases import PurchaseModel
from clientier.worth.refusals import WorthError
from clientier.worth.state import definition
from clientier.worth.state.scoring import history, score
from tests.worth.state.random_books import FIRST_DAY, random_lines

AS_OF = FIRST_DAY + 700
MODELS = (
    PurchaseModel("mbg", 0.53, 43.3, 0.89, 1.61),
    PurchaseModel("bg", 0.24, 30.9, 0.79, 2.43),
)


@pytest.fixture
def engine() -> EmbeddedEngine:
    """An engine that knows the states of a random book as `states`, and heavy buyers among them."""
    engine = EmbeddedEngine()
    lines = random_lines(np.random.default_rng(3), 20_000, customers=4_000, days=600)
    engine.read_columns("all_lines", lines)
    engine.define("all_days", definition.customer_days("all_lines"))
    engine.keep("states", definition.customer_state("all_days"))
    return engine


def triples(engine: EmbeddedEngine) -> dict[str, np.ndarray]:
    return engine.fetch(
        f"SELECT customer_key, (n_purchase_days - 1)::DOUBLE AS x, (last_day - first_day)::DOUBLE AS t_x, "
        f"({AS_OF} - first_day)::DOUBLE AS age FROM states WHERE n_purchase_days > 0 ORDER BY customer_key"
    )


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_scores_are_the_model_s_for_every_customer(engine, model):
    history(engine, "states", AS_OF)
    score(engine, "scores", model, horizon_days=(90, 365))
    found = engine.fetch("SELECT * FROM scores ORDER BY customer_key")
    each = triples(engine)
    assert found["customer_key"].tolist() == each["customer_key"].tolist()
    x, t_x, age = each["x"], each["t_x"], each["age"]
    assert x.max() > 100
    assert np.abs(found["p_alive"] - model.p_alive(x, t_x, age)).max() < 1e-12
    for days in (90, 365):
        assert np.abs(found[f"p_active_{days}"] - model.p_active(x, t_x, age, days)).max() < 1e-12
        expected = model.expected(x, t_x, age, days)
        assert np.abs(found[f"expected_purchases_{days}"] / expected - 1).max() < 1e-9


def test_p_alive_of_a_heavy_buyer_long_gone_is_zero_without_overflow():
    engine = EmbeddedEngine()
    engine.read_columns(
        "states",
        {"customer_key": np.array([1]), "n_purchase_days": np.array([3_000]),
         "first_day": np.array([0]), "last_day": np.array([3_000])},
    )  # fmt: skip
    history(engine, "states", 40_000)
    score(engine, "scores", MODELS[0])
    found = engine.fetch("SELECT * FROM scores")
    assert found["p_alive"][0] < 1e-300 and found["p_active_365"][0] < 1e-300


def test_the_fit_on_counts_is_the_fit_on_customers(engine):
    counts, exact = history(engine, "states", AS_OF)
    each = triples(engine)
    alone = History.of(each["x"], each["t_x"], each["age"])
    assert exact and counts.weight.sum() == len(each["x"]) and len(counts.x) < len(each["x"])
    first, second = purchase_fit.fit(counts).model, purchase_fit.fit(alone).model
    assert [first.r, first.alpha] == pytest.approx([second.r, second.alpha], rel=1e-9)


def test_neighbours_counted_together_keep_their_sums_and_hardly_move_the_fit(engine):
    exact, _ = history(engine, "states", AS_OF)
    near, is_exact = history(engine, "states", AS_OF, exact_customers=10)
    assert not is_exact and len(near.x) < 0.8 * len(exact.x)
    assert np.all(near.t_x[near.t_x < 28] % 1 == 0)  # where the likelihood bends most, days stay apart
    for name in ("x", "t_x", "age"):
        sums = [float(counts.weight @ getattr(counts, name)) for counts in (near, exact)]
        assert sums[0] == pytest.approx(sums[1], rel=1e-12)
    first, second = purchase_fit.fit(near), purchase_fit.fit(exact)
    assert first.model.r == pytest.approx(second.model.r, abs=0.25 * second.standard_errors[0])
    assert first.model.alpha == pytest.approx(second.model.alpha, abs=0.25 * second.standard_errors[1])


def test_a_day_before_the_last_purchase_is_refused(engine):
    with pytest.raises(WorthError) as refused:
        history(engine, "states", FIRST_DAY + 300)
    assert refused.value.code == "purchase_after_as_of"
