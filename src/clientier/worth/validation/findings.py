"""What to think of a validation: each promise kept or broken, as a code with its figures."""

from __future__ import annotations

from typing import Any

RANKING_TOLERANCE = 0.01
COVERAGE_TOLERANCE = 0.05
ALL_DAYS = "_all_days"


def findings(
    pooled: dict[str, Any], entries: list[dict[str, Any]], whole: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Error and bias of the total below every naive rule, ranking by profit no worse than past profit by more
    than 0.01 normalised Gini, ranges that cover as they claim, warnings better than chance.

    Judged by the days `pooled`; where days were left out of them, each promise is judged again by the `whole`,
    under its code with `ALL_DAYS` at the end.
    """
    found = _promises(pooled)
    found += [one | {"code": one["code"] + ALL_DAYS} for one in (_promises(whole) if whole else [])]
    replaced = [verdict for entry in entries for verdict in entry["fallback"]]
    if replaced:
        found.append({"code": "fell_back", "ok": True, "times": len(replaced),
                      "uses": sorted({str(verdict["use"]) for verdict in replaced})})  # fmt: skip
    return found


def _promises(pooled: dict[str, Any]) -> list[dict[str, Any]]:
    bought, money = pooled["purchases"], pooled["money"]
    found = _totals(bought)
    gini = money["gini"]
    if gini["believed"] is not None:
        found.append(_finding("ranking_not_worse", gini["believed"], gini["past_profit"], "past_profit",
                              gini["believed"] >= gini["past_profit"] - RANKING_TOLERANCE))  # fmt: skip
    claimed = bought["range_share"]
    found.append(_finding("ranges_cover", bought["coverage"], claimed, "claimed",
                          bought["coverage"] >= claimed - COVERAGE_TOLERANCE))  # fmt: skip
    warned = pooled["warnings"]["kinds"]["any"]["fallen"]
    if warned["precision"] is not None:
        found.append(_finding("warnings_better_than_chance", warned["precision"], warned["base_rate"], "base_rate",
                              warned["precision"] > warned["base_rate"]))  # fmt: skip
    return found


def _totals(bought: dict[str, Any]) -> list[dict[str, Any]]:
    """Error and bias against the best naive rule of each."""
    rules, ours = bought["rules"], bought["believed"]
    best_error = min(rules, key=lambda name: rules[name]["error"])
    found = [
        _finding("error_below_naive", ours["error"], rules[best_error]["error"], best_error,
                 ours["error"] <= rules[best_error]["error"]),
    ]  # fmt: skip
    if ours["bias_size"] is not None:
        best_bias = min(rules, key=lambda name: rules[name]["bias_size"])
        found.append(_finding("bias_below_naive", ours["bias_size"], rules[best_bias]["bias_size"], best_bias,
                              ours["bias_size"] <= rules[best_bias]["bias_size"]))  # fmt: skip
    return found


def _finding(code: str, ours: float, theirs: float, rival: str, ok: bool) -> dict[str, Any]:
    return {"code": code, "ok": bool(ok), "ours": ours, "rival": rival, "theirs": theirs}
