"""Scoring how customers pay, and proposing other limits; a person decides, unless the rules let a proposal hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientier.core import access, audit
from clientier.core.actor import Actor, Door, system
from clientier.core.commands import command
from clientier.core.errors import DomainError
from clientier.rooms.trade.choices.credit import Covers, ProposalKind, ProposalState
from clientier.rooms.trade.commands.credit import set_limit
from clientier.rooms.trade.models import CreditLimit, CreditScore, LimitProposal
from clientier.rooms.trade.queries.credit import default_limit, limits_at
from clientier.rooms.trade.queries.exposure import exposures
from clientier.rooms.trade.queries.policy import current_rules
from clientier.rooms.trade.queries.scores import Behaviour, Scored, behaviours, score_of
from clientier.rooms.trade.queries.tiers import tiers_of

REST_DAYS = 90
"""After a decision nothing is proposed for so long."""
SMALLEST_STEP = Decimal(1000)
MONTHS_BEFORE_RAISE = 12
AT_ONCE = 5000


class ProposalIsDecided(DomainError):
    code = "proposal_is_decided"
    message = gettext_lazy("This proposal was decided before. Nothing was changed.")


@command("limit.accept", needs="change", final=True)
def accept_proposal(proposal: LimitProposal, *, actor: Actor, day: dt.date, reason: str) -> LimitProposal:
    """The proposed limit holds from the day on."""
    decided = _decide(proposal, ProposalState.ACCEPTED, actor, day, reason)
    changes = {
        "customer": proposal.customer, "covers": Covers.CUSTOMER, "amount": proposal.amount, "from_day": day,
        "reason": reason,
    }  # fmt: skip
    set_limit(CreditLimit, actor=actor, changes=changes)
    return decided


@command("limit.refuse", needs="change", final=True)
def refuse_proposal(proposal: LimitProposal, *, actor: Actor, day: dt.date, reason: str) -> LimitProposal:
    """The limit stays as it is."""
    return _decide(proposal, ProposalState.REFUSED, actor, day, reason)


def judge_all(day: dt.date) -> int:
    """Score every customer that was ever invoiced, and propose where that speaks for another limit."""
    rules = current_rules()
    known = behaviours(day, rules)
    keys = sorted(known)
    for start in range(0, len(keys), AT_ONCE):
        some = {key: known[key] for key in keys[start : start + AT_ONCE]}
        judge(some, day, rules)
    return len(keys)


@transaction.atomic
def judge(known: Mapping[int, Behaviour], day: dt.date, rules: Mapping[str, Any]) -> None:
    """Keep the scores of these customers and make the proposals that follow from them."""
    scores = {key: score_of(behaviour, rules) for key, behaviour in known.items()}
    rows = [
        CreditScore(customer_id=key, score=scored.score, facts=scored.facts(known[key]), as_of=day)
        for key, scored in scores.items()
    ]
    CreditScore.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["customer"], update_fields=["score", "facts", "as_of"]
    )
    made = LimitProposal.objects.bulk_create(_proposals(known, scores, day, rules))
    if made:
        audit.note("limit.propose", LimitProposal, system(Door.JOB), proposals=len(made), day=str(day))
    for proposal in made:
        if rules[f"{proposal.kind}s_by_itself"]:
            accept_proposal(proposal, actor=system(Door.JOB), day=day, reason=_("By the rules of credit"))


def _proposals(
    known: Mapping[int, Behaviour], scores: Mapping[int, Scored], day: dt.date, rules: Mapping[str, Any]
) -> list[LimitProposal]:
    able = [
        key
        for key, each in scores.items()
        if each.score >= rules["raise_from"] or each.score < rules["cut_below"]
    ]
    resting = LimitProposal.objects.filter(
        customer__in=able, state=ProposalState.OPEN
    ) | LimitProposal.objects.filter(customer__in=able, decided_on__gt=day - dt.timedelta(days=REST_DAYS))
    left_alone = set(resting.values_list("customer", flat=True))
    keys = [key for key in able if key not in left_alone]
    limits, tiers, used = limits_at(keys, day), tiers_of(keys), exposures(keys)
    made = []
    for key in keys:
        set_one = limits.get((key, Covers.CUSTOMER))
        now = set_one.amount if set_one else default_limit(tiers.get(key, ""), rules)
        if now is None:
            continue
        if proposed := proposed_limit(now, scores[key].score, known[key], used[key].total, rules):
            kind = ProposalKind.RAISE if proposed > now else ProposalKind.CUT
            made.append(
                LimitProposal(
                    customer_id=key, kind=kind, before=now, amount=proposed, score=scores[key].score,
                    facts=scores[key].facts(known[key]) | {"used": float(used[key].total)}, made_on=day,
                )
            )  # fmt: skip
    return made


def proposed_limit(
    now: Decimal, score: int, behaviour: Behaviour, used: Decimal, rules: Mapping[str, Any]
) -> Decimal | None:
    """Another limit, in whole thousands: more for who pays well, is known for a year and needs it; less for who
    pays badly; None where the present one is right."""
    known_long = behaviour.days_known >= MONTHS_BEFORE_RAISE * 30
    needed = used * 100 >= now * rules["raise_when_used_percent"]
    if score >= rules["raise_from"] and known_long and needed:
        proposed = _whole(now * (100 + rules["raise_percent"]) / 100)
        return proposed if proposed > now else None
    if score < rules["cut_below"]:
        proposed = _whole(now * (100 - rules["cut_percent"]) / 100)
        return proposed if proposed < now else None
    return None


def _whole(amount: Decimal) -> Decimal:
    return (amount / SMALLEST_STEP).quantize(Decimal(1)) * SMALLEST_STEP


def _decide(
    proposal: LimitProposal, state: ProposalState, actor: Actor, day: dt.date, reason: str
) -> LimitProposal:
    if proposal.state != ProposalState.OPEN:
        raise ProposalIsDecided
    access.require(actor, CreditLimit, "change")
    proposal.state, proposal.decided_on, proposal.reason = state, day, reason
    proposal.decided_by_id = actor.user_id
    proposal.save(update_fields=["state", "decided_on", "reason", "decided_by"])
    return proposal


def score_some(customers: Sequence[int], day: dt.date) -> None:
    """Score these customers now."""
    rules = current_rules()
    judge(behaviours(day, rules, customers), day, rules)
