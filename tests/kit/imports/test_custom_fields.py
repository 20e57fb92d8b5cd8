"""Imports fill custom fields like built-in ones: proposed by name, checked, written, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from clientier.core.actor import Door
from clientier.kit.imports.registry import TARGETS
from clientier.rooms.parties.models import Customer
from tests import factories as make
from tests.core.custom.defining import COLOURS, field
from tests.kit.imports.running import counts, errors, imported

pytestmark = pytest.mark.django_db

FILE = """Customer number,Name,Shop area,颜色,Until,Brands,Dealer,OK
1,One,12.5,红,2026-05-01,Red; blue,2,yes
2,Two,,Blue,,,,no
"""
WRONG = """Customer number,Name,Shop area,颜色,Until,Brands,Dealer,OK
3,Three,wide,green,soon,Red; green,,perhaps
4,Four,-1,,,,,
5,Five,,,,,9,
6,Six,1,,,,,
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    field("area", "number", names={"en": "Shop area"}, lowest="0")
    field("colour", "choice", names={"en": "Colour", "zh-hans": "颜色"}, choices=COLOURS)
    field("until", "date")
    field("brands", "choices", choices=COLOURS)
    field("dealer", "customer")
    field("ok", "yes_no", names={"en": "OK"})
    path = tmp_path / "customers.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_a_file_fills_them_by_the_names_of_its_columns(file: Path) -> None:
    run = imported(file, "customers")
    assert counts(run)[:2] == (2, 2)
    one, two = (Customer.objects.get(external_id=number) for number in "12")
    assert one.custom == {
        "area": "12.5", "colour": "red", "until": "2026-05-01", "brands": ["red", "blue"], "dealer": two.pk,
        "ok": True,
    }  # fmt: skip
    assert two.custom == {"colour": "blue", "ok": False}


def test_rows_that_do_not_fit_are_refused_with_the_reason_and_the_others_come_in(
    file: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(WRONG, encoding="utf-8")
    by_name = {
        "external_id": "Customer number", "name": "Name", "custom__area": "Shop area", "custom__colour": "颜色",
        "custom__until": "Until", "custom__brands": "Brands", "custom__dealer": "Dealer", "custom__ok": "OK",
    }  # fmt: skip
    run = imported(wrong, "customers", by_name)
    assert counts(run)[:2] == (4, 1)
    found = [" ".join(reasons) for _row, reasons in sorted(errors(run).items())]
    assert all(word in found[0] for word in ("wide", "green", "soon", "perhaps"))
    assert "At least 0" in found[1] and "“9”" in found[2]
    assert Customer.objects.get().custom == {"area": "1"}


def test_a_second_file_changes_only_what_it_names(file: Path, tmp_path: Path) -> None:
    imported(file, "customers")
    again = tmp_path / "again.csv"
    again.write_text("Customer number,Name,Shop area\n1,One,13\n", encoding="utf-8")
    assert counts(imported(again, "customers"))[2] == 1
    custom = Customer.objects.get(external_id="1").custom
    assert (custom["area"], custom["colour"]) == ("13", "red")


def test_who_may_not_write_a_field_is_not_offered_it(file: Path) -> None:
    user = make.some_user()
    actor = make.acting(
        user, kinds=[Customer], door=Door.IMPORT, locked=frozenset({("parties.customer", "custom__area")})
    )
    names = TARGETS["customers"].for_actor(actor).by_name
    assert "custom__area" not in names and "custom__until" in names
