from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np

from clientier.site.demo.amounts import divide_half_even, to_decimal
from clientier.site.demo.world import World


def test_division_rounds_the_middle_to_the_even_neighbour() -> None:
    numerators = np.array([5, 15, 25, -5, -15, 14, 16, -16])
    assert divide_half_even(numerators, 10).tolist() == [0, 2, 2, 0, -2, 1, 2, -2]


def test_amounts_are_quantity_times_price_less_discount(world: World) -> None:
    lines = world.lines
    assert np.array_equal(
        lines["amount_e4"], lines["quantity"] * lines["unit_price_e4"] - lines["discount_e4"]
    )
    assert lines["amount_e4"].dtype == np.int64
    assert (lines["unit_price_e4"] > 0).all()


def test_base_amounts_agree_with_decimal_arithmetic(world: World) -> None:
    rate = dict(world.orders.rows("number", "rate_e6"))
    for name in ("amount", "cost", "freight", "discount"):
        rows = list(world.lines.rows("order", f"{name}_e4", f"{name}_base_e4"))[::101]
        for order, local_e4, base_e4 in rows:
            exact = to_decimal(local_e4) * rate[order] / 1_000_000
            assert exact.quantize(Decimal("0.0001"), ROUND_HALF_EVEN) == to_decimal(base_e4)


def test_returns_mirror_lines_that_were_sold(world: World) -> None:
    orders, lines = world.orders, world.lines
    original = {number: of for number, of in orders.rows("number", "return_of") if of}
    day, buyer = dict(orders.rows("number", "day")), dict(orders.rows("number", "customer"))
    sold = {(row[0], row[1]): row[2:] for row in lines.rows("order", "product", "quantity", "unit_price_e4")}
    assert len(original) > 2000
    columns = (
        "order",
        "product",
        "quantity",
        "unit_price_e4",
        "amount_e4",
        "cost_e4",
        "discount_e4",
        "freight_e4",
    )
    for order, product, quantity, price_e4, amount_e4, cost_e4, discount_e4, freight_e4 in lines.rows(
        *columns
    ):
        if order not in original:
            assert quantity > 0 and amount_e4 > 0 and freight_e4 >= 0
            continue
        sold_quantity, sold_price_e4 = sold[original[order], product]
        assert 0 < -quantity <= sold_quantity
        assert price_e4 == sold_price_e4
        assert amount_e4 < 0 and cost_e4 <= 0 and discount_e4 <= 0 and freight_e4 == 0
        assert day[order] > day[original[order]]
        assert buyer[order] == buyer[original[order]]


def test_rates_cover_every_order_and_drift_mildly(world: World) -> None:
    rates = world.rates
    for currency, low, high in (("USD", 6.3, 8.0), ("EUR", 6.8, 8.9), ("HKD", 0.81, 1.03), ("CNY", 1, 1)):
        series = rates["rate_e6"][rates["currency"] == currency] / 1e6
        assert low <= series.min() and series.max() <= high
    months = rates["day"].astype("datetime64[M]")
    by_month = {
        (one, str(month)): rate
        for one, month, rate in zip(rates["currency"], months, rates["rate_e6"], strict=True)
    }
    order_months = world.orders["day"].astype("datetime64[M]")
    used = zip(world.orders["currency"], order_months, world.orders["rate_e6"], strict=True)
    assert all(by_month[currency, str(month)] == rate for currency, month, rate in used)


def test_prices_have_at_most_four_decimals_below_ten_and_two_above(world: World) -> None:
    price_e4 = world.lines["unit_price_e4"]
    assert (price_e4[price_e4 >= 100_000] % 100 == 0).all()
    assert (price_e4[price_e4 < 100_000] % 100 != 0).any()


def test_costs_to_serve_are_positive_and_of_all_kinds(world: World) -> None:
    assert (world.costs["amount_e4"] > 0).all()
    assert set(world.costs["kind"]) == {
        "freight", "rebate", "fee", "reward", "expense", "late_interest", "bad_debt", "service",
    }  # fmt: skip
