"""`clientier score`, `validate` and `whatif` as they are typed: answers from files alone, errors in words with
exit code 2.
"""

from __future__ import annotations

import argparse
import datetime
import json
import re
import subprocess
import sys
from html.parser import HTMLParser

import duckdb
import pytest

from clientier.site import score, whatif
from tests.worth.simulated import launched_book, mbg_book

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


@pytest.mark.parametrize(
    ("language", "model"), [("en", "auto"), ("zh", "mbg"), ("en", "pareto"), ("zh", "nbd")]
)
def test_the_report_is_whole_and_needs_nothing_from_outside(book, tmp_path, language, model):
    report = tmp_path / "report.html"
    assert run(book, "--report", report, "--lang", language, "--model", model) == 0
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
        (["{book}", "--out", "/no/such/folder/x.csv"], "there is no folder /no/such/folder"),
        (
            ["{book}", "--engine", "spark"],
            "--engine spark counts from a state only: use `clientier score --state",
        ),
        (["{book}", "--previous", "{book}"], "does not hold the scores of a run"),
        (["{folder}"], "is a folder; name its files"),
        (["{folder}/empty.csv"], "empty.csv is empty"),
        (["{folder}/noise.csv"], "text in no encoding that is known here"),
        (["{folder}/broken.xlsx"], "cannot be read as a spreadsheet"),
        (["nothing.csv", "--lang", "zh"], "找不到文件：nothing.csv"),
    ],
)
def test_mistakes_are_said_in_words_with_exit_code_two(book, capsys, arguments, words):
    (book.parent / "empty.csv").touch()
    (book.parent / "noise.csv").write_bytes(bytes(range(0x80, 0x100)) * 8)
    (book.parent / "broken.xlsx").write_bytes(b"PK-broken")
    places = {"{book}": str(book), "{folder}": str(book.parent)}
    for sign, place in places.items():
        arguments = [argument.replace(sign, place) for argument in arguments]
    assert run(*arguments) == 2
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


def test_headings_may_stand_in_the_policy_file(book, tmp_path):
    rules, out = tmp_path / "policy.toml", tmp_path / "scored.csv"
    rules.write_text('band = 0.2\n[mapping.orders]\namount = "cost"\n')
    assert run(book, "--policy", rules, "--out", out) == 0
    assert duckdb.sql(f"SELECT sum(revenue)::INTEGER FROM '{out}'").fetchall() == [(7500,)]
    rules.write_text('[mapping.people]\nid = "x"\n')
    assert run(book, "--policy", rules) == 2


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_the_run_before_gives_movement(book, tmp_path, capsys, ending):
    before, report = tmp_path / f"before.{ending}", tmp_path / "report.html"
    assert run(book, "--as-of", "2026-05-31", "--out", before) == 0
    capsys.readouterr()
    assert run(book, "--previous", before, "--report", report) == 0
    assert "Movement between tiers" in report.read_text(encoding="utf-8")
    assert run(book, "--previous", before) == 0
    assert "moved" not in capsys.readouterr().out  # nobody did: the same four in the same order


def shell(*arguments, **options) -> subprocess.CompletedProcess:
    """The real command in a process of its own."""
    command = [sys.executable, "-m", "clientier.site.command", *(str(argument) for argument in arguments)]
    place = {"PYTHONPATH": ":".join(sys.path), "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run(command, capture_output=True, env=place, check=False, **options)


def test_orders_come_by_standard_input():
    done = shell("score", "-", input=BOOK.encode())
    assert done.returncode == 0
    assert done.stdout.decode().startswith("tier 1          1 customers")
    assert "35 of 35 order lines" in done.stderr.decode()


def test_nothing_by_standard_input_is_refused_in_words():
    done = shell("score", "-", stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert done.stderr.decode() == "clientier score: nothing came by standard input\n"


def test_a_reader_that_goes_away_leaves_no_traceback(book):
    script = (
        f"{sys.executable} -m clientier.site.command score {book} 2>err.txt | true; echo ${{PIPESTATUS[0]}}"
    )
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, cwd=book.parent, check=True,
        env={"PYTHONPATH": ":".join(sys.path), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.stdout.decode().strip() in ("0", "1")
    assert "Traceback" not in (book.parent / "err.txt").read_text()


def test_an_interrupt_leaves_no_traceback(book):
    code = (
        "import sys, signal, os; from clientier.site import command, score; "
        "signal.signal(signal.SIGINT, signal.default_int_handler); "  # a shell's background work ignores it
        "score._score = lambda args: os.kill(os.getpid(), signal.SIGINT) or signal.pause(); "
        f"sys.exit(command.main(['score', {str(book)!r}]))"
    )
    place = {"PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=place, check=False)
    assert done.returncode == 130 and b"Traceback" not in done.stderr


@pytest.fixture(scope="module")
def long_book(tmp_path_factory):
    path = tmp_path_factory.mktemp("long") / "orders.parquet"
    with duckdb.connect(":memory:") as engine:
        engine.register("lines", mbg_book(customers=400))
        engine.execute(f"COPY lines TO '{path}' (FORMAT parquet)")
    return path


def test_validate_prints_a_table_and_writes_figures_and_page(long_book, tmp_path):
    figures, page = tmp_path / "found.json", tmp_path / "page.html"
    done = shell("validate", long_book, "--origins", "1", "--out", figures, "--report", page, "--lang", "zh")
    assert done.returncode == 0
    assert "engine " in done.stdout.decode() and "asking at 2025-12-31 (1 of 1)" in done.stderr.decode()
    found = json.loads(figures.read_text())
    assert [entry["origin"] for entry in found["origins"]] == ["2025-12-31"]
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=|https?://|@import|url\(|<script", text)
    assert "结果可信吗" in text
    Balanced().check(text)


def test_validate_names_the_days_left_out_before_any_promise(tmp_path):
    path = tmp_path / "launched.parquet"
    with duckdb.connect(":memory:") as engine:
        engine.register("lines", launched_book())
        engine.execute(f"COPY lines TO '{path}' (FORMAT parquet)")
    done = shell("validate", path, "--origins", "3", "--horizon", "90", "--model", "mbg")
    told = done.stdout.decode()
    days = told.splitlines()[0].removeprefix("90 days after ").split(", ")
    assert f"LEFT OUT 1 of 3 days ({days[0]})" in told.splitlines()[1]
    assert "error below naive all days" in told


def test_validate_says_that_a_history_is_too_short(book):
    short = "customer,date,amount\nA,2026-01-01,5\nA,2026-01-20,5\n"
    done = shell("validate", "-", input=short.encode())
    assert done.returncode == 2
    assert "the history of 19 days is too short" in done.stderr.decode()


def test_what_if_shows_the_arithmetic_and_who_moves(book, tmp_path):
    out = tmp_path / "answer.json"
    done = shell("whatif", book, "--price", "+10%", "--set", "boundaries=0.5,0.5", "--out", out)
    assert done.returncode == 0
    lines = done.stdout.decode().splitlines()
    assert lines[0].split() == ["net", "profit", "before", "1,100.00"]
    assert lines[1].split() == ["prices", "+860.00"]
    assert "tier 3 -> 1         1 customers" in lines
    assert json.loads(out.read_text())["totals"]["n_moved"] == len(json.loads(out.read_text())["movers"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--price", "cheap"], "--price takes a number, not 'cheap'"),
        (["--set", "colour=red"], "--set knows boundaries, future_weight, elasticity, not 'colour'"),
        (["--service", "1=24"], "--service takes TIER=CONTACTSxMINUTES, not '1=24'"),
        (["--driver", "coffee=2"], "drivers cannot be"),
        (["--set", "boundaries=0.5,0.6"], "the setting “boundaries” cannot be"),
        (["--minute-cost", "nan"], "--minute-cost takes a number, not 'nan'"),
    ],
)
def test_questions_that_cannot_be_meant_are_refused(book, capsys, arguments, words):
    parser = argparse.ArgumentParser()
    whatif.add_arguments(parser)
    assert whatif.run(parser.parse_args([str(book), *arguments])) == 2
    assert words in capsys.readouterr().err


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
