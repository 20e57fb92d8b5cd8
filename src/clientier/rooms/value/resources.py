from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clientier.core import ledger
from clientier.kit import panels, timeline
from clientier.kit.resource import Column, extend
from clientier.rooms.activities.choices import TaskState
from clientier.rooms.activities.models import Task
from clientier.rooms.activities.queries import Wording, word
from clientier.rooms.catalog.queries.tiers import find_tiers_with
from clientier.rooms.parties.models import Customer
from clientier.rooms.trade.queries.tiers import tell_tier_by
from clientier.rooms.value.choices import LIFECYCLE_TONES, WARNING_TONES, Warning
from clientier.rooms.value.models import Move, Score, Standing
from clientier.rooms.value.queries import card
from clientier.rooms.value.queries.group import group_on_card
from clientier.rooms.value.queries.standings import tier_told, tiers_told
from clientier.rooms.value.queries.wording import duty_reason, duty_title

find_tiers_with(card.tier_known_to)
extend(
    "customers",
    Column(path="standing__tier", kind="tier", place=20),
    Column(path="standing__lifecycle", place=30, tones=LIFECYCLE_TONES),
    Column(path="standing__net_profit", place=40),
    Column(path="standing__growth", kind="delta", place=42),
    Column(path="standing__months", kind="spark", place=44, filterable=False),
    Column(path="standing__health", kind="score", place=46),
    Column(path="standing__last_day", place=48),
    Column(path="standing__warning", place=50, tones=WARNING_TONES),
    Column(path="standing__revenue", place=80, shown=False),
    Column(path="standing__cost_to_serve", place=80, shown=False),
    Column(path="standing__value_at_risk", place=80, shown=False),
    Column(path="standing__p_active_90", kind="percent", place=80, shown=False),
    Column(path="standing__expected_profit", place=80, shown=False),
    Column(path="standing__clv", place=80, shown=False),
    Column(path="standing__first_day", place=80, shown=False),
    Column(path="standing__prior_net_profit", place=80, shown=False),
    Column(path="standing__stage", place=81, shown=False),
    Column(path="standing__value_type", place=81, shown=False),
    Column(path="standing__abc", place=81, shown=False),
    Column(path="standing__growth_candidate", place=81, shown=False),
    Column(path="standing__gap_to_next", place=81, shown=False),
    Column(path="standing__next_expected", place=81, shown=False),
    order="-standing__net_profit",
)

panels.mark("customers", card.badges)
timeline.tell(
    "customers", timeline.Source("move", _("Tiers and classes"), Move, card.moves_told, 40, card.MOVES)
)
for panel in (
    panels.Panel("figures", "", "kit/parts/kpis.html", card.figures, "headline", 20),
    panels.Panel(
        "statement", _("Profit statement · 12 months"), "value/statement.html", card.statement, "main", 20
    ),
    panels.Panel("group", _("Group"), "value/group.html", group_on_card, "main", 25),
    panels.Panel("rhythm", _("Order rhythm"), "value/rhythm.html", card.rhythm, "main", 30),
    panels.Panel("why", _("Why this judgement"), "value/explained.html", card.explained, "side", 30),
):
    panels.add("customers", panel)

for judgement in (Score, Standing, Move):
    ledger.goes_with(Customer, judgement, "customer", Q())
ledger.goes_with(Customer, Task, "customer", Q(origin__startswith="warning:", state=TaskState.OPEN))

for code in Warning.values:
    word(code, Wording(duty_title, duty_reason))

tell_tier_by(tiers_told, tier_told)
