"""Formulas: what they compute, what they refuse, and that nothing can be smuggled through them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from clientier.core import access
from clientier.core.custom import commands as fields
from clientier.core.custom.formula import BadFormula
from clientier.core.custom.models import CustomField
from clientier.kit.rows import value_at
from clientier.rooms.parties.models import Customer
from tests import factories as make
from tests.core.custom.defining import field

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer() -> Customer:
    for code, kind in (
        ("n", "number"),
        ("m", "money"),
        ("d", "date"),
        ("t", "text"),
        ("y", "yes_no"),
        ("e", "number"),
    ):
        field(code, kind)
    owner = make.some_user(name="Ada")
    values = {"n": "7", "m": "2.5", "d": "2026-03-01", "t": "it's %s", "y": True}
    return make.some_customer(
        name="Acme", employees=4, first_seen=dt.date(2026, 2, 1), owner=owner, custom=values
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("n + m * 2", Decimal("12")),
        ("-(n - m) / 2", Decimal("-2.25")),
        ("n / 3", Decimal("2.333333")),
        ("n / (employees - 4)", None),
        ("n + e", None),
        ("n + first(e, 0)", Decimal("7")),
        ("round(n / 3, 1)", Decimal("2.3")),
        ("min(n, m, employees) + max(1, 2) + abs(-3)", Decimal("7.5")),
        ("n if y else 0", Decimal("7")),
        ("'big' if n > 5 and not (m >= 3) else 'small'", "big"),
        ('t == "it\'s %s"', True),
        ("join(t, '/', n, '-', e)", "it's %s/7-"),
        ("length(name)", Decimal("4")),
        ("days(first_seen, d)", Decimal("28")),
        ("year(d) * 100 + month(d)", Decimal("202603")),
        ("d", dt.date(2026, 3, 1)),
        ("n if t == 'x' else None", None),
        ("'; DROP TABLE x; --'", "; DROP TABLE x; --"),
    ],
)
def test_a_formula_computes(customer: Customer, text: str, value: Any) -> None:
    field("f", "formula", formula=text)
    assert value_at(customer, "custom__f") == value
    assert Customer.objects.filter(custom__f=value).exists()


def test_formulas_build_on_formulas_and_on_what_lies_beside_the_record(customer: Customer) -> None:
    field("twice", "formula", formula="n * 2")
    field("thrice", "formula", formula="twice + n + first(standing__net_profit, 100)")
    assert value_at(customer, "custom__thrice") == Decimal(121)


@pytest.mark.parametrize(
    "text",
    [
        "", "n +", "n + t", "n > t", "not n", "y + 1", "nothing + 1", "n ** 2", "n % 2", "n // 2", "lambda: 1",
        "[n]", "n.real", "__import__('os')", "(n := 1)", "f'{n}'", "n < m < 3", "n in (1, 2)", "round(n, 9)",
        "round(n, 1.0)",         "round(n, m)", "days(d)", "first()", "abs(x=1)", "min(*n)",
        "owner", "owner__password", "search", "id",
        "owner__role__name", "custom", "None", "1e400", "t if n else 1", "n" + " + n" * 400, "'\0'",
        "-" * 590 + "n", "-" * 900 + "n", "(" * 400 + "n" + ")" * 400, "\ud800", "'\ud800'",
    ],
)  # fmt: skip
def test_what_cannot_be_computed_is_refused(customer: Customer, text: str) -> None:
    with pytest.raises(BadFormula):
        field("f", "formula", formula=text)
    assert not CustomField.objects.filter(code="f").exists()


def test_a_ring_of_formulas_is_refused_and_what_a_formula_needs_stays(customer: Customer) -> None:
    first = field("a", "formula", formula="n")
    field("b", "formula", formula="a + 1")
    actor = make.acting(make.administrator())
    with pytest.raises(BadFormula):
        fields.change(first, actor=actor, changes={"formula": "b"}, formula_names=())
    with pytest.raises(fields.FieldInUse):
        fields.change(first, actor=actor, changes={"formula": "'text'"}, formula_names=())
    for retire in (first, CustomField.objects.get(code="n")):
        with pytest.raises(fields.FieldInUse):
            fields.retire(retire, actor=actor)
    assert value_at(customer, "custom__b") == Decimal(8)


def test_formulas_that_double_each_other_do_not_grow_without_end(customer: Customer) -> None:
    field("f0", "formula", formula="n + n")
    with pytest.raises(BadFormula):
        for step in range(1, 20):
            field(f"f{step}", "formula", formula=f"f{step - 1} + f{step - 1}")


def test_a_formula_shows_nothing_of_what_is_hidden(customer: Customer) -> None:
    field("a", "formula", formula="n + employees")
    field("b", "formula", formula="a * 2")
    user = make.some_user()
    for hidden in ("custom__n", "employees", "custom__a"):
        actor = make.acting(user, kinds=[Customer], hidden=frozenset({("parties.customer", hidden)}))
        assert access.can_read(actor, Customer, "custom__b") is False
    assert access.can_read(make.acting(user, kinds=[Customer]), Customer, "custom__b") is True
