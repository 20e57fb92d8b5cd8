from __future__ import annotations

from datetime import date, datetime

import pytest

from clientier.kit.imports.reading import open_source
from clientier.kit.imports.survey import detect, survey
from clientier.kit.imports.targets import Kind


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "2", "30"], Kind.INTEGER),
        (["1.5", "2", "-"], Kind.DECIMAL),
        (["¥1,234.50", "(3.00)"], Kind.DECIMAL),
        (["2024-01-02", "2024/1/3", ""], Kind.DAY),
        ([20240102, 20240103], Kind.DAY),
        ([date(2024, 1, 2)], Kind.DAY),
        ([datetime(2024, 1, 2, 3)], Kind.MOMENT),
        (["2024-01-02T03:04:05Z"], Kind.MOMENT),
        (["是", "否"], Kind.YES_NO),
        ([True, False], Kind.YES_NO),
        (["0", "1"], Kind.INTEGER),
        (["1", "1", "1", "2"], Kind.INTEGER),
        (["1"] * 97 + ["2", "3", "2"], Kind.INTEGER),
        (["y", "1", "n"], Kind.YES_NO),
        (["007", "12"], Kind.TEXT),
        (["6222021234567890123"], Kind.TEXT),
        (["Alpha", "Beta"], Kind.TEXT),
    ],
)
def test_the_kind_of_a_column_is_told_from_its_cells(cells, kind):
    assert detect(cells).kind is kind


def test_day_and_month_are_told_from_the_whole_column():
    assert detect(["3/4/2024", "25/12/2024"]).form.date_order == "dmy"
    assert detect(["3/4/2024", "12/25/2024"]).form.date_order == "mdy"
    assert not detect(["3/4/2024", "12/25/2024"]).ambiguous
    assert detect(["3/4/2024", "5/6/2024"]).ambiguous


def test_the_decimal_mark_is_told_from_the_whole_column():
    assert detect(["1,234", "2,50"]).form.decimal_mark == ","
    assert detect(["1,234", "2.50"]).form.decimal_mark == "."
    assert detect(["1,234", "5,678"]).ambiguous


def test_what_does_not_fit_is_shown():
    detection = detect(["2024-01-02"] * 19 + ["soon"])
    assert (detection.kind, detection.confidence, detection.rejected) == (Kind.DAY, 0.95, ("soon",))


def test_a_question_that_the_first_rows_leave_open_is_decided_further_down(write_file):
    rows = (
        "day;price;note\n" + "3/4/2024;1,234;abc\n" * 6_000 + "12/25/2024;1,5;abc\n" + "1/1/2024;1;abc\n" * 9
    )
    day, price, note = survey(open_source(write_file(rows)))
    assert (day.detection.form.date_order, day.detection.ambiguous) == ("mdy", False)
    assert (price.detection.form.decimal_mark, price.detection.ambiguous) == (",", False)
    assert (note.detection.kind, note.samples, note.distinct_share) == (Kind.TEXT, ("abc",), 1 / 5_000)


def test_a_question_that_nothing_decides_stays_marked(write_file):
    (day,) = survey(open_source(write_file("day\n" + "3/4/2024\n" * 6_000)))
    assert day.detection.ambiguous


def test_the_columns_of_a_file_without_rows_are_shown_all_the_same(write_file):
    assert [column.heading for column in survey(open_source(write_file("a,b\n")))] == ["a", "b"]
