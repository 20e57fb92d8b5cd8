from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clientier.rooms.trade.choices.orders import CostKind


class Tier(models.TextChoices):
    """Layers of the pyramid, from the top."""

    IMPORTANT = "important", pgettext_lazy("tier", "Important")
    MAJOR = "major", pgettext_lazy("tier", "Major")
    ORDINARY = "ordinary", pgettext_lazy("tier", "Ordinary")
    SMALL = "small", pgettext_lazy("tier", "Small")


class Lifecycle(models.TextChoices):
    NON_CUSTOMER = "non_customer", pgettext_lazy("customer class", "Non-customer")
    POTENTIAL = "potential", pgettext_lazy("customer class", "Potential")
    TARGET = "target", pgettext_lazy("customer class", "Target")
    FIRST_TIME = "first_time", pgettext_lazy("customer class", "First-time")
    REPEAT = "repeat", pgettext_lazy("customer class", "Repeat")
    LOYAL = "loyal", pgettext_lazy("customer class", "Loyal")
    LOST = "lost", pgettext_lazy("customer class", "Lost")


class Stage(models.TextChoices):
    ACQUISITION = "acquisition", pgettext_lazy("lifecycle stage", "Acquisition")
    GROWTH = "growth", pgettext_lazy("lifecycle stage", "Growth")
    MATURITY = "maturity", pgettext_lazy("lifecycle stage", "Maturity")
    DECLINE = "decline", pgettext_lazy("lifecycle stage", "Decline")
    CHURNED = "churned", pgettext_lazy("lifecycle stage", "Churned")


class ValueType(models.TextChoices):
    MOST_VALUABLE = "most_valuable", pgettext_lazy("value type", "Most valuable")
    MOST_GROWABLE = "most_growable", pgettext_lazy("value type", "Most growable")
    BELOW_ZERO = "below_zero", pgettext_lazy("value type", "Below zero")
    MIGRATOR = "migrator", pgettext_lazy("value type", "Migrator")


class AbcClass(models.TextChoices):
    A = "A", "A"
    B = "B", "B"
    C = "C", "C"


class Warning(models.TextChoices):
    """Early warnings, each with its reason in the figures beside it."""

    SILENCE = "silence", _("Order rhythm broken")
    ACTIVITY_DROP = "activity_drop", _("Less likely to buy")
    PURCHASES_FALLING = "purchases_falling", _("Purchases falling")
    BELOW_ZERO = "below_zero", _("Costs more than it brings")


class MoveKind(models.TextChoices):
    TIER = "tier", _("Tier")
    LIFECYCLE = "lifecycle", _("Lifecycle class")


class RunState(models.TextChoices):
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")


class Driver(models.TextChoices):
    """What drives the cost to serve, in the order in which it is shown; freight of orders lies on their lines."""

    ORDER_FREIGHT = "order_freight", _("Freight")
    FREIGHT = "freight", _("Freight charged apart")
    VISIT = "visit", _("Visits and meetings")
    CALL = "call", _("Calls")
    CASE = "case", _("Service cases")
    MINUTES = "minutes", _("Messages and other time")
    SERVICE = "service", CostKind.SERVICE.label
    REBATE = "rebate", CostKind.REBATE.label
    FEE = "fee", CostKind.FEE.label
    REWARD = "reward", CostKind.REWARD.label
    EXPENSE = "expense", CostKind.EXPENSE.label
    LATE_INTEREST = "late_interest", CostKind.LATE_INTEREST.label
    BAD_DEBT = "bad_debt", CostKind.BAD_DEBT.label
    OTHER = "other", CostKind.OTHER.label
    OVERHEAD = "overhead", _("Overheads")


TIMED = {
    Driver.VISIT: ("visit", "meeting"),
    Driver.CALL: ("call",),
    Driver.MINUTES: ("email", "message", "letter"),
}
"""The kinds of contact whose minutes each driver prices."""

LIFECYCLE_TONES = {
    "loyal": "good", "repeat": "good", "first_time": "info", "target": "", "potential": "",
    "lost": "bad", "non_customer": "",
}  # fmt: skip
WARNING_TONES = {"silence": "warn", "activity_drop": "warn", "purchases_falling": "warn", "below_zero": "bad"}
TIERS = (Tier.IMPORTANT, Tier.MAJOR, Tier.ORDINARY, Tier.SMALL)
