"""What customers owe: open invoices, and balances as sums of the ledger."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import QuerySet, Sum

from clientier.rooms.trade.choices.documents import Account, DocumentState, InvoiceKind
from clientier.rooms.trade.models import Invoice, Posting


def open_invoices(customer_id: int, currency: str) -> QuerySet[Invoice]:
    """Posted invoices that are not settled, the one due first before the others."""
    return Invoice.objects.filter(
        customer=customer_id, currency=currency, kind=InvoiceKind.INVOICE, state=DocumentState.POSTED,
        open_amount__gt=0,
    ).order_by("due_on", "pk")  # fmt: skip


def balances(customer_id: int) -> dict[str, Decimal]:
    """What the ledger says of a customer, in the base currency, account by account."""
    found = Posting.objects.filter(entry__account__customer=customer_id).values_list("account")
    sums = found.annotate(balance=Sum("amount_base")).order_by("account")
    return {account: Decimal(balance) for account, balance in sums if account in Account.values}
