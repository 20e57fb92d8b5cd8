"""Receivables at night: promises, scores, tasks; on the first of a month what late money cost; reminders by mail."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import send_mail

from clientier.core import jobs
from clientier.rooms.people.queries import organisation
from clientier.rooms.trade.commands.collecting import give_tasks, judge_promises
from clientier.rooms.trade.commands.lateness import charge_interest
from clientier.rooms.trade.commands.scoring import judge_all
from clientier.rooms.trade.queries.collecting import letter_of

MORNING_HOUR = 3


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
