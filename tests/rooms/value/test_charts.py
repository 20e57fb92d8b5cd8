from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from clientier.kit.cells import Setting
from clientier.rooms.value.charts import bridge, cohorts, flow, groups, layers, moves, ribbons, whale
from clientier.rooms.value.choices import Driver
from clientier.rooms.value.queries.profit import Whale, concentration, whale_curve

SETTING = Setting(currency="CNY", today=dt.date(2026, 11, 20))


def area(points: str) -> float:
    """The area of a trapezoid given by its four corners."""
    corners = [tuple(map(float, corner.split(","))) for corner in points.split()]
    (x1, y1), (x2, _y2), (x3, y3), (x4, _y4) = corners
    return (y3 - y1) * ((x2 - x1) + (x3 - x4)) / 2


def test_areas_of_the_pyramid_are_to_each_other_as_the_customers() -> None:
    picture = layers.upright([10, 190, 300, 500], 0.2)
    whole = layers.HEIGHT * layers.HALF
    assert [round(area(shape.points) / whole, 2) for shape in picture.shapes] == [0.01, 0.19, 0.30, 0.50]


def test_the_benchmark_line_has_a_fifth_of_the_pyramid_above_it() -> None:
    picture = layers.upright([10, 190, 300, 500], 0.2)
    assert float(picture.mark) == pytest.approx(layers.TOP + layers.HEIGHT * 0.2**0.5, abs=0.1)


def test_profit_below_zero_hangs_under_the_zero_line_in_the_same_scale() -> None:
    picture = layers.inverted([300.0, 500.0, 200.0, -100.0], 0.8)
    areas = [area(shape.points) for shape in picture.shapes]
    assert [round(each / areas[1], 2) for each in areas] == [0.6, 1.0, 0.4, 0.2]
    assert [shape.negative for shape in picture.shapes] == [False, False, False, True]
    highest_red = min(float(corner.split(",")[1]) for corner in picture.shapes[3].points.split())
    assert highest_red > float(picture.zero)


def test_without_losses_there_is_no_zero_line() -> None:
    assert layers.inverted([3.0, 2.0, 1.0, 0.0], 0.8).zero == ""


def test_when_all_is_lost_everything_hangs_under_the_zero_line_and_no_benchmark_is_drawn() -> None:
    picture = layers.inverted([0.0, 0.0, -50.0, -150.0], 0.8)
    assert picture.mark == ""
    assert [shape.empty for shape in picture.shapes] == [True, True, False, False]
    assert area(picture.shapes[3].points) == pytest.approx(3 * area(picture.shapes[2].points), rel=0.02)


def test_nobody_at_all_makes_empty_layers_that_still_have_labels() -> None:
    picture = layers.upright([0, 0, 0, 0], 0.2)
    assert [shape.empty for shape in picture.shapes] == [True] * 4


def test_labels_keep_their_distance_and_stay_inside_the_picture() -> None:
    picture = layers.upright([1, 1, 1, 10_000], 0.2)
    heights = [float(shape.label_y) for shape in picture.shapes]
    assert all(below - above >= layers.LABEL_ROOM - 0.1 for above, below in pairwise(heights))
    assert heights[0] >= layers.LABEL_ROOM / 2 and heights[-1] <= layers.HEIGHT + 2 * layers.TOP


def whale_of(*profits: int) -> Whale:
    return whale_curve(np.array(profits) * 10_000)


def test_a_whale_of_nobody_is_flat() -> None:
    curve = whale_of()
    assert (curve.peak, curve.peak_customers, curve.total, list(curve.cumulative)) == (0, 0, 0, [0])
    assert concentration(np.array([])).gini == 0


def test_the_whale_in_figures_tells_the_nearest_rank_that_the_curve_keeps() -> None:
    amounts = [Decimal(number) for number in (0, 90, 100, 110, 190, 200)]
    kept = SimpleNamespace(
        customers=[0, 9, 10, 11, 40, 100], cumulative=amounts, total=Decimal(200), peak_customers=0
    )
    told = [
        [cell if isinstance(cell, str) else cell["text"] for cell in row]
        for row in whale.table(kept, "CNY")["rows"]
    ]
    assert [(rank, amount) for _, rank, amount, _ in told] == [
        ("1", "¥0"), ("5", "¥90"), ("10", "¥100"), ("20", "¥110"), ("50", "¥190"), ("100", "¥200")
    ]  # fmt: skip


def test_the_whale_peaks_before_those_who_lose_and_gives_back_the_rest() -> None:
    curve = whale_of(-30, 100, 50, -20, 0)
    assert (curve.peak, curve.peak_customers, curve.total, curve.given_back) == (150, 2, 100, 50)
    assert (curve.below_zero, list(curve.cumulative)) == (2, [0, 100, 150, 150, 130, 100])


def test_a_whale_of_nothing_but_losses_has_no_peak() -> None:
    curve = whale_of(-5, -7)
    assert (curve.peak, curve.peak_customers, curve.total) == (0, 0, -12)


def test_concentration_of_equals_is_zero_and_of_one_among_many_is_high() -> None:
    assert concentration(np.full(10, 5)).gini == pytest.approx(0.0)
    alone = concentration(np.array([100] + [0] * 9))
    assert alone.gini == pytest.approx(0.9)
    assert alone.shares == {1: 1.0, 5: 1.0, 10: 1.0, 20: 1.0}


def person(pk: int, profit: int, name: str = "Suzhou Henglian") -> Any:
    return SimpleNamespace(pk=pk, customer=name, net_profit=Decimal(profit))


def test_names_on_the_whale_open_their_cards() -> None:
    curve = whale_of(60_000, 30_000, -20_000)
    drawn = whale.chart(curve, [person(7, 60_000)], [person(9, -20_000)], "CNY")
    ends = [series["data"][1] for series in drawn["options"]["series"] if len(series["data"]) == 2][1:]
    assert [end["url"] for end in ends] == ["/customers/7/", "/customers/9/"]
    assert ends[0]["name"] == "Suzhou Henglian  ¥60.0\u202fk"


def test_the_whale_stands_in_a_table_too_with_its_peak() -> None:
    curve = whale_of(60_000, 30_000, -20_000)
    rows = whale.table(curve, "CNY")["rows"]
    assert [cell if isinstance(cell, str) else cell["text"] for cell in rows[-2]] == [
        "Peak", "2", "¥90,000", "128.6%"
    ]  # fmt: skip


def test_long_chinese_names_are_cut_to_the_width_of_the_picture() -> None:
    curve = whale_of(60_000)
    long = person(7, 60_000, "北京钧亘精密制造(集团)股份有限公司")
    drawn = whale.chart(curve, [long], [], "CNY")
    assert drawn["options"]["series"][-1]["data"][1]["name"].startswith("北京钧亘精密制造(集团)股…")


def amounts(**changes: int) -> dict[str, Decimal]:
    made = {"revenue": 1000, "discount": 50, "cost_of_goods": 600, "gross_margin": 400, "net_profit": 250}
    made |= {f"serve_{driver}": 0 for driver in Driver.values} | {"serve_minutes": 100, "serve_rebate": 50}
    return {name: Decimal(amount) for name, amount in (made | changes).items()}


def test_each_step_of_the_bridge_begins_where_the_one_before_left_off() -> None:
    drawn = bridge.bridge(amounts(), dt.date(2025, 11, 21), dt.date(2026, 11, 20), "CNY")
    assert [(step["label"], step["x"], step["width"]) for step in drawn["steps"]] == [
        ("Revenue", "0.0", "1000.0"),
        ("Cost of goods", "400.0", "600.0"),
        ("Gross margin", "0.0", "400.0"),
        ("Messages and other time", "300.0", "100.0"),
        ("Rebates", "250.0", "50.0"),
        ("Net profit", "0.0", "250.0"),
    ]


def test_a_bridge_that_ends_below_zero_goes_left_of_the_zero_line() -> None:
    steps = amounts(net_profit=-100, serve_rebate=400)
    drawn = bridge.bridge(steps, dt.date(2025, 11, 21), dt.date(2026, 11, 20), "CNY")
    last = drawn["steps"][-1]
    assert (drawn["zero"], last["x"], last["width"], last["tone"]) == ("90.9", "0.0", "90.9", "bad")


def test_steps_of_the_bridge_open_their_records_of_the_window() -> None:
    drawn = bridge.bridge(amounts(), dt.date(2025, 11, 21), dt.date(2026, 11, 20), "CNY")
    urls = {step["label"]: step["url"] for step in drawn["steps"]}
    assert urls["Rebates"] == "/costs/?f=kind%3Ain%3Arebate&f=day%3Abetween%3A2025-11-21%2C2026-11-20"


def test_bars_of_losses_go_left_from_the_shared_zero() -> None:
    assert groups.bar(Decimal(-25), Decimal(-25), Decimal(75)) == {
        "x": "0.00", "width": "25.00", "zero": "25.00", "tone": "bad"
    }  # fmt: skip


def test_ribbons_are_as_wide_as_their_customers_and_leave_no_gap_in_a_bar() -> None:
    drawn = ribbons.draw({("repeat", "loyal"): 30, ("repeat", "lost"): 10}, ("repeat", "loyal", "lost"))
    scale = (ribbons.HEIGHT - ribbons.GAP) / 40
    assert [(ribbon.after, ribbon.customers) for ribbon in drawn.ribbons] == [("loyal", 30), ("lost", 10)]
    assert float(drawn.left[0].height) == pytest.approx(40 * scale, abs=0.1)
    assert [float(node.height) for node in drawn.right] == pytest.approx([30 * scale, 10 * scale], abs=0.1)


def test_streams_mean_something() -> None:
    assert flow.tone_of("repeat", "lost") == "bad"
    assert flow.tone_of("lost", "repeat") == "good"
    assert flow.tone_of("loyal", "repeat") == "warn"
    assert flow.tone_of("first_time", "repeat") == "good"
    assert flow.tone_of("loyal", "loyal") == "stay"


@dataclass(frozen=True)
class Mover:
    way: str = "up"
    before: str = "major"
    after: str = "important"
    customer_id: int = 1
    name: str = "Suzhou Henglian"
    now: dict[str, Any] = field(default_factory=dict)
    former: dict[str, Any] = field(default_factory=dict)
    months: tuple[int, ...] = ()


def figures(revenue: int, margin: int, service: int, rank: int) -> dict[str, Any]:
    return {
        "revenue": Decimal(revenue),
        "gross_margin": Decimal(margin),
        "cost_to_serve": Decimal(service),
        "net_profit": Decimal(margin - service),
        "rank": rank,
        "first_day": dt.date(2024, 1, 5),
    }


def test_the_reason_names_what_moved_the_profit_most() -> None:
    grew = Mover(former=figures(100_000, 30_000, 5_000, 60), now=figures(200_000, 60_000, 9_000, 47))
    assert moves.reason(grew, 500, SETTING) == (
        "Rank 47 of 500, was 60: sales rose from ¥100.0\u202fk to ¥200.0\u202fk"
    )
    sank = Mover(
        way="down", former=figures(100_000, 30_000, 5_000, 60), now=figures(100_000, 22_000, 5_000, 90)
    )
    assert moves.reason(sank, 500, SETTING) == (
        "Rank 90 of 500, was 60: gross margin went from 30.0% to 22.0% of sales"
    )
    dear = Mover(
        way="down", former=figures(100_000, 30_000, 5_000, 60), now=figures(100_000, 30_000, 40_000, 480)
    )
    assert moves.reason(dear, 500, SETTING) == (
        "Brings no profit any more (rank 480 of 500, was 60): cost to serve rose from ¥5,000 to ¥40.0\u202fk"
    )


def test_who_stood_still_while_others_moved_is_told_so() -> None:
    same = figures(100_000, 30_000, 5_000, 60)
    assert moves.reason(Mover(former=same, now=same | {"rank": 55}), 500, SETTING).endswith(
        ": others fell behind"
    )
    assert moves.reason(Mover(former=same, now=same | {"rank": 61}), 500, SETTING).endswith(
        "this one confirms it"
    )


def test_newcomers_are_told_since_when() -> None:
    new = Mover(way="new", before="", former={"net_profit": None}, now=figures(100, 30, 5, 60))
    assert moves.reason(new, 500, SETTING) == "New since 5 Jan 2024, rank 60 of 500"


def riser(gap: int, profit: int = 1000, orders: int = 10) -> Any:
    return SimpleNamespace(
        pk=3, customer=SimpleNamespace(name="Anji Tea"), tier="ordinary", net_profit=Decimal(profit),
        gap_to_next=Decimal(gap), orders=orders, expected_profit=None, months=[1, 2],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (250, "3 more orders like the 10 of the last 12 months"),
        (90, "1 more order like the 10 of the last 12 months"),
        (99_000, ""),
    ],
)
def test_the_gap_is_told_in_orders(gap: int, words: str) -> None:
    assert moves.candidates([riser(gap)], SETTING)[0]["closing"] == words


def test_the_shares_of_a_cohort_are_of_those_who_began_in_it() -> None:
    cohort = SimpleNamespace(start=dt.date(2025, 7, 1), customers=8, bought=[8, 6, 2])
    drawn = cohorts.heat([cohort])
    assert drawn["rows"][0]["label"] == "2025 H2"
    assert [(cell["text"], cell["step"], cell["unfinished"]) for cell in drawn["rows"][0]["cells"]] == [
        ("75%", 6, False), ("25%", 2, True)
    ]  # fmt: skip
