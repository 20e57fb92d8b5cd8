"""Posting to the ledger: all of an entry or nothing, and never a change afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Model

from clientier.core import seals
from clientier.rooms.parties.models import Customer
from clientier.rooms.trade.choices.documents import Account, EntryKind
from clientier.rooms.trade.models import DebtorAccount, JournalEntry, Posting

LEDGER = seals.Chain(
    "trade_journalentry", "trade_ledgerseal", "trade_ledger_digest", "trade_seal_ledger", "recorded_at"
)


@dataclass(frozen=True)
class Amount:
    """An amount on an account: above zero a debit, below a credit; in its currency and in the base currency."""

    account: Account
    currency: str
    amount: Decimal
    amount_base: Decimal
    product_id: int | None = None

    def reversed(self) -> Amount:
        return Amount(self.account, self.currency, -self.amount, -self.amount_base, self.product_id)


def post(
    kind: EntryKind, document: Model, number: str, customer: Customer, day: dt.date, amounts: Sequence[Amount]
) -> JournalEntry:
    """Write one entry for the document; ValueError where its amounts do not add up to nothing.

    The database looks once more when the transaction ends.
    """
    if sum(each.amount_base for each in amounts):
        raise ValueError(f"{number} does not balance: {amounts}")
    entry = JournalEntry.objects.create(
        kind=kind, day=day, number=number, account=account_of(customer),
        document=document._meta.label_lower, document_id=document.pk,
    )  # fmt: skip
    Posting.objects.bulk_create(
        Posting(
            entry=entry, account=each.account, currency=each.currency, product_id=each.product_id,
            amount=each.amount, amount_base=each.amount_base,
        )
        for each in amounts if each.amount or each.amount_base
    )  # fmt: skip
    return entry


def account_of(customer: Customer) -> DebtorAccount:
    """The customer's account, the oldest where merging gave it several, opened when first there is something on it."""
    known = DebtorAccount.objects.filter(customer=customer).order_by("pk").first()
    return known or DebtorAccount.objects.create(customer=customer)
