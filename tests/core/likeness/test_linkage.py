"""Searching many records for those of one and the same."""

from __future__ import annotations

from typing import Any

import pytest

from bench import duplicates as bench
from clientier.core.likeness.closing import following
from clientier.core.likeness.comparisons import COMPANY, PERSON
from clientier.core.likeness.gathered import gathering
from clientier.core.likeness.records import compared

pytest.importorskip("splink", reason="Splink is of the extra dedupe")
from clientier.core.likeness.linkage import Pair, find_pairs


def pairs_of(kind: str, *facts: dict[str, Any]) -> list[tuple[int, int]]:
    return [(pair.first, pair.second) for pair in found(kind, dict(enumerate(facts)))]


def found(kind: str, facts: dict[int, dict[str, Any]]) -> list[Pair]:
    with gathering(kind) as records:
        records.add((key, compared(kind, each)) for key, each in facts.items())
        return find_pairs(records)


def test_companies_that_are_kept_twice_are_found() -> None:
    pairs = pairs_of(
        COMPANY,
        {"name": "华为技术有限公司", "phone": "0755-28780808", "city": "深圳"},
        {"name": "Acme Ltd", "email": "info@acme.example", "city": "Leeds"},
        {"name": "深圳市华为技术有限公司", "phone": "+86 755 2878 0808", "city": "深圳市"},
        {"name": "Zeppelin GmbH", "phone": "+49 30 1234567", "city": "Berlin"},
        {"name": "ACME, Inc.", "website": "https://www.acme.example", "city": "Leeds"},
    )
    assert sorted(pairs) == [(0, 2), (1, 4)]


def test_who_only_shares_a_city_or_a_common_name_is_not_the_same() -> None:
    pairs = pairs_of(
        PERSON,
        {"name": "Wei Zhang", "city": "Wuhan", "born": "1980-01-02", "phone": "+86 27 5550 2842"},
        {"name": "Wei Zhang", "city": "Wuhan", "born": "1991-12-30", "phone": "+86 27 5561 9999"},
        {"name": "Li Na", "city": "Wuhan"},
    )
    assert pairs == []


def test_one_record_or_none_has_no_pairs() -> None:
    assert pairs_of(PERSON) == []
    assert pairs_of(PERSON, {"name": "Ada Lovelace"}) == []
    assert pairs_of(PERSON, {}, {}) == []


def test_the_evidence_says_what_speaks_for_it() -> None:
    records = {
        5: {"name": "Acme Ltd", "phone": "+44 113 496 0000", "city": "Leeds"},
        9: {"name": "Acme Inc", "phone": "+44 113 496 0000", "city": "Leeds"},
        7: {"name": "Zeppelin", "phone": "+44 113 496 0777", "city": "York"},
    }
    pair = found(COMPANY, records)[0]
    assert (pair.first, pair.second) == (5, 9)
    assert {name: step for name, (step, _weight) in pair.evidence.items()} == {
        "core": "equal",
        "phone": "equal",
        "city": "equal",
    }
    assert pair.probability > 0.99


def test_what_is_like_the_same_third_is_alike() -> None:
    pairs = list(following([(1, 2, 0.9), (2, 3, 0.9), (4, 5, 0.6), (5, 6, 0.9)], least=0.5))
    assert pairs == [(1, 3, pytest.approx(0.81))]


def test_a_circle_too_large_to_be_one_is_left_alone() -> None:
    chain = [(number, number + 1, 0.99) for number in range(30)]
    assert list(following(chain, least=0.5)) == []


@pytest.mark.skipif(not (bench.SHARED / "febrl").exists(), reason=f"no Febrl data at {bench.SHARED}")
@pytest.mark.parametrize("files", [("dataset3",), ("dataset4a", "dataset4b")])
def test_febrl_s_duplicates_are_found(files: tuple[str, ...]) -> None:
    _precision, _recall, f1 = bench.febrl(files)
    assert f1 >= 0.95


@pytest.mark.skipif(not (bench.SHARED / "zh-names").exists(), reason=f"no Chinese names at {bench.SHARED}")
def test_chinese_short_and_legal_names_are_alike() -> None:
    precision, recall, _f1 = bench.chinese_pairs()
    assert precision >= 0.97
    assert recall >= 0.97


@pytest.mark.skipif(not (bench.SHARED / "febrl").exists(), reason=f"no Febrl data at {bench.SHARED}")
def test_contacts_are_found_and_colleagues_left_apart() -> None:
    precision, recall, f1 = bench.contacts_of_companies()
    assert precision > 0.9
    assert recall > 0.8
    assert f1 > 0.87
