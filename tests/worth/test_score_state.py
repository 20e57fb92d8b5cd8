"""`clientier score --state`: what an ordinary run says of all lines, said without reading the older ones again."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import duckdb
import numpy as np
import pytest

from clientier.worth.state import kept, names
from tests.worth.order_lines import company_lines, differences, run, write_lines
from tests.worth.state.random_books import FIRST_DAY

NAMED = """'Customer ' || customer_key AS "Customer No.", DATE '1970-01-01' + day AS "Order Date", kind,
    (amount_e4 * 0.0001::DECIMAL(5,4))::DECIMAL(18,4) AS revenue, cost_e4 / 10000.0 AS cost, freight_e4"""
CUTS = (0, 700, 900, 1_100)


def manifest(state: Path) -> dict:
    return json.loads((state / "state.json").read_text())


@pytest.fixture(scope="module")
def lines() -> dict:
    return company_lines(1)


@pytest.fixture(scope="module")
def few() -> dict:
    """Lines of a very small company."""
    return company_lines(2, lines=60, customers=9)


@pytest.fixture(scope="module")
def folder(lines, tmp_path_factory) -> Path:
    """Three files of lines, one after the other, of customers named by text."""
    folder = tmp_path_factory.mktemp("lines")
    for place, (start, end) in enumerate(itertools.pairwise(CUTS)):
        span = f"day - {FIRST_DAY} >= {start} AND day - {FIRST_DAY} < {end}"
        write_lines(folder / f"part-{place}.parquet", lines, span, NAMED)
    return folder


@pytest.fixture(scope="module")
def ordinary(folder, tmp_path_factory) -> list[Path]:
    """The scores of an ordinary run after each file, each knowing the one before."""
    parts, scores, place_of_scores = sorted(folder.glob("*.parquet")), [], tmp_path_factory.mktemp("scores")
    for place in range(len(parts)):
        scores.append(place_of_scores / f"{place}.parquet")
        previous = ["--previous", scores[-2]] if place else []
        assert run(*parts[: place + 1], "--model", "mbg", "--out", scores[-1], *previous) == 0
    return scores


def test_scores_from_a_folded_state_are_those_of_all_lines(folder, ordinary, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(names, "MOST_FILES", 2)
    monkeypatch.setattr(kept, "MOST_FILES", 2)
    ours, counts = [], []
    for place, part in enumerate(sorted(folder.glob("*.parquet"))):
        ours.append(tmp_path / f"ours-{place}.parquet")
        previous = ["--previous", ours[-2]] if place else []
        assert run(part, "--state", tmp_path / "state", "--out", ours[-1], *previous) == 0
        assert "model mbg (r " in capsys.readouterr().err
        assert differences(ordinary[place], ours[-1]) == {}
        counts.append([len(manifest(tmp_path / "state")[part]) for part in ("keys", "days", "gaps")])
    assert counts == [[1, 1, 1], [2, 2, 2], [1, 1, 1]]  # many files become one
    found = duckdb.sql(f"""SELECT count(*), count(*) FILTER (place IS NULL), count(DISTINCT tier),
        count(*) FILTER (lifecycle = 'lost'), max(tier_confirmations) FROM '{ours[-1]}'""").fetchall()[0]
    assert found[0] > 700 and min(found[1], found[3]) > 20 and found[2] == 5 and found[4] == 1


def test_tiers_and_moves_are_said_as_in_an_ordinary_run(folder, ordinary, tmp_path, capsys):
    parts, previous = folder / "*.parquet", ["--previous", ordinary[1]]
    assert run(parts, "--model", "mbg", *previous) == 0
    said = capsys.readouterr().out
    assert run(parts, "--state", tmp_path / "state", *previous) == 0
    assert capsys.readouterr().out == said and "moved " in said


def test_files_folded_before_are_left_out_and_nothing_changes(folder, tmp_path, capsys):
    state, glob = tmp_path / "state", folder / "part-[01].parquet"
    assert run(glob, "--state", state, "--out", tmp_path / "a.parquet") == 0
    before = manifest(state)
    assert run(glob, "--state", state, "--out", tmp_path / "b.csv") == 0
    assert "2 of 2 files were folded before and are left out" in capsys.readouterr().err
    assert manifest(state) == before
    assert duckdb.sql(f"SELECT count(*) FROM '{tmp_path / 'b.csv'}'").fetchall()[0][0] > 500
    assert run(folder / "*.parquet", "--state", state) == 0
    assert "folding 1 files" in capsys.readouterr().err
    assert len(manifest(state)["batches"]) == 3


def test_a_file_that_has_changed_is_refused_and_a_name_of_its_own_admits_it(few, tmp_path, capsys):
    path, state = tmp_path / "day.parquet", tmp_path / "state"
    write_lines(path, few, f"day < {FIRST_DAY + 400}")
    assert run(path, "--state", state) == 0
    write_lines(path, few, f"day >= {FIRST_DAY + 400}")
    before = manifest(state)
    assert run(path, "--state", state) == 2
    assert "was folded before and is another file now" in capsys.readouterr().err
    assert manifest(state) == before
    assert run(path, "--state", state, "--batch", "later") == 0
    assert manifest(state)["batches"][1:] == ["later"]


def test_what_a_state_does_not_know_it_asks_for_and_reads(folder, tmp_path, capsys):
    early, late, *rest = sorted(folder.glob("*.parquet"))
    state, ours, theirs = tmp_path / "state", tmp_path / "ours.parquet", tmp_path / "theirs.parquet"
    policy, all_lines = tmp_path / "rules.toml", ["--history", folder / "*.parquet"]
    policy.write_text('window_days = 500\nmodel = "bg"')
    assert run(early, *rest, "--state", state) == 0
    before = manifest(state)
    assert run(late, "--state", state, "--out", ours) == 2
    words = "have sales before the last one that the state knows; give all lines with --history"
    assert words in capsys.readouterr().err
    assert manifest(state) == before and not ours.exists()
    assert run(late, "--state", state, "--history", early, late) == 2
    assert "--history lacks lines that the state knows of " in capsys.readouterr().err
    assert manifest(state) == before
    assert run(late, "--state", state, *all_lines) == 0
    assert run(late, "--state", state, "--policy", policy, "--out", ours) == 2
    assert "does not keep the last 500 days; give all lines with --history" in capsys.readouterr().err
    assert run(late, "--state", state, "--policy", policy, *all_lines, "--out", ours) == 0
    assert run(folder / "*.parquet", "--policy", policy, "--out", theirs) == 0
    assert differences(theirs, ours) == {}


@pytest.mark.parametrize(
    "columns",
    [
        "customer_key AS customer, strftime(DATE '1970-01-01' + day, '%Y%m%d')::INTEGER AS date, "
        "amount_e4 / 10000.0 AS revenue",
        "customer_key::DOUBLE AS customer, (DATE '1970-01-01' + day)::TIMESTAMP + INTERVAL 23 HOUR AS date, "
        "(amount_e4 // 30000)::INTEGER AS quantity, 1.25 AS unit_price, freight_e4",
        "CASE WHEN place % 9 > 0 THEN ' ' || customer_key || ' ' END AS customer, day, kind, 'eur' AS currency, "
        "amount_e4 AS total_e4, CASE WHEN place % 3 > 0 THEN cost_e4 END AS cost_e4",
    ],
)
def test_columns_are_read_as_the_book_reads_them(few, tmp_path, columns, capsys):
    path = write_lines(tmp_path / "lines.parquet", few, columns=columns)
    ours, theirs, policy = tmp_path / "ours.parquet", tmp_path / "theirs.parquet", tmp_path / "rules.toml"
    policy.write_text('base_currency = "EUR"\nmodel = "mbg"\n[mapping.orders]\n' + (
        'amount = "total_e4"\n' if "total_e4" in columns else ""))  # fmt: skip
    assert run(path, "--policy", policy, "--state", tmp_path / "state", "--out", ours) == 0
    assert ("order lines without a customer set aside" in capsys.readouterr().err) == ("CASE" in columns)
    assert run(path, "--policy", policy, "--out", theirs) == 0
    assert differences(theirs, ours) == {}


def test_cdnow_by_its_published_figures(tmp_path, capsys):
    x, t_x, age, customers = np.loadtxt(
        Path(__file__).parent / "data" / "cdnow_counts.csv", delimiter=",", skiprows=1
    ).T
    key, day = [], []
    for repeats, last, until, count in zip(
        x.astype(int), np.rint(t_x * 7), np.rint(age * 7), customers, strict=True
    ):
        for _ in range(int(count)):
            bought = np.r_[np.arange(repeats), last] if repeats else np.zeros(1)
            key.append(np.full(len(bought), len(key)))
            day.append(FIRST_DAY + 273 - until + bought)
    columns = {"customer_key": np.concatenate(key), "day": np.concatenate(day).astype(np.int64)}
    columns["amount_e4"] = np.full(len(columns["day"]), 100_000)
    path = write_lines(tmp_path / "cdnow.parquet", columns)
    ours, theirs = tmp_path / "ours.parquet", tmp_path / "theirs.parquet"
    as_of = str(np.datetime64(FIRST_DAY + 273, "D"))
    assert run(path, "--as-of", as_of, "--model", "bg", "--state", tmp_path / "state", "--out", ours) == 0
    assert "2,357 customers" in (said := capsys.readouterr().err)
    assert "model bg (r 0.2426, alpha 30.9, a 0.7929, b 2.426) from 2,357 customers" in said
    assert run(path, "--as-of", as_of, "--model", "bg", "--out", theirs) == 0
    assert differences(theirs, ours) == {}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["{lines}", "--engine", "sail"],
            "--engine sail counts from a state only: use `clientier score --state",
        ),
        (["{lines}", "--history", "{lines}"], "--history belongs to a state; name its folder with --state"),
        (
            ["{lines}", "--state", "{state}", "--engine", "presto"],
            "--engine takes duckdb, sail, sc://HOST:PORT, not",
        ),
        (["{lines}", "--state", "{state}", "--costs", "{lines}"], "--costs cannot be had from a state"),
        (["{lines}", "--state", "{state}", "--report", "{lines}"], "--report cannot be had from a state"),
        (["{lines}", "--state", "{state}", "--model", "pareto"], "a state holds what mbg and bg need"),
        (
            ["{lines}", "--state", "{state}", "--policy", "{policy}"],
            "cannot do what the policy sets by returns_on",
        ),
        (["{lines}", "--state", "{state}", "--as-of", "2020-01-01"], "and --as-of cannot lie before that"),
        (["{csv}", "--state", "{state}"], "is not Parquet, which alone a state takes"),
        (["-", "--state", "{state}"], "a state takes Parquet files, nothing by standard input"),
        (["{lines}", "--state", "{csv}"], "is a file; --state names a folder"),
        (["{lines}", "--state", "{state}", "--map", "cost=Kosten"], "orders: column “Kosten” is missing"),
        (["{lines}", "--state", "{state}", "--out", "{lines}.docx"], "choose one of .parquet, .csv"),
    ],
)
def test_what_a_state_cannot_do_is_said_and_nothing_is_folded(few, tmp_path, capsys, arguments, words):
    places = {name: tmp_path / name for name in ("state", "lines", "csv", "policy")}
    places["lines"] = write_lines(tmp_path / "lines.parquet", few)
    places["csv"].write_text("customer,date,revenue\n1,2026-01-01,3\n")
    places["policy"].write_text('returns_on = "sale_day"')
    assert run(*(argument.format(**places) for argument in arguments)) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "state" / "state.json").exists()


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (
            "* REPLACE ((DATE '1970-01-01' + day)::VARCHAR AS day)",
            "column “day” is of type VARCHAR, which no state",
        ),
        ("* REPLACE (amount_e4::VARCHAR AS amount_e4)", "column “amount_e4” is of type VARCHAR"),
        ("* REPLACE ((DATE '1970-01-01' + day)::TIMESTAMPTZ AS day)", "is of type TIMESTAMP WITH TIME ZONE"),
        ("* REPLACE (if(place = 7, 99999999, day) AS day)", "“99999999” is not a date"),
        ("* REPLACE (if(place = 7, NULL, day) AS day)", "column “day” has empty cells"),
        ("* REPLACE (if(place = 7, 'nan'::DOUBLE, 1.5) AS amount_e4)", "“nan” is not an amount"),
        (
            "* REPLACE (if(place = 7, 'gift', kind) AS kind)",
            "“gift” is not a known kind; one of sale, return",
        ),
        (
            "* REPLACE (if(place < 9, 'cancel', kind) AS kind)",
            "these hold cancellations (9 rows alike); leave",
        ),
        ("* REPLACE (1 AS amount_e4, 'return' AS kind)", "a return has a positive amount"),
        ("*, if(place = 7, 'usd', '') AS currency", "“usd” is not the base currency"),
        ("*, place // 2 AS line_id", "lines more than once; remove the repetition"),
    ],
)
def test_lines_that_no_state_can_take_are_refused(few, tmp_path, capsys, columns, words):
    path = write_lines(tmp_path / "lines.parquet", few, columns=columns)
    assert run(path, "--state", tmp_path / "state") == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "state" / "state.json").exists()


def test_names_cannot_join_a_state_of_numbers(few, folder, tmp_path, capsys):
    state = tmp_path / "state"
    assert run(write_lines(tmp_path / "lines.parquet", few), "--state", state) == 0
    before = manifest(state)
    assert run(folder / "part-2.parquet", "--state", state) == 2
    assert (
        "the state names its customers by whole numbers, and these lines by text" in capsys.readouterr().err
    )
    assert manifest(state) == before
