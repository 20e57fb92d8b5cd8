"""`make where`: from a noun to its places."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.where import forms, places


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("customers", ("customer", "customers")),
        ("customer", ("customer", "customers")),
        ("activities", ("activity", "activities")),
        ("address", ("address", "addresses")),
        ("addresses", ("address", "addresses")),
        ("order-lines", ("order_line", "order_lines")),
    ],
)
def test_singular_and_plural_are_one_noun(given: str, expected: tuple[str, str]) -> None:
    assert forms(given) == expected


def test_files_and_definitions_are_listed_and_mentions_are_not(tmp_path: Path) -> None:
    room = tmp_path / "src/clientier/rooms/parties"
    (room / "templates/parties").mkdir(parents=True)
    (room / "models.py").write_text("class Customer:\n    pass\n\n# a customer is a customer\n")
    (room / "resources.py").write_text('CUSTOMERS = Resource(slug="customers")\n')
    (room / "templates/parties/customer.html").touch()
    assert list(places("customers", tmp_path)) == [
        "src/clientier/rooms/parties/models.py:1: class Customer:",
        'src/clientier/rooms/parties/resources.py:1: CUSTOMERS = Resource(slug="customers")',
        "src/clientier/rooms/parties/templates/parties/customer.html",
    ]
