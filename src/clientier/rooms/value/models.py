from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clientier.core.money import MoneyField
from clientier.core.personal import Personal
from clientier.rooms.value.choices import (
    AbcClass,
    Lifecycle,
    MoveKind,
    RunState,
    Stage,
    Tier,
    ValueType,
    Warning,
)

FIGURES = _("Figures alone, which the value of the whole is made of.")


class ValuePolicy(models.Model):
    """One version of the rules by which value is judged; versions are added, never changed."""

    version = models.PositiveIntegerField(_("version"), unique=True)
    rules = models.JSONField(_("rules"), default=dict)
    reason = models.CharField(_("why"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("value rules")
        verbose_name_plural = _("value rules")

    def __str__(self) -> str:
        return f"{self.version}"


class ValueRun(models.Model):
    """One judgement of all customers: when, by which rules, from what, and how it came out."""

    as_of = models.DateField(_("as of"))
    policy = models.ForeignKey(ValuePolicy, models.PROTECT, related_name="runs", verbose_name=_("rules"))
    state = models.CharField(_("state"), max_length=8, choices=RunState.choices)
    is_current = models.BooleanField(default=False)
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    customers = models.PositiveIntegerField(_("customers"), default=0)
    facts = models.JSONField(default=dict, serialize=False)
    fingerprint = models.CharField(max_length=64)
    code_version = models.CharField(max_length=20)
    seconds = models.FloatField(_("seconds"), default=0)
    started_at = models.DateTimeField(_("started"), auto_now_add=True)

    class Meta:
        verbose_name = _("value run")
        verbose_name_plural = _("value runs")
        constraints = (
            models.UniqueConstraint(
                fields=("is_current",), condition=models.Q(is_current=True), name="only_one_current_run"
            ),
        )

    def __str__(self) -> str:
        return f"{self.as_of}"


class Appraisal(models.Model):
    """What one run says of one customer. Money is in the base currency, over the trailing window."""

    PERSONAL = Personal(paths=("customer",), kept=("*", "costs", "health_parts"), why=FIGURES)

    revenue = MoneyField(_("revenue"), default=0)
    discount = MoneyField(_("discounts"), default=0)
    cost_of_goods = MoneyField(_("cost of goods"), default=0)
    gross_margin = MoneyField(_("gross margin"), default=0)
    cost_to_serve = MoneyField(_("cost to serve"), default=0)
    costs = models.JSONField(default=dict)
    minutes = models.IntegerField(_("minutes"), default=0)
    net_profit = MoneyField(_("net profit"), default=0)
    prior_revenue = MoneyField(_("revenue of the year before"), default=0)
    prior_net_profit = MoneyField(_("net profit of the year before"), default=0)
    lifetime_revenue = MoneyField(_("revenue since the beginning"), default=0)
    lifetime_net_profit = MoneyField(_("net profit since the beginning"), default=0)
    growth = models.FloatField(_("growth"), null=True)
    orders = models.IntegerField(_("orders"), default=0)
    purchase_days = models.IntegerField(_("days with purchases"), default=0)
    first_day = models.DateField(_("first purchase"), null=True)
    last_day = models.DateField(_("last purchase"), null=True)
    mean_gap_days = models.FloatField(_("days between purchases"), null=True)
    gap_limit_days = models.FloatField(_("usual longest gap"), null=True)
    next_expected = models.DateField(_("next purchase expected"), null=True)
    p_alive = models.FloatField(_("probability of still being a customer"), null=True)
    p_active_30 = models.FloatField(_("buys within 30 days"), null=True)
    p_active_90 = models.FloatField(_("buys within 90 days"), null=True)
    p_active_365 = models.FloatField(_("buys within 365 days"), null=True)
    expected_orders = models.FloatField(_("expected purchases, next 12 months"), null=True)
    expected_profit = MoneyField(_("expected profit, next 12 months"), null=True)
    clv = MoneyField(_("customer lifetime value"), null=True)
    clv_low = MoneyField(_("CLV, low"), null=True)
    clv_high = MoneyField(_("CLV, high"), null=True)
    r_score = models.PositiveSmallIntegerField(_("recency, 1–5"), null=True)
    f_score = models.PositiveSmallIntegerField(_("frequency, 1–5"), null=True)
    m_score = models.PositiveSmallIntegerField(_("money, 1–5"), null=True)
    abc = models.CharField(_("ABC class"), max_length=1, choices=AbcClass.choices, blank=True)
    rank = models.PositiveIntegerField(_("rank"), null=True)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier.choices, blank=True)
    tier_exact = models.CharField(
        _("tier by this run alone"), max_length=10, choices=Tier.choices, blank=True
    )
    tier_since = models.DateField(_("tier since"), null=True)
    tier_candidate = models.CharField(_("tier in question"), max_length=10, choices=Tier.choices, blank=True)
    tier_confirmations = models.PositiveSmallIntegerField(_("confirmations"), default=0)
    lifecycle = models.CharField(_("customer class"), max_length=12, choices=Lifecycle.choices, blank=True)
    lifecycle_since = models.DateField(_("class since"), null=True)
    lost_signals = models.PositiveSmallIntegerField(_("signs of loss"), default=0)
    won_back = models.BooleanField(_("won back"), default=False)
    stage = models.CharField(_("lifecycle stage"), max_length=12, choices=Stage.choices, blank=True)
    value_type = models.CharField(_("value type"), max_length=14, choices=ValueType.choices, blank=True)
    warning = models.CharField(_("early warning"), max_length=17, choices=Warning.choices, blank=True)
    warning_strength = models.PositiveSmallIntegerField(_("strength of the warning"), default=0)
    value_at_risk = MoneyField(_("value at stake"), default=0)
    health = models.PositiveSmallIntegerField(_("health"), null=True)
    health_parts = models.JSONField(default=dict)
    growth_candidate = models.BooleanField(_("growth candidate"), default=False)
    low_evidence = models.BooleanField(_("little to go by"), default=False)
    gap_to_next = MoneyField(_("gap to the next tier"), null=True)
    in_pyramid = models.BooleanField(_("in the pyramid"), default=False)
    months = ArrayField(models.BigIntegerField(), verbose_name=_("12 months"), default=list)
    first_year_margin = MoneyField(
        default=0
    )  # up to 365 days after the first purchase, as far as they have passed
    last_year_margin = MoneyField(default=0)  # of the 365 days that end with the last purchase
    half_years = models.PositiveSmallIntegerField(
        default=0
    )  # bit n: bought in the half-year n before the run's

    class Meta:
        abstract = True


class Score(Appraisal):
    """A customer in one run, kept so that every judgement can be explained and compared."""

    NAMED_AFTER = ("parties.customer",)
    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"

    run = models.ForeignKey(ValueRun, models.CASCADE, related_name="scores", db_index=False)
    customer = models.ForeignKey("parties.Customer", models.CASCADE, related_name="scores", db_index=False)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = (
            # With what the streams between two days add up, so that they read nothing else.
            models.UniqueConstraint(
                fields=("run", "customer"), include=("lifecycle", "net_profit"), name="one_score_a_run"
            ),
        )
        indexes = (models.Index(fields=("customer", "-run"), name="score_by_customer"),)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.run_id}"


SUMMED = (
    "tier", "net_profit", "revenue", "cost_to_serve", "minutes", "warning", "value_at_risk",
    "first_day", "last_day", "first_year_margin", "last_year_margin", "half_years",
    "gross_margin", "discount", "cost_of_goods", "costs",
    "lifecycle", "prior_revenue", "prior_net_profit",
)  # fmt: skip
"""What pages add up over the customers in reach; an index holds it, since a whole standing is ten times as wide."""

RISING = models.Q(growth_candidate=True, low_evidence=False, gap_to_next__gt=0, net_profit__gt=0)
"""Customers on the way to the next tier, as far as there is enough to go by."""


class Standing(Appraisal):
    """Where a customer stands now: the score of the current run, beside the customer."""

    NAMED_AFTER = ("parties.customer",)
    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"

    customer = models.OneToOneField(
        "parties.Customer", models.CASCADE, primary_key=True, related_name="standing"
    )

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        indexes = (
            models.Index(fields=("customer",), include=SUMMED, name="standing_sums"),
            models.Index(fields=("net_profit", "customer"), name="standing_by_profit"),
            models.Index(fields=("value_at_risk", "customer"), name="standing_by_risk"),
            models.Index(fields=("last_day", "customer"), name="standing_by_last_day"),
            models.Index(fields=("health", "customer"), name="standing_by_health"),
            models.Index(fields=("growth", "customer"), name="standing_by_growth"),
            models.Index(
                F("value_at_risk").desc(),
                F("warning_strength").desc(),
                "customer",
                condition=~models.Q(warning=""),
                name="standing_warned",
            ),
            models.Index(
                F("gap_to_next") / F("net_profit"), "customer", condition=RISING, name="standing_rising"
            ),
            models.Index(fields=("tier", "net_profit"), name="standing_by_tier"),
            models.Index(fields=("lifecycle",), name="standing_by_lifecycle"),
        )

    def __str__(self) -> str:
        return f"{self.customer_id}"


class Move(models.Model):
    """A customer changed tier or lifecycle class: when, from what, to what."""

    NAMED_AFTER = ("parties.customer",)
    PERSONAL = Personal(paths=("customer",), kept=("*", "before", "after"), why=FIGURES)
    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"

    customer = models.ForeignKey("parties.Customer", models.CASCADE, related_name="moves")
    run = models.ForeignKey(ValueRun, models.CASCADE, related_name="moves")
    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=10, choices=MoveKind.choices)
    before = models.CharField(pgettext_lazy("move", "from"), max_length=12, blank=True)
    after = models.CharField(pgettext_lazy("move", "to"), max_length=12)
    net_profit = MoneyField(_("net profit"), default=0)

    class Meta:
        verbose_name = _("move")
        verbose_name_plural = _("moves")
        indexes = (
            models.Index(fields=("customer", "-day"), name="move_by_customer"),
            models.Index(fields=("run", "kind"), name="move_by_run"),
        )

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
