"""Records in columns: read back as they were, put into blocks, and gone when the search is over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clientier.core.likeness import blocks
from clientier.core.likeness.comparisons import CONTACT
from clientier.core.likeness.gathered import Gathered, gathering
from clientier.core.likeness.records import compared

pytest.importorskip("splink", reason="Splink is of the extra dedupe")
from clientier.core.likeness.linkage import find_pairs


def ada(**facts: str) -> dict[str, str | None]:
    return compared(CONTACT, {"name": "Ada Lovelace", "email": "ada@acme.example", **facts})


@pytest.fixture
def records() -> Iterator[Gathered]:
    with gathering(CONTACT) as made:
        yield made


def test_records_are_read_back_as_they_were(records: Gathered) -> None:
    one, other = ada(), ada(name="O'Neill; DROP TABLE record", phone="+44 113 496 0000", email="")
    records.add([(7, one), (9, other)])
    assert records.at([9, 7, 7, 8]) == {7: one, 9: other}
    assert len(records) == 2
    assert records.at([]) == {}


def test_pairs_of_two_sides_are_across_them_alone(records: Gathered) -> None:
    bob = compared(CONTACT, {"name": "Bob Brown", "email": "bob@brown.example"})
    records.add([(2, ada()), (4, ada()), (6, bob)], "contact")
    assert find_pairs(records) == []
    records.add(
        [(3, ada()), (5, compared(CONTACT, {"name": "Eve Green", "email": "eve@green.example"}))], "person"
    )
    assert {(pair.first, pair.second) for pair in find_pairs(records)} == {(2, 3), (3, 4)}


def test_what_everybody_shares_makes_no_block(records: Gathered) -> None:
    records.add((key, ada(name=f"N{key} Lovelace")) for key in range(blocks.LARGEST))
    assert blocks.lay(records, [("email",), ("together",)]) == {}
    records.connection.execute(f"DROP TABLE {blocks.LAID}; DELETE FROM record WHERE unique_id > 2")
    assert blocks.lay(records, [("email",), ("together",), ("phone",)]) == {("email",): 3}


def test_of_too_many_pairs_those_of_the_largest_blocks_are_left_out(records: Gathered) -> None:
    mails = [*(["many@acme.example"] * 150), *(f"two{n // 2}@acme.example" for n in range(60))]
    records.add((n, ada(name=f"N{n} Lovelace", email=mail)) for n, mail in enumerate(mails))
    assert blocks.lay(records, [("email",)]) == {("email",): 30}


def test_pairs_that_agree_in_several_ways_are_counted_once(records: Gathered) -> None:
    records.add([(1, ada()), (2, ada()), (3, ada(name="Ada Byron"))])
    assert blocks.number_of_pairs(records, [("email",), ("together",)]) == 3
    assert blocks.number_of_pairs(records, [("together",)]) == 1
    assert blocks.number_of_pairs(records, []) == 0


def test_nothing_is_left_of_a_search_that_failed() -> None:
    folder = Path()
    with pytest.raises(RuntimeError), gathering(CONTACT) as records:
        folder = Path(records.one("SELECT path FROM duckdb_databases() WHERE path IS NOT NULL")[0]).parent
        assert folder.exists()
        raise RuntimeError
    assert not folder.exists()
