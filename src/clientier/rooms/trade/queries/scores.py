"""How customers pay: the figures of the credit score, and the score that follows from them.

Of 100 points 50 are for the share that was paid in time, 30 for paying little late, 10 for promises kept and 10 for
nothing written off. With little history the score lies near the prior one: it is the mean of the points, as often
as there are invoices to judge by, and the prior score, as often as the policy says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientier.kit import formats
from clientier.kit.cells import Setting

IN_TIME, LATENESS, PROMISES, LOSSES = 50, 30, 10, 10
LATEST_DAYS = 60
"""Who pays two months late on average gets no point for lateness."""
MOST_BROKEN = 3
WORST_LOSS = 0.05
MONTHS_TO_TRUST = 12
HALF_LIFE_DAYS = 365
JUDGED = """
WITH judged AS (
    SELECT i.customer_id, i.id, s.day - i.due_on AS late, s.amount_base AS amount,
        0.5 ^ ((%(day)s::date - s.day) / {half_life}.0) AS weight
    FROM trade_settlement s JOIN trade_invoice i ON i.id = s.invoice_id
    WHERE s.payment_id IS NOT NULL AND s.amount_base > 0 AND s.day > %(first)s AND s.day <= %(day)s {only}
        AND NOT EXISTS (SELECT 1 FROM trade_payment p WHERE p.id = s.payment_id AND p.reversed_on IS NOT NULL)
    UNION ALL
    SELECT i.customer_id, i.id, %(day)s::date - i.due_on, i.open_base, 1
    FROM trade_invoice i
    WHERE i.open_amount > 0 AND i.kind = 'invoice' AND i.due_on < %(day)s AND i.disputed_on IS NULL {only}
), paid AS (
    SELECT customer_id, sum(amount) AS amount, sum(amount) FILTER (WHERE late <= 0) AS in_time,
        sum(amount * weight * greatest(late, 0)) / nullif(sum(amount * weight), 0) AS days_late,
        count(DISTINCT id) AS invoices
    FROM judged GROUP BY 1
), sold AS (
    SELECT customer_id, min(day) AS first_day, sum(total * rate_to_base) FILTER (WHERE day > %(first)s) AS amount
    FROM trade_invoice i WHERE state = 'posted' AND kind = 'invoice' AND day <= %(day)s {only} GROUP BY 1
), lost AS (
    SELECT i.customer_id, sum(s.amount_base) AS amount
    FROM trade_settlement s JOIN trade_invoice i ON i.id = s.invoice_id
    WHERE s.payment_id IS NULL AND s.credit_note_id IS NULL AND s.day > %(first)s AND s.day <= %(day)s {only}
    GROUP BY 1
), broken AS (
    SELECT customer_id, count(*) AS promises FROM trade_paymentpromise i
    WHERE state = 'broken' AND decided_on > %(first)s AND decided_on <= %(day)s {only} GROUP BY 1
)
SELECT s.customer_id, coalesce(p.amount, 0)::float, coalesce(p.in_time, 0)::float, coalesce(p.days_late, 0)::float,
    coalesce(p.invoices, 0), coalesce(b.promises, 0), coalesce(l.amount, 0)::float, coalesce(s.amount, 0)::float,
    (%(day)s::date - s.first_day)
FROM sold s LEFT JOIN paid p USING (customer_id) LEFT JOIN lost l USING (customer_id)
LEFT JOIN broken b USING (customer_id) ORDER BY 1
"""


@dataclass(frozen=True)
class Behaviour:
    """How one customer paid: ``judged`` is the money that was paid or is late, ``days_late`` its mean lateness."""

    judged: float
    in_time: float
    days_late: float
    invoices: int
    broken_promises: int
    written_off: float
    sold: float
    days_known: int


@dataclass(frozen=True)
class Scored:
    """The score with its points; ``trust`` is how often the points count beside the prior score."""

    score: int
    points: float
    in_time_points: float
    lateness_points: float
    promise_points: float
    loss_points: float
    trust: float

    def facts(self, behaviour: Behaviour) -> dict[str, Any]:
        """All that explains it, to be kept with it."""
        kept = {**asdict(behaviour), **asdict(self)}
        return {name: round(value, 4) for name, value in kept.items()}


def behaviours(
    day: dt.date, rules: Mapping[str, Any], customers: Sequence[int] | None = None
) -> dict[int, Behaviour]:
    """How customers paid in the days that the policy looks back, of all who were ever invoiced or of some."""
    only = "" if customers is None else "AND i.customer_id = ANY(%(customers)s)"
    statement = JUDGED.format(half_life=HALF_LIFE_DAYS, only=only)
    facts = {"day": day, "first": day - dt.timedelta(days=rules["score_days"])}
    with connection.cursor() as cursor:
        cursor.execute(statement, facts if customers is None else {**facts, "customers": list(customers)})
        return {key: Behaviour(*figures) for key, *figures in cursor.fetchall()}


def score_of(behaviour: Behaviour, rules: Mapping[str, Any]) -> Scored:
    """The score by the stated formula, from 0 to 100."""
    share = behaviour.in_time / behaviour.judged if behaviour.judged else 0.0
    lost = behaviour.written_off / behaviour.sold if behaviour.sold else float(behaviour.written_off > 0)
    points = (
        IN_TIME * share,
        LATENESS * max(0.0, 1 - behaviour.days_late / LATEST_DAYS),
        PROMISES * max(0.0, 1 - behaviour.broken_promises / MOST_BROKEN),
        LOSSES * min(1.0, max(0.0, 1 - lost / WORST_LOSS)),
    )
    months = behaviour.days_known / 30.44
    trust = behaviour.invoices * min(1.0, months / MONTHS_TO_TRUST)
    prior = rules["prior_invoices"]
    mean = (sum(points) * trust + rules["prior_score"] * prior) / ((trust + prior) or 1)
    return Scored(round(mean), sum(points), *points, trust)


def parts_of(facts: Mapping[str, Any], setting: Setting) -> list[tuple[str, str]]:
    """The score explained part by part, in words and points."""
    share = facts["in_time"] / facts["judged"] if facts["judged"] else 0.0
    invoices = ngettext("%(number)d invoice judged", "%(number)d invoices judged", facts["invoices"])
    known = _("known for %(months)d months") % {"months": round(facts["days_known"] / 30.44)}
    return [
        (_("Paid in time: %(share)s of the money") % {"share": formats.percent(share)}, _of("in_time", IN_TIME, facts)),
        (
            _("Late by %(days)s days on average") % {"days": formats.number(facts["days_late"])},
            _of("lateness", LATENESS, facts),
        ),
        (
            _("Broken promises: %(number)d") % {"number": facts["broken_promises"]},
            _of("promise", PROMISES, facts),
        ),
        (
            _("Written off: %(amount)s") % {"amount": formats.short(facts["written_off"], setting.currency)},
            _of("loss", LOSSES, facts),
        ),
        (f"{invoices % {'number': facts['invoices']}}, {known}", _("counts %(times)s times")
         % {"times": formats.number(facts["trust"], 1)}),
    ]  # fmt: skip


def _of(name: str, most: int, facts: Mapping[str, Any]) -> str:
    return f"{formats.number(facts[f'{name}_points'], 1)} / {most}"
