"""Judging all customers: one command from orders and costs to scores, moves and the pointer to them."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

import clientier
from clientier import worth
from clientier.core import events
from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.core.errors import DomainError
from clientier.rooms.people.queries import organisation
from clientier.rooms.value.choices import RunState
from clientier.rooms.value.commands import scores
from clientier.rooms.value.commands.refusals import why
from clientier.rooms.value.models import ValueRun
from clientier.rooms.value.queries import whole
from clientier.rooms.value.queries.ledger import ledger_tables
from clientier.rooms.value.queries.lifespans import lifespans
from clientier.rooms.value.queries.standings import current_policy, current_run, previous_state, rules_of

RUN_COMPLETED = "value.run_completed"
ONE_RUN_AT_A_TIME = 7_236_001


class RunRefused(DomainError):
    """The engine found the tables or its own sums wrong; the former run stays in force."""

    code = "value_run_refused"


@command("value.run", needs="add")
def run_value(model: type[ValueRun], *, actor: Actor, as_of: dt.date) -> ValueRun:
    """Judge every customer by all that happened up to that day, and make it the current judgement.

    Raises RunRefused, with everything left as it was, when the books do not reconcile.
    """
    began = time.perf_counter()
    _wait_for_other_runs()
    previous, policy = _comparable(current_run(), as_of), current_policy()
    if policy.pk is None:
        policy.save()
    state = previous_state(previous)
    with ledger_tables(as_of, organisation().time_zone) as ledger:
        try:
            result = worth.appraise(ledger.tables, rules_of(policy), as_of=as_of, previous=state)
        except worth.WorthError as refusal:
            raise RunRefused(_("The value run was refused: %(why)s") % {"why": why(refusal)}) from refusal
        _check(result)
        run = model(
            as_of=as_of,
            policy=policy,
            previous=previous,
            state=RunState.DONE,
            customers=len(result.customers["customer_id"]),
            facts=facts_of(result) | whole.found(result),
            fingerprint=ledger.fingerprint,
            code_version=clientier.VERSION,
        )
        run.save()
        months = ledger.months(result.customers["customer_id"], as_of)
        scores.write(run, result, months, lifespans(ledger.engine, result.customers, as_of))
    scores.write_moves(run, previous)
    ValueRun.objects.filter(is_current=True).update(is_current=False)
    scores.publish(run)
    run.facts |= whole.summed(run, dt.timedelta(days=rules_of(policy).lost_horizon_days))
    run.is_current, run.seconds = True, round(time.perf_counter() - began, 3)
    run.save(update_fields=["facts", "is_current", "seconds"])
    events.publish(RUN_COMPLETED, run_id=run.pk)
    transaction.on_commit(scores.tidy_up, robust=True)
    return run


def facts_of(result: worth.Result) -> dict[str, Any]:
    """The run's findings about the whole company, ready for JSON."""
    return {
        "counts": scores.plain(result.counts),
        "totals": scores.plain(result.totals),
        "model": scores.plain(result.model),
        "whale": scores.plain(result.whale),
        "concentration": scores.plain(result.concentration),
        "tiers": scores.plain(result.tiers),
        "moves": scores.plain(result.moves),
        "notices": scores.plain(result.notices),
        "set_aside": scores.plain(result.set_aside),
    }


def _wait_for_other_runs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_RUN_AT_A_TIME])


def _comparable(previous: ValueRun | None, as_of: dt.date) -> ValueRun | None:
    """The last run of an earlier day: a second run of a day builds on what the first one built on."""
    while previous is not None and previous.as_of >= as_of:
        previous = previous.previous
    return previous


def _check(result: worth.Result) -> None:
    if failed := [check for check in result.checks if not check["ok"]]:
        raise RunRefused(
            _(
                "The value run does not reconcile (%(what)s). The former judgement stays; report this as a fault."
            )
            % {"what": ", ".join(str(check["of"]) for check in failed)}
        )
