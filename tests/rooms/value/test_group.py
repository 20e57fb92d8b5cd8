"""What a group of companies brings together, for who may see all of it and for who may see a part."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clientier.kit import formats
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.models import FieldRule, Grant, User
from clientier.rooms.people.queries import actor_of
from clientier.rooms.value.models import Standing
from clientier.rooms.value.queries.group import members
from tests import factories as make
from tests.rooms.value.company import Company

pytestmark = pytest.mark.django_db


def stand_below(firm: Company, parents: dict[int, int]) -> None:
    """Make customers subsidiaries of others, by their places in the company of the tests."""
    for below, above in parents.items():
        Customer.objects.filter(pk=firm.customers[below].pk).update(parent=firm.customers[above])


def panel(user: User, customer: Customer) -> Any:
    client = Client()
    client.force_login(user)
    page = client.get(f"/customers/{customer.pk}/").context["page"]
    return next((p["context"] for p in page["main"] if p["slug"] == "group"), None)


def tree(shown: Any) -> list[tuple[str, int]]:
    return [(row["name"], row["depth"]) for row in shown["rows"]]


def kpi(shown: Any, label: str) -> str:
    return next(kpi["value"] for kpi in shown["kpis"] if kpi["label"] == label)


def together(firm: Company, places: tuple[int, ...], field: str) -> str:
    found = Standing.objects.filter(customer__in=[firm.customers[place] for place in places])
    return formats.short(sum((getattr(each, field) for each in found), Decimal()), "CNY")


def test_a_parent_shows_all_below_it_and_what_they_bring_together(firm: Company) -> None:
    stand_below(firm, {1: 0, 2: 0, 3: 2, 4: 5})
    make.some_task(firm.customers[3], assigned_to=firm.rep)
    make.some_task(firm.customers[4], assigned_to=firm.rep)
    before = panel(firm.manager, firm.customers[0])
    assert tree(before) == [("Customer 0", 0), ("Customer 1", 1), ("Customer 2", 1), ("Customer 3", 2)]
    assert kpi(before, "In the group") == "4 companies"
    for label, field in (("Revenue, 12 months", "revenue"), ("Net profit, 12 months", "net_profit")):
        assert kpi(before, label) == together(firm, (0, 1, 2, 3), field)
    tasks = Standing.objects.filter(customer__in=firm.customers[:4], customer__tasks__state="open").count()
    assert kpi(before, "Open tasks") == str(tasks)
    assert (before["unseen"], before["more"]) == (0, 0)


def test_what_is_out_of_reach_is_neither_named_nor_summed_but_told(firm: Company) -> None:
    stand_below(firm, {2: 1, 3: 2, 4: 1})
    shown = panel(firm.rep, firm.customers[1])
    assert tree(shown) == [("Customer 1", 0), ("Customer 3", 1)]
    assert kpi(shown, "Net profit, 12 months") == together(firm, (1, 3), "net_profit")
    assert shown["unseen"] == 2


def test_figures_keep_to_the_right_on_standings_and_its_fields(firm: Company) -> None:
    stand_below(firm, {1: 0})
    FieldRule.objects.create(
        role=firm.viewer.role, record="value.standing", field="net_profit", rule="hidden"
    )
    shown = panel(firm.viewer, firm.customers[0])
    assert tree(shown) == [("Customer 0", 0), ("Customer 1", 1)]
    assert (shown["figures"], shown["rows"][0]["tier"]) == (False, None)
    assert [kpi["label"] for kpi in shown["kpis"]] == ["In the group", "Open tasks"]
    Grant.objects.filter(role=firm.manager.role, record="value.standing").update(reach=1)
    judged = [member.revenue is not None for member in members(actor_of(firm.manager), firm.customers[0])[0]]
    assert judged == [True, False]


def test_a_customer_without_subsidiaries_has_no_group(firm: Company) -> None:
    stand_below(firm, {1: 0})
    assert panel(firm.manager, firm.customers[1]) is None


def test_a_ring_of_parents_that_an_import_made_ends(firm: Company) -> None:
    stand_below(firm, {1: 0, 0: 1})
    assert tree(panel(firm.manager, firm.customers[0])) == [("Customer 0", 0), ("Customer 1", 1)]


def test_a_group_of_ten_is_read_by_one_query_as_one_of_two(firm: Company) -> None:
    actor = actor_of(firm.manager)
    for below in ((1,), tuple(range(1, 10))):
        stand_below(firm, dict.fromkeys(below, 0))
        with CaptureQueriesContext(connection) as queries:
            found, unseen = members(dataclasses.replace(actor), firm.customers[0])
        assert (len(found), unseen, len(queries)) == (len(below) + 1, 0, 1)
