"""`clientier score` as it is typed: scores and report from files alone, errors in words with exit code 2."""

from __future__ import annotations

import argparse
import datetime
import re
import subprocess
import sys
from html.parser import HTMLParser

import duckdb
import pytest

from clientier.site import score

BOOK = "customer,date,revenue,cost,order\n" + "".join(
    f"{name},2026-{month:02d}-{3 + place},{100 * (place + 1)},"
    f"{60 * (place + 1) + (260 if place == 2 else 0)},{month}{place}\n"
    for place, name in enumerate(["Anna <b>&", "北京远景", "Carl", "Dora"])
    for month in range(1, 10)
    if (place, month) != (3, 9)
)


def run(*arguments) -> int:
    parser = argparse.ArgumentParser()
    score.add_arguments(parser)
    return score.run(parser.parse_args([str(argument) for argument in arguments]))


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(BOOK, encoding="utf-8")
    return path


def test_scores_and_report_are_written(book, tmp_path, capsys):
    out, report = tmp_path / "scored.parquet", tmp_path / "report.html"
    assert run(book, "--out", out, "--report", report, "--currency", "€") == 0
    rows = duckdb.sql(
        f"SELECT customer_id, net_profit, tier FROM '{out}' ORDER BY net_profit DESC"
    ).fetchall()
    assert [(name, str(profit)) for name, profit, _ in rows] == [
        ("Dora", "1280.0000"), ("北京远景", "720.0000"), ("Anna <b>&", "360.0000"), ("Carl", "-1260.0000"),
    ]  # fmt: skip
    page = report.read_text(encoding="utf-8")
    assert "Anna &lt;b&gt;&amp;" in page and "Anna <b>" not in page
    assert "€1,280" in page and "−€1,260" in page
    assert "35 of 35 order lines" in capsys.readouterr().err


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_is_whole_and_needs_nothing_from_outside(book, tmp_path, language):
    report = tmp_path / "report.html"
    assert run(book, "--report", report, "--lang", language) == 0
    page = report.read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=|https?://|@import|url\(|<script", page)
    assert "{" not in re.sub(r"<style>.*?</style>", "", page, flags=re.S)
    Balanced().check(page)


class Balanced(HTMLParser):
    """Every element that is opened is closed, in order."""

    def check(self, page: str) -> None:
        self.open: list[str] = []
        self.feed(page)
        assert self.open == ["html"]

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag != "html":
            assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        pass


def test_costs_and_customers_come_from_files_of_their_own(book, tmp_path):
    costs, customers, out = tmp_path / "costs.csv", tmp_path / "customers.csv", tmp_path / "scored.parquet"
    costs.write_text("customer,date,Betrag,kind\nCarl,2026-05-01,12.50,fee\n")
    customers.write_text("customer,name\nCarl,Carl & Co\nEva,Eva\n")
    assert (
        run(book, "--costs", costs, "--customers", customers, "--map", "costs.amount=Betrag", "--out", out)
        == 0
    )
    rows = duckdb.sql(
        f"SELECT name, serve_fee::DOUBLE, lifecycle FROM '{out}' WHERE customer_id IN ('Carl', 'Eva')"
    )
    assert rows.fetchall() == [("Carl & Co", 12.5, "loyal"), ("Eva", 0.0, "potential")]


def test_csv_holds_the_same_rows(book, tmp_path):
    out = tmp_path / "scored.csv"
    assert run(book, "--out", out) == 0
    assert duckdb.sql(f"SELECT count(*), sum(revenue) FROM '{out}'").fetchall()[0][0] == 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing.csv"], "orders: no such file: nothing.csv; check the path, or put the glob in quotes"),
        (["{book}", "--as-of", "31.3.2026"], "--as-of takes a day like 2026-03-31, not '31.3.2026'"),
        (["{book}", "--map", "revenue"], "--map takes COLUMN=HEADING, not 'revenue'"),
        (
            ["{book}", "--map", "cost=Kosten"],
            "orders: column “Kosten” is missing; the table has: customer, date",
        ),
        (["{book}", "--out", "{book}.docx"], "choose one of .parquet, .csv"),
        (["nothing.csv", "--lang", "zh"], "找不到文件：nothing.csv"),
    ],
)
def test_mistakes_are_said_in_words_with_exit_code_two(book, capsys, arguments, words):
    assert run(*(argument.replace("{book}", str(book)) for argument in arguments)) == 2
    assert words in capsys.readouterr().err


def test_a_wrong_cell_is_said_with_row_and_column(tmp_path, capsys):
    path = tmp_path / "orders.csv"
    path.write_text("customer,date,amount\nA,2026-01-01,5\nA,2026-01-02,five\n")
    assert run(path) == 2
    assert (
        "orders row 2 column “amount”: “five” is not an amount; write it like 1234.56"
        in capsys.readouterr().err
    )


def test_rules_come_from_a_toml_file(book, tmp_path, capsys):
    rules = tmp_path / "policy.toml"
    rules.write_text("window_days = 30\nboundaries = [0.2, 0.3, 0.5]\n")
    assert run(book, "--policy", rules) == 0
    assert "tier 3" in capsys.readouterr().out
    rules.write_text("window = 30\n")
    assert run(book, "--policy", rules) == 2
    assert "the policy has no setting “window”" in capsys.readouterr().err


def test_spreadsheets_are_read(tmp_path):
    import xlsxwriter  # a development dependency of this test alone

    path, out = tmp_path / "orders.xlsx", tmp_path / "scored.csv"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        date = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["客户", "日期", "金额"])
        sheet.write_row(1, 0, ["甲", None, 12.5])
        sheet.write_datetime(1, 1, datetime.datetime(2026, 3, 5), date)
    assert run(path, "--out", out) == 0
    assert duckdb.sql(f"SELECT customer_id, lifetime_revenue, last_day::VARCHAR FROM '{out}'").fetchall() == [
        ("甲", 12.5, "2026-03-05")
    ]


def test_neither_django_nor_the_crm_is_imported():
    code = (
        "import sys; import clientier.site.score, clientier.worth.report.page; "
        "print([name for name in sys.modules if name.startswith(('django', 'clientier.core'))])"
    )
    place = {"PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=place)
    assert done.stdout.strip() == "[]"
