"""The page that tells how well the forecast came true, and to whom."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.test import Client

from clientier.rooms.people.models import User
from clientier.rooms.value.charts import forecast
from clientier.rooms.value.models import ValueRun
from clientier.worth import Policy
from tests.rooms.value.company import Company

pytestmark = pytest.mark.django_db
GROUPS = [
    {"group": place, "n_customers": 40, "expected": place / 10, "actual": place / 20} for place in (1, 2)
]


def held(**changes: Any) -> dict[str, Any]:
    return {
        "reason": None, "days": 365, "origin_day": 20_414, "n_customers": 80, "actual": 200.0, "expected": 250.0,
        "naive": 100.0, "ranking": 0.83, "calibration": 0.9, "deciles": GROUPS, "deciles_p_active": GROUPS,
        "choice": {"code": "clearly_better", "model": "mbg_k"}, "fallback": [],
        "ranked_by": {"use": "ranking", "code": "past_profit_stands", "rule": "past_profit"},
        "tried": [{"model": "mbg", "error": 2.0, "brier": 0.21, "bias": 0.25},
                  {"model": "mbg_k", "error": 1.0, "brier": 0.1, "bias": -0.1}],
    } | changes  # fmt: skip


def page_of(person: User, client: Client) -> str:
    client.force_login(person)
    response = client.get("/value/forecast/")
    assert response.status_code == 200
    return unescape(response.content.decode())


def keep(facts: dict[str, Any]) -> None:
    run = ValueRun.objects.get(is_current=True)
    run.facts["model"] |= {"holdout": facts}
    run.save()


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_who_sees_everybody_sees_what_was_expected_and_what_came(
    firm: Company, client: Client, language: str
) -> None:
    keep(held())
    User.objects.update(language=language)
    page = page_of(firm.manager, client)
    assert "MBG/CNBD-k ✓" in page and "+25" in page and "−50" in page
    assert " style=" not in page


def test_others_are_told_that_it_is_of_the_whole_company(firm: Company, client: Client) -> None:
    keep(held())
    page = page_of(firm.rep, client)
    assert "MBG/CNBD-k ✓" not in page and "shown to those who see all customers" in page


@pytest.mark.parametrize("facts", [{}, {"reason": "history_too_short"}, {"reason": None, "actual": 5.0}])
def test_without_a_check_the_page_says_so(firm: Company, client: Client, facts: dict[str, Any]) -> None:
    keep(facts)
    assert "too short to hold a part of it back" in page_of(firm.manager, client)


def test_headline_compares_model_and_past_rate_with_what_came() -> None:
    came, model, rate, first = forecast.headline(held())
    assert (came["value"], model["value"], model["hint"], rate["hint"]) == ("200", "250", "+25%", "−50%")
    assert first["value"] == "83%"


def test_decisions_say_what_replaced_the_model() -> None:
    stands = forecast.decisions(held())
    assert [entry["text"] for entry in stands] == [
        "MBG/CNBD-k: clearly better than the others in the check.",
        "The model's, multiplied by 0.90, as quarters before came out above or below it.",
        "Ranked by past profit, which the model seldom beats.",
    ]
    naive = {"use": "totals", "code": "error_worse_than_naive", "rule": "last_year"}
    better = {"use": "ranking", "code": "mean_ranks_better", "rule": "mean_of_both"}
    replaced = forecast.decisions(held(fallback=[naive], ranked_by=better))
    assert replaced[1]["text"] == "Not the model's but last year's purchases: it came closer in the check."
    assert replaced[2]["text"] == "Ranked by the mean of model and past, which was better in the check."


def test_every_model_that_the_rules_allow_has_a_name() -> None:
    for name in ("mbg", "bg", "mbg_k", "bg_k", "pareto", "nbd"):
        assert Policy(model=name).model in forecast.MODELS


def test_tenths_are_drawn_and_listed() -> None:
    drawn = forecast.buying(held())
    expected, came = drawn["options"]["series"]
    assert [point["value"] for point in expected["data"]] == [10.0, 20.0]
    assert drawn["options"]["yAxis"]["axisLabel"]["formatter"] == "{value}%"
    assert [point["name"] for point in came["data"]] == ["Came: 5%", "Came: 10%"]
    assert [cell["text"] for cell in drawn["table"]["rows"][1]] == ["2", "40", "20%", "10%"]
