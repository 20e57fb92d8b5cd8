"""One way to make a record of every kind that a resource shows, owned by somebody, and a small change to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

import clientier.site.urls  # noqa: F401 - importing it declares every resource
from clientier.kit.resource import REGISTRY, Resource
from clientier.rooms.people.models import User
from clientier.rooms.trade.models import Posting
from tests import factories as make


@dataclass(frozen=True)
class Subject:
    """How a record of one kind is made for an owner, and one field with a new value that fits (as posted)."""

    made_for: Callable[[User], Model]
    field: str = ""
    value: str = ""


SUBJECTS: dict[str, Subject] = {
    "users": Subject(lambda owner: make.some_user(), "name", "Renamed"),
    "teams": Subject(lambda owner: make.some_team(), "name", "Renamed"),
    "territories": Subject(lambda owner: make.some_territory(), "name", "Renamed"),
    "roles": Subject(lambda owner: make.some_role(), "name", "Renamed"),
    "customers": Subject(lambda owner: make.some_customer(owner=owner), "name", "Renamed"),
    "contacts": Subject(lambda owner: make.some_contact(make.some_customer(owner=owner)), "name", "Renamed"),
    "addresses": Subject(lambda owner: make.some_address(make.some_customer(owner=owner)), "line", "Renamed"),
    "company-profiles": Subject(
        lambda owner: make.some_company_profile(make.some_customer(owner=owner)), "image", "Renamed"
    ),
    "person-profiles": Subject(
        lambda owner: make.some_person_profile(make.some_customer(owner=owner, kind="person")),
        "hobbies",
        "Renamed",
    ),
    "relations": Subject(
        lambda owner: make.some_relation(make.some_customer(owner=owner)), "note", "Renamed"
    ),
    "shares": Subject(lambda owner: make.some_share(make.some_customer(owner=owner))),
    "consents": Subject(
        lambda owner: make.some_consent(make.some_person(owner=owner), given_on=dt.date(1970, 1, 1)),
        "purpose",
        "Renamed",
    ),
    "sensitive-looks": Subject(lambda owner: make.some_look(make.some_person(owner=owner))),
    "privacy-requests": Subject(
        lambda owner: make.some_privacy_request(make.some_person(owner=owner)), "how", "Renamed"
    ),
    "retention-rules": Subject(lambda owner: make.some_retention_rule(), "months", "36"),
    "duplicates": Subject(lambda owner: make.some_pair(make.some_customer(owner=owner))),
    "merges": Subject(lambda owner: make.some_merge(make.some_customer(owner=owner))),
    "contact-duplicates": Subject(
        lambda owner: make.some_contact_pair(make.some_contact(make.some_customer(owner=owner)))
    ),
    "person-duplicates": Subject(
        lambda owner: make.some_person_pair(make.some_contact(make.some_customer(owner=owner)))
    ),
    "contact-merges": Subject(
        lambda owner: make.some_contact_merge(make.some_contact(make.some_customer(owner=owner)))
    ),
    "tasks": Subject(lambda owner: make.some_task(make.some_customer(owner=owner)), "title", "Renamed"),
    "interactions": Subject(
        lambda owner: make.some_interaction(make.some_customer(owner=owner)), "outcome", "Renamed"
    ),
    "products": Subject(lambda owner: make.some_product(), "name", "Renamed"),
    "categories": Subject(lambda owner: make.some_category(), "name", "Renamed"),
    "cost-changes": Subject(lambda owner: make.some_cost_change(from_day=dt.date(2999, 1, 1)), "cost", "7"),
    "components": Subject(lambda owner: make.some_component(), "quantity", "7"),
    "price-lists": Subject(
        lambda owner: make.some_price_list(make.some_customer(owner=owner)), "name", "Renamed"
    ),
    "prices": Subject(
        lambda owner: make.some_price(make.some_price_list(make.some_customer(owner=owner))),
        "unit_price",
        "7",
    ),
    "installations": Subject(
        lambda owner: make.some_installation(make.some_customer(owner=owner)), "note", "Renamed"
    ),
    "warehouses": Subject(lambda owner: make.some_warehouse(), "name", "Renamed"),
    "orders": Subject(lambda owner: make.some_order(make.some_customer(owner=owner))),
    "order-lines": Subject(lambda owner: make.some_line(make.some_order(make.some_customer(owner=owner)))),
    "deliveries": Subject(lambda owner: make.some_delivery(make.some_customer(owner=owner))),
    "delivery-lines": Subject(lambda owner: make.some_delivery(make.some_customer(owner=owner)).lines.get()),
    "invoices": Subject(lambda owner: make.some_invoice(make.some_customer(owner=owner), posted=False)),
    "invoice-lines": Subject(
        lambda owner: make.some_invoice(make.some_customer(owner=owner), posted=False).lines.get()
    ),
    "payments": Subject(lambda owner: make.some_payment(make.some_customer(owner=owner))),
    "settlements": Subject(lambda owner: make.some_settlement(make.some_customer(owner=owner))),
    "stock-levels": Subject(lambda owner: make.some_level()),
    "stock-moves": Subject(lambda owner: make.some_level().product.stock_moves.get()),
    "reservations": Subject(lambda owner: make.some_reservation(make.some_customer(owner=owner))),
    "postings": Subject(
        lambda owner: Posting.objects.filter(
            entry__document_id=make.some_payment(make.some_customer(owner=owner)).pk
        ).latest("pk")
    ),
    "costs": Subject(lambda owner: make.some_cost(make.some_customer(owner=owner)), "note", "Renamed"),
    "credit-limits": Subject(lambda owner: make.some_limit(make.some_customer(owner=owner))),
    "limit-proposals": Subject(lambda owner: make.some_limit_proposal(make.some_customer(owner=owner))),
    "promises": Subject(lambda owner: make.some_promise(make.some_customer(owner=owner))),
    "payment-reminders": Subject(lambda owner: make.some_notice(make.some_customer(owner=owner))),
    "reminder-texts": Subject(lambda owner: make.some_reminder_text(), "subject", "Renamed"),
    "taken-cards": Subject(lambda owner: make.some_taken_card(make.some_customer(owner=owner))),
    "confirmations": Subject(lambda owner: make.some_confirmation(make.some_customer(owner=owner))),
    "reviews": Subject(lambda owner: make.some_review(make.some_customer(owner=owner), manager=owner)),
    "hand-overs": Subject(lambda owner: make.some_hand_over(made_by=owner)),
    "hand-over-briefs": Subject(lambda owner: make.some_brief(make.some_customer(owner=owner))),
    "currency-rates": Subject(lambda owner: make.some_rate(), "rate_to_base", "6.5"),
}
SLUGS = sorted(REGISTRY)
WRITTEN = [slug for slug in SLUGS if REGISTRY[slug].form]
OWNED = [slug for slug in SLUGS if getattr(REGISTRY[slug].model, "OWNER_PATH", "")]


def resource(slug: str) -> Resource:
    return REGISTRY[slug]


def made(slug: str, owner: User) -> Any:
    return SUBJECTS[slug].made_for(owner)


# Not even a test makes their fields hold what they did not.
REFUSES_EVERY_CHANGE = {"sensitive-looks", "postings", "delivery-lines"}
# Nor these, once the document is posted.
POSTED = {
    "trade.invoice": {"number"},
    "trade.payment": {"number"},
    "trade.delivery": {"number", "order", "takes_back"},
    "trade.stockmove": {"reason"},
    "trade.settlement": {"invoice", "payment", "credit_note"},
}


def refuses(record: Model, field: str) -> bool:
    """Whether the database itself refuses another value there."""
    posted = getattr(record, "state", "posted") == "posted"
    return posted and field in POSTED.get(record._meta.label_lower, ())
