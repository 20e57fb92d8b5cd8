"""Records and actors for tests: plain functions with the few facts that a test cares about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import count
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.test import Client

from clientier.core.actor import Actor, Reach, system
from clientier.core.money import convert
from clientier.rooms.activities.models import Interaction, Task
from clientier.rooms.catalog.models import (
    Category,
    Component,
    CostChange,
    Installation,
    Price,
    PriceList,
    Product,
    Warehouse,
)
from clientier.rooms.duplicates.models import ContactMerge, ContactPair, DuplicatePair, Merge, PersonPair
from clientier.rooms.parties.commands.sensitive import write_fact
from clientier.rooms.parties.models import (
    Address,
    CompanyProfile,
    Consent,
    Contact,
    Customer,
    PersonProfile,
    PrivacyRequest,
    PrivacyRules,
    Relation,
    RetentionRule,
    SensitiveFact,
    SensitiveLook,
    Share,
)
from clientier.rooms.people.models import ApiToken, FieldRule, Grant, Role, Team, Territory, User
from clientier.rooms.people.queries import token_digest
from clientier.rooms.stewardship.models import Confirmation, HandOver, HandOverBrief, Review, TakenCard
from clientier.rooms.trade.commands.deliveries import deliver_order
from clientier.rooms.trade.commands.invoices import draft_invoice, post_invoice
from clientier.rooms.trade.commands.payments import receive_payment, settle_oldest
from clientier.rooms.trade.commands.sales import enter_order, open_order
from clientier.rooms.trade.commands.settling import write_off
from clientier.rooms.trade.commands.stock import move_stock
from clientier.rooms.trade.models import (
    CostToServe,
    CreditLimit,
    CurrencyRate,
    Delivery,
    DunningNotice,
    DunningText,
    Invoice,
    LimitProposal,
    Order,
    OrderLine,
    Payment,
    PaymentPromise,
    Reservation,
    Settlement,
    StockLevel,
    StockMove,
)

ACTIONS = ("view", "add", "change", "delete", "export", "import", "hand_over")
DAY = dt.date(2026, 3, 2)
NOON = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
_numbers = count(1)


def some_role(*, administrator: bool = False, **facts: Any) -> Role:
    number = next(_numbers)
    defaults = {"name": f"Role {number}", "code": f"role-{number}", "is_administrator": administrator}
    return Role.objects.create(**{**defaults, **facts})


def some_user(**facts: Any) -> User:
    number = next(_numbers)
    facts.setdefault("role", None)
    facts["role"] = facts["role"] or some_role()
    user = User(**{"username": f"user{number}", "name": f"User {number}", **facts})
    user.set_unusable_password()
    user.save()
    return user


def administrator(**facts: Any) -> User:
    return some_user(role=some_role(administrator=True), **facts)


def grant(role: Role, record: str, reach: Reach, actions: Iterable[str] = ACTIONS) -> None:
    Grant.objects.bulk_create(Grant(role=role, record=record, action=a, reach=reach) for a in actions)


def grant_all(role: Role, reaches: Mapping[str, Reach]) -> None:
    """All actions on every kind named, each as far as is said there."""
    Grant.objects.bulk_create(
        Grant(role=role, record=kind, action=action, reach=reach)
        for kind, reach in reaches.items()
        for action in ACTIONS
    )


def field_rule(role: Role, record: str, field: str, rule: str) -> None:
    FieldRule.objects.create(role=role, record=record, field=field, rule=rule)


def acting(
    user: User | None = None, *, reach: Reach = Reach.ALL, kinds: Iterable[Any] = (), **facts: Any
) -> Actor:
    """An actor with all actions of that reach on the kinds given (without any: on everything)."""
    labels = [kind if isinstance(kind, str) else kind._meta.label_lower for kind in kinds]
    grants = {(label, action): reach for label in labels for action in ACTIONS}
    return Actor(
        user_id=user.pk if user else None,
        name=user.name if user else "Nobody",
        **{"unlimited": not labels and reach is Reach.ALL, "grants": grants, **facts},
    )


def some_team(**facts: Any) -> Team:
    return Team.objects.create(**{"name": f"Team {next(_numbers)}", **facts})


def some_territory(**facts: Any) -> Territory:
    return Territory.objects.create(**{"name": f"Territory {next(_numbers)}", **facts})


def some_customer(**facts: Any) -> Customer:
    return Customer.objects.create(**{"name": f"Customer {next(_numbers)}", **facts})


def some_contact(customer: Customer | None = None, **facts: Any) -> Contact:
    defaults = {"name": f"Contact {next(_numbers)}", "customer": customer or some_customer()}
    return Contact.objects.create(**{**defaults, **facts})


def some_address(customer: Customer | None = None, **facts: Any) -> Address:
    defaults = {"line": f"Road {next(_numbers)}", "customer": customer or some_customer()}
    return Address.objects.create(**{**defaults, **facts})


def some_company_profile(customer: Customer | None = None, **facts: Any) -> CompanyProfile:
    return CompanyProfile.objects.create(customer=customer or some_customer(), **facts)


def some_person_profile(customer: Customer | None = None, **facts: Any) -> PersonProfile:
    return PersonProfile.objects.create(customer=customer or some_customer(kind="person"), **facts)


def some_relation(start: Customer | None = None, end: Customer | None = None, **facts: Any) -> Relation:
    """A relation between two customers; with one given, between that customer and a person there."""
    start = start or some_customer()
    if end is None:
        facts["to_contact"] = some_contact(start)
    defaults = {"from_customer": start, "to_customer": end or start, "kind": "adviser_of"}
    return Relation.objects.create(**{**defaults, **facts})


def some_share(customer: Customer | None = None, **facts: Any) -> Share:
    """The customer, shared for good with somebody by somebody, unless said otherwise."""
    customer = customer or some_customer()
    if not {"user", "team"} & facts.keys():
        facts["user"] = some_user()
    facts.setdefault("granted_by", None)
    facts["granted_by"] = facts["granted_by"] or some_user()
    return Share.objects.create(
        **{"customer": customer, "granted_at": NOON, "owner_then": customer.owner, **facts}
    )


def some_person(**facts: Any) -> Customer:
    return some_customer(kind="person", **facts)


def keeping(*kinds: str) -> PrivacyRules:
    """The company keeps these kinds of sensitive facts."""
    kept = {f"keeps_{kind}": True for kind in kinds}
    return PrivacyRules.objects.update_or_create(pk=1, defaults=kept)[0]


def some_consent(
    person: Customer | Contact | None = None, covers: str = "marketing", **facts: Any
) -> Consent:
    """A consent that holds on ``DAY`` and since a year."""
    person = person or some_person()
    whose = (
        {"customer": person.customer, "contact": person}
        if isinstance(person, Contact)
        else {"customer": person}
    )
    known = {"purpose": "care", "proof": "form 7", "given_on": DAY - dt.timedelta(days=365), "covers": covers}
    return Consent.objects.create(**{**whose, **known, **facts})


def some_fact(
    person: Customer | Contact | None = None, kind: str = "health", value: str = "asthma"
) -> SensitiveFact:
    """A fact that is kept and agreed to, as somebody with the right to it would have entered it."""
    person = person or some_person()
    keeping(kind)
    some_consent(person, kind)
    actor = acting(grants={("parties.sensitivefact", action): Reach.ALL for action in ("view", "change")})
    made: SensitiveFact = write_fact(
        SensitiveFact, actor=actor, person=person, kind=kind, value=value, day=DAY
    )
    return made


def some_look(person: Customer | None = None, **facts: Any) -> SensitiveLook:
    known = {"user_name": "Ada", "door": "page", "kind": "health", "reason": "care"}
    return SensitiveLook.objects.create(**{"customer": person or some_person(), **known, **facts})


def some_privacy_request(person: Customer | Contact | None = None, **facts: Any) -> PrivacyRequest:
    person = person or some_person()
    whose = (
        {"customer": person.customer, "contact": person}
        if isinstance(person, Contact)
        else {"customer": person}
    )
    known = {"kind": "access", "received_on": DAY, "due_on": DAY + dt.timedelta(days=30)}
    return PrivacyRequest.objects.create(**{**whose, **known, **facts})


def some_retention_rule(**facts: Any) -> RetentionRule:
    known = {"applies_to": "persons", "months": 24, "step": "anonymise", "is_on": True}
    return RetentionRule.objects.create(**{**known, **facts})


def some_pair(first: Customer | None = None, second: Customer | None = None, **facts: Any) -> DuplicatePair:
    """Two customers that may be the same; a missing second belongs to whom the first belongs."""
    first = first or some_customer()
    second = second or some_customer(owner=first.owner)
    one, other = sorted((first, second), key=lambda customer: customer.pk)
    defaults = {"probability": 0.9, "found_at": dt.datetime.combine(DAY, dt.time(), dt.UTC)}
    return DuplicatePair.objects.create(**{"first": one, "second": other, **defaults, **facts})


def some_merge(survivor: Customer | None = None, **facts: Any) -> Merge:
    survivor = survivor or some_customer()
    defaults = {"names": f"Merged {next(_numbers)}", "survived_as": survivor.pk}
    at = dt.datetime.combine(DAY, dt.time(), dt.UTC)
    return Merge.objects.create(**{"survivor": survivor, "merged_at": at, **defaults, **facts})


def some_contact_pair(
    first: Contact | None = None, second: Contact | None = None, **facts: Any
) -> ContactPair:
    """Two contacts that may be one; a missing second is at another customer of the same account manager."""
    first = first or some_contact()
    second = second or some_contact(some_customer(owner=first.customer.owner))
    one, other = sorted((first, second), key=lambda contact: contact.pk)
    defaults = {"probability": 0.9, "found_at": dt.datetime.combine(DAY, dt.time(), dt.UTC)}
    return ContactPair.objects.create(**{"first": one, "second": other, **defaults, **facts})


def some_person_pair(
    first: Contact | None = None, second: Customer | None = None, **facts: Any
) -> PersonPair:
    """A contact and a customer who may be one person; a missing second has the same account manager."""
    first = first or some_contact()
    second = second or some_person(owner=first.customer.owner)
    defaults = {"probability": 0.9, "found_at": dt.datetime.combine(DAY, dt.time(), dt.UTC)}
    return PersonPair.objects.create(**{"first": first, "second": second, **defaults, **facts})


def some_contact_merge(survivor: Contact | None = None, **facts: Any) -> ContactMerge:
    survivor = survivor or some_contact()
    defaults = {"names": f"Merged {next(_numbers)}", "survived_as": survivor.pk}
    at = dt.datetime.combine(DAY, dt.time(), dt.UTC)
    return ContactMerge.objects.create(**{"survivor": survivor, "merged_at": at, **defaults, **facts})


def some_product(**facts: Any) -> Product:
    return Product.objects.create(**{"name": f"Product {next(_numbers)}", **facts})


def some_category(**facts: Any) -> Category:
    return Category.objects.create(**{"name": f"Category {next(_numbers)}", **facts})


def some_cost_change(product: Product | None = None, **facts: Any) -> CostChange:
    known = {"from_day": DAY, "cost": Decimal(3)}
    return CostChange.objects.create(**{"product": product or some_product(), **known, **facts})


def some_component(assembly: Product | None = None, part: Product | None = None, **facts: Any) -> Component:
    ends = {"assembly": assembly or some_product(), "part": part or some_product()}
    return Component.objects.create(**{**ends, **facts})


def some_price_list(customer: Customer | None = None, **facts: Any) -> PriceList:
    """A price list for everybody, unless a customer is given or a tier said."""
    return PriceList.objects.create(**{"name": f"Prices {next(_numbers)}", "customer": customer, **facts})


def some_price(price_list: PriceList | None = None, **facts: Any) -> Price:
    if "product" not in facts:
        facts["product"] = some_product()
    known = {"unit_price": Decimal(9)}
    return Price.objects.create(**{"price_list": price_list or some_price_list(), **known, **facts})


def some_installation(customer: Customer | None = None, **facts: Any) -> Installation:
    if "product" not in facts:
        facts["product"] = some_product()
    return Installation.objects.create(**{"customer": customer or some_customer(), **facts})


def some_warehouse(**facts: Any) -> Warehouse:
    number = next(_numbers)
    return Warehouse.objects.create(**{"code": f"W{number}", "name": f"Warehouse {number}", **facts})


def some_task(customer: Customer | None = None, **facts: Any) -> Task:
    number = next(_numbers)
    defaults: dict[str, Any] = {"title": f"Task {number}", "due_on": DAY, "customer": customer}
    if "assigned_to" not in facts:
        facts["assigned_to"] = (customer and customer.owner) or some_user()
    return Task.objects.create(**{**defaults, **facts})


def some_interaction(customer: Customer | None = None, **facts: Any) -> Interaction:
    customer = customer or some_customer()
    if "user" not in facts:
        facts["user"] = customer.owner or some_user()
    at = dt.datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    return Interaction.objects.create(**{"customer": customer, "at": at, "kind": "call", **facts})


def some_order(customer: Customer | None = None, lines: Iterable[dict[str, Any]] = (), **facts: Any) -> Order:
    """An order; each line maps field names to plain numbers, with money in the order's currency."""
    defaults = {"number": f"N{next(_numbers)}", "day": DAY, "customer": customer or some_customer()}
    order = Order.objects.create(**{**defaults, **facts})
    for line_no, line in enumerate(lines, start=1):
        some_line(order, line_no=line_no, **line)
    kept = list(order.lines.all())
    order.amount = sum((x.amount for x in kept), Decimal())
    order.amount_base = sum((x.amount_base for x in kept), Decimal())
    order.save()
    return order


def some_line(order: Order | None = None, **facts: Any) -> OrderLine:
    order = order or some_order()
    if "line_no" not in facts:
        facts["line_no"] = order.lines.count() + 1
    given: dict[str, Any] = {"amount": Decimal(100), **facts}
    rate = Decimal(order.rate_to_base)
    for name in ("amount", "cost", "freight", "discount"):
        if given.get(name) is not None:
            given[name] = Decimal(given[name])
            given[f"{name}_base"] = convert(given[name], rate)
    return OrderLine.objects.create(order=order, **given)


def line_facts(**facts: Any) -> dict[str, Any]:
    """A line of an order or an invoice as somebody enters it."""
    return {"quantity": Decimal(10), "unit_price": Decimal(100), "tax_rate": Decimal(13), **facts}


def some_open_order(
    customer: Customer | None = None, lines: Iterable[dict[str, Any]] = (), **facts: Any
) -> Order:
    """Ten of something at 100 with 13 % tax, unless said otherwise; entered here and open."""
    changes = {"customer": customer or some_customer(), "day": DAY, **facts}
    order = enter_order(Order, actor=system(), changes=changes, lines=list(lines) or [line_facts()])
    return cast(Order, open_order(order, actor=system()))


def some_invoice(
    customer: Customer | None = None,
    lines: Iterable[dict[str, Any]] = (),
    *,
    posted: bool = True,
    **facts: Any,
) -> Invoice:
    changes = {"customer": customer or some_customer(), "day": DAY, **facts}
    drafted = draft_invoice(Invoice, actor=system(), changes=changes, lines=list(lines) or [line_facts()])
    return cast(Invoice, post_invoice(drafted, actor=system()) if posted else drafted)


def some_payment(customer: Customer | None = None, **facts: Any) -> Payment:
    changes = {
        "customer": customer or some_customer(),
        "day": DAY,
        "amount": Decimal(1130),
        "currency": "CNY",
    }
    return cast(Payment, receive_payment(Payment, actor=system(), changes={**changes, **facts}))


def some_delivery(customer: Customer | None = None) -> Delivery:
    order = some_open_order(customer)
    deliver_order(order, actor=system(), day=DAY)
    return order.deliveries.get()


def some_settlement(customer: Customer | None = None) -> Settlement:
    invoice = some_invoice(customer)
    settle_oldest(some_payment(invoice.customer), actor=system(), day=DAY)
    return invoice.settlements.get()


def some_worrying_invoice(*, disputed: bool = False, lost: bool = False) -> Invoice:
    """A posted invoice, perhaps disputed, or written off in part."""
    invoice = some_invoice()
    if disputed:
        Invoice.objects.filter(pk=invoice.pk).update(disputed_on=DAY)
    if lost:
        write_off(invoice, Decimal(5), DAY, "lost")
    return invoice


def some_limit(customer: Customer | None = None, **facts: Any) -> CreditLimit:
    known = {
        "customer": customer or some_customer(),
        "amount": Decimal(1000),
        "from_day": DAY,
        "reason": "asked",
    }
    return CreditLimit.objects.create(**{**known, **facts})


def some_limit_proposal(customer: Customer | None = None, **facts: Any) -> LimitProposal:
    known = {
        "customer": customer or some_customer(), "kind": "raise", "before": Decimal(1000), "amount": Decimal(2000),
        "score": 90, "made_on": DAY,
    }  # fmt: skip
    return LimitProposal.objects.create(**{**known, **facts})


def some_promise(customer: Customer | None = None, **facts: Any) -> PaymentPromise:
    known = {
        "customer": customer or some_customer(),
        "amount": Decimal(100),
        "promised_on": DAY,
        "until": DAY,
    }
    return PaymentPromise.objects.create(**{**known, **facts})


def some_notice(customer: Customer | None = None, **facts: Any) -> DunningNotice:
    known = {
        "customer": customer or some_customer(),
        "day": DAY,
        "level": 1,
        "way": "letter",
        "amount_base": 100,
    }
    return DunningNotice.objects.create(**{**known, **facts})


def some_reminder_text(**facts: Any) -> DunningText:
    known = {"level": 10 + next(_numbers), "language": "en", "subject": "Please pay", "text": "{amount}"}
    return DunningText.objects.create(**{**known, **facts})


def some_stock(product: Product, quantity: int, warehouse: Warehouse | None = None) -> Warehouse:
    """So much of the product lies in a warehouse, received on the usual day."""
    place = warehouse or some_warehouse()
    received = {
        "product": product,
        "warehouse": place,
        "kind": "receipt",
        "quantity": Decimal(quantity),
        "day": DAY,
    }
    move_stock(StockMove, actor=system(), changes=received)
    return place


def some_level() -> StockLevel:
    product = some_product()
    some_stock(product, 5)
    return product.stock_levels.get()


def some_reservation(customer: Customer | None = None) -> Reservation:
    product = some_level().product
    some_open_order(customer, [line_facts(product=product, quantity=Decimal(2))])
    return Reservation.objects.get(order_line__product=product)


def some_cost(customer: Customer | None = None, **facts: Any) -> CostToServe:
    given = {
        "customer": customer or some_customer(),
        "day": DAY,
        "kind": "freight",
        "amount": Decimal(10),
        **facts,
    }
    return CostToServe.objects.create(**{"amount_base": given["amount"], **given})


def some_rate(**facts: Any) -> CurrencyRate:
    defaults = {
        "currency": "USD",
        "day": DAY + dt.timedelta(days=next(_numbers)),
        "rate_to_base": Decimal("7.1"),
    }
    return CurrencyRate.objects.create(**{**defaults, **facts})


def some_taken_card(customer: Customer | None = None, **facts: Any) -> TakenCard:
    customer = customer or some_customer()
    if "user" not in facts:
        facts["user"] = customer.owner or some_user()
    taken_at = dt.datetime(2026, 3, 2, 0, 30, tzinfo=dt.UTC)
    return TakenCard.objects.create(**{"customer": customer, "day": DAY, "taken_at": taken_at, **facts})


def some_confirmation(customer: Customer | None = None, **facts: Any) -> Confirmation:
    customer = customer or some_customer()
    if "by" not in facts:
        facts["by"] = customer.owner or some_user()
    return Confirmation.objects.create(**{"customer": customer, "on": DAY, **facts})


def some_review(customer: Customer | None = None, **facts: Any) -> Review:
    """A review that is due, by its manager of a card of somebody else."""
    defaults = {"customer": customer or some_customer(), "week": DAY, "reason": "sample"}
    for name in ("manager", "rep"):
        if name not in facts:
            facts[name] = some_user()
    return Review.objects.create(**{**defaults, **facts})


def some_hand_over(leaver: User | None = None, **facts: Any) -> HandOver:
    """A plan that hands nothing over yet."""
    for name in ("others", "made_by"):
        if name not in facts:
            facts[name] = some_user()
    return HandOver.objects.create(leaver=leaver or some_user(), **facts)


def some_brief(customer: Customer | None = None, **facts: Any) -> HandOverBrief:
    customer = customer or some_customer()
    if "successor" not in facts:
        facts["successor"] = customer.owner or some_user()
    if "hand_over" not in facts:
        facts["hand_over"] = some_hand_over()
    return HandOverBrief.objects.create(customer=customer, **facts)


def signed_in(user: User) -> Client:
    """A browser with that user's session."""
    client = Client()
    client.force_login(user)
    return client


def token_of(user: User) -> str:
    """A fresh API token."""
    token = f"token-{next(_numbers)}"
    ApiToken.objects.create(user=user, name="test", digest=token_digest(token))
    return token


def speaking(user: User) -> Client:
    """A program with that user's token."""
    return Client(headers={"Authorization": f"Bearer {token_of(user)}"})
