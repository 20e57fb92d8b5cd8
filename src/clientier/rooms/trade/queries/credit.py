"""What a customer may owe, what it does owe, and whether more is too much."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.kit import formats
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.queries import organisation
from clientier.rooms.trade.choices.credit import Covers, OverLimit
from clientier.rooms.trade.choices.orders import OrderState
from clientier.rooms.trade.models import CreditLimit, Invoice, Order, Payment
from clientier.rooms.trade.queries.exposure import Exposure, exposures, group_exposures, heads_above
from clientier.rooms.trade.queries.policy import current_rules, of_tier
from clientier.rooms.trade.queries.tiers import tier_of

BESIDE = (CreditLimit, Order, Invoice, Payment)


@dataclass(frozen=True)
class Line:
    """One limit that holds: of the customer alone (``of`` is itself) or of a group that it belongs to."""

    of: int
    covers: str
    exposure: Exposure
    limit: Decimal
    is_default: bool

    @property
    def left(self) -> Decimal:
        return self.limit - self.exposure.total


@dataclass(frozen=True)
class Credit:
    """All limits under which a customer stands, and what the policy says where one is passed."""

    exposure: Exposure
    lines: list[Line]
    over_limit: str

    def passed_by(self, amount: Decimal) -> list[Line]:
        """The limits that would be passed if the customer owed so much more."""
        return [line for line in self.lines if line.exposure.total + amount > line.limit]

    @property
    def holds(self) -> bool:
        return self.over_limit == OverLimit.HOLD


def limits_at(customers: Sequence[int], day: dt.date) -> dict[tuple[int, str], CreditLimit]:
    """The limits that hold on the day, by customer and by what they cover: of each the one entered last."""
    found = CreditLimit.objects.filter(customer__in=customers, from_day__lte=day)
    newest = found.order_by("customer", "covers", "-from_day", "-pk").distinct("customer", "covers")
    return {(limit.customer_id, limit.covers): limit for limit in newest}


def credit_of(customer: Customer, day: dt.date, *, trades: bool = True) -> Credit:
    """Under which limits the customer stands on the day, and how far each is used up.

    Without ``trades`` it is known that the customer has no orders, invoices and payments.
    """
    rules, tier, above = current_rules(), tier_of(customer), heads_above(customer.pk)
    known = limits_at(above, day)
    own = exposures([customer.pk])[customer.pk] if trades else Exposure()
    lines = []
    limit = known.get((customer.pk, Covers.CUSTOMER))
    amount = limit.amount if limit else default_limit(tier, rules)
    if amount is not None:
        lines.append(Line(customer.pk, Covers.CUSTOMER, own, amount, limit is None))
    heads = [key for key in above if (key, Covers.GROUP) in known]
    together = group_exposures(heads) if heads else {}
    lines += [
        Line(head, Covers.GROUP, together[head], known[head, Covers.GROUP].amount, False) for head in heads
    ]
    return Credit(own, lines, of_tier(rules["over_limit"], tier))


def default_limit(tier: str, rules: Mapping[str, Any]) -> Decimal | None:
    """The limit of a customer of this tier for whom none was set; None where the policy sets none."""
    known = of_tier(rules["limits"], tier)
    return None if known is None else Decimal(str(known))


def held_words(passed: Sequence[Line], more: Decimal) -> str:
    """Why an order of so much is held, in figures, and who may lift it."""
    currency, said = organisation().base_currency, []
    for line in passed:
        facts = {
            "then": formats.with_symbol(line.exposure.total + more, currency, cents=True),
            "limit": formats.with_symbol(line.limit, currency, cents=True),
        }
        if line.covers == Covers.GROUP:
            facts["group"] = Customer.objects.values_list("name", flat=True).get(pk=line.of)
            said.append(_("The group %(group)s would owe %(then)s; its limit is %(limit)s.") % facts)
        else:
            said.append(_("The customer would owe %(then)s; the limit is %(limit)s.") % facts)
    return " ".join([*said, _("Who may change credit limits may release it.")])


def may_see_credit(actor: Actor) -> bool:
    """Whether the actor sees, of every customer that they see, all that its credit is made of."""
    far = actor.reach(Customer, "view")
    hidden = {
        (CreditLimit, "amount"), (Invoice, "open_base"), (Invoice, "open_amount"), (Payment, "unsettled_base"),
        (Order, "amount_base"),
    }  # fmt: skip
    return all(Reach.NONE < far <= actor.reach(model, "view") for model in BESIDE) and all(
        name in access.fields(actor, model).readable for model, name in hidden
    )


def may_decide_for(actor: Actor, record: Order | Invoice) -> bool:
    """Whether the actor may change the limits of the record's customer, and so decide about money at risk."""
    rule = access.rows(actor, CreditLimit, "change")  # both belong by the same paths as a limit
    return not rule or type(record)._default_manager.filter(rule, pk=record.pk).exists()


def held_orders(actor: Actor) -> int:
    """How many orders are held that the actor may release; nobody else is asked about them."""
    if actor.reach(CreditLimit, "change") is Reach.NONE:
        return 0
    decides = access.rows(actor, CreditLimit, "change")
    return access.visible(actor, Order).filter(decides, state=OrderState.HELD).order_by().count()
