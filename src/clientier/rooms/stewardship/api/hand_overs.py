"""Handing over, as JSON: a plan moves nothing yet, carrying it out moves all at once, undoing brings all back.

No future annotations: ninja reads the real types.
"""

import datetime as dt
from typing import Any, Literal

from django.utils import timezone
from ninja import Field, Router, Schema

from clientier.core import access
from clientier.core.errors import NotFound
from clientier.core.undo import undo
from clientier.kit.api import PROBLEMS, Written
from clientier.kit.asking import Asking
from clientier.rooms.parties.models import Customer
from clientier.rooms.stewardship.api.cards import PDF, printed
from clientier.rooms.stewardship.choices import HandOverState
from clientier.rooms.stewardship.commands import hand_overs as commands
from clientier.rooms.stewardship.models import HandOver, HandOverBrief
from clientier.rooms.stewardship.queries import briefs, papers
from clientier.rooms.stewardship.queries.hand_overs import (
    carrying_out,
    people,
    possible_successors,
    preview,
    territories,
)


class Planning(Written):
    """From whom, to whom, how it is divided; with a territory only its customers, with ``deactivates`` for good."""

    leaver: int
    successors: list[int] = Field(min_length=1)
    split: Literal["balanced", "territory", "tier", "size"] = "balanced"
    territory: int | None = None
    deactivates: bool = False


class Changing(Written):
    """Single customers to somebody else, by their ids; ``others`` takes what belongs to no customer."""

    to: dict[int, int] = {}
    others: int | None = None


class ShareOut(Schema):
    """What a successor has, would get and would have then: customers, of them key ones, and open tasks."""

    user: int
    name: str
    before: int
    gets: int
    key: int
    tasks: int
    after: int


class Kind(Schema):
    record: str
    label: str
    number: int


class PlanOut(Schema):
    """A plan, or what became of it; ``to`` says by customer who gets it, ``moves`` what else is handed over."""

    id: int
    leaver: int
    territory: int | None
    split: str
    state: str
    deactivates: bool
    to: dict[int, int]
    others: int
    shares: list[ShareOut]
    moves: list[Kind]
    briefs: list[int]
    done_at: dt.datetime | None


class BriefRead(Schema):
    id: int
    read_at: dt.datetime | None
    all_read: bool


class Undone(Schema):
    changes: int


def router() -> Router:
    """Plan, look, change, carry out, take back."""
    made = Router(tags=["hand-overs"])

    @made.post("/plan", response={200: PlanOut, **PROBLEMS}, operation_id="hand_overs_plan")
    def plan(request: Asking, body: Planning) -> Any:
        actor = request.actor
        access.require(actor, HandOver, "add")
        chosen = {user.pk: user for user in possible_successors(actor).filter(pk__in=body.successors)}
        planned = commands.plan_hand_over(
            HandOver, actor=actor, leaver=_among(people(actor), body.leaver),
            successors=[_known(chosen, key) for key in body.successors], split=body.split,
            territory=_among(territories(actor), body.territory) if body.territory is not None else None,
            deactivates=body.deactivates,
        )  # fmt: skip
        return _told(request, planned)

    @made.get("/{int:pk}/plan", response={200: PlanOut, **PROBLEMS}, operation_id="hand_overs_look")
    def look(request: Asking, pk: int) -> Any:
        return _told(request, access.get(request.actor, HandOver, pk, "change"))

    @made.patch("/{int:pk}/plan", response={200: PlanOut, **PROBLEMS}, operation_id="hand_overs_change")
    def change(request: Asking, pk: int, body: Changing) -> Any:
        found = access.get(request.actor, HandOver, pk, "change")
        to = {str(customer): user for customer, user in body.to.items() if str(customer) in found.plan}
        if len(to) < len(body.to):
            raise NotFound
        return _told(request, commands.change_plan(found, actor=request.actor, to=to, others=body.others))

    _carrying_out(made)
    return made


def _carrying_out(made: Router) -> None:
    @made.post("/{int:pk}/renew", response={200: PlanOut, **PROBLEMS}, operation_id="hand_overs_renew")
    def renew(request: Asking, pk: int) -> Any:
        found = access.get(request.actor, HandOver, pk, "change")
        return _told(request, commands.renew_plan(found, actor=request.actor))

    @made.post(
        "/{int:pk}/carry-out", response={200: PlanOut, **PROBLEMS}, operation_id="hand_overs_carry_out"
    )
    def carry_out(request: Asking, pk: int) -> Any:
        found = access.get(request.actor, HandOver, pk, "change")
        today = request.setting.today
        return _told(request, commands.carry_out(found, actor=request.actor, at=timezone.now(), today=today))

    @made.post("/{int:pk}/undo", response={200: Undone, **PROBLEMS}, operation_id="hand_overs_undo")
    def take_back(request: Asking, pk: int) -> Any:
        done = carrying_out(request.actor, access.get(request.actor, HandOver, pk, "change"))
        if done is None:
            raise NotFound
        return {"changes": undo(done, actor=request.actor)}


def brief_router() -> Router:
    """What successors must know of the key customers they took over."""
    made = Router(tags=["hand-over-briefs"])

    @made.get("/{int:pk}/brief.pdf", operation_id="hand_over_briefs_paper", openapi_extra=PDF)
    def brief_paper(request: Asking, pk: int) -> Any:
        found = _brief(request, pk)
        told = papers.card_as_paper(request.actor, found.customer, request.setting)
        return printed(request, [{**told, "extra": briefs.parts(request.actor, found, request.setting)}])

    @made.post("/{int:pk}/read", response={200: BriefRead, **PROBLEMS}, operation_id="hand_over_briefs_read")
    def read(request: Asking, pk: int) -> Any:
        found = _brief(request, pk)
        last = commands.confirm_reading(found, actor=request.actor, at=timezone.now())
        found.refresh_from_db()
        return {"id": found.pk, "read_at": found.read_at, "all_read": last}

    return made


def _brief(request: Asking, pk: int) -> HandOverBrief:
    """The brief, for those who may see both it and its customer."""
    found = access.get(request.actor, HandOverBrief, pk)
    access.get(request.actor, type(found.customer), found.customer_id)
    return found


def _among(found: Any, key: int) -> Any:
    if record := found.filter(pk=key).first():
        return record
    raise NotFound


def _known(users: dict[int, Any], key: int) -> Any:
    if key not in users:
        raise commands.NoSuccessor
    return users[key]


def _told(request: Asking, found: HandOver) -> dict[str, Any]:
    planned = found.state == HandOverState.PLANNED
    seen = set(access.visible(request.actor, Customer).filter(pk__in=found.plan).values_list("pk", flat=True))
    written = access.visible(request.actor, HandOverBrief).filter(hand_over=found)
    shown = (
        preview(request.actor, found, request.setting, shown=0) if planned else {"rows": [], "holdings": []}
    )
    return {
        "id": found.pk, "leaver": found.leaver_id, "territory": found.territory_id, "split": found.split,
        "state": found.state, "deactivates": found.deactivates, "others": found.others_id,
        "to": {key: user for key, user in found.plan.items() if int(key) in seen},
        "shares": shown["rows"], "moves": shown["holdings"], "done_at": found.done_at,
        "briefs": list(written.order_by("pk").values_list("pk", flat=True)),
    }  # fmt: skip
