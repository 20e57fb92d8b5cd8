"""From warnings to tasks: whose, how many, and in whose words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from clientier.kit.cells import Setting
from clientier.rooms.activities.choices import TaskState
from clientier.rooms.activities.models import Task
from clientier.rooms.activities.queries import reason_words, title_words
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.models import User
from clientier.rooms.value.choices import RunState
from clientier.rooms.value.commands.duties import MOST_A_PERSON, create_duties
from clientier.rooms.value.models import Standing, ValuePolicy, ValueRun
from tests import factories as make

pytestmark = pytest.mark.django_db
AS_OF = dt.date(2026, 6, 30)
SETTING = Setting(currency="CNY", today=AS_OF)


@pytest.fixture
def run() -> ValueRun:
    policy = ValuePolicy.objects.create(version=1)
    return ValueRun.objects.create(as_of=AS_OF, policy=policy, state=RunState.DONE, is_current=True)


def warned(
    owner: User | None, *, tier: str = "major", warning: str = "silence", stake: int = 100
) -> Customer:
    customer = make.some_customer(owner=owner)
    Standing.objects.create(
        customer=customer,
        tier=tier,
        warning=warning,
        value_at_risk=stake,
        last_day=AS_OF - dt.timedelta(days=67),
        mean_gap_days=36.2,
        net_profit=Decimal(500),
    )
    return customer


def test_the_owner_of_a_warned_key_customer_gets_a_task_with_its_reason(run: ValueRun) -> None:
    owner = make.some_user()
    customer = warned(owner, stake=250)
    assert create_duties(run) == 1
    task = Task.objects.get()
    assert (task.customer, task.assigned_to, task.value_at_stake) == (customer, owner, 250)
    assert task.due_on == AS_OF + dt.timedelta(days=3)
    assert reason_words(task, SETTING) == "silent for 67 days; usually buys every 36 days"


def test_only_key_customers_that_somebody_looks_after_make_duties(run: ValueRun) -> None:
    warned(make.some_user(), tier="ordinary")
    warned(make.some_user(), tier="small")
    warned(None)
    warned(make.some_user(), warning="")
    assert create_duties(run) == 0
    assert not Task.objects.exists()


def test_a_duty_is_not_made_twice_nor_again_in_the_same_quarter_once_done(run: ValueRun) -> None:
    warned(make.some_user())
    assert [create_duties(run), create_duties(run)] == [1, 0]
    Task.objects.update(state=TaskState.DONE)
    assert create_duties(run) == 0
    ValueRun.objects.update(as_of=AS_OF + dt.timedelta(days=1))
    run.refresh_from_db()
    assert create_duties(run) == 1


def test_nobody_gets_more_than_can_be_done_and_the_most_valuable_come_first(run: ValueRun) -> None:
    owner = make.some_user()
    for stake in range(1, MOST_A_PERSON + 4):
        warned(owner, stake=stake)
    assert create_duties(run) == MOST_A_PERSON
    stakes = sorted(int(task.value_at_stake or 0) for task in Task.objects.all())
    assert stakes == list(range(4, MOST_A_PERSON + 4))


def test_everybody_reads_a_duty_in_the_own_language(run: ValueRun) -> None:
    warned(make.some_user(language="zh-hans"))
    create_duties(run)
    task = Task.objects.get()
    assert task.title == "致电询问为何久未下单"
    assert title_words(task) == "Call and ask why it has gone quiet"
    with translation.override("zh-hans"):
        assert title_words(task) == "致电询问为何久未下单"


def test_what_a_person_has_written_over_a_duty_stays(run: ValueRun) -> None:
    warned(make.some_user())
    create_duties(run)
    task = Task.objects.get()
    task.title = "Ask Lin about the lathe"
    assert title_words(task) == "Ask Lin about the lathe"
