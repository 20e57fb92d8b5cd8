from __future__ import annotations

import csv

from python_calamine import load_workbook

from clientier.kit.imports.checking import Checker
from clientier.kit.imports.combining import open_mapped_source
from clientier.kit.imports.mapping import mapping_from_dict
from clientier.kit.imports.problems import guarded, write_problems_csv, write_problems_workbook
from clientier.kit.imports.reading import open_source
from tests.kit.imports.declared import CUSTOMERS

FILE = 'id,name,employees\n1,A,5\n,=cmd(),-7\n3,C,-7.5\n4,"D, E",many\n'
MAPPING = mapping_from_dict(
    {"target": "customers", "fields": {"external_id": "id", "name": "name", "employees": "employees"}}
)


def problems_of(source):
    return [
        (row.row_number, row.problems) for row in Checker(CUSTOMERS, MAPPING, source).rows() if row.problems
    ]


def test_rows_in_error_come_back_with_their_columns_and_the_reasons(write_file, tmp_path):
    source = open_mapped_source(write_file(FILE), MAPPING)
    target = tmp_path / "errors.csv"
    assert write_problems_csv(source, problems_of(source), target) == 3
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    with target.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["id", "name", "employees", "Reason", "Row in the file"],
            ["", "'=cmd()", "-7", "id: must not be empty", "3"],
            ["3", "C", "-7.5", "employees: “-7.5” is not a whole number", "4"],
            ["4", "D, E", "many", "employees: “many” is not a number", "5"],
        ]


def test_the_file_of_errors_can_be_imported_again_as_it_was(write_file, tmp_path):
    source = open_source(write_file(FILE))
    target = tmp_path / "errors.csv"
    write_problems_csv(source, problems_of(source), target)
    again = problems_of(open_source(target))
    assert [str(problem) for _, problems in again for problem in problems] == [
        str(problem) for _, problems in problems_of(source) for problem in problems
    ]


def test_the_workbook_of_errors_holds_texts_as_texts(write_file, tmp_path):
    source = open_source(write_file(FILE))
    target = tmp_path / "errors.xlsx"
    assert write_problems_workbook(source, problems_of(source), target) == 3
    rows = load_workbook(target).get_sheet_by_index(0).to_python()
    assert rows[1] == ["", "=cmd()", "-7", "id: must not be empty", 3.0]


def test_only_texts_that_a_spreadsheet_would_run_are_guarded():
    assert [guarded(text) for text in ("=1", "@x", "+49 170", "-", "-5.20", "+7", "(3)", "plain", "＝1")] == [
        "'=1",
        "'@x",
        "'+49 170",
        "'-",
        "-5.20",
        "+7",
        "(3)",
        "plain",
        "'＝1",
    ]
