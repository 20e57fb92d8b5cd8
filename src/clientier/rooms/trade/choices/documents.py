from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DocumentState(models.TextChoices):
    """A posted document is never changed: another one corrects it."""

    DRAFT = "draft", pgettext_lazy("document", "Draft")
    POSTED = "posted", pgettext_lazy("document", "Posted")


class InvoiceKind(models.TextChoices):
    INVOICE = "invoice", _("Invoice")
    CREDIT_NOTE = "credit_note", _("Credit note")


class PaymentMethod(models.TextChoices):
    TRANSFER = "transfer", _("Bank transfer")
    CASH = "cash", _("Cash")
    CARD = "card", pgettext_lazy("payment", "Card")
    BILL = "bill", _("Bill or cheque")
    WALLET = "wallet", _("Alipay, WeChat Pay and the like")
    OTHER = "other", pgettext_lazy("payment", "Other")


class Account(models.TextChoices):
    """The accounts of the ledger; an amount above zero is a debit."""

    RECEIVABLE = "receivable", _("Receivables")
    ADVANCE = "advance", _("Money received and not yet settled")
    BANK = "bank", _("Bank and cash")
    SALES = "sales", _("Sales")
    COUNTED = "counted", _("Sales that counted with their orders")
    TAX = "tax", _("Tax on sales")
    COST_OF_GOODS = "cost_of_goods", _("Cost of goods sold")
    GOODS = "goods", _("Goods")
    RATE_DIFFERENCE = "rate_difference", _("Gain and loss on rates")
    BAD_DEBT = "bad_debt", _("Bad debts")


class EntryKind(models.TextChoices):
    """What made an entry of the ledger."""

    INVOICE = "invoice", _("Invoice")
    CREDIT_NOTE = "credit_note", _("Credit note")
    PAYMENT = "payment", _("Payment")
    REVERSAL = "reversal", _("Payment taken back")
    SETTLEMENT = "settlement", _("Settlement")
    WRITE_OFF = "write_off", _("Written off")


class Series(models.TextChoices):
    """Each kind of document is numbered by itself, year by year; the name begins the number."""

    ORDER = "SO", _("Orders")
    DELIVERY = "DN", _("Deliveries")
    INVOICE = "INV", _("Invoices")
    CREDIT_NOTE = "CN", _("Credit notes")
    PAYMENT = "RC", _("Payments")
