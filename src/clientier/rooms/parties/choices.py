from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomerKind(models.TextChoices):
    COMPANY = "company", _("Company")
    PERSON = "person", _("Person")


class DecisionRole(models.TextChoices):
    DECIDER = "decider", _("Decides")
    INFLUENCER = "influencer", _("Influences")
    USER = "user", _("Uses")
    BUYER = "buyer", _("Buys")
    GATEKEEPER = "gatekeeper", _("Keeps the gate")
    CHAMPION = "champion", _("Speaks for us")
    BLOCKER = "blocker", _("Blocks")


class Attitude(models.TextChoices):
    SUPPORTER = "supporter", _("Supporter")
    NEUTRAL = "neutral", _("Neutral")
    OPPONENT = "opponent", _("Opponent")


class AddressKind(models.TextChoices):
    REGISTERED = "registered", _("Registered office")
    DELIVERY = "delivery", _("Delivery")
    BILLING = "billing", _("Billing")
