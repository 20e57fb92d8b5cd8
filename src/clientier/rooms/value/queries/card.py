"""What a customer's card shows of its value: figures, the profit statement line by line, the rhythm, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.presence import Referring
from clientier.kit import formats
from clientier.kit.cells import TIER_TONES, Cell, Setting
from clientier.kit.timeline import Happening, Window
from clientier.rooms.parties.models import Customer
from clientier.rooms.trade.choices.orders import CostKind
from clientier.rooms.trade.models import Order
from clientier.rooms.value.choices import (
    LIFECYCLE_TONES,
    TIMED,
    WARNING_TONES,
    Driver,
    Lifecycle,
    MoveKind,
    Tier,
)
from clientier.rooms.value.models import Move, Standing
from clientier.rooms.value.queries import reasons
from clientier.rooms.value.queries.standings import current_run

ORDERS_IN_RHYTHM = 24
MOVES = Referring(Move, "customer")


def standing_for(actor: Actor, customer: Model, *needed: str) -> Standing | None:
    """Where the customer stands, if the actor may know it and read all the fields that are needed."""
    if actor.reach(Standing, "view") is Reach.NONE:
        return None
    if not access.fields(actor, Standing).readable.issuperset(needed):
        return None
    found: Standing | None = access.beside(actor, customer, "standing")
    return found


def tier_known_to(actor: Actor, customer: Model) -> str:
    """The code of the customer's tier, if the actor may know it and there is one."""
    score = standing_for(actor, customer, "tier")
    return score.tier if score else ""


def badges(actor: Actor, customer: Customer, setting: Setting) -> list[Cell]:
    """Tier, lifecycle class and warning beside the name, each leading to its reason."""
    score = standing_for(actor, customer, "tier", "lifecycle", "warning")
    if score is None:
        return []
    made = []
    if score.tier:
        since = _("since %(month)s") % {"month": f"{score.tier_since:%Y-%m}"} if score.tier_since else ""
        words = f"{score.get_tier_display()} {since}".strip()
        made.append(Cell("tier", words, tone=TIER_TONES[score.tier], url="#panel-why"))
    if score.lifecycle:
        tone = LIFECYCLE_TONES.get(score.lifecycle, "")
        made.append(Cell("badge", score.get_lifecycle_display(), tone=tone, url="#panel-why"))
    if score.warning:
        tone = WARNING_TONES[score.warning]
        made.append(Cell("badge", score.get_warning_display(), tone=tone, url="#panel-why"))
    return made


def figures(actor: Actor, customer: Customer, setting: Setting) -> dict[str, Any] | None:
    """The line of figures at the head of the card."""
    score = standing_for(actor, customer, "net_profit", "revenue", "clv", "expected_profit")
    if score is None:
        return None
    currency = setting.currency
    change = score.growth
    kpis = [
        {
            "label": _("Net profit, 12 months"), "value": formats.short(score.net_profit, currency),
            "tone": "bad" if score.net_profit < 0 else "", "url": "#panel-statement",
            "hint": _("before: %(amount)s") % {"amount": formats.short(score.prior_net_profit, currency)},
        },
        {
            "label": _("Revenue, 12 months"), "value": formats.short(score.revenue, currency),
            "delta": "" if change is None else f"{'+' if change > 0 else ''}{formats.percent(change)}",
            "tone": "good" if (change or 0) > 0 else "bad" if (change or 0) < 0 else "",
            "url": _orders_url(customer, setting),
        },
    ]  # fmt: skip
    if score.last_day:
        kpis += _expectations(score, currency)
    return {"kpis": kpis}


def _expectations(score: Standing, currency: str) -> list[dict[str, Any]]:
    low, high = formats.short(score.clv_low or 0, currency), formats.short(score.clv_high or 0, currency)
    return [
        {
            "label": _("Expected next 12 months"), "value": formats.short(score.expected_profit or 0, currency),
            "url": "#panel-why",
        },
        {
            "label": _("Lifetime value, 3 years"), "value": formats.short(score.clv or 0, currency),
            "hint": f"{low} – {high}", "url": "#panel-why",
        },
        {
            "label": _("Buys within 90 days"), "value": formats.percent(score.p_active_90 or 0),
            "url": "#panel-rhythm",
        },
        {"label": _("Health"), "value": formats.number(score.health or 0), "url": "#panel-why"},
    ]  # fmt: skip


def statement(actor: Actor, customer: Customer, setting: Setting) -> dict[str, Any] | None:
    """From revenue to net profit, each line opening the records behind it."""
    score = standing_for(actor, customer, "net_profit", "revenue", "cost_of_goods", "costs")
    if score is None or not (score.revenue or score.cost_to_serve):
        return None
    lines = _records_url("order-lines-list", customer, setting, "order__customer", "order__day")
    revenue = ngettext("Sales (%(orders)s order)", "Sales (%(orders)s orders)", score.orders) % {
        "orders": formats.number(score.orders)
    }
    rows = [_line(revenue, score.revenue, setting, lines)]
    if score.discount:
        memo = _("after discounts of %(amount)s") % {
            "amount": formats.amount(score.discount, setting.currency, cents=False)
        }
        rows.append({"label": memo, "amount": "", "url": lines, "memo": True})
    rows.append(_line(_("Cost of goods"), -score.cost_of_goods, setting, lines))
    rows.append({**_line(_("Gross margin"), score.gross_margin, setting, ""), "sum": True})
    rows += _costs(score, customer, setting, lines)
    rows.append({**_line(_("Net profit"), score.net_profit, setting, ""), "sum": True, "total": True})
    return {"rows": rows}


def _costs(score: Standing, customer: Customer, setting: Setting, lines: str) -> list[dict[str, Any]]:
    costs = _records_url("costs-list", customer, setting, "customer", "day")
    talks = _records_url("interactions-list", customer, setting, "customer", "at")
    urls = {Driver.ORDER_FREIGHT: lines}
    urls |= {driver: f"{talks}&f=kind:in:{','.join(kinds)}" for driver, kinds in TIMED.items()}
    shown = [driver for driver in Driver if score.costs.get(driver)]
    rows = [
        _line(
            str(driver.label),
            -reasons.driver_amount(score, driver),
            setting,
            urls.get(driver, f"{costs}&f=kind:in:{driver}" if driver in CostKind.values else ""),
        )
        for driver in shown
    ]
    timed = [place for place, driver in enumerate(shown, start=1) if driver in TIMED]
    if timed:
        memo = _("served for %(hours)s h") % {"hours": formats.number(score.minutes / 60, 1)}
        rows.insert(timed[-1], {"label": memo, "amount": "", "url": talks, "memo": True})
    return rows


def _line(label: str, amount: Decimal, setting: Setting, url: str) -> dict[str, Any]:
    tone = "bad" if amount < 0 and not url else ""
    text = formats.amount(amount, setting.currency, cents=False)
    return {
        "label": label,
        "amount": text,
        "exact": formats.amount(amount, setting.currency),
        "url": url,
        "tone": tone,
    }


def _records_url(name: str, customer: Customer, setting: Setting, path: str, day: str) -> str:
    start = setting.today - dt.timedelta(days=365)
    asked = [("f", f"{path}:in:{customer.pk}"), ("f", f"{day}:gte:{start + dt.timedelta(days=1)}")]
    return f"{reverse(name)}?{urlencode(asked)}"


def _orders_url(customer: Customer, setting: Setting) -> str:
    return _records_url("orders-list", customer, setting, "customer", "day")


def rhythm(actor: Actor, customer: Customer, setting: Setting) -> dict[str, Any] | None:
    """The last purchases as bars on a line of time, and when the next one is expected."""
    score = standing_for(actor, customer, "last_day")
    if score is None or score.last_day is None or score.purchase_days < 2:
        return None
    if "amount_base" not in access.fields(actor, Order).readable:
        return None
    found = access.visible(actor, Order).filter(customer=customer, amount_base__gt=0)
    orders = list(found.order_by("-day", "-pk").values_list("day", "amount_base")[:ORDERS_IN_RHYTHM])[::-1]
    if len(orders) < 2:
        return None
    expected = score.next_expected
    first, last = orders[0][0], max(setting.today, expected or setting.today)
    days, highest = max((last - first).days, 1), max(amount for _day, amount in orders)
    place = lambda day: round(8 + 500 * (day - first).days / days, 1)  # noqa: E731
    return {
        "sentence": _("every %(gap)d days, last %(ago)s") % {
            "gap": round(score.mean_gap_days or 0), "ago": formats.since(score.last_day, setting.today),
        },
        "bars": [
            {
                "x": place(day), "height": round(8 + 48 * float(amount / highest), 1),
                "y": round(62 - 8 - 48 * float(amount / highest), 1),
                "title": f"{formats.day(day)} · {formats.with_symbol(amount, setting.currency)}",
            }
            for day, amount in orders
        ],
        "today": place(setting.today),
        "expected": place(expected) if expected and expected > first else None,
        "expected_text": formats.day(expected) if expected else "",
        "late": bool(expected and expected < setting.today),
    }  # fmt: skip


def explained(actor: Actor, customer: Customer, setting: Setting) -> dict[str, Any] | None:
    """Each judgement with its sentence and its date."""
    score = standing_for(actor, customer, "net_profit", "revenue")
    run = current_run() if score else None
    if score is None or run is None:
        return None
    rows = [
        (
            score.get_tier_display() or _("No tier"),
            score.tier_since,
            reasons.why_tier(score, run, setting.currency),
        ),
        (score.get_lifecycle_display(), score.lifecycle_since, reasons.why_lifecycle(score, setting.today)),
    ]
    if score.warning:
        words = reasons.why_warning(score, setting.today, setting.currency)
        rows.append((score.get_warning_display(), run.as_of, words))
    if score.health is not None and score.last_day:
        label = _("Health %(points)d") % {"points": score.health}
        rows.append((label, run.as_of, reasons.why_health(score)))
    if score.growth_candidate and score.gap_to_next:
        gap = formats.with_symbol(score.gap_to_next, setting.currency)
        rows.append(
            (_("Growth candidate"), run.as_of, _("%(gap)s of net profit to the next tier.") % {"gap": gap})
        )
    items = [
        {"label": label, "since": formats.day(day) if day else "", "why": why} for label, day, why in rows
    ]
    return {"items": items, "as_of": formats.day(run.as_of), "rules": run.policy.version}


def moves_told(actor: Actor, customer: Model, window: Window) -> Iterable[Happening]:
    """Changes of tier and class for the timeline, early in the morning after the run."""
    if not access.fields(actor, Move).readable >= {"before", "after"}:
        return
    names = {**dict(Tier.choices), **dict(Lifecycle.choices), "": "–"}
    zone, early = ZoneInfo(actor.time_zone), dt.time(3)
    found = access.visible(actor, Move).filter(window.of_days("day", early, zone), customer=customer.pk)
    for move in found.order_by("-day", "-pk")[: window.limit]:
        what = _("Tier") if move.kind == MoveKind.TIER else _("Customer class")
        yield Happening(
            at=dt.datetime.combine(move.day, early, zone),
            kind=window.kind,
            key=move.pk,
            icon="pyramid",
            title=f"{what}: {names[move.before]} → {names[move.after]}",
        )
