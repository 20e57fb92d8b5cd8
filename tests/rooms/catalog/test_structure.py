"""What is in what: quantities multiply down and up, costs roll up, and nothing is ever within itself."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from clientier.core import commands, undo
from clientier.core.actor import Reach
from clientier.core.errors import Conflict
from clientier.rooms.catalog.commands.components import change_component, enter_component
from clientier.rooms.catalog.models import Category, Component, Product
from clientier.rooms.catalog.queries.structure import Found, parts_of, rolled_up, uses_of
from tests import factories as make

pytestmark = pytest.mark.django_db


def products(names: str, **costs: int) -> dict[str, Product]:
    return {
        name: make.some_product(name=name, external_id=name, cost=costs.get(name)) for name in names.split()
    }


def put(known: dict[str, Product], *within: tuple[str, str, str]) -> None:
    for assembly, part, quantity in within:
        make.some_component(known[assembly], known[part], quantity=Decimal(quantity))


def told(found: Iterable[Found]) -> dict[str, tuple[int, Decimal, bool]]:
    names = dict(Product.objects.values_list("pk", "name"))
    return {names[each.product]: (each.level, each.quantity, each.is_end) for each in found}


def entered(assembly: Product, part: Product) -> Any:
    return enter_component(Component, actor=make.acting(), changes={"assembly": assembly, "part": part})


def test_quantities_multiply_on_the_way_down_and_add_up_over_all_ways() -> None:
    known = products("drill motor bearing brush")
    put(known, ("drill", "motor", "2"), ("motor", "bearing", "3"), ("drill", "bearing", "0.5"))
    put(known, ("motor", "brush", "1"))
    assert told(parts_of(known["drill"].pk)) == {
        "motor": (1, 2, False), "bearing": (1, Decimal("6.5"), True), "brush": (2, 2, True),
    }  # fmt: skip


def test_what_a_part_is_in_is_told_at_any_depth() -> None:
    known = products("line drill motor bearing")
    put(known, ("motor", "bearing", "3"), ("drill", "motor", "2"), ("line", "drill", "10"))
    assert told(uses_of(known["bearing"].pk)) == {
        "motor": (1, 3, False), "drill": (2, 6, False), "line": (3, 60, True),
    }  # fmt: skip


def test_the_cost_rolls_up_from_the_bottom_by_currency_and_names_what_is_lacking() -> None:
    known = products("drill motor bearing brush screw", drill=999, motor=999, bearing=4, brush=7)
    put(known, ("drill", "motor", "2"), ("motor", "bearing", "3"), ("drill", "brush", "1"))
    put(known, ("drill", "screw", "8"))
    Product.objects.filter(name="brush").update(currency="EUR")
    sums = rolled_up(parts_of(known["drill"].pk))
    assert (sums.amounts, sums.lacking) == ({"CNY": Decimal(24), "EUR": Decimal(7)}, 1)


def test_thirty_levels_of_two_ways_each_are_summed_and_not_walked() -> None:
    chain = [make.some_product() for _ in range(31)]
    for upper, lower in pairwise(chain):
        beside = make.some_product()
        make.some_component(upper, lower)
        make.some_component(upper, beside)
        make.some_component(beside, lower)
    found = {each.product: each for each in parts_of(chain[0].pk)}
    assert found[chain[-1].pk].quantity == 2**30
    assert found[chain[-1].pk].level == 30


def test_an_assembly_is_not_put_into_its_part_by_however_many_steps() -> None:
    known = products("a b c")
    put(known, ("a", "b", "1"), ("b", "c", "1"))
    with pytest.raises(ValidationError) as refused:
        entered(known["c"], known["a"])
    assert refused.value.message_dict == {"part": ["The assembly is in the part already: a → b → c → a"]}
    assert Component.objects.count() == 2
    closing = Component.objects.get(part=known["b"])
    with pytest.raises(ValidationError):
        change_component(closing, actor=make.acting(), changes={"assembly": known["c"]})


def test_nothing_is_a_part_of_itself_nor_twice_in_one_assembly() -> None:
    known = products("a b")
    with pytest.raises(ValidationError):
        entered(known["a"], known["a"])
    entered(known["a"], known["b"])
    with pytest.raises(ValidationError):
        entered(known["a"], known["b"])


@pytest.mark.parametrize("quantity", ["0", "-1"])
def test_of_a_part_there_is_some(quantity: str) -> None:
    known = products("a b")
    changes = {"assembly": known["a"], "part": known["b"], "quantity": Decimal(quantity)}
    with pytest.raises(ValidationError):
        enter_component(Component, actor=make.acting(), changes=changes)


def test_undoing_a_deletion_makes_no_ring_either() -> None:
    known = products("a b")
    first, actor = make.some_component(known["a"], known["b"]), make.acting(make.some_user())
    commands.delete(first, actor=actor)
    make.some_component(known["b"], known["a"])
    with pytest.raises(Conflict):
        undo.undo(actor.request_id, actor=actor.through(actor.door))
    assert Component.objects.count() == 1


def test_the_database_refuses_rings_of_parts_categories_and_successors() -> None:
    known = products("a b")
    put(known, ("a", "b", "1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        make.some_component(known["b"], known["a"])
    upper = make.some_category()
    lower = make.some_category(parent=upper)
    with pytest.raises(IntegrityError), transaction.atomic():
        Category.objects.filter(pk=upper.pk).update(parent=lower)
    Product.objects.filter(pk=known["a"].pk).update(successor=known["b"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(pk=known["b"].pk).update(successor=known["a"])


@pytest.mark.django_db(transaction=True)
def test_two_who_each_close_half_a_ring_at_once_do_not_both_succeed() -> None:
    known = products("a b")
    refused: list[str] = []
    begin = threading.Barrier(2)

    def close(assembly: str, part: str) -> None:
        begin.wait()
        try:
            entered(known[assembly], known[part])
        except (ValidationError, IntegrityError) as refusal:
            refused.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=close, args=ends) for ends in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert refused == ["ValidationError"]
    assert Component.objects.count() == 1


def test_the_card_shows_one_level_and_the_page_opens_the_next() -> None:
    known = products("drill motor bearing")
    put(known, ("drill", "motor", "2"), ("motor", "bearing", "3"))
    browser = make.signed_in(make.administrator())
    page = browser.get(f"/products/{known['drill'].pk}/").context["page"]
    (panel,) = [each["context"] for each in page["main"] if each["slug"] == "parts"]
    assert [each["part"].name for each in panel["level"]] == ["motor"]
    url = panel["level"][0]["level_url"]
    level = browser.get(url, headers={"HX-Request": "true"}).context["level"]
    assert [(each["part"].name, each["total"], each["level_url"]) for each in level] == [
        ("bearing", "× 6", "")
    ]
    whole = browser.get(f"/products/{known['drill'].pk}/parts/")
    assert (whole.context["parts"], whole.context["levels"]) == ("2", 2)


def test_who_sees_no_bills_of_materials_is_told_of_none() -> None:
    known = products("drill zqmotor")
    put(known, ("drill", "zqmotor", "2"))
    user = make.some_user()
    make.grant(user.role, "catalog.product", Reach.ALL)
    browser = make.signed_in(user)
    assert "zqmotor" not in browser.get(f"/products/{known['drill'].pk}/").content.decode()
    assert browser.get(f"/products/{known['drill'].pk}/parts/").status_code == 403
