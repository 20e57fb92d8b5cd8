from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MoveKind(models.TextChoices):
    """Why goods came into a warehouse, or left it."""

    RECEIPT = "receipt", pgettext_lazy("stock", "Receipt")
    ISSUE = "issue", pgettext_lazy("stock", "Issue")
    TRANSFER = "transfer", pgettext_lazy("stock", "Transfer")
    COUNT = "count", pgettext_lazy("stock", "Count")
    DELIVERY = "delivery", _("Delivery")
    RETURN = "return", _("Return")
