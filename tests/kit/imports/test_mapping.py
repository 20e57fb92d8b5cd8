from __future__ import annotations

import json

import pytest

from clientier.kit.imports.headings import heading_signature, heading_words, normal_heading
from clientier.kit.imports.mapping import (
    Binding,
    FieldMapping,
    Join,
    Where,
    mapping_from_dict,
    mapping_to_dict,
)
from clientier.kit.imports.proposing import propose, proposed_mapping
from clientier.kit.imports.reading import open_source
from clientier.kit.imports.reasons import ImportRefusedError
from clientier.kit.imports.survey import survey
from tests.kit.imports.declared import CUSTOMERS, ORDER_LINES

MAPPING = FieldMapping(
    target="customers",
    fields={
        "external_id": Binding(("ResellerKey",), prefix="R-"),
        "name": Binding(("FirstName", "LastName")),
        "kind": Binding(constant="person"),
        "city": Binding(("City",)),
        "first_seen": Binding(("Since",), date_order="mdy"),
    },
    encoding="gb18030",
    heading_row=2,
    decimal_mark=",",
    time_zone="Asia/Shanghai",
    joins=(Join("DimGeography.parquet", on="GeographyKey", to="GeographyKey", take=("City",)),),
    where=(Where("Status", ("Current",)), Where("Test", ("1",), keep=False)),
)


def test_a_mapping_comes_back_from_its_json():
    assert mapping_from_dict(json.loads(json.dumps(mapping_to_dict(MAPPING)))) == MAPPING


def test_the_json_of_a_mapping_is_what_a_person_would_write():
    assert mapping_to_dict(MAPPING)["fields"] == {
        "external_id": {"column": "ResellerKey", "prefix": "R-"},
        "name": {"columns": ["FirstName", "LastName"]},
        "kind": {"constant": "person"},
        "city": "City",
        "first_seen": {"column": "Since", "date_order": "mdy"},
    }


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"fields": None}, "fields"),
        ({"target": None}, "target"),
        ({"colour": "red"}, "colour"),
        ({"date_order": "dym"}, "date_order"),
        ({"fields": {"name": {"columm": "x"}}}, "fields.name.columm"),
        ({"fields": {"name": {}}}, "fields.name"),
        ({"fields": {"name": {"column": "x", "constant": "y"}}}, "fields.name"),
        ({"fields": {"name": 5}}, "fields.name"),
        ({"joins": [{"file": "x"}]}, "joins.on"),
        ({"joins": "x"}, "joins, where"),
        ({"where": [{"column": "a", "values": "b"}]}, "where.values"),
    ],
)
def test_a_mapping_that_is_not_understood_names_the_place(change, place):
    with pytest.raises(ImportRefusedError) as refused:
        mapping_from_dict({"target": "customers", "fields": {"name": "Name"}} | change)
    assert str(refused.value) == f"The mapping file is not understood at “{place}”."


def test_headings_are_the_same_however_they_are_written():
    spellings = ["CustomerKey", "customer_key", "Customer key", "CUSTOMER-KEY", " customer  KEY "]
    assert {normal_heading(heading) for heading in spellings} == {"customerkey"}
    assert heading_words("客户编号ID") == ("客户编号", "id")
    assert heading_words("ORACLE_ID__C") == ("oracle", "id")


def test_files_of_one_shape_share_a_signature():
    assert heading_signature(["Order No", "day"]) == heading_signature(["DAY", "order_no"])
    assert heading_signature(["Order No", "day"]) != heading_signature(["Order No", "days"])


def test_chinese_headings_are_recognised(write_file):
    columns = survey(
        open_source(write_file("客户编号,公司名称,城市,员工人数,建档日期\nC1,甲公司,上海,12,2024年1月2日\n"))
    )
    assert {proposal.field: proposal.column for proposal in propose(CUSTOMERS, columns)} == {
        "external_id": "客户编号",
        "name": "公司名称",
        "city": "城市",
        "employees": "员工人数",
        "first_seen": "建档日期",
    }


def test_values_speak_against_a_heading(write_file):
    columns = survey(
        open_source(write_file("Order No,Date,Customer id,Amount\n1,2024-01-02,A,high\n2,2024-01-03,B,low\n"))
    )
    proposals = {proposal.field: proposal for proposal in propose(ORDER_LINES, columns)}
    assert "amount" not in proposals
    assert (proposals["day"].confidence, proposals["day"].basis) == (0.95, "synonym")


def test_a_column_and_a_field_are_used_once(write_file):
    columns = survey(open_source(write_file("Customer name,Name,Company name,id\nA,B,C,1\n")))
    mapping = proposed_mapping(CUSTOMERS, columns)
    assert mapping.fields == {"name": Binding(("Name",)), "external_id": Binding(("id",))}
