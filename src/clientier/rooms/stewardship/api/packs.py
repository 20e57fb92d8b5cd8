"""A day of visits, as JSON and as the pack on paper. No future annotations: ninja reads the real types."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from clientier.core import access
from clientier.core.errors import BadQuestion, NotFound
from clientier.kit import formats
from clientier.kit.api import PROBLEMS, Written
from clientier.kit.asking import Asking
from clientier.rooms.activities.queries import title_words
from clientier.rooms.parties.models import Contact, Customer
from clientier.rooms.stewardship.api.cards import PDF, Day, printed
from clientier.rooms.stewardship.commands import packs as commands
from clientier.rooms.stewardship.models import TakenCard
from clientier.rooms.stewardship.queries import packs, papers


class VisitOut(Schema):
    """A customer to be seen that day, with the card that was taken along, if it was."""

    customer: int
    name: str
    at: dt.datetime | None
    why: list[str]
    card: int | None
    returned_at: dt.datetime | None


class Chosen(Written):
    customers: list[int]
    day: Day | None = None


class Card(Schema):
    id: int
    customer: int
    day: dt.date
    place: int
    returned_at: dt.datetime | None
    interaction: int | None


class Order(Written):
    """The cards of one day, in the order of the visits."""

    cards: list[int]


class Notes(Written):
    """What came of a visit; all may be left out."""

    summary: str = ""
    minutes: int | None = Field(None, ge=0, le=1440)
    contact: int | None = None
    next_title: str = Field("", max_length=200)
    next_on: Day | None = None


def router() -> Router:
    """Whom one sees on a day, whose cards go along, the pack as PDF, and the way back with notes."""
    made = Router(tags=["visits"])

    @made.get("/visits/", response={200: list[VisitOut], **PROBLEMS}, operation_id="visits_list")
    def visits(request: Asking, day: Day | None = None) -> Any:
        access.require(request.actor, TakenCard, "view")
        return _visits(request, day or request.setting.today)

    @made.post("/visits/plan", response={200: list[VisitOut], **PROBLEMS}, operation_id="visits_plan")
    def plan(request: Asking, body: Chosen) -> Any:
        day = body.day or request.setting.today
        for customer in _customers(request, body):
            commands.plan_visit(customer, request.actor, day)
        return _visits(request, day)

    @made.post("/visits/take", response={200: list[Card], **PROBLEMS}, operation_id="visits_take")
    def take(request: Asking, body: Chosen) -> Any:
        day, chosen = body.day or request.setting.today, _customers(request, body)
        taken = commands.take_pack(chosen, actor=request.actor, day=day, at=timezone.now())
        return [_told(card) for card in taken]

    @made.get("/visits/pack.pdf", operation_id="visits_pack", openapi_extra=PDF)
    def pack(request: Asking, day: Day | None = None) -> Any:
        actor, setting = request.actor, request.setting
        access.require(actor, TakenCard, "view")
        stops = packs.stops(actor, day or setting.today, setting)
        if not stops:
            raise NotFound(_("No card is taken along on that day."))
        cover = packs.cover(formats.day(day or setting.today), actor.name, stops)
        cards = [papers.card_as_paper(actor, stop["card"].customer, setting) for stop in stops]
        return printed(request, cards, cover)

    _cards(made)
    return made


def _cards(made: Router) -> None:
    @made.post("/taken-cards/order", response={200: list[Card], **PROBLEMS}, operation_id="taken_cards_order")
    def order(request: Asking, body: Order) -> Any:
        cards = [access.get(request.actor, TakenCard, key, "change") for key in body.cards]
        if len({(card.day, card.user_id) for card in cards}) > 1 or len(set(body.cards)) < len(cards):
            raise BadQuestion(
                _("Only the cards of one day are put in order, each once. Nothing was changed.")
            )
        return [_told(card) for card in commands.order_pack(cards, actor=request.actor)]

    @made.post(
        "/taken-cards/{int:pk}/bring-back",
        response={200: Card, **PROBLEMS},
        operation_id="taken_cards_bring_back",
    )
    def bring_back(request: Asking, pk: int, body: Notes) -> Any:
        card = access.get(request.actor, TakenCard, pk, "change")
        notes = body.model_dump()
        if body.contact is not None:
            there = access.visible(request.actor, Contact).filter(
                customer=card.customer_id, left_on__isnull=True
            )
            notes["contact"] = there.filter(pk=body.contact).first()
            if notes["contact"] is None:
                raise NotFound
        if body.next_title and body.next_on is None:
            raise BadQuestion(_("Say when, so that the next step becomes a task."))
        return _told(commands.bring_back(card, actor=request.actor, at=timezone.now(), notes=notes))


def _customers(request: Asking, body: Chosen) -> list[Customer]:
    return [access.get(request.actor, Customer, key) for key in body.customers]


def _visits(request: Asking, day: dt.date) -> list[dict[str, Any]]:
    """The visits of the day, and the cards that are out though their visit is done."""
    cards = {card.customer_id: card for card in packs.taken(request.actor, day)}
    planned = {visit.customer.pk: visit for visit in packs.visits(request.actor, day)}
    planned |= {key: packs.Visit(card.customer) for key, card in cards.items() if key not in planned}
    return [
        {
            "customer": key,
            "name": str(visit.customer),
            "at": visit.at,
            "why": [title_words(task) for task in visit.tasks],
            "card": card.pk if (card := cards.get(key)) else None,
            "returned_at": card.returned_at if card else None,
        }
        for key, visit in planned.items()
    ]


def _told(card: TakenCard) -> dict[str, Any]:
    return {
        "id": card.pk, "customer": card.customer_id, "day": card.day, "place": card.place,
        "returned_at": card.returned_at, "interaction": card.interaction_id,
    }  # fmt: skip
