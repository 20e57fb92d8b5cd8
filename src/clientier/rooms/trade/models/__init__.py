"""The records of this room. Not empty like other packages: it is here that Django looks for them."""

from __future__ import annotations

from clientier.rooms.trade.models.collecting import DunningNotice, DunningText, PaymentPromise
from clientier.rooms.trade.models.costs import CostToServe
from clientier.rooms.trade.models.credit import CreditLimit, CreditPolicy, CreditScore, LimitProposal
from clientier.rooms.trade.models.deliveries import Delivery, DeliveryLine
from clientier.rooms.trade.models.invoices import Invoice, InvoiceLine
from clientier.rooms.trade.models.ledger import (
    DebtorAccount,
    JournalEntry,
    LedgerSeal,
    NumberSeries,
    Posting,
)
from clientier.rooms.trade.models.orders import Order, OrderLine
from clientier.rooms.trade.models.payments import Payment, Settlement
from clientier.rooms.trade.models.rates import CurrencyRate
from clientier.rooms.trade.models.stock import Reservation, StockLevel, StockMove

__all__ = [
    "CostToServe",
    "CreditLimit",
    "CreditPolicy",
    "CreditScore",
    "CurrencyRate",
    "DebtorAccount",
    "Delivery",
    "DeliveryLine",
    "DunningNotice",
    "DunningText",
    "Invoice",
    "InvoiceLine",
    "JournalEntry",
    "LedgerSeal",
    "LimitProposal",
    "NumberSeries",
    "Order",
    "OrderLine",
    "Payment",
    "PaymentPromise",
    "Posting",
    "Reservation",
    "Settlement",
    "StockLevel",
    "StockMove",
]
