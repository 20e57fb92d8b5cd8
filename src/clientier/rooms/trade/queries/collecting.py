"""In which order to collect and why, and what is going on with one customer's late money."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientier.core import access
from clientier.core.actor import Actor
from clientier.kit import formats
from clientier.kit.cells import Setting
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.queries import organisation
from clientier.rooms.trade.choices.credit import DunningWay, Language, PromiseState
from clientier.rooms.trade.models import DunningNotice, DunningText, Invoice, PaymentPromise
from clientier.rooms.trade.queries.ageing import Open, open_items
from clientier.rooms.trade.queries.debtors import RISKIEST, Debtor, debtors
from clientier.rooms.trade.queries.policy import current_rules, of_tier
from clientier.rooms.trade.queries.tiers import tiers_of

ZERO = Decimal(0)
MOST_PROPOSED = 200
IN_BRACES = re.compile(r"\{(\w+)\}")
LANGUAGES = {
    "CN": Language.SIMPLIFIED, "SG": Language.SIMPLIFIED, "TW": Language.TRADITIONAL,
    "HK": Language.TRADITIONAL, "MO": Language.TRADITIONAL,
}  # fmt: skip
"""By the customer's country; where none is known, it is the account manager's language."""


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
    return [_why(each, promised.get(each.owes.key or 0), rules, setting) for each in page]


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


@dataclass(frozen=True)
class Reminder:
    """What is due to be sent or said to one customer: ``level`` counts from 1, ``invoices`` are those it is about."""

    customer: Customer
    level: int
    way: DunningWay
    amount: Decimal
    days: int
    invoices: list[int]
    address: str
    subject: str
    text: str


def promised_until(customers: Sequence[int]) -> dict[int, dt.date]:
    """The customers of whom a promise runs, each with the day until which it does."""
    found = PaymentPromise.objects.filter(customer__in=customers, state=PromiseState.OPEN).order_by("until")
    return dict(found.values_list("customer", "until"))


def due_reminders(actor: Actor, day: dt.date, customers: Sequence[int]) -> list[Reminder]:
    """The reminders that are due for these customers, in their order.

    The level follows from the days that the oldest money is late, and never leaps: it is one more than the last at
    which the customer was reminded of any of these invoices, and some days after that.
    """
    rules = current_rules()
    late: dict[int, list[Open]] = {}
    for item in open_items(actor, day, customers):
        if not item.is_note and item.disputed_on is None and item.days_late(day) and item.amount > 0:
            late.setdefault(item.customer_id, []).append(item)
    promised = promised_until(list(late))
    reached = _levels_reached(late)
    known = access.visible(actor, Customer).select_related("owner").in_bulk(list(late))
    tiers = tiers_of(list(late))
    made = []
    for key in customers:
        items = late.get(key, [])
        if not items or key in promised or key not in known:
            continue
        days = max(item.days_late(day) for item in items)
        last, on = reached.get(key, (0, None))
        level = min(bisect_right(rules["dunning_days"], days), last + 1)
        if level > last and (on is None or (day - on).days >= rules["dunning_pause_days"]):
            made.append(_reminder(known[key], level, items, tiers.get(key, ""), day, rules))
    return made


def _levels_reached(late: Mapping[int, list[Open]]) -> dict[int, tuple[int, dt.date]]:
    """The highest level at which each was reminded of anything that is late now, and the last day on which."""
    found: dict[int, tuple[int, dt.date]] = {}
    notices = DunningNotice.objects.filter(customer__in=late).values_list(
        "customer", "level", "day", "invoices"
    )
    for customer, level, on, invoices in notices:
        if {item.pk for item in late[customer]} & set(invoices):
            known = found.get(customer, (level, on))
            found[customer] = (max(level, known[0]), max(on, known[1]))
    return found


def _reminder(
    customer: Customer, level: int, items: Sequence[Open], tier: str, day: dt.date, rules: Mapping[str, Any]
) -> Reminder:
    calls = level <= of_tier(rules["dunning_calls"], tier)
    written = DunningWay.EMAIL if customer.email else DunningWay.LETTER
    amount, days = sum((item.amount for item in items), ZERO), max(item.days_late(day) for item in items)
    subject, text = dunning_text(customer, level, items, tier, day)
    return Reminder(
        customer=customer, level=level, way=DunningWay.CALL if calls else written, amount=amount, days=days,
        invoices=[item.pk for item in items], address="" if calls else customer.email, subject=subject, text=text,
    )  # fmt: skip


def dunning_text(
    customer: Customer, level: int, items: Sequence[Open], tier: str, day: dt.date
) -> tuple[str, str]:
    """Subject and text for this level, tier and the customer's language, with all that is filled in."""
    language = LANGUAGES.get(customer.country, Language.ENGLISH)
    if not customer.country and customer.owner:
        language = Language(customer.owner.language)
    texts = DunningText.objects.filter(level__lte=level, tier__in=("", tier), language=language)
    if (chosen := texts.order_by("-level", "-tier").first()) is None:
        return "", ""
    company, currency = organisation(), organisation().base_currency
    with translation.override(language):
        numbers = dict(Invoice.objects.filter(pk__in=[item.pk for item in items]).values_list("pk", "number"))
        amounts = [formats.with_symbol(item.amount, currency, cents=True) for item in items]
        lines = [
            f"{numbers[item.pk]} · {formats.day(item.due_on)} · {amount}"
            for item, amount in zip(items, amounts, strict=True)
        ]
        filled = {
            "customer": customer.name, "company": company.name, "day": formats.day(day),
            "amount": formats.with_symbol(sum((item.amount for item in items), ZERO), currency, cents=True),
            "invoices": "\n".join(lines), "days": str(max(item.days_late(day) for item in items)),
            "sender": str(customer.owner or company.name),
        }  # fmt: skip
    return _filled(chosen.subject, filled), _filled(chosen.text, filled)


def _filled(text: str, facts: Mapping[str, str]) -> str:
    """The text with known words in braces replaced; unknown ones stay, so that a slip is seen and harms nobody."""
    return IN_BRACES.sub(lambda found: facts.get(found[1], found[0]), text)


def task_title(code: str) -> str:
    if code == "broken":
        return _("Call about a promise to pay that was broken")
    return _("Call about late payments")


def task_reason(facts: Mapping[str, Any], setting: Setting) -> str:
    """Why now: how much is late, and for how long."""
    if "amount" not in facts:
        return _("promised money did not come")
    return _("%(amount)s late, the oldest by %(days)d days") % {
        "amount": formats.short(Decimal(str(facts["amount"])), setting.currency), "days": facts["days"],
    }  # fmt: skip


def letter_of(notice_id: int) -> tuple[str, str, str] | None:
    """Address, subject and text of a reminder that goes by mail; None for any other."""
    notice = DunningNotice.objects.filter(pk=notice_id, way=DunningWay.EMAIL).exclude(address="").first()
    return (notice.address, notice.subject, notice.text) if notice else None


def owing(actor: Actor, day: dt.date) -> list[int]:
    """The customers of whom something is late, in the order of collection, as many as a person can look through."""
    found = debtors(actor, day, current_rules(), order="collect", size=MOST_PROPOSED)
    return [each.owes.key for each in found.page if each.owes.key is not None]
