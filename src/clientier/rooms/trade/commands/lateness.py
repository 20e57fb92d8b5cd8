"""What late money costs: interest on it, month by month, and what is given up, both as costs to serve."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clientier.core.actor import Actor, Door, system
from clientier.core.commands import command
from clientier.core.errors import DomainError, NotAllowed
from clientier.core.money import rounded
from clientier.rooms.people.queries import organisation
from clientier.rooms.trade.choices.orders import CostKind
from clientier.rooms.trade.commands import settling
from clientier.rooms.trade.commands.costs import write_costs
from clientier.rooms.trade.models import CostToServe, Invoice, Settlement
from clientier.rooms.trade.queries.credit import may_decide_for
from clientier.rooms.trade.queries.interest import interest_of, month_end
from clientier.rooms.trade.queries.losses import losses_of, written_off
from clientier.rooms.trade.queries.policy import current_rules


class NothingWrittenOff(DomainError):
    code = "nothing_written_off"
    message = _("Nothing of this invoice is written off. Nothing was changed.")


@command("invoice.write_off", needs="view", final=True)
def write_off(invoice: Invoice, *, actor: Actor, amount: Decimal, day: dt.date, reason: str) -> Invoice:
    """Give so much of an invoice up, as who may change its customer's limits; it becomes a cost to serve."""
    if not may_decide_for(actor, invoice):
        raise NotAllowed
    lost = settling.write_off(invoice, amount, day, reason)
    base = organisation().base_currency
    CostToServe.objects.create(
        external_id=_name(lost), customer_id=invoice.customer_id, day=day, kind=CostKind.BAD_DEBT,
        amount=lost.amount_base, amount_base=lost.amount_base, currency=base, note=reason[:200],
    )  # fmt: skip
    return invoice


@command("invoice.take_back_write_off", needs="view", final=True)
def take_back_write_off(invoice: Invoice, *, actor: Actor, day: dt.date, reason: str) -> Invoice:
    """What was given up of an invoice is open again, and no longer a cost."""
    if not may_decide_for(actor, invoice):
        raise NotAllowed
    if not written_off(invoice.pk):
        raise NothingWrittenOff
    settling.take_back_loss(invoice, day, reason)
    names = [_name(each) for each in losses_of(invoice.pk)]
    CostToServe.objects.filter(external_id__in=names).delete()
    return invoice


@transaction.atomic
def charge_interest(month: dt.date) -> int:
    """Write the interest on money that was late in this month, one cost a customer; again changes what is different."""
    base, last = organisation().base_currency, month_end(month)
    stamp = f"{last:%Y-%m}"
    found = interest_of(month, Decimal(str(current_rules()["interest_percent"])))
    due = {f"interest-{key}-{stamp}": (key, rounded(amount, base)) for key, amount in found.items()}
    rows = [
        {
            "external_id": name, "customer_id": key, "day": last, "kind": CostKind.LATE_INTEREST, "amount": amount,
            "amount_base": amount, "currency": base,
        }
        for name, (key, amount) in due.items() if amount > 0
    ]  # fmt: skip
    told = {row["external_id"] for row in rows}
    before = CostToServe.objects.filter(
        external_id__startswith="interest-", external_id__endswith=f"-{stamp}"
    )
    rows += [
        {
            "external_id": old.external_id, "customer_id": old.customer_id, "amount": Decimal(0),
            "amount_base": Decimal(0),
        }
        for old in before.exclude(external_id__in=told).exclude(amount=0)
    ]  # fmt: skip
    for some in ([row for row in rows if "kind" in row], [row for row in rows if "kind" not in row]):
        if some:
            write_costs(some, actor=system(Door.JOB), currency_of_new=base)
    return len(told)


def _name(lost: Settlement) -> str:
    return f"bad-debt-{lost.pk}"
