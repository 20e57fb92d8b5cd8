"""How well the forecast came true: what was expected at an earlier day beside what came, and what follows from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from clientier.kit import formats
from clientier.rooms.value.charts.figures import heads, kpi, number

MODELS = {
    "mbg": "MBG/NBD", "bg": "BG/NBD", "mbg_k": "MBG/CNBD-k", "bg_k": "BG/CNBD-k", "pareto": "Pareto/NBD",
    "nbd": "NBD", "gamma_gamma": "Gamma-Gamma",
}  # fmt: skip
EPOCH = dt.date(1970, 1, 1)
Facts = Mapping[str, Any]


def checked(held: Facts) -> bool:
    """Whether there was history enough to hold a part of it back."""
    return held.get("reason") is None and "deciles" in held


def span(held: Facts) -> str:
    """From when to when the forecast was compared."""
    origin = EPOCH + dt.timedelta(days=held["origin_day"])
    return f"{formats.day(origin)} – {formats.day(origin + dt.timedelta(days=held['days']))}"


def headline(held: Facts) -> list[dict[str, Any]]:
    """Purchases expected and come, the naive rule, and how often the right customer was put first."""
    off = held["expected"] / held["actual"] - 1.0 if held["actual"] else 0.0
    naive = held["naive"] / held["actual"] - 1.0 if held["actual"] else 0.0
    first = held.get("ranking")
    return [
        kpi(_("Purchases that came"), formats.number(held["actual"]),
            hint=_("of %(customers)s customers") % {"customers": formats.number(held["n_customers"])}),
        kpi(_("Expected by the model"), formats.number(held["expected"]), hint=_signed(off)),
        kpi(_("Expected by the past rate alone"), formats.number(held["naive"]), hint=_signed(naive)),
        kpi(_("Buyer put before non-buyer"), formats.percent(first) if first is not None else "–",
            hint=_("a coin puts first in %(half)s") % {"half": formats.percent(0.5)}),
    ]  # fmt: skip


def _signed(share: float) -> str:
    text = formats.percent(share)
    return f"+{text}" if share > 0 and text[0].isdigit() else text


def purchases(held: Facts) -> dict[str, Any]:
    """Tenths of the customers by what was expected: purchases of a customer, expected and come."""
    title = _("Purchases a customer, by tenths of the customers as the model ordered them")
    return _tenths("purchases", title, held["deciles"], share=False)


def buying(held: Facts) -> dict[str, Any]:
    """Tenths of the customers by their probability of buying: the share that was expected to buy, and that did."""
    title = _("Share of customers who bought, by tenths as the model ordered them")
    return _tenths("buying", title, held["deciles_p_active"], share=True)


def _tenths(name: str, title: str, groups: Sequence[Facts], *, share: bool) -> dict[str, Any]:
    words = formats.percent if share else partial(formats.number, decimals=2)
    scale, unit = (100, "%") if share else (1, "")
    parts = (("expected", _("Expected"), "var(--t4-fill)"), ("actual", _("Came"), "var(--t3-fill)"))
    return {
        "id": name,
        "title": title,
        "options": {
            "legend": {"top": 0, "left": 0},
            "tooltip": {"trigger": "item", "formatter": "{b}"},
            "xAxis": {"type": "category", "data": [str(group["group"]) for group in groups]},
            "yAxis": {"type": "value", "axisLabel": {"formatter": f"{{value}}{unit}"}},
            "series": [
                {
                    "type": "bar",
                    "name": label,
                    "barMaxWidth": 22,
                    "itemStyle": {"color": colour},
                    "data": [
                        {"value": round(each[part] * scale, 4), "name": f"{label}: {words(each[part])}"}
                        for each in groups
                    ],
                }
                for part, label, colour in parts
            ],
        },
        "table": {
            "label": title,
            "columns": heads(_("Tenth"), _("Customers"), *(label for _part, label, _colour in parts)),
            "rows": [
                [
                    {"kind": "text", "text": str(each["group"])},
                    number(each["n_customers"]),
                    *({"kind": "number", "text": words(each[part])} for part, _label, _colour in parts),
                ]
                for each in groups
            ],
        },
    }


def candidates(held: Facts) -> dict[str, Any]:
    """The models that were tried on the same days, the one in use marked."""
    chosen = held["choice"]["model"]
    return {
        "label": _("Models tried"),
        "columns": heads(_("Model"), _("Error"), _("Brier score"), _("Total off by")),
        "rows": [
            [
                {"kind": "text", "text": MODELS[one["model"]] + (" ✓" if one["model"] == chosen else "")},
                {"kind": "number", "text": formats.number(one["error"], 2)},
                {"kind": "number", "text": formats.number(one["brier"], 3)},
                {"kind": "number", "text": _signed(one["bias"]) if one["bias"] is not None else ""},
            ]
            for one in held["tried"]
        ],
    }


def decisions(held: Facts) -> list[dict[str, Any]]:
    """What follows from the check, in words: model, totals, ranking, ranges."""
    choice, ranked = held["choice"], held["ranked_by"]
    model = {"model": MODELS[choice["model"]]}
    whole = {one["use"]: one for one in held["fallback"]}
    rules = {
        "last_year": _("last year's purchases"), "past_rate": _("the past rate"),
        "mean_of_both": _("the mean of model and past"), "past_profit": _("past profit"),
        "present": _("the mean of last year and the last quarter"),
    }  # fmt: skip
    chosen = {
        "clearly_better": _("%(model)s: clearly better than the others in the check."),
        "default_stands": _("%(model)s: no other model was clearly better in the check."),
        "only_candidate": _("%(model)s: the rules allow no other."),
        "not_checked": _("%(model)s: there is too little history to compare models."),
    }[choice["code"]] % model
    total = _("The model's, multiplied by %(factor)s, as quarters before came out above or below it.") % {
        "factor": formats.number(held["calibration"], 2)
    }
    if "totals" in whole:
        total = _("Not the model's but %(rule)s: it came closer in the check.") % {
            "rule": rules[whole["totals"]["rule"]]
        }
    return [
        {"label": _("Model"), "text": chosen},
        {"label": _("How much is bought"), "text": total},
        {
            "label": _("Who will bring most"),
            "text": _("Ranked by %(rule)s, which the model seldom beats.") % {"rule": rules[ranked["rule"]]}
            if ranked["rule"] == "past_profit"
            else _("Ranked by %(rule)s, which was better in the check.") % {"rule": rules[ranked["rule"]]},
        },
    ]
