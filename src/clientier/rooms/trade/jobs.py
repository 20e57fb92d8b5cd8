"""What the worker does for the books by itself: sealing, proving, and receivables at night.

Promises are judged first, for they tell on scores and tasks; on the first of a month late money is charged for.
"""

from __future__ import annotations

import datetime as dt
import logging
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import send_mail

from clientier.core import jobs, seals
from clientier.rooms.people.queries import organisation
from clientier.rooms.trade.commands.collecting import give_tasks, judge_promises
from clientier.rooms.trade.commands.lateness import charge_interest
from clientier.rooms.trade.commands.ledger import LEDGER
from clientier.rooms.trade.commands.scoring import judge_all
from clientier.rooms.trade.queries.collecting import letter_of
from clientier.rooms.trade.queries.proofs import faults

log = logging.getLogger(__name__)
MORNING_HOUR = 3


@jobs.every("*/10 * * * *")
@jobs.task(name="trade.seal_ledger", queueing_lock="trade.seal_ledger", pass_context=False)
def seal_ledger(timestamp: int) -> None:
    """Seal what was posted since the last time."""
    seals.seal(LEDGER)


@jobs.every("45 1 * * *")
@jobs.task(name="trade.verify_ledger", queueing_lock="trade.verify_ledger", pass_context=False)
def verify_ledger(timestamp: int) -> None:
    """Tell the log, every night, where the chain of the ledger ends, or what does not add up."""
    verdict = seals.verify(LEDGER)
    for fault in [*verdict.faults, *faults()]:
        log.error("The ledger: %s", fault)
    log.info("The ledger is sealed to entry %s, link %s.", verdict.last_sealed, verdict.head)


@jobs.every("10 * * * *")
@jobs.task(name="trade.nightly", queueing_lock="trade.nightly", pass_context=False)
def keep_receivables(timestamp: int) -> None:
    """At three in the morning of the company's time zone: promises first, for they tell on scores and tasks."""
    now = dt.datetime.fromtimestamp(timestamp, ZoneInfo(organisation().time_zone))
    if now.hour != MORNING_HOUR:
        return
    today = now.date()
    judge_promises(today)
    judge_all(today)
    give_tasks(today)
    if today.day == 1:
        charge_interest(today - dt.timedelta(days=1))


@jobs.task(name="trade.send_reminder")
def send_reminder(notice_id: int) -> None:
    """Mail a reminder that somebody sent, if this house can send mail and the customer has an address."""
    letter = letter_of(notice_id)
    if letter and settings.EMAIL_CONFIGURED:
        address, subject, text = letter
        send_mail(subject, text, None, [address])
