"""The model of a value run: the one asked for, on the evidence there is, with the reason named."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from clientier.worth.models import registry
from clientier.worth.models.history import History
from clientier.worth.models.purchase_choice import choose_from_counts, choose_model
from tests.worth.models.populations import leaving_at_purchases


def policy(model="mbg", fewest=500):
    return SimpleNamespace(model=model, fit_age_days=7, fewest_repeat_customers=fewest)


@pytest.fixture(scope="module")
def regulars():
    return leaving_at_purchases(np.random.default_rng(5), 2_000, (1.5, 30.0, 0.8, 3.0), k=4)


def test_the_stages_are_chosen_where_the_gaps_are_known(regulars):
    model, report = choose_model(*regulars.parts, policy("mbg_k"), regulars.history.log_gaps)
    assert (model.name, model.k, report["stages"]) == ("mbg_k", 4, 4)
    assert (report["evidence"], report["fallback"]) == ("data", None)


def test_without_gaps_the_irregular_sister_is_fitted(regulars):
    model, report = choose_model(*regulars.parts, policy("mbg_k"))
    assert model.name == report["model"] == "mbg" and report["stages"] == 1


def test_the_evidence_is_named(regulars):
    few = tuple(part[:50] for part in regulars.parts)
    assert choose_model(*few, policy())[1]["fallback"] == "few_repeat_customers"
    never = np.zeros(30), np.zeros(30), np.arange(30.0) + 10
    report = choose_model(*never, policy("pareto"))[1]
    assert (report["evidence"], report["fallback"]) == ("prior", "no_repeat_customers")
    alike = np.full(600, 4.0), np.full(600, 360.0), np.full(600, 400.0)
    assert choose_model(*alike, policy())[1]["fallback"] == "degenerate_fit"


def test_customers_of_this_week_are_left_out_and_counted(regulars):
    x, t_x, age = (np.append(part, np.zeros(7)) for part in regulars.parts)
    report = choose_model(x, t_x, age, policy())[1]
    assert report["n_too_young"] == 7 and report["n_customers"] == 2_000


@pytest.mark.parametrize("name", sorted(registry.KINDS))
def test_nobody_at_all_is_answered_too(name):
    nothing = np.zeros(0)
    fitted, evidence = registry.fit_any(History.of(nothing, nothing, nothing, log_gaps=0.0), name)
    assert evidence in ("data", "prior") and fitted.customers == 0
    assert len(fitted.model.expected(nothing, nothing, nothing, 90.0)) == 0
    newcomer = np.zeros(1)
    assert 0 <= fitted.model.p_active(newcomer, newcomer, newcomer, 90.0)[0] <= 1


def test_counts_of_customers_alike_give_the_same_model_and_report():
    rng = np.random.default_rng(8)
    x = np.r_[rng.poisson(2.0, 4_000), 700, 2_000].astype(float)  # two buy without end
    age = rng.integers(1, 900, len(x)).astype(float)
    t_x = np.where(x > 0, np.floor(age * rng.random(len(x))), 0.0)
    alike = History.of(x, t_x, age).compressed()
    model, report = choose_model(x, t_x, age, policy("bg"))
    from_counts, counted = choose_from_counts(alike, policy("bg"))
    assert len(alike.x) < len(x) and counted["n_too_young"] == report["n_too_young"] > 20
    assert counted["n_repeat_customers"] == report["n_repeat_customers"]
    assert [from_counts.r, from_counts.b] == pytest.approx([model.r, model.b], rel=1e-12)
    uncapped = registry.fit_any(History.of(x[age >= 7], t_x[age >= 7], age[age >= 7]), "bg")[0].model
    assert abs(uncapped.r / model.r - 1.0) > 1e-4
