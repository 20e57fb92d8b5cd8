"""In which order to collect and why, and what is going on with one customer's late money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientier.core import access
from clientier.core.actor import Actor
from clientier.kit import formats
from clientier.kit.cells import Setting
from clientier.rooms.parties.models import Customer
from clientier.rooms.trade.choices.credit import PromiseState
from clientier.rooms.trade.models import PaymentPromise
from clientier.rooms.trade.queries.debtors import RISKIEST, Debtor


def names_of(customers: QuerySet[Customer], keys: Sequence[int]) -> dict[int | None, str]:
    """The names of those customers with these keys that are among the ones given."""
    return dict(customers.filter(pk__in=keys).order_by().values_list("pk", "name"))


def why_collect(
    actor: Actor, page: Sequence[Debtor], rules: Mapping[str, Any], setting: Setting
) -> list[str]:
    """For each the sentence that says how amount, lateness and risk make its place."""
    keys = [each.owes.key for each in page]
    running = access.visible(actor, PaymentPromise).filter(customer__in=keys, state=PromiseState.OPEN)
    promised = dict(running.order_by("until").values_list("customer", "until"))
    return [_why(each, promised.get(each.owes.key), rules, setting) for each in page]


def _why(each: Debtor, until: Any, rules: Mapping[str, Any], setting: Setting) -> str:
    owes = each.owes
    late = owes.late
    days = round(owes.amount_days / late) if late else 0
    words = ngettext(
        "%(amount)s late by %(days)d day on average, risk %(risk)s",
        "%(amount)s late by %(days)d days on average, risk %(risk)s",
        days,
    )
    score = rules["prior_score"] if each.score is None else each.score
    said = words % {
        "amount": formats.short(late, setting.currency), "days": days,
        "risk": formats.number((RISKIEST - score) / 100, 2),
    }  # fmt: skip
    if each.score is None:
        said = _("%(said)s (not yet known)") % {"said": said}
    if until:
        said = _("%(said)s; promised until %(day)s") % {"said": said, "day": formats.day(until)}
    return said
