from __future__ import annotations

import pytest

from clientier.kit.imports.reading import open_source
from clientier.kit.imports.reasons import ImportRefusedError
from clientier.kit.imports.source import Limits


def rows_of(source):
    return [
        (chunk.row_numbers[position], *chunk.cells(position, source.headings))
        for chunk in source.chunks()
        for position in range(len(chunk))
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_from_the_rows(write_file, delimiter):
    source = open_source(
        write_file(delimiter.join("abc") + "\n" + delimiter.join(["1,5", "2", "x y"]) * 1 + "\n")
    )
    assert source.facts.delimiter == delimiter or delimiter == ","


def test_semicolons_win_over_decimal_commas(write_file):
    source = open_source(write_file("name;price\nNut;1,50\nBolt;2,75\nNail;0,10\n"))
    assert source.facts.delimiter == ";"
    assert rows_of(source) == [(2, "Nut", "1,50"), (3, "Bolt", "2,75"), (4, "Nail", "0,10")]


def test_a_line_that_names_the_delimiter_is_obeyed_and_is_no_heading(write_file):
    source = open_source(write_file("sep=|\na|b\n1|2\n"))
    assert source.headings == ("a", "b")
    assert rows_of(source) == [(3, "1", "2")]


def test_cells_over_several_lines_keep_their_lines_and_count_as_one_row(write_file):
    source = open_source(write_file('a,b\r\n"one\r\ntwo","say ""hi"""\r\n3,4\r\n'))
    assert rows_of(source) == [(2, "one\r\ntwo", 'say "hi"'), (3, "3", "4")]


def test_title_lines_above_the_headings_are_passed_over(write_file):
    source = open_source(write_file("Sales 2024,,,\n,,,\nno,day,customer,amount\n1,2024-01-02,A,5\n"))
    assert source.facts.heading_row == 3
    assert source.headings == ("no", "day", "customer", "amount")
    assert rows_of(source) == [(4, "1", "2024-01-02", "A", "5")]


def test_a_file_without_headings_gets_numbered_ones(write_file):
    source = open_source(write_file("1,A\n2,B\n"), heading_row=0)
    assert source.headings == ("Column 1", "Column 2")
    assert rows_of(source) == [(1, "1", "A"), (2, "2", "B")]


def test_empty_and_repeated_headings_get_names_of_their_own(write_file):
    assert open_source(write_file("name,,name\n1,2,3\n")).headings == ("name", "Column 2", "name (2)")


def test_a_wrong_byte_makes_its_row_a_fault_and_no_other(write_file):
    source = open_source(
        write_file("name,n\n张三,1\n".encode() + b"Stra\xdfe,2\n" + "李四王五赵六,3\n".encode() * 9)
    )
    (chunk,) = source.chunks()
    assert list(chunk.faults) == [1]
    assert str(chunk.faults[1]) == "contains bytes that are not UTF-8: Stra\\xdfe,2"
    assert chunk.columns["name"][:3] == ("张三", "Stra\\xdfe", "李四王五赵六")


def test_a_quote_that_is_never_closed_costs_only_its_own_row(write_file):
    source = open_source(write_file('a,b\n1,x\n"2,y\n3,z\n4,"w"\n'))
    (chunk,) = source.chunks()
    assert chunk.row_numbers == [2, 3, 4, 5]
    assert chunk.columns["a"] == ("1", '"2', "3", "4")
    assert {position: reason.code for position, reason in chunk.faults.items()} == {1: "quote_not_closed"}


def test_quotes_inside_a_cell_that_were_not_doubled_are_forgiven(write_file):
    assert rows_of(open_source(write_file('a,b\n"12" pipe",x\n3"4,"y"\n'))) == [
        (2, '12" pipe', "x"),
        (3, '3"4', "y"),
    ]


def test_two_quotes_that_are_never_closed_do_not_swallow_each_other(write_file):
    (chunk,) = open_source(write_file('a,b\n"1,x\n"2,y\n3,z\n')).chunks()
    assert chunk.columns["a"] == ('"1', '"2', "3")
    assert list(chunk.faults) == [0, 1]


def test_a_quote_not_closed_in_a_large_file_costs_only_its_own_row(write_file):
    source = open_source(write_file('a,b\n"1,x\n' + "2,y\n" * 60_000))
    chunks = list(source.chunks())
    assert sum(len(chunk) for chunk in chunks) == 60_001
    assert sum(len(chunk.faults) for chunk in chunks) == 1


def test_short_rows_are_filled_and_longer_rows_are_faults(write_file):
    (chunk,) = open_source(write_file("a,b,c\n1\n1,2,3,4\n1,2,3,,\n")).chunks()
    assert chunk.columns["c"] == ("", "3", "3")
    assert str(chunk.faults[1]) == "the row has 4 cells, the headings only 3"
    assert list(chunk.faults) == [1]


def test_blank_lines_are_left_out_and_still_counted(write_file):
    assert rows_of(open_source(write_file("a,b\n\n1,2\n,\n3,4\n"))) == [(3, "1", "2"), (5, "3", "4")]


def test_rows_come_in_chunks_and_the_count_is_exact_when_done(write_file):
    source = open_source(write_file("n\n" + "".join(f"{n:05}\n" for n in range(12_345))))
    assert source.row_estimate == pytest.approx(12_345, rel=0.01)
    assert source.row_count is None
    assert [len(chunk) for chunk in source.chunks(rows_at_a_time=5_000)] == [5_000, 5_000, 2_345]
    assert source.row_count == 12_345


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\n\n", "file_empty"),
        (b"%PDF-1.7 something", "not_a_table"),
        (b"\x01\x02\x03\x04,\x05\n" * 50, "not_a_table"),
        (b"PAR1 but nothing more", "damaged"),
        (b"PK\x03\x04 but nothing more", "damaged"),
    ],
)
def test_what_is_no_table_is_refused(write_file, content, code):
    with pytest.raises(ImportRefusedError) as refused:
        open_source(write_file(content))
    assert refused.value.reason.code == code


def test_too_large_a_file_and_too_many_columns_are_refused(write_file):
    path = write_file("a,b,c\n1,2,3\n")
    with pytest.raises(ImportRefusedError, match="larger than 0 megabytes"):
        open_source(path, limits=Limits(file_bytes=4))
    with pytest.raises(ImportRefusedError, match="3 columns, more than 2"):
        open_source(path, limits=Limits(columns=2))
