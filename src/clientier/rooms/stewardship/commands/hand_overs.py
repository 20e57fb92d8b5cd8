"""Handing over all that somebody answers for: planned, looked at, carried out at once, and undone as one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.commands import command, hand_over
from clientier.core.errors import Conflict, DomainError, NotAllowed
from clientier.kit.models import SavedView
from clientier.rooms.activities.commands import assign_task, complete_task
from clientier.rooms.activities.models import Task
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.commands.users import update_user
from clientier.rooms.people.models import Territory, User
from clientier.rooms.stewardship.choices import KEY_TIERS, HandOverState
from clientier.rooms.stewardship.commands.packs import bring_back
from clientier.rooms.stewardship.models import HandOver, HandOverBrief
from clientier.rooms.stewardship.queries import holdings
from clientier.rooms.stewardship.queries.hand_overs import customers_of, divided, reading_title
from clientier.rooms.value.models import Standing

DAYS_TO_READ = 5
MOST_AT_ONCE = 2000


class NoSuccessor(DomainError):
    """Work goes to people who are there, and not back to who hands it over."""

    code = "no_successor"
    message = _(
        "Choose at least one successor who may sign in and is not the one who hands over. Nothing was changed."
    )


class HandOverIsDone(DomainError):
    """It is carried out once."""

    code = "hand_over_is_done"
    message = _("This was handed over already. Nothing was changed.")


class TooManyAtOnce(DomainError):
    """One step must stay one that somebody can look at, and that one request can carry out and undo."""

    code = "too_many_at_once"
    message = _(
        "More than 2,000 customers are too many for one step. Hand over one territory after the other; "
        "nothing was changed."
    )


class PlanIsOld(Conflict):
    """What is handed over must be what was looked at."""

    code = "plan_is_old"
    message = _(
        "Meanwhile customers came to or left this account manager. The plan was made anew: look at it again. "
        "Nothing was handed over."
    )


@command("hand_over.plan", needs="add")
def plan_hand_over(
    model: type[HandOver],
    *,
    actor: Actor,
    leaver: User,
    successors: Sequence[User],
    split: str,
    territory: Territory | None = None,
    deactivates: bool = False,
) -> HandOver:
    """Divide the customers of a user among successors; nothing moves yet."""
    _refuse_unfit(leaver, [user.pk for user in successors])
    customers = list(customers_of(leaver, territory)[: MOST_AT_ONCE + 1])
    if len(customers) > MOST_AT_ONCE:
        raise TooManyAtOnce
    _refuse_out_of_reach(actor, customers)
    if deactivates:
        access.require(actor, User, "change")
    return model.objects.create(
        leaver=leaver, territory=territory, split=split, plan=divided(customers, successors, split),
        others=successors[0], deactivates=deactivates and territory is None, made_by_id=actor.user,
    )  # fmt: skip


@command("hand_over.change_plan", needs="change")
def change_plan(
    plan: HandOver, *, actor: Actor, to: Mapping[str, int], others: int | None = None
) -> HandOver:
    """Send single customers to somebody else, by their keys."""
    if plan.state != HandOverState.PLANNED:
        raise HandOverIsDone
    _refuse_unfit(plan.leaver, [*to.values(), others or plan.others_id])
    plan.plan = {key: to.get(key, user) for key, user in plan.plan.items()}
    plan.others_id = others or plan.others_id
    plan.save(update_fields=["plan", "others"])
    return plan


@command("hand_over.renew_plan", needs="change")
def renew_plan(plan: HandOver, *, actor: Actor) -> HandOver:
    """Let customers in that came meanwhile, and out those that left; the others stay with whom they were given."""
    if plan.state != HandOverState.PLANNED:
        raise HandOverIsDone
    customers = list(customers_of(plan.leaver, plan.territory))
    _refuse_out_of_reach(actor, customers)
    successors = list(User.objects.filter(pk__in={*plan.plan.values(), plan.others_id}).order_by("pk"))
    known = {str(each.pk) for each in customers} & set(plan.plan)
    fresh = divided([each for each in customers if str(each.pk) not in known], successors, plan.split)
    plan.plan = {key: plan.plan[key] for key in plan.plan if key in known} | fresh
    plan.save(update_fields=["plan"])
    return plan


@command("record.pass_on", needs="hand_over", may_leave_reach=True)
def pass_on(record: Model, *, actor: Actor, field: str, to: User) -> Model:
    """Somebody else answers for the record from now on."""
    setattr(record, field, to)
    record.save(update_fields=[field])
    return record


@command("hand_over.carry_out", needs="change")
def carry_out(plan: HandOver, *, actor: Actor, at: dt.datetime, today: dt.date) -> HandOver:
    """Move everything as planned, make the briefs, and end the user's sign-in if so decided: all or nothing."""
    if plan.state != HandOverState.PLANNED:
        raise HandOverIsDone
    leaver = User.objects.select_for_update().get(pk=plan.leaver_id)
    customers = list(customers_of(leaver, plan.territory))
    if {str(each.pk) for each in customers} != set(plan.plan):
        raise PlanIsOld
    _refuse_unfit(leaver, [*plan.plan.values(), plan.others_id])
    users = {user.pk: user for user in User.objects.filter(pk__in={*plan.plan.values(), plan.others_id})}
    to = {int(key): users[user] for key, user in plan.plan.items()}
    _pass_on_work(plan, to, users[plan.others_id], actor, at)
    for customer in customers:
        hand_over(customer, actor=actor, to=to[customer.pk])
    plan.state, plan.done_at = HandOverState.DONE, at
    plan.save(update_fields=["state", "done_at"])
    _make_briefs(plan, customers, to, actor, today)
    if plan.deactivates:
        update_user(leaver, actor=actor, changes={"is_active": False})
    return plan


@command("brief.make", needs="hand_over", may_leave_reach=True)
def make_brief(
    model: type[HandOverBrief], *, actor: Actor, plan: HandOver, customer: Customer, to: User
) -> HandOverBrief:
    return model.objects.create(hand_over=plan, customer=customer, successor=to)


@command("brief.read", needs="change")
def read_brief(brief: HandOverBrief, *, actor: Actor, at: dt.datetime) -> HandOverBrief:
    """The successor says to have read it; nobody can say so for another."""
    if brief.successor_id != actor.user_id:
        raise NotAllowed
    if brief.read_at is None:
        brief.read_at = at
        brief.save(update_fields=["read_at"])
    return brief


def _pass_on_work(
    plan: HandOver, to: Mapping[int, User], others: User, actor: Actor, at: dt.datetime
) -> None:
    """What belongs to a customer goes along with it; the rest to one successor, unless only a territory moves."""
    for holding in holdings.HELD[1:]:
        for record in holding.of(plan.leaver_id):
            if record == plan:
                continue
            customer = getattr(record, f"{holding.customer}_id") if holding.customer else None
            successor = to.get(customer) if customer else None
            if successor is None and plan.territory_id is None:
                successor = others
            if successor is None:
                continue
            if holding is holdings.CARDS:
                bring_back(record, actor=actor, at=at, notes={})
                continue
            if isinstance(record, SavedView):
                _free_the_name(record, successor)
            pass_on(record, actor=actor, field=holding.field, to=successor)


def _free_the_name(view: SavedView, successor: User) -> None:
    """A view of the same name that the successor has stays; the one that comes is told apart by whose it was."""
    taken = SavedView.objects.filter(user=successor, resource=view.resource, name=view.name)
    if taken.exists():
        SavedView.objects.filter(pk=view.pk).update(name=f"{view.name[:60]} · {view.user}"[:80])


def _make_briefs(
    plan: HandOver, customers: Sequence[Customer], to: Mapping[int, User], actor: Actor, today: dt.date
) -> None:
    """A brief for each key customer, and for each successor one task to read them."""
    keys = set(
        Standing.objects.filter(customer__in=customers, tier__in=KEY_TIERS).values_list("pk", flat=True)
    )
    numbers: dict[User, int] = {}
    for customer in customers:
        if customer.pk in keys:
            successor = to[customer.pk]
            make_brief(HandOverBrief, actor=actor, plan=plan, customer=customer, to=successor)
            numbers[successor] = numbers.get(successor, 0) + 1
    for successor, number in numbers.items():
        with translation.override(successor.language):
            title = reading_title("briefs")
        due = today + dt.timedelta(days=DAYS_TO_READ)
        facts = {"title": title, "due_on": due, "assigned_to": successor}
        reason = {
            "code": "briefs",
            "title": title,
            "plan": plan.pk,
            "number": number,
            "name": str(plan.leaver),
        }
        assign_task(Task, actor=actor, changes=facts, reason=reason)


def _refuse_unfit(leaver: User, successors: Sequence[int]) -> None:
    wanted = set(successors)
    fit = User.objects.filter(pk__in=wanted, is_active=True).exclude(pk=leaver.pk).count()
    if not wanted or fit != len(wanted):
        raise NoSuccessor


def _refuse_out_of_reach(actor: Actor, customers: Sequence[Customer]) -> None:
    keys = [customer.pk for customer in customers]
    if access.visible(actor, Customer, "hand_over").filter(pk__in=keys).count() != len(keys):
        raise NotAllowed


@transaction.atomic
def confirm_reading(brief: HandOverBrief, *, actor: Actor, at: dt.datetime) -> bool:
    """The brief is read; with the last one the task to read them is done. Tells whether it was the last."""
    read_brief(brief, actor=actor, at=at)
    left = HandOverBrief.objects.filter(
        hand_over=brief.hand_over_id, successor=actor.user, read_at__isnull=True
    ).exists()
    tasks = holdings.TASKS.of(actor.user).filter(reason__code="briefs", reason__plan=brief.hand_over_id)
    if not left:
        for task in tasks:
            complete_task(task, actor=actor, at=at)
    return not left
