"""Further telephones and addresses in one text."""

from __future__ import annotations

import pytest

from clientier.core.channels import Channel, channels_in, emails_in, phones_in, written


def test_lines_and_semicolons_part_them_and_a_word_before_names_them() -> None:
    assert channels_in("Mobile: +86 138 0000 0000\nada@x.example; 传真：027 5550\n\n") == [
        Channel("+86 138 0000 0000", "Mobile"), Channel("ada@x.example"), Channel("027 5550", "传真"),
    ]  # fmt: skip


def test_addresses_and_telephones_are_told_apart() -> None:
    text = "Home: 0113 496 0000\nPrivate: ada@x.example"
    assert (emails_in(text), phones_in(text)) == (["ada@x.example"], ["0113 496 0000"])


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("+44 (113) 496-0000", "tel:+441134960000"), ("027 5550 ext. 12", "tel:0275550"), ("*100#", "tel:*100#"),
        ("ada@x.example", "mailto:ada@x.example"), ("nobody", ""), ("a b@x", ""),
    ],
)  # fmt: skip
def test_a_touch_opens_what_is_one(value: str, url: str) -> None:
    assert Channel(value).url == url


def test_they_are_written_one_a_line_each_once() -> None:
    found = channels_in("Mobile: 1 2; 12; ada@x.example")
    assert written(found, lambda number: number.replace(" ", "")) == "Mobile: 12\nada@x.example"
