"""How a judgement came about, in words: what the figures mean, the rules, the model, what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientier.core.wording import listed
from clientier.kit import formats
from clientier.rooms.value.charts.forecast import MODELS
from clientier.rooms.value.choices import Tier

Entry = dict[str, Any]


def definitions() -> list[Entry]:
    return [
        _entry(
            _("Net profit"),
            _(
                "Revenue of the last 12 months after discounts and returns, less cost of goods, freight, and "
                "what serving the customer took: time at the rate of who spent it, rebates, fees, late "
                "money, bad debts."
            ),
        ),
        _entry(
            _("Active customers"),
            _("Who bought or cost something in the last 12 months, or bought before and is not yet lost."),
        ),
        _entry(
            _("Key customers"),
            _("The tiers Important and Major. Who brings no profit is never a key customer."),
        ),
    ]


def rules(policy: Mapping[str, Any]) -> list[Entry]:
    """The boundaries of the tiers and what keeps customers from flipping back and forth."""
    tiers = [
        f"{tier.label} {formats.percent(share)}"
        for tier, share in zip(Tier, policy["boundaries"], strict=True)
    ]
    runs = ngettext(
        "A customer changes tier when the rank has passed the boundary by %(band)s of it at %(number)d run.",
        "A customer changes tier when the rank has passed the boundary by %(band)s of it at %(number)d runs "
        "in a row.",
        policy["confirmations"],
    ) % {"band": formats.percent(policy["band"]), "number": policy["confirmations"]}
    return [
        _entry(
            _("Tiers"),
            _("Customers ranked by net profit, best first, and cut at: %(tiers)s.")
            % {"tiers": listed(tiers)},
        ),
        _entry(
            _("No flipping"),
            _("%(runs)s Newcomers enter where they rank; a key customer whose profit is gone leaves at once.")
            % {"runs": runs},
        ),
    ]


def model(found: Mapping[str, Any]) -> list[Entry]:
    """What the forecasts rest on: the model of purchases and the one of spending, with their evidence."""
    purchases, spend = found.get("purchases", {}), found.get("spend", {})
    shown = []
    for title, part in ((_("When customers buy"), purchases), (_("What they spend"), spend)):
        if not part:
            continue
        values = {
            "model": MODELS.get(part.get("model", ""), part.get("model", "")),
            "customers": formats.number(part.get("n_customers") or 0),
        }
        if part.get("evidence") == "data":
            shown.append(_entry(title, _("%(model)s, fitted to %(customers)s customers.") % values))
        else:
            words = _("%(model)s with cautious standard values: too few customers (%(customers)s) to fit it.")
            shown.append(_entry(title, words % values))
    return shown


def left_out(set_aside: Sequence[Mapping[str, Any]], currency: str) -> list[Entry]:
    """Rows that the run could not use, by reason, with their money."""
    reasons = {
        "customer_missing": _("without a customer"),
        "after_as_of": _("dated after the day of the run"),
        "cancellation": _("of cancellations"),
        "cancelled_order": _("of cancelled orders"),
    }
    tables = {"orders": _("Order lines"), "costs": _("Costs to serve")}
    return [
        _entry(
            tables.get(row["table"], row["table"]),
            _("%(rows)s %(reason)s, together %(amount)s")
            % {
                "rows": formats.number(row["rows"]),
                "reason": reasons.get(row["reason"], row["reason"]),
                "amount": formats.with_symbol(Decimal(row["amount_e4"]).scaleb(-4), currency),
            },
        )
        for row in set_aside
    ]


def _entry(label: str, text: str) -> Entry:
    return {"label": label, "text": text}
