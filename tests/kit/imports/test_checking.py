from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from clientier.kit.imports.checking import Checker
from clientier.kit.imports.combining import open_mapped_source
from clientier.kit.imports.mapping import mapping_from_dict
from clientier.kit.imports.reasons import ImportRefusedError
from tests.kit.imports.declared import CUSTOMERS, ORDER_LINES

FIELDS = {
    "order": "no",
    "line_no": "line",
    "day": "day",
    "customer": {"column": "who", "prefix": "R-"},
    "amount": "sum",
}
FILE = (
    "no,line,day,who,sum,extra\n"
    "A,1,2024-01-02,7,10.50,\n"
    "A,2,2024-02-30,7,ten,\n"
    "A,1,2024-01-02,7,1,\n"
    ",3,2024-01-02,7,1,\n"
    "B,1,2024-01-03,8,2,,surplus\n"
    "B,2,2024-01-03,8,,\n"
)


def checker(path, fields=FIELDS, target=ORDER_LINES, **options):
    mapping = mapping_from_dict({"target": target.slug, "fields": fields, **options})
    return Checker(target, mapping, open_mapped_source(path, mapping))


def test_each_row_comes_out_as_values_or_as_reasons(write_file):
    checked = checker(write_file(FILE))
    rows = {row.row_number: row for row in checked.rows()}
    assert rows[2].values == {
        "order": "A",
        "line_no": 1,
        "day": date(2024, 1, 2),
        "customer": "R-7",
        "amount": Decimal("10.5"),
    }
    assert rows[7].values["amount"] is None
    assert {number: list(map(str, row.problems)) for number, row in rows.items() if row.problems} == {
        3: ["day: “2024-02-30” names a day that does not exist", "sum: “ten” is not a number"],
        4: ["has the same key as row 2: A · 1"],
        5: ["no: must not be empty"],
        6: ["the row has 7 cells, the headings only 6"],
    }
    assert (checked.summary.rows, checked.summary.good, checked.summary.in_error) == (6, 2, 4)
    assert checked.summary.reasons["day", "no_such_day"] == 1


def test_checking_again_starts_anew(write_file):
    checked = checker(write_file(FILE))
    first = [row.problems for row in checked.rows()]
    assert [row.problems for row in checked.rows()] == first
    assert checked.summary.rows == 6


def test_a_key_is_looked_for_over_the_whole_file(write_file):
    lines = "id,name\n" + "".join(f"{n},x\n" for n in range(7_000)) + "3,again\n"
    checked = checker(write_file(lines), {"external_id": "id", "name": "name"}, CUSTOMERS)
    problems = [(row.row_number, str(row.problems[0])) for row in checked.rows() if row.problems]
    assert problems == [(7_002, "has the same key as row 5: 3")]


def test_constants_defaults_and_joined_names_fill_fields(write_file):
    path = write_file("id,first,last\n1,Ann,Lee\n2,,Wang\n")
    fields = {"external_id": "id", "name": {"columns": ["first", "last"]}, "country": {"constant": "CN"}}
    rows = [row.values for row in checker(path, fields, CUSTOMERS).rows()]
    assert rows == [
        {"external_id": "1", "kind": "company", "name": "Ann Lee", "country": "CN"},
        {"external_id": "2", "kind": "company", "name": "Wang", "country": "CN"},
    ]


def test_the_form_of_dates_can_be_said_for_the_file_and_for_one_field(write_file):
    path = write_file("no,day,who\n1,3/4/2024,x\n")
    fields = {"order": "no", "day": "day", "customer": "who"}
    (by_file,) = checker(path, fields, date_order="mdy").rows()
    assert by_file.values["day"] == date(2024, 3, 4)
    fields["day"] = {"column": "day", "date_order": "dmy"}
    (by_field,) = checker(path, fields, date_order="mdy").rows()
    assert by_field.values["day"] == date(2024, 4, 3)


def test_an_instant_falls_on_the_day_of_the_mapping_s_time_zone(write_file):
    path = write_file("no,day,who\n1,2024-01-01T20:00:00Z,x\n")
    fields = {"order": "no", "day": "day", "customer": "who"}
    (row,) = checker(path, fields, time_zone="Asia/Shanghai").rows()
    assert row.values["day"] == date(2024, 1, 2)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"order": "no", "day": "day"}, "The field “Customer” is required and nothing is mapped to it."),
        (FIELDS | {"colour": "no"}, "“colour” is not a field of Order lines."),
        (FIELDS | {"cost": "Kosten"}, "The file has no column “Kosten”."),
        (
            FIELDS | {"cost": {"constant": "dear"}},
            "The constant for “Cost” cannot be used: “dear” is not a number",
        ),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_before_any_row(write_file, fields, sentence):
    with pytest.raises(ImportRefusedError) as refused:
        checker(write_file(FILE), fields)
    assert str(refused.value) == sentence


def test_a_second_file_adds_its_columns_by_key(write_file):
    write_file("GeographyKey,City,name\n1,Alexandria,AU\n2,Köln,DE\n", "places.csv")
    path = write_file("id,name,place\n1,A,2\n2,B,9\n")
    fields = {"external_id": "id", "name": "name", "city": "City", "country": "places.name"}
    join = {"file": "places.csv", "on": "place", "to": "GeographyKey"}
    rows = [row.values for row in checker(path, fields, CUSTOMERS, joins=[join]).rows()]
    assert [(row["city"], row["country"]) for row in rows] == [("Köln", "DE"), (None, None)]


def test_a_joined_file_outside_the_folder_is_not_opened(write_file):
    join = {"file": "../../etc/passwd", "on": "id", "to": "x"}
    with pytest.raises(ImportRefusedError, match="There is no file"):
        checker(write_file("id,name\n1,A\n"), {"external_id": "id", "name": "name"}, CUSTOMERS, joins=[join])


def test_a_join_key_that_occurs_twice_is_refused(write_file):
    write_file("k,v\n1,a\n1,b\n", "second.csv")
    join = {"file": "second.csv", "on": "id", "to": "k"}
    with pytest.raises(ImportRefusedError, match="the key “1” occurs more than once"):
        checker(write_file("id,name\n1,A\n"), {"external_id": "id", "name": "name"}, CUSTOMERS, joins=[join])


def test_rows_are_chosen_by_what_a_column_holds(write_file):
    path = write_file("id,name,state,test\n1,A,on,0\n2,B,off,0\n3,C,on,1\n")
    where = [{"column": "state", "values": ["on"]}, {"column": "test", "values": ["1"], "keep": False}]
    checked = checker(path, {"external_id": "id", "name": "name"}, CUSTOMERS, where=where)
    assert [(row.row_number, row.values["name"]) for row in checked.rows()] == [(2, "A")]
