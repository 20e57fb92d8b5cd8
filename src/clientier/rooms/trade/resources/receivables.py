from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clientier.core import ledger
from clientier.core.commands import never_delete
from clientier.kit import panels
from clientier.kit.resource import Column, Resource, Section, register
from clientier.rooms.activities.queries import Wording, word
from clientier.rooms.parties.models import Customer
from clientier.rooms.trade.choices.credit import PROMISE_TONES
from clientier.rooms.trade.commands.collecting import take_promise
from clientier.rooms.trade.commands.credit import set_limit
from clientier.rooms.trade.models import (
    CreditLimit,
    CreditScore,
    DunningNotice,
    DunningText,
    LimitProposal,
    PaymentPromise,
)
from clientier.rooms.trade.queries.collecting import task_reason, task_title
from clientier.rooms.trade.queries.credit_panels import credit_on_card, credit_on_order, why_proposed
from clientier.rooms.trade.queries.offers import on_promise, on_proposal, on_worry

register(
    Resource(
        model=CreditLimit,
        create=set_limit,
        delete=never_delete,
        slug="credit-limits",
        icon="scale",
        title_column="from_day",
        order="-from_day",
        add_page="credit-limit-new",
        columns=(
            Column(path="from_day"),
            Column(path="customer"),
            Column(path="covers"),
            Column(path="amount"),
            Column(path="reason"),
            Column(path="made_by", kind="user"),
            Column(path="made_at", shown=False),
        ),
        empty=_("How much customers and groups may owe, since when and why. Others have that of their tier."),
    )
)

register(
    Resource(
        model=LimitProposal,
        delete=never_delete,
        slug="limit-proposals",
        icon="scale",
        title_column="made_on",
        order="-made_on",
        columns=(
            Column(path="made_on"),
            Column(path="customer"),
            Column(path="kind", tones={"raise": "good", "cut": "bad"}),
            Column(path="before"),
            Column(path="amount"),
            Column(path="score", kind="score"),
            Column(path="state", tones={"open": "warn", "accepted": "good", "refused": ""}),
            Column(path="reason", shown=False),
            Column(path="decided_on", shown=False),
            Column(path="decided_by", kind="user", shown=False),
        ),
        empty=_("Every night: higher limits for who pays well and needs it, lower ones for who pays badly."),
    )
)
register(
    Resource(
        model=PaymentPromise,
        create=take_promise,
        delete=never_delete,
        slug="promises",
        icon="calendar",
        title_column="until",
        order="-until",
        add_page="promise-note",
        columns=(
            Column(path="until"),
            Column(path="customer"),
            Column(path="invoice"),
            Column(path="amount", currency="currency"),
            Column(path="promised_on", shown=False),
            Column(path="promised_by"),
            Column(path="state", tones=PROMISE_TONES),
            Column(path="decided_on", shown=False),
            Column(path="taken_by", kind="user", shown=False),
            Column(path="note", shown=False),
        ),
        empty=_(
            "Who said they would pay how much by when; the money that comes in says whether they kept it."
        ),
    )
)
register(
    Resource(
        model=DunningNotice,
        delete=never_delete,
        slug="payment-reminders",
        icon="mail",
        title_column="day",
        order="-day",
        columns=(
            Column(path="day"),
            Column(path="customer"),
            Column(path="level"),
            Column(path="way"),
            Column(path="amount_base"),
            Column(path="sent_by", kind="user"),
            Column(path="address", shown=False),
            Column(path="subject"),
            Column(path="text", shown=False),
        ),
        empty=_("Who was reminded of late money, when, at which level and with which words."),
    )
)
register(
    Resource(
        model=DunningText,
        slug="reminder-texts",
        icon="notes",
        title_column="subject",
        order="level",
        columns=(
            Column(path="subject"),
            Column(path="level"),
            Column(path="tier"),
            Column(path="language"),
            Column(path="text", shown=False),
        ),
        form=(Section("", ("level", "tier", "language", "subject", "text")),),
        empty=_("What is written to customers of a tier at a level, in a language."),
    )
)

CREDIT = "trade/credit.html"
panels.add("customers", panels.Panel("credit", _("Credit"), CREDIT, credit_on_card, "side", 25))
panels.add("orders", panels.Panel("credit", _("Credit"), CREDIT, credit_on_order, "side", 10))
panels.add(
    "limit-proposals",
    panels.Panel("why", _("Why"), "trade/why_limit.html", why_proposed, "main", 10),
)
panels.offer("invoices", on_worry)
panels.offer("promises", on_promise)
panels.offer("limit-proposals", on_proposal)
for code in ("collect", "broken"):
    word(code, Wording(task_title, task_reason))
ledger.goes_with(Customer, CreditScore, "customer", Q())
