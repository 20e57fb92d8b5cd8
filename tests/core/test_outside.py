"""What comes from outside is read, or is nothing; it is no fault of the product."""

from __future__ import annotations

from typing import Any

import pytest

from clientier.core.outside import is_like, is_storable, whole_number, whole_numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0), ("12", 12), ("007", 7), ("１２", 12), ("9" * 18, 10**18 - 1),
        ("", None), ("²", None), ("-1", None), ("1.0", None), (" 1", None), ("abc", None), ("9" * 19, None),
        ("9" * 5000, None),
    ],
)  # fmt: skip
def test_a_whole_number_is_read_from_figures_alone(text: str, number: int | None) -> None:
    assert whole_number(text) == number
    assert whole_numbers(["3", text]) == ([3] if number is None else [3, number])


@pytest.mark.parametrize("text", ["\0", "a\ud800", "\udfff b"])
def test_what_cannot_be_stored_is_found_at_any_depth(text: str) -> None:
    for value in (text, [text], ["a", [{"b": text}]], {"a": {text: 1}}):
        assert not is_storable(value), value
    assert is_storable({"a": ["é", "汉", "\n", "😀", None, 1, True]})


@pytest.mark.parametrize(
    ("value", "shape", "fits"),
    [
        ({"en": "A"}, {str: str}, True), ({"en": 5}, {str: str}, False), ("A", {str: str}, False),
        ({}, {str: str}, True), ([["a"]], [[str]], True), (["a"], [[str]], False), (True, int, False),
        ({"kind": ["a"]}, {str: [str]}, True), ({"kind": "a"}, {str: [str]}, False),
        ({"code": "a"}, {"code": str, "retired": bool}, True), ({"extra": "a"}, {"code": str}, False),
        ({"code": "a", "retired": 0}, {"code": str, "retired": bool}, False),
    ],
)  # fmt: skip
def test_json_has_a_shape_or_not(value: Any, shape: Any, fits: bool) -> None:
    assert is_like(value, shape) is fits
