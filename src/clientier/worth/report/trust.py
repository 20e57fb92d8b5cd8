"""The page of a validation: one HTML file that opens offline and tells whether to believe the engine."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from clientier.worth.report import plots
from clientier.worth.report.document import document
from clientier.worth.report.page import MODEL_NAMES
from clientier.worth.report.trust_words import tell
from clientier.worth.report.words import say
from clientier.worth.validation.findings import ALL_DAYS
from clientier.worth.validation.rolling import Validation

KINDS = ("silence", "activity_drop", "purchases_falling", "any", "below_zero")


def write_trust_page(found: Validation, language: str = "en", currency: str = "") -> str:
    """The whole page as HTML text; `currency` is a sign or code put before amounts."""
    page = _TrustPage(found, language, currency)
    body = "".join(
        [page.heading(), page.promises(), page.calibration(), page.purchases(), page.money(), page.buys(),
         page.warnings(), page.tracking(), page.origins()]
    )  # fmt: skip
    return document(page.tell("title"), body, language)


class _TrustPage:
    """Sections of the page; each method gives one panel."""

    def __init__(self, found: Validation, language: str, currency: str) -> None:
        self.found, self.language, self.currency = found, language, currency
        self.pooled = found.pooled

    def tell(self, key: str, **values: object) -> str:
        return tell(self.language, key, **values)

    def heading(self) -> str:
        days = ", ".join(entry["origin"] for entry in self.found.origins)
        words = self.tell("asked", days=days, horizon=self.found.horizon_days)
        return (
            f'<header><h1>{escape(self.tell("title"))}</h1><span class="soft">{escape(words)}</span></header>'
        )

    def promises(self) -> str:
        body = ""
        for finding in self.found.findings:
            mark = "yes" if finding["ok"] else "no"
            shown = f'<span class="mark {mark}">{escape(self.tell(mark))}</span>'
            shown = "" if finding["code"] == "fell_back" else shown
            body += f'<tr><td>{shown}</td><td class="text">{escape(self._promise(finding))}</td></tr>'
        notes = "".join(
            f'<p class="soft">{escape(self.tell("notice." + notice["code"], **_without_code(notice)))}</p>'
            for notice in self.found.notices
        )
        return self._panel("promises", f'<table class="promises">{body}</table>{notes}')

    def _promise(self, finding: dict[str, Any]) -> str:
        code = finding["code"].removesuffix(ALL_DAYS)
        if code != finding["code"]:
            return self.tell("over_all_days", promise=self._promise(finding | {"code": code}))
        if code == "fell_back":
            uses = ", ".join(self.tell(f"use.{use}") for use in finding["uses"])
            return self.tell(code, times=finding["times"], uses=uses)
        form = (
            "{:.1%}"
            if code in ("bias_below_naive", "ranges_cover", "warnings_better_than_chance")
            else "{:.3f}"
        )
        return self.tell(code, ours=form.format(finding["ours"]), theirs=form.format(finding["theirs"]),
                         rival=self.tell(finding["rival"]))  # fmt: skip

    def calibration(self) -> str:
        bought = self.pooled["purchases"]
        shown = ""
        for key, name, share in (
            ("calibration_purchases", "deciles", False),
            ("calibration_active", "deciles_p_active", True),
        ):
            title = say(self.language, key)
            words = {
                "title": title,
                "expected": say(self.language, "expected_axis"),
                "came": say(self.language, "came_axis"),
            }
            picture = plots.calibration(bought[name], words, share=share)
            shown += f"<figure><figcaption>{escape(title)}</figcaption>{picture}</figure>"
        text = say(self.language, "calibration_text", days=self.found.horizon_days)
        title = say(self.language, "calibration")
        return (
            f'<section class="panel"><h2>{escape(title)}</h2><div class="pair">{shown}</div>'
            f'<p class="soft">{escape(text)}</p></section>'
        )

    def purchases(self) -> str:
        bought = self.pooled["purchases"]
        rows = {"engine": bought["believed"], "model": bought["model"], **bought["rules"]}
        cells = [
            [escape(self.tell(name)), f"{row['expected']:,.0f}", f"{bought['actual']:,.0f}",
             _percent(row["bias"], sign=True), f"{row['error']:.3f}", f"{row['mean_absolute_error']:.3f}"]
            for name, row in rows.items()
        ]  # fmt: skip
        brier = {
            "active": bought["brier"]["p_active"],
            "alive": bought["brier"]["p_alive"],
            "base": bought["brier"]["base_rate"],
        }
        text = self.tell("brier", **{name: f"{value:.3f}" for name, value in brier.items()})
        return self._table("purchases", ("who", "expected", "came", "bias", "error", "mae"), cells, text)

    def money(self) -> str:
        money = self.pooled["money"]
        names = ("believed", "model", "past_profit", "past_revenue", "perfect")
        cells = []
        for name in names:
            gini = 1.0 if name == "perfect" else money["gini"][name]
            held = [_percent(row[name]) for row in money["captured"]]
            cells.append(
                [
                    escape(self.tell("engine" if name == "believed" else name)),
                    "" if gini is None else f"{gini:.3f}",
                    *held,
                ]
            )
        tops = [self.tell("top", share=f"{row['share']:.0%}") for row in money["captured"]]
        text = self.tell(
            "of_customers",
            n=f"{self.pooled['purchases']['n_customers']:,}",
            amount=self._money(money["actual"]),
            newcomers=self._money(money["newcomers"]),
            share=_percent(money["key_share_of_customers"]),
            held=_percent(money["key_share_of_profit"]) or "–",
        )
        heads = [self.tell("who"), self.tell("gini"), *tops]
        return self._panel("money", f'{_rows(heads, cells)}<p class="soft">{escape(text)}</p>')

    def buys(self) -> str:
        ranking = self.pooled["purchases"]["ranking"]
        cells = [
            [escape(self.tell("engine" if name == "believed" else name)), _percent(value)]
            for name, value in sorted(ranking.items(), key=lambda pair: -(pair[1] or 0.0))
        ]
        return self._panel("buys", _rows([self.tell("who"), ""], cells))

    def warnings(self) -> str:
        judged = self.pooled["warnings"]
        cells = []
        for kind in KINDS:
            one = judged["kinds"][kind]["fallen"]
            lift = "" if one["lift"] is None else f"{one['lift']:.1f}"
            cells.append([
                escape(self.tell(f"kind.{kind}")), f"{one['n_warned']:,}", f"{one['n_right']:,}",
                _percent(one["precision"]), _percent(one["recall"]), _percent(one["base_rate"]), lift,
            ])  # fmt: skip
        text = self.tell("fallen_rule", horizon=self.found.horizon_days)
        if judged["lead_days_median"] is not None:
            text += " " + self.tell(
                "lead", days=f"{judged['lead_days_median']:,.0f}", n=f"{judged['n_lead']:,}"
            )
        heads = ("kind", "warned", "right", "precision", "recall", "base", "lift")
        return self._table("warnings", heads, cells, text)

    def tracking(self) -> str:
        shown, cells = "", []
        for entry in self.found.origins:
            weeks = entry["tracking"]
            if not weeks["actual"]:
                continue
            title = self.tell("after", day=entry["origin"])
            words = {"title": title, **{name: self.tell(name) for name in ("expected", "came", "weeks")}}
            picture = plots.tracking(weeks["expected"], weeks["actual"], words)
            shown += f"<figure><figcaption>{escape(title)}</figcaption>{picture}</figure>"
            cells.append([entry["origin"], f"{weeks['expected'][-1]:,.0f}", f"{weeks['actual'][-1]:,.0f}",
                          _percent(weeks["error"]), _percent(weeks["error_weekly"])])  # fmt: skip
        heads = [self.tell(name) for name in ("origin", "expected", "came", "off_so_far", "off_weekly")]
        text = f'<p class="soft">{escape(self.tell("tracking_text"))}</p>'
        return self._panel("tracking", f'<div class="pair">{shown}</div>{_rows(heads, cells)}{text}')

    def origins(self) -> str:
        cells = []
        for entry in self.found.origins:
            bought = entry["purchases"]
            gave_way = ", ".join(say(self.language, f"rule.{one['rule']}") for one in entry["fallback"])
            cells.append([
                entry["origin"], f"{bought['n_customers']:,}",
                escape(MODEL_NAMES.get(entry["model"], entry["model"])), f"{entry['calibration']:.2f}",
                f"{bought['believed']['expected']:,.0f}", f"{bought['actual']:,.0f}",
                _percent(bought["believed"]["bias"], sign=True), f"{bought['believed']['error']:.3f}",
                escape(gave_way),
            ])  # fmt: skip
        heads = ("origin", "customers", "chosen", "factor", "expected", "came", "bias", "error", "fallback")
        return self._table("origins", heads, cells, "")

    def _money(self, amount: float) -> str:
        return f"{'−' if amount < 0 else ''}{self.currency}{abs(amount):,.0f}"

    def _table(self, title: str, headings: Sequence[str], cells: list[list[str]], text: str) -> str:
        words = f'<p class="soft">{escape(text)}</p>' if text else ""
        return self._panel(title, _rows([self.tell(name) for name in headings], cells) + words)

    def _panel(self, title: str, content: str) -> str:
        return f'<section class="panel"><h2>{escape(self.tell(title))}</h2>{content}</section>'


def _rows(headings: Sequence[str], cells: list[list[str]]) -> str:
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in cells)
    return f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>'


def _percent(share: float | None, *, sign: bool = False) -> str:
    if share is None:
        return ""
    return (f"{share:+.1%}" if sign else f"{share:.1%}").replace("-", "−")


def _without_code(notice: dict[str, Any]) -> dict[str, Any]:
    return {
        name: ", ".join(value) if isinstance(value, list) else value
        for name, value in notice.items()
        if name != "code"
    }
