"""Drawing the cards that come up for review in a week, and saying what one thinks of them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clientier.core import audit, entrusting
from clientier.core.actor import Actor, Door, system
from clientier.core.commands import command
from clientier.core.errors import DomainError
from clientier.rooms.activities.commands import assign_task
from clientier.rooms.activities.models import Task
from clientier.rooms.stewardship.choices import ReviewState
from clientier.rooms.stewardship.models import Review
from clientier.rooms.stewardship.queries import reviews
from clientier.rooms.stewardship.queries.rules import current_rules


class ReviewIsDone(DomainError):
    """A card is reviewed once a week."""

    code = "review_is_done"
    message = _("This card was reviewed already. Nothing was changed.")


@transaction.atomic
def draw_week(day: dt.date) -> int:
    """Make the reviews of that day's week if they are missing; what is due from earlier weeks was missed."""
    week = reviews.monday(day)
    missed = Review.objects.filter(week__lt=week, state=ReviewState.DUE).update(state=ReviewState.MISSED)
    known = set(Review.objects.filter(week=week).values_list("rep", flat=True))
    rules = current_rules()
    made = [
        Review(customer_id=customer, week=week, manager_id=manager, rep_id=rep, reason=reason)
        for rep, manager in sorted(reviews.managers().items())
        if rep not in known
        for customer, reason in reviews.cards_of(rep, week, rules)
    ]
    Review.objects.bulk_create(made, ignore_conflicts=True)
    if made or missed:
        audit.note("reviews.draw", Review, system(Door.JOB), week=str(week), reviews=len(made), missed=missed)
    return len(made)


@command("review.finish", needs="change")
def finish_review(review: Review, *, actor: Actor, remark: str, due_on: dt.date, at: dt.datetime) -> Review:
    """The card was looked through; a remark becomes a task of whoever answers for the customer now."""
    if review.state == ReviewState.DONE:
        raise ReviewIsDone
    review.remark = remark.strip()
    if review.remark:
        title = review.remark.splitlines()[0][:200]
        answering = (review.customer.owner, review.rep, review.manager)
        rep = next((user for user in answering if user and entrusting.able(user)), None)
        facts = {"title": title, "customer": review.customer, "due_on": due_on, "assigned_to": rep}
        more = review.remark if review.remark != title else ""
        reason = {"code": "remark", "manager": actor.name, "text": more}
        review.task = assign_task(Task, actor=actor, changes=facts, reason=reason)
    review.state, review.done_at = ReviewState.DONE, at
    review.save(update_fields=["remark", "task", "state", "done_at"])
    return review
