"""Keeping cards right, as JSON: how complete, what is missing, what is still right. No future annotations: ninja reads
the real types."""

import datetime as dt
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from clientier.core import access
from clientier.core.errors import BadQuestion
from clientier.kit import paper
from clientier.kit.api import PROBLEMS, Written
from clientier.kit.asking import Asking
from clientier.rooms.parties.models import Contact, Customer
from clientier.rooms.stewardship.commands.completeness import judge_cards
from clientier.rooms.stewardship.commands.confirmations import confirm_all
from clientier.rooms.stewardship.commands.rules import adopt_rules
from clientier.rooms.stewardship.models import Confirmation, UpkeepPolicy
from clientier.rooms.stewardship.queries import completeness, papers, stale
from clientier.rooms.stewardship.queries.rules import current_rules, current_version
from clientier.rooms.value.queries.card import standing_for

PDF = {
    "responses": {200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}
}
Day = Annotated[dt.date, Field(ge=dt.date(1900, 1, 1), le=dt.date(2999, 12, 31))]
Figure = Annotated[int, Field(ge=0, le=99)]
ByTier = Annotated[list[Figure], Field(min_length=4, max_length=4)]


class Subject(Schema):
    """The customer itself (``contact`` is null) or a person there, and when it was last found right."""

    contact: int | None
    name: str
    confirmed_on: dt.date | None
    stale: bool


class UpkeepOut(Schema):
    """How complete a card is by what matters for its tier (0 to 100), what is missing, and what has grown stale."""

    customer: int
    completeness: int | None
    missing: list[str]
    confirmed_on: dt.date | None
    stale_before: dt.date | None
    subjects: list[Subject]


class Confirming(Written):
    """What is still right: the customer itself, these contacts, or with ``everyone`` all who are there."""

    itself: bool = True
    contacts: list[int] = []
    everyone: bool = False


class OwnerOut(Schema):
    owner: int
    name: str
    cards: int
    average: int
    key_average: int | None


class RulesOut(Schema):
    """What counts, how long it holds and what is reviewed; lists have a figure for each tier, from the top."""

    version: int
    weights: dict[str, dict[str, list[int]]]
    confirm_months: list[int]
    reminders_a_week: int
    review_every_weeks: list[int]
    review_changed: int
    review_stale: int
    review_sample: int
    remark_days: int


class Adopting(Written):
    """What is left out stays as it is; of the weights, too, those that are not named."""

    reason: str = Field(min_length=1, max_length=200)
    weights: dict[str, dict[str, ByTier]] | None = None
    confirm_months: ByTier | None = None
    reminders_a_week: Annotated[int, Field(ge=0, le=50)] | None = None
    review_every_weeks: ByTier | None = None
    review_changed: Annotated[int, Field(ge=0, le=100)] | None = None
    review_stale: Annotated[int, Field(ge=0, le=100)] | None = None
    review_sample: Annotated[int, Field(ge=0, le=100)] | None = None
    remark_days: Annotated[int, Field(ge=1, le=90)] | None = None


def router() -> Router:
    """The card of one customer: its state, its confirmation, its paper."""
    made = Router(tags=["upkeep"])

    @made.get(
        "/customers/{int:pk}/upkeep", response={200: UpkeepOut, **PROBLEMS}, operation_id="customers_upkeep"
    )
    def upkeep(request: Asking, pk: int) -> Any:
        return _told(request, access.get(request.actor, Customer, pk))

    @made.post(
        "/customers/{int:pk}/confirm", response={200: UpkeepOut, **PROBLEMS}, operation_id="customers_confirm"
    )
    def confirm(request: Asking, pk: int, body: Confirming) -> Any:
        actor, customer = request.actor, access.get(request.actor, Customer, pk)
        access.require(actor, Confirmation, "add")
        confirm_all(
            customer,
            _chosen(request, customer, body),
            actor=actor,
            on=request.setting.today,
            at=timezone.now(),
        )
        return _told(request, customer)

    @made.get("/customers/{int:pk}/card.pdf", operation_id="customers_card", openapi_extra=PDF)
    def card(request: Asking, pk: int) -> Any:
        customer = access.get(request.actor, Customer, pk)
        return printed(request, [papers.card_as_paper(request.actor, customer, request.setting)])

    @made.get("/completeness", response={200: list[OwnerOut], **PROBLEMS}, operation_id="completeness")
    def by_owner(request: Asking) -> Any:
        access.require(request.actor, Customer, "view")
        return completeness.by_owner(request.actor)

    _rules(made)
    return made


def printed(
    request: Asking, cards: list[dict[str, Any]], cover: dict[str, Any] | None = None
) -> HttpResponse:
    """The cards as one PDF."""
    facts = papers.paper(request.actor, request.setting, cards, **({"cover": cover} if cover else {}))
    return HttpResponse(paper.pdf(papers.DOCUMENT, facts), content_type="application/pdf")


def _rules(made: Router) -> None:
    @made.get("/upkeep-rules", response={200: RulesOut, **PROBLEMS}, operation_id="upkeep_rules")
    def rules(request: Asking) -> Any:
        access.require(request.actor, UpkeepPolicy, "add")
        return {"version": current_version(), **current_rules()}

    @made.put("/upkeep-rules", response={200: RulesOut, **PROBLEMS}, operation_id="upkeep_adopt_rules")
    def adopt(request: Asking, body: Adopting) -> Any:
        access.require(request.actor, UpkeepPolicy, "add")
        changes = body.model_dump(exclude_none=True)
        reason = changes.pop("reason")
        if weights := changes.get("weights"):
            changes["weights"] = _joined(current_rules()["weights"], weights)
        adopt_rules(UpkeepPolicy, actor=request.actor, changes=changes, reason=reason)
        judge_cards()
        return {"version": current_version(), **current_rules()}


def _joined(known: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """The weights with those that were given; what nobody knows is refused."""
    if unknown := {
        f"{kind}.{code}" for kind in given for code in given[kind] if code not in known.get(kind, {})
    }:
        words = _("There is nothing called %(names)s that a card could tell. Nothing was changed.")
        raise BadQuestion(words % {"names": ", ".join(sorted(unknown))})
    return {kind: {**codes, **given.get(kind, {})} for kind, codes in known.items()}


def _chosen(request: Asking, customer: Customer, body: Confirming) -> list[Contact | None]:
    there = access.visible(request.actor, Contact).filter(customer=customer, left_on__isnull=True)
    named = [access.get(request.actor, Contact, key) for key in body.contacts]
    if any(contact.customer_id != customer.pk for contact in named):
        raise BadQuestion(_("Only contacts of this customer can be confirmed with it. Nothing was changed."))
    people: list[Contact | None] = [None] if body.itself else []
    return [*people, *(there.order_by("pk") if body.everyone else dict.fromkeys(named))]


def _told(request: Asking, customer: Customer) -> dict[str, Any]:
    actor, setting = request.actor, request.setting
    customer = access.get(actor, Customer, customer.pk)
    state, score = completeness.upkeep_of(actor, customer), standing_for(actor, customer, "tier")
    since = stale.cutoff(current_rules(), score.tier if score else "", setting.today)
    return {
        "customer": customer.pk,
        "completeness": state.completeness if state else None,
        "missing": state.missing if state else [],
        "confirmed_on": state.confirmed_on if state else None,
        "stale_before": since,
        "subjects": [
            {
                "contact": None if each["key"] == "customer" else int(each["key"]),
                "name": str(customer) if each["key"] == "customer" else each["name"],
                "confirmed_on": each["day"],
                "stale": each["stale"],
            }
            for each in stale.subjects(actor, customer, setting, since)
        ],
    }
