"""The first page of the day: what to do now and why, what has turned bad, who moved."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from clientier.core.actor import Actor, Reach
from clientier.kit import cells, formats
from clientier.kit.asking import Asking
from clientier.kit.cells import TIER_TONES, Cell, Setting
from clientier.kit.rows import value_at
from clientier.rooms.activities.models import Task
from clientier.rooms.activities.queries import (
    done_lately,
    duties,
    duties_of_others,
    duties_together,
    open_tasks,
    task_facts,
)
from clientier.rooms.parties.models import Customer
from clientier.rooms.parties.queries.customers import there_are_customers
from clientier.rooms.parties.queries.shares import lent_to, open_requests
from clientier.rooms.trade.queries.credit import held_orders
from clientier.rooms.value.choices import WARNING_TONES, Tier
from clientier.rooms.value.models import Move, Standing, ValueRun
from clientier.rooms.value.queries import reasons, watch
from clientier.rooms.value.queries.standings import current_run

SHOWN = 12
GOING = "/customers/?f=standing__warning:in:silence,activity_drop,purchases_falling&order=-standing__value_at_risk"
COSTING = "/customers/?f=standing__warning:in:below_zero&order=standing__net_profit"


@require_GET
def today(request: Asking) -> HttpResponse:
    actor, setting = request.actor, request.setting
    run = current_run()
    local = timezone.localtime(timezone.now())
    mine = duties(actor, setting.today)
    context = {
        "greeting": _greeting(local.hour) % {"name": actor.name},
        "day": formats.day(setting.today),
        "kpis": {"kpis": _kpis(actor, mine, local, setting, run)},
        "duties": [_duty(task, setting) for task in mine],
        "others_duties": []
        if mine
        else [_duty(task, setting) for task in duties_of_others(actor, setting.today)],
        "warnings": _warnings(actor, setting) if run else [],
        "warnings_url": GOING,
        "costly": _costly(actor, setting) if run else [],
        "costly_url": COSTING,
        "moves": _moves(actor, run, setting) if run else [],
        "team": _team(actor, setting),
        "run": run,
        "loans": loans_waiting(actor),
        "held": _held_orders(actor),
        "first_step": None if there_are_customers() else _first_step(actor),
    }
    return render(request, "site/today.html", context)


def loans_waiting(actor: Actor) -> list[str]:
    """What to say of cards: how many others ask for, how many are lent to oneself."""
    asked, lent = len(open_requests(actor)), lent_to(actor, timezone.now()).count()
    said = [
        (
            asked,
            ngettext(
                "%(number)d request for a card waits for you.",
                "%(number)d requests for cards wait for you.",
                asked,
            ),
        ),
        (lent, ngettext("%(number)d card is open to you.", "%(number)d cards are open to you.", lent)),
    ]
    return [words % {"number": number} for number, words in said if number]


def _held_orders(actor: Actor) -> str:
    """How many orders wait for somebody who may change credit limits."""
    number = held_orders(actor)
    words = ngettext(
        "%(number)d order is held for want of credit.",
        "%(number)d orders are held for want of credit.",
        number,
    )
    return words % {"number": number} if number else ""


def _duty(task: Task, setting: Setting) -> dict[str, Any]:
    return {
        **task_facts(task, setting),
        "customer": value_at(task, "customer"),
        "url": cells.link_to(task),
        "who": task.assigned_to,
    }


def _first_step(actor: Actor) -> dict[str, str]:
    """What to do in a house without customers."""
    may_import = actor.reach(Customer, "import") is not Reach.NONE
    return {
        "title": _("Begin with your customers and their orders"),
        "text": _(
            "Load them from your ERP or spreadsheets. A few minutes later you know who carries the business, "
            "who costs more than they bring, who is rising and who is going."
        ),
        "action_label": _("Import files") if may_import else "",
        "action_url": reverse("imports") if may_import else "",
    }


def _greeting(hour: int) -> str:
    if hour < 11:
        return _("Good morning, %(name)s")
    if hour < 18:
        return _("Good afternoon, %(name)s")
    return _("Good evening, %(name)s")


def _kpis(
    actor: Actor, mine: list[Task], local: dt.datetime, setting: Setting, run: ValueRun | None
) -> list[dict[str, Any]]:
    leads = not mine and actor.reach(Task, "view") >= Reach.TEAM
    number, late, stake = duties_together(actor, setting.today, of_others=leads)
    week = local - dt.timedelta(days=7)
    whose = "" if leads else f"f=assigned_to:in:{actor.user_id}&"
    tasks = f"{reverse('tasks-list')}?{whose}f=state:in:open"
    label = _("Duties of your people this week") if leads else _("My duties this week")
    kpis = [
        {"label": label, "value": formats.number(number), "url": tasks},
        {"label": _("Late"), "value": formats.number(late), "tone": "bad" if late else "", "url": tasks},
        {"label": _("At stake"), "value": formats.short(stake, setting.currency), "url": tasks},
        {"label": _("Done in 7 days"), "value": formats.number(done_lately(actor, week)), "tone": "good"},
    ]  # fmt: skip
    going, at_risk = watch.going_together(actor, run)
    risk = formats.short(at_risk, setting.currency)
    warned = {
        "label": _("Customers who may be leaving"), "value": formats.number(going), "url": GOING,
        "hint": _("%(amount)s at stake") % {"amount": risk},
    }  # fmt: skip
    return [*kpis, warned]


def _warnings(actor: Actor, setting: Setting) -> list[dict[str, Any]]:
    return [
        {
            "customer": score.customer,
            "url": cells.link_to(score.customer),
            "tier": _tier(score),
            "warning": Cell("badge", score.get_warning_display(), tone=WARNING_TONES[score.warning]),
            "why": reasons.why_warning(score, setting.today, setting.currency),
            "stake": formats.short(score.value_at_risk, setting.currency),
            "owner": score.customer.owner,
            "log_url": f"{reverse('interaction-log')}?customer={score.customer_id}&next={reverse('today')}",
        }
        for score in watch.going(actor)[:SHOWN]
    ]


def _costly(actor: Actor, setting: Setting) -> list[dict[str, Any]]:
    return [
        {
            "customer": score.customer,
            "url": cells.link_to(score.customer),
            "loss": formats.short(score.net_profit, setting.currency),
            "revenue": formats.short(score.revenue, setting.currency),
        }
        for score in watch.costing(actor)[: SHOWN // 2]
    ]


def _tier(score: Standing) -> Cell | None:
    return Cell("tier", score.get_tier_display(), tone=TIER_TONES[score.tier]) if score.tier else None


def _moves(actor: Actor, run: ValueRun, setting: Setting) -> list[dict[str, Any]]:
    names = dict(Tier.choices)
    if actor.reach(Move, "view") is Reach.NONE:
        return []
    return [
        {
            "customer": move.customer,
            "url": cells.link_to(move.customer),
            "before": Cell("tier", str(names[move.before]), tone=TIER_TONES[move.before]),
            "after": Cell("tier", str(names[move.after]), tone=TIER_TONES[move.after]),
            "rise": watch.is_rise(move),
            "profit": formats.short(move.net_profit, setting.currency),
        }
        for move in watch.tier_moves(actor, run, at_most=SHOWN)
    ]


def _team(actor: Actor, setting: Setting) -> list[dict[str, Any]]:
    """For those who lead: how many open and late duties each of their people has."""
    if actor.reach(Task, "view") < Reach.TEAM:
        return []
    late = Count("pk", filter=Q(due_on__lt=setting.today))
    found = (
        open_tasks(actor)
        .exclude(assigned_to=actor.user_id)
        .order_by()
        .values("assigned_to", "assigned_to__name")
    )
    rows = found.annotate(open=Count("pk"), late=late, stake=Sum("value_at_stake")).order_by("-stake")[:SHOWN]
    base = reverse("tasks-list")
    return [
        {
            "name": row["assigned_to__name"], "open": row["open"], "late": row["late"],
            "stake": formats.short(row["stake"], setting.currency) if row["stake"] else "",
            "url": f"{base}?f=assigned_to:in:{row['assigned_to']}&f=state:in:open",
        }
        for row in rows
    ]  # fmt: skip
