"""A company with all that belongs to it: the tree, and what the whole group brings, under the reader's rights."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.presence import Referring
from clientier.kit import formats
from clientier.kit.cells import TIER_TONES, Cell, Setting
from clientier.rooms.activities.models import Task
from clientier.rooms.activities.queries import open_tasks
from clientier.rooms.parties.models import Customer
from clientier.rooms.value.choices import Tier
from clientier.rooms.value.models import Standing

DEEPEST = 12
LISTED = 40
SUBSIDIARIES = Referring(Customer, "parent")
SUMMED = frozenset({"revenue", "net_profit", "value_at_risk"})
TREE = """
WITH RECURSIVE tree (id, path, named) AS (
    SELECT c.id, ARRAY[c.id], ARRAY[c.sort_key || ' ' || c.id] FROM parties_customer c WHERE c.id = %s
    UNION ALL
    SELECT c.id, tree.path || c.id, tree.named || (c.sort_key || ' ' || c.id)
    FROM parties_customer c JOIN tree ON c.parent_id = tree.id
    WHERE NOT c.id = ANY(tree.path) AND cardinality(tree.path) < %s
)
SELECT tree.id, tree.path, c.name, reached.id IS NOT NULL,
       judged.id IS NOT NULL, s.tier, s.revenue, s.net_profit, s.value_at_risk
FROM tree JOIN parties_customer c ON c.id = tree.id
LEFT JOIN ({reached}) reached (id) ON reached.id = tree.id
LEFT JOIN ({judged}) judged (id) ON judged.id = tree.id
LEFT JOIN value_standing s ON s.customer_id = judged.id
ORDER BY tree.named
"""


@dataclass(frozen=True)
class Member:
    """One company of a group: how deep below the nearest one in reach, and its figures where they may be seen."""

    key: int
    name: str
    depth: int
    tier: str = ""
    revenue: Decimal | None = None
    net_profit: Decimal | None = None
    value_at_risk: Decimal | None = None


def members(actor: Actor, customer: Customer) -> tuple[list[Member], int]:
    """The customer and all below it that are in reach, each after its parent; and how many there are beside."""
    reached, reached_by = _keys(actor, Customer)
    judged, judged_by = _keys(actor, Standing)
    with connection.cursor() as cursor:
        statement = TREE.format(reached=reached, judged=judged)
        cursor.execute(statement, [customer.pk, DEEPEST, *reached_by, *judged_by])
        rows = cursor.fetchall()
    seen = {key for key, _path, _name, is_reached, *_rest in rows if is_reached}
    found = [
        Member(key, name, sum(above in seen for above in path[:-1]), *(figures if is_judged else ()))
        for key, path, name, is_reached, is_judged, *figures in rows
        if is_reached
    ]
    return found, len(rows) - len(found)


def _keys(actor: Actor, model: type[Model]) -> tuple[str, tuple[Any, ...]]:
    """The keys of the rows in reach, as a statement and its values."""
    try:
        return access.visible(actor, model).order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "SELECT NULL::bigint WHERE FALSE", ()


def group_on_card(actor: Actor, customer: Customer, setting: Setting) -> dict[str, Any] | None:
    """The group that a company heads; nothing for one that has no subsidiaries."""
    if not SUBSIDIARIES.may_be(customer):
        return None
    found, unseen = members(actor, customer)
    if len(found) + unseen < 2:
        return None
    figures = (
        actor.reach(Standing, "view") is not Reach.NONE and access.fields(actor, Standing).readable >= SUMMED
    )
    shows_tier = figures and "tier" in access.fields(actor, Standing).readable
    return {
        "kpis": _sums(actor, found, setting, figures=figures),
        "rows": [_row(member, setting, shows_tier=shows_tier) for member in found[:LISTED]],
        "figures": figures,
        "more": max(len(found) - LISTED, 0),
        "unseen": unseen,
    }


def _sums(actor: Actor, found: list[Member], setting: Setting, *, figures: bool) -> list[dict[str, Any]]:
    number = ngettext("%(number)s company", "%(number)s companies", len(found))
    kpis = [{"label": _("In the group"), "value": number % {"number": formats.number(len(found))}}]
    if figures:
        profit = sum((member.net_profit or Decimal() for member in found), Decimal())
        revenue = sum((member.revenue or Decimal() for member in found), Decimal())
        risk = sum((member.value_at_risk or Decimal() for member in found), Decimal())
        kpis += [
            {"label": _("Revenue, 12 months"), "value": formats.short(revenue, setting.currency)},
            {
                "label": _("Net profit, 12 months"), "value": formats.short(profit, setting.currency),
                "tone": "bad" if profit < 0 else "",
            },
        ]  # fmt: skip
        if risk:
            kpis.append({"label": _("Value at stake"), "value": formats.short(risk, setting.currency)})
    if actor.reach(Task, "view") is not Reach.NONE:
        tasks = open_tasks(actor).filter(customer__in=[member.key for member in found]).order_by().count()
        kpis.append({"label": _("Open tasks"), "value": formats.number(tasks)})
    return kpis


def _row(member: Member, setting: Setting, *, shows_tier: bool) -> dict[str, Any]:
    tier = member.tier if shows_tier else ""
    return {
        "name": member.name,
        "url": reverse("customers-detail", args=[member.key]),
        "depth": min(member.depth, 6),
        "tier": Cell("tier", str(Tier(tier).label), tone=TIER_TONES[tier]) if tier else None,
        "revenue": _amount(member.revenue, setting),
        "net_profit": _amount(member.net_profit, setting),
        "tone": "bad" if (member.net_profit or 0) < 0 else "",
    }


def _amount(value: Decimal | None, setting: Setting) -> str:
    return "–" if value is None else formats.amount(value, setting.currency, cents=False)
