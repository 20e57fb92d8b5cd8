"""The weekly look at cards, as JSON. No future annotations: ninja reads the real types."""

import datetime as dt
from typing import Any

from django.utils import timezone
from ninja import Field, Router, Schema

from clientier.core import access
from clientier.kit.api import PROBLEMS, Written
from clientier.kit.asking import Asking
from clientier.rooms.stewardship.api.cards import Day
from clientier.rooms.stewardship.commands.reviews import finish_review
from clientier.rooms.stewardship.models import Review
from clientier.rooms.stewardship.queries import reviews
from clientier.rooms.stewardship.queries.rules import current_rules


class ReviewIn(Written):
    """A remark becomes a task of the account manager until that day; left empty, the card is in order."""

    remark: str = Field("", max_length=2000)
    due_on: Day | None = None


class ReviewTold(Schema):
    id: int
    customer: int
    name: str
    rep: int
    manager: int
    week: dt.date
    reason: str
    state: str
    remark: str
    task: int | None


class Week(Schema):
    """Reviews done, missed and still due of one manager in one week, and how many had a remark."""

    week: dt.date
    manager: int
    manager_name: str
    done: int
    missed: int
    due: int
    remarks: int


def router() -> Router:
    """One's own reviews of the week, finishing them, and how it went."""
    made = Router(tags=["reviews"])

    @made.get("/week", response={200: list[ReviewTold], **PROBLEMS}, operation_id="reviews_week")
    def week(request: Asking, day: Day | None = None) -> Any:
        access.require(request.actor, Review, "view")
        asked = reviews.monday(day or request.setting.today)
        return [_told(review) for review in reviews.reviews_of_week(request.actor, asked)]

    @made.get("/report", response={200: list[Week], **PROBLEMS}, operation_id="reviews_report")
    def report(request: Asking) -> Any:
        access.require(request.actor, Review, "view")
        rows = reviews.report(request.actor, reviews.monday(request.setting.today))
        return [{**row, "manager_name": row["manager__name"]} for row in rows]

    @made.post("/{int:pk}/finish", response={200: ReviewTold, **PROBLEMS}, operation_id="reviews_finish")
    def finish(request: Asking, pk: int, body: ReviewIn) -> Any:
        review = access.get(request.actor, Review, pk)
        due_on = body.due_on or request.setting.today + dt.timedelta(days=current_rules()["remark_days"])
        done = finish_review(
            review, actor=request.actor, remark=body.remark, due_on=due_on, at=timezone.now()
        )
        return _told(done)

    return made


def _told(review: Review) -> dict[str, Any]:
    return {
        "id": review.pk, "customer": review.customer_id, "name": str(review.customer), "rep": review.rep_id,
        "manager": review.manager_id, "week": review.week, "reason": review.reason, "state": review.state,
        "remark": review.remark, "task": review.task_id,
    }  # fmt: skip
