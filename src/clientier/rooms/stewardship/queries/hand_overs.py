"""Dividing what somebody answers for among successors, and how that would look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.models import AuditEntry
from clientier.kit import formats
from clientier.kit.cells import Setting
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.models import Territory, User
from clientier.rooms.stewardship.choices import KEY_TIERS, Split
from clientier.rooms.stewardship.models import HandOver, HandOverBrief
from clientier.rooms.stewardship.queries.holdings import HELD, TASKS
from clientier.rooms.value.models import Standing

LOAD = {"important": 5.0, "major": 3.0, "ordinary": 1.0}
LOAD_OF_OTHERS = 0.5


def people(actor: Actor) -> QuerySet[User]:
    """Everybody whom the actor may see, also those who have left."""
    return access.visible(actor, User).order_by("name", "pk")


def possible_successors(actor: Actor) -> QuerySet[User]:
    """Those who may sign in."""
    return people(actor).filter(is_active=True)


def territories(actor: Actor) -> QuerySet[Territory]:
    return access.visible(actor, Territory).order_by("name", "pk")


def customers_of(leaver: User, territory: Territory | None) -> QuerySet[Customer]:
    """What is handed over: all customers of the user, or those in the territory and below it."""
    found = Customer.objects.filter(owner=leaver)
    if territory is not None:
        found = found.filter(territory__in=_below(territory.pk))
    order = F("standing__net_profit").desc(nulls_last=True)
    return found.select_related("standing", "territory").order_by(order, "pk")


def _below(root: int) -> set[int]:
    parents = dict(Territory.objects.values_list("pk", "parent"))
    found, fresh = {root}, {root}
    while fresh:
        fresh = {pk for pk, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return found


def divided(customers: Sequence[Customer], successors: Sequence[User], split: str) -> dict[str, int]:
    """Which customer goes to whom: each to the least loaded of those who may get it, the weightiest first."""
    weigh: Callable[[Customer], float] = _size if split == Split.SIZE else _weight
    loads = _loads(successors, by_size=split == Split.SIZE)
    regions = {s.pk: _below(s.territory_id) if s.territory_id else set() for s in successors}
    everybody = [successor.pk for successor in successors]
    plan = {}
    for customer in sorted(customers, key=lambda each: (-weigh(each), each.pk)):
        may: list[int] = everybody
        if split == Split.TERRITORY:
            may = [pk for pk in everybody if customer.territory_id in regions[pk]] or everybody
        elif split == Split.TIER and len(everybody) > 1:
            may = everybody[:1] if _tier(customer) in KEY_TIERS else everybody[1:]
        chosen = min(may, key=lambda pk: (loads[pk], everybody.index(pk)))
        loads[chosen] += weigh(customer)
        plan[str(customer.pk)] = chosen
    return plan


def _tier(customer: Customer) -> str:
    standing: Standing | None = getattr(customer, "standing", None)
    return standing.tier if standing else ""


def _weight(customer: Customer) -> float:
    return LOAD.get(_tier(customer), LOAD_OF_OTHERS)


def _size(customer: Customer) -> float:
    standing: Standing | None = getattr(customer, "standing", None)
    return max(float(standing.net_profit), 0.0) if standing else 0.0


def _loads(successors: Sequence[User], *, by_size: bool) -> dict[int, float]:
    """What each of them carries already, in the same measure."""
    loads = {successor.pk: 0.0 for successor in successors}
    if by_size:
        sums = Standing.objects.filter(customer__owner__in=loads, net_profit__gt=0)
        rows = sums.values_list("customer__owner").annotate(all=Sum("net_profit")).order_by()
        return loads | {owner: float(total) for owner, total in rows}
    for owner, tier, number in (
        Customer.objects.filter(owner__in=loads)
        .values_list("owner", "standing__tier").annotate(number=Count("pk")).order_by()
    ):  # fmt: skip
        if owner is not None:
            loads[owner] += number * LOAD.get(tier or "", LOAD_OF_OTHERS)
    return loads


def preview(actor: Actor, hand_over: HandOver, setting: Setting, *, shown: int) -> dict[str, Any]:
    """Who would get what, and how loaded they would be; each customer with its successor."""
    in_reach = access.rows(actor, Customer, "hand_over")
    customers = list(customers_of(hand_over.leaver, hand_over.territory).filter(in_reach))
    valued = access.can_read(actor, Customer, "standing__net_profit")
    shares = _shares(hand_over, customers)
    for row in shares:
        row["profit"] = formats.short(round(row["profit"]), setting.currency) if valued else ""
    whole = hand_over.territory_id is None
    return {
        "rows": shares,
        "customers": _one_by_one(actor, hand_over, customers[:shown]),
        "more": max(0, len(customers) - shown),
        "number": len(customers),
        "holdings": [
            {
                "record": h.model._meta.label_lower,
                "label": str(h.model._meta.verbose_name_plural),
                "number": number,
            }
            for h in HELD if whole and (number := h.of(hand_over.leaver_id).count())
        ],
    }  # fmt: skip


def _shares(hand_over: HandOver, customers: Sequence[Customer]) -> list[dict[str, Any]]:
    """For each successor: what they have, what they would get of whom and for what, and what they would have."""
    keys = {*hand_over.plan.values(), hand_over.others_id}
    now = dict(
        Customer.objects.filter(owner__in=keys).values_list("owner").annotate(n=Count("pk")).order_by()
    )
    open_tasks = TASKS.of(hand_over.leaver_id).filter(customer__in=customers).order_by()
    tasks = dict(open_tasks.values_list("customer").annotate(n=Count("pk")))
    rows: dict[int, dict[str, Any]] = {
        user.pk: {
            "user": user.pk,
            "name": str(user),
            "before": now.get(user.pk, 0),
            "gets": 0,
            "key": 0,
            "tasks": 0,
            "profit": 0.0,
        }
        for user in User.objects.filter(pk__in=keys)
    }
    for customer in customers:
        row = rows.get(hand_over.plan.get(str(customer.pk), 0))
        if row is not None:
            row["gets"] += 1
            row["key"] += _tier(customer) in KEY_TIERS
            row["tasks"] += tasks.get(customer.pk, 0)
            row["profit"] += _size(customer)
    for row in rows.values():
        row["after"] = row["before"] + row["gets"]
    return sorted(rows.values(), key=lambda row: str(row["name"]))


def _one_by_one(actor: Actor, hand_over: HandOver, customers: Sequence[Customer]) -> list[dict[str, Any]]:
    judged = access.can_read(actor, Customer, "standing__tier")
    made = []
    for customer in customers:
        standing: Standing | None = getattr(customer, "standing", None)
        made.append(
            {
                "customer": customer,
                "to": hand_over.plan.get(str(customer.pk)),
                "tier": standing.get_tier_display() if standing and judged else "",
                "url": reverse("customers-detail", args=[customer.pk]),
            }
        )
    return made


def carrying_out(actor: Actor, hand_over: HandOver) -> UUID | None:
    """The request in which the actor carried this hand-over out, if they did; it is undone as one."""
    entries = AuditEntry.objects.filter(
        verb="hand_over.carry_out", record=HandOver._meta.label_lower, record_id=str(hand_over.pk),
        actor_id=actor.user_id,
    )  # fmt: skip
    return entries.order_by("-pk").values_list("request_id", flat=True).first()


def briefs_to_read(actor: Actor, hand_over: int) -> QuerySet[HandOverBrief]:
    """What the actor has still to read of one hand-over."""
    return access.visible(actor, HandOverBrief).filter(
        hand_over=hand_over, successor=actor.user_id, read_at__isnull=True
    )


def reading_title(code: str) -> str:
    return _("Read the hand-over briefs")


def reading_reason(facts: dict[str, Any], setting: Setting) -> str:
    """From whom, and how many."""
    words = ngettext(
        "%(number)d key customer from %(name)s", "%(number)d key customers from %(name)s", facts["number"]
    )
    return words % facts
