from __future__ import annotations

from datetime import date
from pathlib import Path

from clientier.site.demo.generator import generate
from clientier.site.demo.tables import write_csv
from clientier.site.demo.world import World

TODAY = date(2026, 11, 21)


def written(world: World, folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in write_csv(world, folder)}


def test_same_seed_and_day_give_the_same_bytes(tmp_path: Path) -> None:
    first = written(generate(3, TODAY, size=150), tmp_path / "first")
    second = written(generate(3, TODAY, size=150), tmp_path / "second")
    assert len(first) == 13
    assert first == second


def test_another_seed_gives_other_customers_and_orders(tmp_path: Path) -> None:
    first = written(generate(3, TODAY, size=150), tmp_path / "first")
    second = written(generate(4, TODAY, size=150), tmp_path / "second")
    same = {name for name in first if first[name] == second[name]}
    assert same == {"teams.csv", "territories.csv", "users.csv"}


def test_any_day_and_small_sizes_work() -> None:
    for today in (date(2024, 2, 29), date(2027, 1, 1), date(2055, 6, 30)):
        world = generate(1, today, size=60)
        assert len(world.customers) == 60
        assert world.orders["day"].max().item() < today
        assert world.orders["day"].min().item().year >= today.year - 3


def test_summary_counts_what_is_there(world: World) -> None:
    summary = world.summary()
    assert summary["customers"] == 4000
    assert summary["companies"] + summary["persons"] == 4000
    assert summary["products"] == 120
    assert 45_000 <= summary["orders"] <= 62_000
    assert 100_000 <= summary["lines"] <= 140_000
    assert summary["returns"] == sum(kind == "return" for kind in world.orders["kind"])
    assert 3_600 <= summary["buyers"] <= 3_680


def test_csv_shows_amounts_in_decimals(tmp_path: Path) -> None:
    world = generate(3, TODAY, size=60)
    text = {path.name: path.read_text("utf-8-sig") for path in write_csv(world, tmp_path)}
    assert text["rates.csv"].splitlines()[:2] == ["currency,day,rate_to_base", "CNY,2023-10-01,1.000000"]
    heading, first = (line.split(",") for line in text["lines.csv"].splitlines()[:2])
    row = dict(zip(heading, first, strict=True))
    assert float(row["amount"]) == world.lines["amount_e4"][0] / 10_000
    assert len(row["unit_price"].split(".")[1]) == 4
