"""The report: one HTML file that opens offline, with its style and pictures inside."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from clientier.worth.appraisal import Result
from clientier.worth.report import pictures
from clientier.worth.report.canvas import heading_cell
from clientier.worth.report.document import document
from clientier.worth.report.evidence import Evidence

MODEL_NAMES = {
    "mbg": "MBG/NBD", "bg": "BG/NBD", "mbg_k": "MBG/CNBD-k", "bg_k": "BG/CNBD-k", "pareto": "Pareto/NBD",
    "nbd": "NBD",
}  # fmt: skip
SYMBOLS = {"alpha": "α", "beta": "β", "r": "r", "s": "s", "a": "a", "b": "b", "k": "k"}


def write_page(result: Result, language: str = "en", currency: str = "") -> str:
    """The whole report as HTML text; `currency` is a sign or code put before amounts."""
    page = _Page(result, language, currency)
    body = "".join(
        [
            page.heading(), page.figures(), page.pyramids(), page.whale(), page.best(),
            '<div class="two">', page.movement(), "<div>", page.lifecycle(), page.tier_table(), "</div></div>",
            page.movers(), page.warnings(), page.worst(), page.risers(), page.fallers(), page.calibration(),
            page.evidence(), page.data(), page.definitions(),
        ]
    )  # fmt: skip
    return document(page.say("title"), body, language)


class _Page(Evidence):
    """Sections of the report; each method gives one panel."""

    def heading(self) -> str:
        words = self.say("as_of", day=self.result.as_of.isoformat(), days=self.result.policy.window_days)
        return (
            f'<header><h1>{escape(self.say("title"))}</h1><span class="soft">{escape(words)}</span></header>'
        )

    def figures(self) -> str:
        counts, window = self.result.counts["customers"], self.result.totals["window"]
        tiers = self.result.tiers
        key_profit = sum(row["net_profit_e4"] for row in tiers[:2])
        share = sum(self.result.policy.boundaries[:2])
        loss = self.result.whale["loss_e4"]
        warned = self.columns["alert_strength"] > 0
        risk = int(self.columns["value_at_risk_e4"][warned].sum())
        profit = window["net_profit_e4"]
        key_part = f"<em>{key_profit / profit:.0%}</em>" if profit > 0 else ""
        below = counts["below_zero"]
        cells = [
            (self.say("customers"), f"<strong>{counts['in_pyramid']:,}</strong>"),
            (self.say("revenue"), f"<strong>{self.money(window['revenue_e4'])}</strong>"),
            (
                self.say("net_profit"),
                f'<strong class="{"bad" if profit < 0 else ""}">{self.money(profit)}</strong>',
            ),
            (
                self.say("key_share", share=f"{share:.0%}"),
                f"<strong>{self.money(key_profit)}</strong>{key_part}",
            ),
            (
                self.say("below_zero"),
                f'<strong class="{"bad" if below else ""}">{below:,}</strong>'
                + (
                    f"<em>{escape(self.say('below_zero_cost', amount=self.money(-loss)))}</em>"
                    if below
                    else ""
                ),
            ),
            (
                self.say("warned"),
                f'<strong class="{"warn" if warned.any() else ""}">{int(warned.sum()):,}</strong>'
                f"<em>{escape(self.say('at_risk', amount=self.money(risk)))}</em>",
            ),
        ]
        inner = "".join(f"<div><span>{escape(name)}</span>{value}</div>" for name, value in cells)
        return f'<section class="panel figures">{inner}</section>'

    def pyramids(self) -> str:
        rows = self.result.tiers
        names = [self.tier_name(row["tier"]) for row in rows]
        people = [(f"{name} {row['n_customers']:,}", f"{row['share_of_customers']:.1%}")
                  for name, row in zip(names, rows, strict=True)]  # fmt: skip
        positive = sum(max(row["net_profit_e4"], 0) for row in rows) or 1
        shares = [row["net_profit_e4"] / positive for row in rows]
        total = self.result.totals["window"]["net_profit_e4"]
        money = [
            (
                f"{name} {self.money(row['net_profit_e4'])}",
                f"{row['share_of_profit']:.1%}" if total > 0 else "",
            )
            for name, row in zip(names, rows, strict=True)
        ]
        left = self.panel("pyramid", pictures.pyramid(people))
        right = self.panel("profit_pyramid", pictures.profit_pyramid(money, shares))
        return f'<div class="two">{left}{right}</div>'

    def whale(self) -> str:
        curve, spread = self.result.whale, self.result.concentration
        words = {
            "peak": self.say(
                "peak", customers=f"{curve['peak_customers']:,}", amount=self.money(curve["peak_e4"])
            ),
            "total": self.say("total", amount=self.money(curve["total_e4"])),
        }
        text = self.say(
            "whale_text" if curve["n_below_zero"] else "whale_text_all",
            good=f"{curve['n_profitable']:,}",
            peak=self.money(curve["peak_e4"]),
            bad=f"{curve['n_below_zero']:,}",
            loss=self.money(-curve["loss_e4"]),
            share=f"{spread['top_20_share']:.1%}",
            gini=f"{spread['gini']:.2f}",
        )
        picture = f'<div class="scroll wide">{pictures.whale(curve, words)}</div>'
        return self.panel("whale", f'{picture}<p class="soft">{escape(text)}</p>')

    def lifecycle(self) -> str:
        found = self.result.counts["customers"]["lifecycle"]
        total = max(sum(found.values()), 1)
        rows = "".join(
            f"<tr><td>{escape(self.say(f'class.{name}'))}</td><td>{found[name]:,}</td>"
            f"<td>{found[name] / total:.1%}{pictures.bar(found[name] / total)}</td></tr>"
            for name in ("target", "potential", "non_customer", "first_time", "repeat", "loyal", "lost")
            if name in found
        )
        return self.panel("lifecycle", f"<table>{rows}</table>")

    def tier_table(self) -> str:
        head = "".join(
            heading_cell(name, self.say(name))
            for name in ("tier", "number", "share", "aim", "revenue", "net_profit")
        )
        rows = "".join(
            f"<tr><td>{self.badge(row['tier'])}</td><td>{row['n_customers']:,}</td>"
            f"<td>{row['share_of_customers']:.1%}</td><td>{row['benchmark_share']:.0%}</td>"
            f"<td>{self.money(row['revenue_e4'])}</td>"
            f'<td class="{"bad" if row["net_profit_e4"] < 0 else ""}">'
            f"{self.money(row['net_profit_e4'])}</td></tr>"
            for row in self.result.tiers
        )
        return self.panel("tiers", f'<div class="scroll"><table><tr>{head}</tr>{rows}</table></div>')

    def evidence(self) -> str:
        bought, spent = self.result.model["purchases"], self.result.model["spend"]
        reason = self.say(f"fallback.{bought['fallback']}") if bought["evidence"] == "prior_and_data" else ""
        found = bought["log_likelihood"]
        likelihood = "–" if found is None or math.isnan(found) else f"{found:,.1f}"
        entries = [
            (
                self.say("purchase_model"),
                self.say(
                    "purchase_facts", name=MODEL_NAMES.get(bought["model"], bought["model"]),
                    parameters=_parameters(bought), n=f"{bought['n_customers']:,}",
                    repeat=f"{bought['n_repeat_customers']:,}", ll=likelihood,
                ),
            ),
            (self.say("evidence"), self.say(f"evidence.{bought['evidence']}", reason=reason)),
            (
                self.say("spend_model"),
                self.say(f"spend_{spent['model']}", n=f"{spent['n_customers']:,}",
                         **{name: f"{spent[name]:,.2f}" for name in ("p", "q", "gamma")}),
            ),
        ]  # fmt: skip
        entries.append((self.say("holdout"), self.holdout_words()))
        entries.append((self.say("used"), self.used_words()))
        return self.panel("facts", _definitions(entries))

    def holdout_words(self) -> str:
        held = self.result.model["holdout"]
        if held["reason"] or held["ranking"] is None:
            return self.say("holdout_few" if held["reason"] == "few_came_back" else "holdout_none")
        counts = {name: f"{held[name]:,.0f}" for name in ("actual", "expected", "naive")}
        ranks = {name: f"{held[name]:.0%}" for name in ("ranking", "naive_ranking")}
        return self.say("holdout_facts", days=held["days"], n=f"{held['n_customers']:,}", **counts, **ranks)

    def data(self) -> str:
        counts, checks = self.result.counts["orders"], self.result.checks
        wrong = [check["of"] for check in checks if not check["ok"]]
        aside = [self.say(f"aside.{row['reason']}", rows=f"{row['rows']:,}") for row in self.result.set_aside]
        columns = ", ".join(f"{theirs} → {ours}" for ours, theirs in self.result.columns["orders"].items())
        said = (
            self.say("checks_bad", n=len(wrong), names=", ".join(wrong))
            if wrong
            else self.say("checks_ok", n=len(checks))
        )
        entries = [
            (self.say("rows"), self.say("rows_facts", used=f"{counts['used']:,}", all=f"{counts['in']:,}")),
            (self.say("aside"), "; ".join(aside) or "0"),
            (self.say("checks"), said),
            (self.say("columns"), columns),
        ]
        for notice in self.result.notices:
            entries.append(("", self.say(f"notice.{notice['code']}", **notice)))
        return self.panel("data", _definitions(entries))

    def definitions(self) -> str:
        policy = self.result.policy
        shares = ", ".join(
            f"{self.tier_name(tier)} {share:.0%}" for tier, share in enumerate(policy.boundaries, start=1)
        )
        entries = [
            (self.say("net_profit"), self.say("define.net_profit")),
            (self.say("tier"), self.say("define.tier", shares=shares)),
            (self.say("active"), self.say("define.active")),
            (
                self.say("clv"),
                self.say("define.clv", months=policy.clv_months, rate=f"{policy.discount_rate:.0%}"),
            ),
            (
                self.say("lost"),
                self.say("define.lost", days=policy.lost_horizon_days, share=f"{policy.lost_p_active:.0%}"),
            ),
        ]
        entries.append((self.say("range"), self.say("define.range", share=f"{policy.range_share:.0%}")))
        return self.panel("definitions", _definitions(entries))


def _parameters(bought: Mapping[str, Any]) -> str:
    """The parameters of whichever model it is, times in days."""
    return ", ".join(f"{sign} {bought[name]:,.3f}" for name, sign in SYMBOLS.items() if name in bought)


def _definitions(entries: Sequence[tuple[str, str]]) -> str:
    return (
        "<dl>"
        + "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in entries)
        + "</dl>"
    )
