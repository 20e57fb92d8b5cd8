"""Sales against collection: what was invoiced in a period, what came in, and what is owed at its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Count, DecimalField, F, Q, Sum, When

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.rooms.trade.choices.documents import Account, EntryKind
from clientier.rooms.trade.models import Posting
from clientier.rooms.trade.queries.ageing import ZERO

CUSTOMER, OWNER = "entry__account__customer", "entry__account__customer__owner"
INVOICED = Q(account=Account.RECEIVABLE, entry__kind__in=(EntryKind.INVOICE, EntryKind.CREDIT_NOTE))
COLLECTED = Q(account=Account.BANK)
OWED = Q(account__in=(Account.RECEIVABLE, Account.ADVANCE))


@dataclass(frozen=True)
class Collected:
    """Of one customer or account manager, in the base currency: ``balance`` is what is owed less what was advanced."""

    key: int | None
    invoiced: Decimal
    collected: Decimal
    balance: Decimal

    @property
    def ratio(self) -> float | None:
        return float(self.collected / self.invoiced) if self.invoiced > 0 else None


def may_see_collection(actor: Actor) -> bool:
    """Whether the actor reads the ledger."""
    readable = access.fields(actor, Posting).readable
    return actor.reach(Posting, "view") is not Reach.NONE and {"account", "amount_base"} <= readable


def collection(
    actor: Actor, first: dt.date, last: dt.date, *, by: str = CUSTOMER, at_most: int | None = None
) -> list[Collected]:
    """By whom was invoiced most in the period; all of it sums of the ledger."""
    seen = access.visible(actor, Posting)
    period = seen.filter(INVOICED | COLLECTED, entry__day__gte=first, entry__day__lte=last)
    sums = period.order_by().values_list(by).annotate(invoiced=_sum(INVOICED), collected=_sum(COLLECTED))
    rows = [(key, invoiced or ZERO, came or ZERO) for key, invoiced, came in sums]
    rows = sorted(rows, key=lambda row: (-row[1], -row[2], row[0] or 0))[:at_most]
    owed = _balances(actor, last, by, [key for key, *_sums in rows])
    return [Collected(key, invoiced, came, owed.get(key, ZERO)) for key, invoiced, came in rows]


def together(actor: Actor, first: dt.date, last: dt.date) -> tuple[Collected, int]:
    """All of it, and with how many customers something happened."""
    period = access.visible(actor, Posting).filter(
        INVOICED | COLLECTED, entry__day__gte=first, entry__day__lte=last
    )
    sums = period.aggregate(
        invoiced=_sum(INVOICED), collected=_sum(COLLECTED), customers=Count(CUSTOMER, distinct=True)
    )
    owed = access.visible(actor, Posting).filter(OWED, entry__day__lte=last).aggregate(sum=Sum("amount_base"))
    whole = Collected(None, sums["invoiced"] or ZERO, sums["collected"] or ZERO, owed["sum"] or ZERO)
    return whole, sums["customers"]


def _sum(condition: Q) -> Sum:
    return Sum(Case(When(condition, then=F("amount_base")), default=0, output_field=DecimalField()))


def _balances(actor: Actor, last: dt.date, by: str, keys: Sequence[int | None]) -> dict[int | None, Decimal]:
    whose = Q(**{f"{by}__in": [key for key in keys if key is not None]})
    if None in keys:
        whose |= Q(**{f"{by}__isnull": True})
    found = access.visible(actor, Posting).filter(OWED, whose, entry__day__lte=last).order_by()
    return dict(found.values_list(by).annotate(Sum("amount_base")))
