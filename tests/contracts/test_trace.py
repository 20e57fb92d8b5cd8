"""Every command leaves exactly one audit entry, in the name of who did it; a refused one leaves none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

import clientier.site.urls  # noqa: F401 - importing it loads every room
from clientier.core import commands, trash
from clientier.core.actor import Actor, Reach, system
from clientier.core.custom.models import CustomField
from clientier.core.errors import DomainError
from clientier.core.models import AuditEntry
from clientier.rooms.activities.models import Interaction, Task
from clientier.rooms.catalog.models import Component, CostChange, Product
from clientier.rooms.duplicates.models import ContactMerge, Merge
from clientier.rooms.parties.models import Consent, Contact, Customer, LoanRequest, PrivacyRequest, Share
from clientier.rooms.people.choices import LinkPurpose
from clientier.rooms.people.models import Role, User
from clientier.rooms.stewardship.models import (
    Confirmation,
    HandOver,
    HandOverBrief,
    TakenCard,
    UpkeepPolicy,
)
from clientier.rooms.trade.commands.sales import enter_order
from clientier.rooms.trade.models import (
    CostToServe,
    CreditLimit,
    CreditPolicy,
    Delivery,
    DunningNotice,
    Invoice,
    Order,
    Payment,
    PaymentPromise,
    StockMove,
)
from clientier.rooms.value.models import ValuePolicy, ValueRun
from tests import factories as make

pytestmark = pytest.mark.django_db
NOON = make.NOON
LATER = NOON + dt.timedelta(days=3)


def some_request() -> LoanRequest:
    return LoanRequest.objects.create(
        asked_by=make.some_user(), wanted="Acme", reason="visit", until=LATER, asked_at=NOON
    )


def interaction() -> dict[str, Any]:
    return {"customer": make.some_customer(), "at": NOON, "kind": "call", "user": make.some_user()}


def cost() -> dict[str, Any]:
    return {
        "customer": make.some_customer(),
        "day": make.DAY,
        "kind": "fee",
        "amount": Decimal(3),
        "currency": "CNY",
    }


def head() -> dict[str, Any]:
    return {"customer": make.some_customer(), "day": make.DAY}


def draft_order() -> Order:
    made: Order = enter_order(Order, actor=system(), changes=head(), lines=[make.line_facts()])
    return made


def received() -> dict[str, Any]:
    facts = {"kind": "receipt", "quantity": Decimal(5), "day": make.DAY}
    return {"product": make.some_product(), "warehouse": make.some_warehouse(), **facts}


def lying() -> dict[str, Any]:
    """A product and the warehouse that it lies in."""
    there = make.some_level()
    return {"product": there.product, "source": there.warehouse}


def goods() -> dict[str, Any]:
    order = make.some_open_order()
    return {"order": order, "day": make.DAY, "lines": {order.lines.get(): Decimal(1)}}


def the_firm() -> Customer:
    """The customer of a payment and of the invoice that it settles."""
    return Customer.objects.filter(name="Firm").first() or make.some_customer(name="Firm")


def trashed() -> dict[str, Any]:
    product = make.some_product()
    kept = trash.gather(product, system(), "delete")
    assert kept is not None
    trash.keep(kept)
    product.delete()
    return {"trashed": kept}


def actor_s_user() -> User:
    """Who acts, for commands that concern one's own work alone."""
    return User.objects.filter(name="Ada").first() or make.some_user()


def visited() -> dict[str, Any]:
    task = make.some_task(make.some_customer(), assigned_to=actor_s_user())
    return {"customer": task.customer, "day": task.due_on, "at": NOON}


def plan_that_is_old() -> HandOver:
    """A customer came to the leaver after the plan was made."""
    plan = make.some_hand_over()
    make.some_customer(owner=plan.leaver)
    return plan


def two_customers() -> dict[str, Any]:
    return {"survivor": make.some_customer(), "others": [make.some_customer()], "at": NOON}


def two_contacts() -> dict[str, Any]:
    at = make.some_customer()
    return {"survivor": make.some_contact(at), "others": [make.some_contact(at)], "at": NOON}


def some_field(**facts: Any) -> CustomField:
    known = {"record": "parties.customer", "code": "x", "kind": "text", "names": {"en": "X"}}
    return CustomField.objects.create(**known, **facts)


# Leave a note of their own beside, or need a right that nobody has by nature: tested with what they are about.
ELSEWHERE = {"sensitive.write", "sensitive.look", "sensitive.export", "request.answer", "person.erase"}
# Verb: what makes its subject, and what makes its facts.
CASES: dict[str, tuple[Callable[[], Any], Callable[[], dict[str, Any]]]] = {
    "record.create": (lambda: Product, lambda: {"changes": {"name": "Nut"}}),
    "record.update": (make.some_product, lambda: {"changes": {"unit": "kg"}}),
    "record.delete": (make.some_product, dict),
    "custom_field.define": (
        lambda: CustomField,
        lambda: {
            "changes": {"record": "parties.customer", "code": "x", "kind": "text", "names": {"en": "X"}},
            "formula_names": (),
        },
    ),
    "custom_field.change": (
        some_field,
        lambda: {"changes": {"names": {"en": "Y"}}, "formula_names": ()},
    ),
    "custom_field.retire": (some_field, dict),
    "custom_field.bring_back": (lambda: some_field(retired=True), lambda: {"formula_names": ()}),
    "record.restore": (lambda: Product, trashed),
    "record.hand_over": (make.some_customer, lambda: {"to": make.some_user()}),
    "task.complete": (make.some_task, lambda: {"at": NOON}),
    "task.drop": (make.some_task, lambda: {"at": NOON}),
    "task.move": (make.some_task, lambda: {"to": make.DAY + dt.timedelta(days=3)}),
    "task.assign": (
        lambda: Task,
        lambda: {
            "changes": {"title": "Look", "due_on": make.DAY, "assigned_to": make.some_user()},
            "origin": "test:1",
        },
    ),
    "order.enter": (lambda: Order, lambda: {"changes": head(), "lines": [make.line_facts()]}),
    "order.correct": (draft_order, lambda: {"changes": {}, "lines": [make.line_facts()] * 2}),
    "order.open": (draft_order, dict),
    "order.cancel": (draft_order, lambda: {"reason": "Not wanted"}),
    "order.close": (make.some_open_order, lambda: {"reason": "Not wanted"}),
    "order.drop": (draft_order, dict),
    "order.drop_line": (make.some_line, dict),
    "order.deliver": (make.some_open_order, lambda: {"day": make.DAY}),
    "order.invoice": (make.some_open_order, lambda: {"day": make.DAY}),
    "delivery.write": (lambda: Delivery, goods),
    "delivery.take_back": (make.some_delivery, lambda: {"day": make.DAY}),
    "invoice.draft": (lambda: Invoice, lambda: {"changes": head(), "lines": [make.line_facts()]}),
    "invoice.post": (lambda: make.some_invoice(posted=False), dict),
    "invoice.credit": (make.some_invoice, lambda: {"day": make.DAY, "reason": "Broken"}),
    "invoice.delete": (lambda: make.some_invoice(posted=False), dict),
    "stock.move": (lambda: StockMove, lambda: {"changes": received()}),
    "stock.transfer": (
        lambda: StockMove,
        lambda: {**lying(), "target": make.some_warehouse(), "quantity": Decimal(2), "day": make.DAY},
    ),
    "order_line.allocate": (
        lambda: make.some_reservation().order_line,
        lambda: {"quantity": Decimal(1), "reason": "Agreed"},
    ),
    "payment.receive": (
        lambda: Payment,
        lambda: {"changes": {**head(), "amount": Decimal(5), "currency": "CNY"}},
    ),
    "payment.settle": (
        lambda: make.some_payment(the_firm()),
        lambda: {"invoice": make.some_invoice(the_firm()), "amount": Decimal(5), "day": make.DAY},
    ),
    "payment.settle_oldest": (
        lambda: make.some_payment(make.some_invoice().customer),
        lambda: {"day": make.DAY},
    ),
    "payment.take_back": (make.some_payment, lambda: {"day": make.DAY, "reason": "Bounced"}),
    "interaction.log": (lambda: Interaction, lambda: {"changes": interaction()}),
    "customer.enter": (lambda: Customer, lambda: {"changes": {"name": "Ada"}}),
    "customer.change": (make.some_customer, lambda: {"changes": {"city": "Wuhan"}}),
    "contact.enter": (
        lambda: Contact,
        lambda: {"changes": {"name": "Ada", "customer": make.some_customer()}},
    ),
    "contact.change": (make.some_contact, lambda: {"changes": {"job_title": "Buyer"}}),
    "relation.end": (make.some_relation, lambda: {"on": make.DAY}),
    "customer.share": (
        lambda: Share,
        lambda: {"changes": {"customer": make.some_customer(), "user": make.some_user()}, "now": NOON},
    ),
    "share.end": (make.some_share, lambda: {"at": NOON}),
    "loan.ask": (
        lambda: LoanRequest,
        lambda: {"changes": {"wanted": "Acme", "reason": "visit", "until": LATER}, "now": NOON},
    ),
    "loan.answer": (some_request, lambda: {"customer": None, "now": NOON}),
    "consent.record": (
        lambda: Consent,
        lambda: {
            "changes": {
                "customer": make.some_person(),
                "covers": "surveys",
                "purpose": "p",
                "given_on": make.DAY,
                "proof": "form",
            }
        },
    ),
    "consent.change": (make.some_consent, lambda: {"changes": {"proof": "letter"}}),
    "consent.withdraw": (make.some_consent, lambda: {"on": make.DAY, "today": make.DAY}),
    "contact.follow_consent": (make.some_contact, dict),
    "privacy.set_rules": (make.keeping, lambda: {"changes": {"keeps_health": True}}),
    "request.receive": (
        lambda: PrivacyRequest,
        lambda: {"changes": {"customer": make.some_person(), "kind": "access", "received_on": make.DAY}},
    ),
    "request.change": (make.some_privacy_request, lambda: {"changes": {"how": "letter"}}),
    "customers.merge": (lambda: Merge, two_customers),
    "customers.unmerge": (make.some_merge, lambda: {"at": NOON}),
    "contacts.merge": (lambda: ContactMerge, two_contacts),
    "contacts.unmerge": (make.some_contact_merge, lambda: {"at": NOON}),
    "duplicates.same_person": (make.some_contact_pair, lambda: {"at": NOON}),
    "duplicates.keep_apart": (make.some_pair, lambda: {"at": NOON}),
    "cost.record": (lambda: CostToServe, lambda: {"changes": cost()}),
    "cost.correct": (make.some_cost, lambda: {"changes": {"amount": Decimal(7)}}),
    "limit.set": (
        lambda: CreditLimit,
        lambda: {
            "changes": {"customer": make.some_customer(), "amount": 5, "from_day": make.DAY, "reason": "x"}
        },
    ),
    "limit.accept": (make.some_limit_proposal, lambda: {"day": make.DAY, "reason": "pays well"}),
    "limit.refuse": (make.some_limit_proposal, lambda: {"day": make.DAY, "reason": "not now"}),
    "credit.adopt_rules": (
        lambda: CreditPolicy,
        lambda: {"changes": {"prior_score": 50}, "reason": "stricter"},
    ),
    "order.release": (
        lambda: make.some_order(state="held", counts="invoiced"),
        lambda: {"reason": "guarantee"},
    ),
    "promise.take": (
        lambda: PaymentPromise,
        lambda: {
            "changes": {
                "customer": make.some_customer(),
                "amount": 5,
                "promised_on": make.DAY,
                "until": make.DAY,
            }
        },
    ),
    "promise.withdraw": (make.some_promise, lambda: {"day": make.DAY, "reason": "agreed"}),
    "promise.judge": (make.some_promise, lambda: {"day": make.DAY + dt.timedelta(days=1)}),
    "invoice.dispute": (make.some_worrying_invoice, lambda: {"day": make.DAY, "reason": "wrong goods"}),
    "invoice.end_dispute": (lambda: make.some_worrying_invoice(disputed=True), lambda: {"reason": "agreed"}),
    "invoice.write_off": (
        make.some_worrying_invoice,
        lambda: {"amount": Decimal(5), "day": make.DAY, "reason": "lost"},
    ),
    "invoice.take_back_write_off": (
        lambda: make.some_worrying_invoice(lost=True),
        lambda: {"day": make.DAY, "reason": "they paid"},
    ),
    "dunning.remind": (
        lambda: DunningNotice,
        lambda: {"customer": make.some_worrying_invoice().customer, "day": make.DAY + dt.timedelta(days=60)},
    ),
    "cost_change.enter": (
        lambda: CostChange,
        lambda: {"changes": {"product": make.some_product(), "from_day": make.DAY, "cost": Decimal(3)}},
    ),
    "cost_change.correct": (make.some_cost_change, lambda: {"changes": {"cost": Decimal(7)}}),
    "cost_change.remove": (make.some_cost_change, dict),
    "component.enter": (
        lambda: Component,
        lambda: {"changes": {"assembly": make.some_product(), "part": make.some_product()}},
    ),
    "component.change": (make.some_component, lambda: {"changes": {"quantity": Decimal(7)}}),
    "role.create": (lambda: Role, lambda: {"changes": {"name": "New", "code": "new"}}),
    "role.update": (make.some_role, lambda: {"changes": {"name": "Renamed"}}),
    "role.grant": (make.some_role, lambda: {"reaches": {("parties.customer", "view"): Reach.OWN}}),
    "user.create": (
        lambda: User,
        lambda: {"changes": {"username": "new", "name": "Nora", "role": make.some_role()}},
    ),
    "user.update": (make.some_user, lambda: {"changes": {"name": "Renamed"}}),
    "user.end_sessions": (make.some_user, dict),
    "user.remove_second_factor": (make.some_user, dict),
    "user.issue_link": (
        make.some_user,
        lambda: {"purpose": LinkPurpose.INVITATION, "token": "t" * 43, "now": NOON},
    ),
    "policy.adopt": (lambda: ValuePolicy, lambda: {"changes": {"band": 0.2}, "reason": "calmer"}),
    "card.take": (lambda: TakenCard, visited),
    "card.put_in_order": (make.some_taken_card, lambda: {"place": 3}),
    "card.bring_back": (make.some_taken_card, lambda: {"at": NOON, "notes": {}}),
    "card.confirm": (
        lambda: Confirmation,
        lambda: {"customer": make.some_customer(), "contact": None, "on": make.DAY},
    ),
    "upkeep.adopt_rules": (lambda: UpkeepPolicy, lambda: {"changes": {"remark_days": 3}, "reason": "faster"}),
    "review.finish": (make.some_review, lambda: {"remark": "", "due_on": make.DAY, "at": NOON}),
    "record.pass_on": (make.some_task, lambda: {"field": "assigned_to", "to": make.some_user()}),
    "hand_over.plan": (
        lambda: HandOver,
        lambda: {"leaver": make.some_user(), "successors": [make.some_user()], "split": "balanced"},
    ),
    "hand_over.change_plan": (make.some_hand_over, lambda: {"to": {}, "others": make.some_user().pk}),
    "hand_over.renew_plan": (plan_that_is_old, dict),
    "hand_over.carry_out": (make.some_hand_over, lambda: {"at": NOON, "today": make.DAY}),
    "brief.make": (
        lambda: HandOverBrief,
        lambda: {"plan": make.some_hand_over(), "customer": make.some_customer(), "to": make.some_user()},
    ),
    "brief.read": (lambda: make.some_brief(successor=actor_s_user()), lambda: {"at": NOON}),
    "value.run": (lambda: ValueRun, lambda: {"as_of": make.DAY}),
}
# What some commands write about other records than their own, beside the one entry.
BESIDE = {
    "limit.accept": ("limit.set",),
    "customers.merge": ("customer.merge", "customer.merge_away"),
    "contacts.merge": ("contact.merge", "contact.merge_away"),
    "duplicates.same_person": ("contact.change",),
    "stock.transfer": ("record.create",),
    "order.invoice": ("invoice.draft",),  # what it posts tells of it
    "invoice.credit": ("invoice.draft", "invoice.post"),
    "cost_change.enter": ("record.update",),
    "cost_change.correct": ("record.update",),
}


def test_every_command_takes_part() -> None:
    ours = {verb for verb, run in commands.REGISTRY.items() if run.__module__.startswith("clientier.")}
    assert ours == {*CASES, *ELSEWHERE}
    assert not ELSEWHERE & set(CASES)


@pytest.mark.parametrize("verb", CASES)
def test_a_command_leaves_one_entry(verb: str) -> None:
    user = make.some_user(name="Ada")
    subject, facts = (part() for part in CASES[verb])
    actor = make.acting(user)
    before = list(AuditEntry.objects.values_list("pk", flat=True))
    commands.REGISTRY[verb](subject, actor=actor, **facts)
    entry = AuditEntry.objects.exclude(pk__in=before).exclude(verb__in=BESIDE.get(verb, ())).get()
    assert (entry.actor_id, entry.actor_name, entry.request_id) == (user.pk, "Ada", actor.request_id)
    assert entry.changes


@pytest.mark.parametrize("verb", CASES)
def test_a_command_is_refused_without_the_right(verb: str) -> None:
    subject, facts = (part() for part in CASES[verb])
    kind = subject if isinstance(subject, type) else type(subject)
    before = list(kind._default_manager.order_by("pk").values())
    entries = AuditEntry.objects.count()
    seeing: Actor = make.acting(
        make.some_user(), kinds=["none"], grants={(kind._meta.label_lower, "view"): Reach.ALL}
    )
    with pytest.raises(DomainError):
        commands.REGISTRY[verb](subject, actor=seeing, **facts)
    assert list(kind._default_manager.order_by("pk").values())[: len(before)] == before
    assert AuditEntry.objects.count() == entries
