"""The ledger: what was posted stays for ever, and every balance is a sum of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.money import Currency, MoneyField
from clientier.core.personal import Personal
from clientier.rooms.trade.choices.documents import Account, EntryKind, Series
from clientier.rooms.trade.choices.orders import BOOKS


class NumberSeries(models.Model):
    """The last number given in a series and year. Its row stays locked until the document is posted: no gaps."""

    series = models.CharField(_("series"), max_length=3, choices=Series.choices)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("series of numbers")
        verbose_name_plural = _("series of numbers")
        constraints = (models.UniqueConstraint(fields=("series", "year"), name="one_series_a_year"),)

    def __str__(self) -> str:
        return f"{self.series}-{self.year}"


class DebtorAccount(models.Model):
    """The account of a customer in the ledger; where customers were merged, one customer has several.

    Postings refer to it and not to the customer, so that they need not change when it becomes another's.
    """

    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    PERSONAL = Personal(paths=("customer",), kept=("*",), why=BOOKS)

    customer = models.ForeignKey(
        "parties.Customer", models.PROTECT, related_name="debtor_accounts", verbose_name=_("customer")
    )

    class Meta:
        verbose_name = _("customer's account")
        verbose_name_plural = _("customers' accounts")

    def __str__(self) -> str:
        return str(self.pk)


class JournalEntry(models.Model):
    """One event of the books: its postings add up to nothing in the base currency. Never changed, never deleted.

    ``document`` and ``document_id`` name the record that made it; ``number`` is that record's.
    """

    OWNER_PATH = "account__customer__owner"
    TERRITORY_PATH = "account__customer__territory"
    PERSONAL = Personal(paths=("account__customer",), kept=("*", "document", "number"), why=BOOKS)

    day = models.DateField(_("day"))
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    kind = models.CharField(_("kind"), max_length=12, choices=EntryKind.choices)
    document = models.CharField(max_length=40, editable=False)
    document_id = models.BigIntegerField(editable=False)
    number = models.CharField(_("number"), max_length=60)
    account = models.ForeignKey(
        DebtorAccount, models.PROTECT, related_name="entries", verbose_name=_("customer's account")
    )

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        indexes = (
            models.Index(fields=("document", "document_id"), name="entry_by_document"),
            models.Index(fields=("account", "day", "id"), name="entry_by_account"),
            models.Index(fields=("day", "id"), name="entry_by_day"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Posting(models.Model):
    """One amount on one account: above zero is a debit, below a credit."""

    OWNER_PATH = "entry__account__customer__owner"
    TERRITORY_PATH = "entry__account__customer__territory"
    PERSONAL = Personal(paths=("entry__account__customer",), kept=("*",), why=BOOKS)

    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="postings")
    account = models.CharField(_("account"), max_length=16, choices=Account.choices)
    product = models.ForeignKey(
        "catalog.Product", models.PROTECT, null=True, related_name="+", verbose_name=_("product")
    )
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices)
    amount = MoneyField(_("amount"))
    amount_base = MoneyField(_("amount in base currency"))

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        indexes = (models.Index(fields=("account", "entry"), name="posting_by_account"),)

    def __str__(self) -> str:
        return f"{self.get_account_display()} {self.pk}"


class LedgerSeal(models.Model):
    """A link of the chain that seals the ledger; ``core.seals`` makes it, the migration says what is hashed."""

    number = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True, editable=False)
    digest = models.BinaryField()
    link = models.BinaryField()

    class Meta:
        verbose_name = _("seal of the ledger")
        verbose_name_plural = _("seals of the ledger")

    def __str__(self) -> str:
        return f"{self.number}: {self.entry_id}"
