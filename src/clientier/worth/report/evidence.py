"""The parts of the report about trust and movement: what was expected and came, what is used, who moved."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np

from clientier.worth.report import pictures, plots
from clientier.worth.report.listings import LONGEST_LIST, Listings

STAGES = ("acquisition", "growth", "maturity", "decline", "churned")


class Evidence(Listings):
    """Panels that need the check against history or the run before."""

    def movement(self) -> str:
        """Ribbons from the tiers before to those now; on a first run the lifecycle stages instead."""
        moves = self.result.moves["tier"]
        if not moves:
            return self.stages()
        levels = {
            str(tier): self.tier_name(tier) for tier in range(1, len(self.result.policy.boundaries) + 1)
        }
        counted = {"moved": 0, "up": 0, "down": 0, "all": 0}
        for move in moves:
            old, new, number = int(move["from"]), int(move["to"]), move["n_customers"]
            counted["all"] += number
            counted["moved"] += number * (old != new)
            counted["up"] += number * (old != new and new > 0 and (old == 0 or new < old))
            counted["down"] += number * (old != new and old > 0 and (new == 0 or new > old))
        text = self.say("flow_text", **{name: f"{number:,}" for name, number in counted.items()})
        picture = plots.flow(moves, levels | {"0": self.say("tier0")}, self.say("flow"))
        return self.panel("flow", f'{picture}<p class="soft">{escape(text)}</p>')

    def stages(self) -> str:
        stage, bought = self.columns["stage"], ~np.isnat(self.columns["first_day"])
        total = max(int(bought.sum()), 1)
        rows = ""
        for name in STAGES:
            number = int((bought & (stage == name)).sum())
            rows += (
                f"<tr><td>{escape(self.say(f'stage.{name}'))}</td><td>{number:,}</td>"
                f"<td>{number / total:.1%}{pictures.bar(number / total)}</td></tr>"
            )
        return self.panel("stages", f"<table>{rows}</table>")

    def movers(self) -> str:
        """Customers who changed tier since the run before, those with most profit at stake first."""
        if not self.result.moves["tier"]:
            return ""
        old, new = self.columns["tier_previous"], self.columns["tier"]
        profit, before = self.columns["net_profit_e4"], self.columns["prior_net_profit_e4"]
        moved = np.flatnonzero((old != new) & (old > 0))
        stake = np.maximum(np.abs(profit[moved]), np.abs(before[moved]))
        chosen = moved[np.argsort(-stake, kind="stable")[:LONGEST_LIST]]

        def cells(index: int) -> list[str]:
            return [
                self.who(index), f"<td class='text'>{self._tier(int(old[index]))}</td>",
                f"<td class='text'>{self._tier(int(new[index]))}</td>",
                self.cell("prior_net_profit_e4", index), self.cell("net_profit_e4", index), self.chance(index),
            ]  # fmt: skip

        return self.table(
            "movers", ("customer", "from", "to", "before", "net_profit", "active"), chosen, cells
        )

    def _tier(self, tier: int) -> str:
        return self.badge(tier) if tier else f'<span class="tier tier0">{escape(self.say("tier0"))}</span>'

    def calibration(self) -> str:
        held = self.result.model["holdout"]
        if held["reason"] or not held.get("deciles"):
            return ""
        pictures_ = self.calibration_pair(held["deciles"], held["deciles_p_active"])
        text = self.say("calibration_text", days=held["days"])
        return self.panel("calibration", f'{pictures_}<p class="soft">{escape(text)}</p>')

    def calibration_pair(self, purchases: list[dict[str, Any]], active: list[dict[str, Any]]) -> str:
        """Two plots side by side: purchases a customer, and the share that bought."""
        shown = ""
        for key, groups, share in (
            ("calibration_purchases", purchases, False),
            ("calibration_active", active, True),
        ):
            words = {
                "title": self.say(key),
                "expected": self.say("expected_axis"),
                "came": self.say("came_axis"),
            }
            plot = plots.calibration(groups, words, share=share)
            shown += f"<figure><figcaption>{escape(self.say(key))}</figcaption>{plot}</figure>"
        return f'<div class="pair">{shown}</div>'

    def used_words(self) -> str:
        """What the figures rest on in the end: model or naive rule, for totals and for ranking."""
        held = self.result.model["holdout"]
        if held["reason"]:
            return self.say("used.unchecked")
        said = [self.say("used.model", factor=f"{held['calibration']:.2f}")]
        for verdict in self.result.model["fallback"]:
            if verdict["use"] == "totals":
                said = [
                    self.say("used.totals", rule=self.say(f"rule.{verdict['rule']}"),
                             theirs=f"{verdict['rule_figure']:.2f}", ours=f"{verdict['model_figure']:.2f}")
                ]  # fmt: skip
        ranked = held["ranked_by"]
        if "gini" in ranked and ranked["gini"][ranked["rule"]] is not None:
            gini = f"{ranked['gini'][ranked['rule']]:.2f}"
            said.append(self.say("used.ranking", rule=self.say(f"rule.{ranked['rule']}"), gini=gini))
        return " ".join(said)
