"""How well duplicates are found: `python -m bench.duplicates`, on published sets whose answers are known.

Febrl's people (two files linked in the fourth), Splink's thousand, fifty thousand historical figures, and Chinese
company names. The comparisons are the product's own; everything else is learned from each set without its answers.
"""

from __future__ import annotations

import csv
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from bench import contacts_kept_twice
from clientier.core.likeness import nearness
from clientier.core.likeness.companies import company_core, plain
from clientier.core.likeness.comparisons import CONTACT, PERSON
from clientier.core.likeness.gathered import gathering
from clientier.core.likeness.linkage import LEAST_PROBABILITY, find_pairs
from clientier.core.likeness.records import compared
from clientier.core.tokens import bigrams

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("CLIENTIER_SHARED_DATA") or ROOT.parent / "shared" / "data")
FOUND_ALIKE = 0.72
Row = Mapping[str, str]
Measures = tuple[float, float, float]


def measures(found: set[tuple[int, int]], truth: set[tuple[int, int]]) -> Measures:
    """Precision, recall and F1 of pairs."""
    right = len(found & truth)
    precision, recall = right / max(1, len(found)), right / max(1, len(truth))
    return precision, recall, 2 * precision * recall / max(1e-12, precision + recall)


def febrl(files: Sequence[str]) -> Measures:
    """One file searched for duplicates, or two of them linked."""
    rows = [(row, name) for name in files for row in _csv(SHARED / "febrl" / f"{name}.csv")]
    sources = {number: name for number, (_row, name) in enumerate(rows)} if len(files) > 1 else None
    return _people(
        [row for row, _name in rows], _febrl_facts, lambda row: row["rec_id"].split("-")[1], sources
    )


def _febrl_facts(row: Row) -> dict[str, str]:
    return {
        "name": f"{row['given_name']} {row['surname']}",
        "street": f"{row['street_number']} {row['address_1']} {row['address_2']}",
        "city": row["suburb"], "postcode": row["postcode"], "region": row["state"],
        "born": row["date_of_birth"], "number": row["soc_sec_id"],
    }  # fmt: skip


def contacts_of_companies() -> Measures:
    """Febrl's third set as contacts: what colleagues share tells less, and names must fit."""
    rows = list(_csv(SHARED / "febrl" / "dataset3.csv"))
    facts = contacts_kept_twice.contacts(rows)
    numbers = {id(row): number for number, row in enumerate(rows)}
    return _people(
        rows, lambda row: facts[numbers[id(row)]], lambda row: row["rec_id"].split("-")[1], kind=CONTACT
    )


def fake_1000() -> Measures:
    rows = list(_csv(SHARED / "splink" / "fake_1000.csv"))
    return _people(
        rows,
        lambda row: {
            "name": f"{row['first_name']} {row['surname']}", "born": row["dob"], "city": row["city"],
            "email": row["email"],
        },
        lambda row: row["cluster"],
    )  # fmt: skip


def historical() -> Measures:
    import pyarrow.parquet  # comes with Splink

    table = pyarrow.parquet.read_table(SHARED / "splink" / "historical_figures_with_errors_50k.parquet")
    rows = [{name: value or "" for name, value in row.items()} for row in table.to_pylist()]
    return _people(
        rows,
        lambda row: {
            "name": row["first_and_surname"] or row["full_name"], "born": row["dob"], "city": row["birth_place"],
            "postcode": row["postcode_fake"],
        },
        lambda row: row["cluster"],
    )  # fmt: skip


def _people(
    rows: Sequence[Row],
    facts: Callable[[Row], dict[str, str]],
    entity: Callable[[Row], str],
    sources: Mapping[int, str] | None = None,
    kind: str = PERSON,
) -> Measures:
    with gathering(kind) as records:
        for side in sorted(set((sources or {0: ""}).values())):
            of_side = (n for n in range(len(rows)) if sources is None or sources[n] == side)
            records.add(((n, compared(kind, facts(rows[n]))) for n in of_side), side)
        found = {(pair.first, pair.second) for pair in find_pairs(records)}
    groups: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        groups[entity(row)].append(number)
    truth = {
        (a, b)
        for group in groups.values()
        for a, b in combinations(group, 2)
        if sources is None or sources[a] != sources[b]
    }
    return measures(found, truth)


def chinese_pairs() -> Measures:
    """The labelled pairs of company names: which are alike to who types one of them."""
    from python_calamine import CalamineWorkbook  # for this one file

    book = CalamineWorkbook.from_path(SHARED / "zh-names" / "similarity_pairs.xlsx")
    rows = book.get_sheet_by_name("Sheet1").to_python()[1:]
    same = {(number, number) for number, row in enumerate(rows) if row[2] == "是"}
    found = {
        (number, number)
        for number, row in enumerate(rows)
        if nearness.companies(str(row[0]), str(row[1])) >= FOUND_ALIKE
    }
    return measures(found, same)


def chinese_short_names() -> Measures:
    """Each short name among all full names: whether the nearest one is its own, and how many have any."""
    rows = list(_csv(SHARED / "zh-names" / "listed-companies.csv"))
    full = [row["公司中文名称"] for row in rows]
    by_pair: dict[str, set[int]] = defaultdict(set)
    by_core: dict[str, set[int]] = defaultdict(set)
    for number, name in enumerate(full):
        by_core[company_core(name)].add(number)
        for pair in bigrams(plain(name)):
            by_pair[pair].add(number)
    right = answered = 0
    for number, row in enumerate(rows):
        nearest = _nearest(row["证券简称"], full, by_core, by_pair)
        answered += nearest is not None
        right += nearest is not None and full[nearest] == full[number]
    precision, recall = right / max(1, answered), right / len(rows)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _nearest(
    short: str, full: Sequence[str], by_core: Mapping[str, set[int]], by_pair: Mapping[str, set[int]]
) -> int | None:
    core = company_core(short)
    there = [by_pair.get(pair, set()) for pair in bigrams(core)]
    meant = by_core.get(core, set()) | (set.intersection(*there) if there else set())
    judged = [(nearness.companies(short, full[number]), -number) for number in meant]
    best = max(judged, default=(0.0, 0))
    return -best[1] if best[0] >= FOUND_ALIKE else None


def _csv(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            yield {name: (value or "").strip() for name, value in row.items()}


def tasks() -> Iterable[tuple[str, str, Callable[[], Any]]]:
    """What is measured, and the folder that it needs."""
    for number in (1, 2, 3):
        yield f"Febrl {number}", "febrl", lambda number=number: febrl([f"dataset{number}"])
    yield "Febrl 4 (two files)", "febrl", lambda: febrl(["dataset4a", "dataset4b"])
    yield "Febrl 3 as contacts, made-up companies", "febrl", contacts_of_companies
    yield "Splink fake_1000", "splink", fake_1000
    yield "historical figures, 50,578", "splink", historical
    yield "Chinese names, 858 pairs", "zh-names", chinese_pairs
    yield "Chinese short names, 7,828", "zh-names", chinese_short_names


def main() -> None:
    print(
        f"Duplicates: pairs at {LEAST_PROBABILITY} and above     precision  recall      F1  seconds of processor"
    )
    for name, folder, measure in tasks():
        if not (SHARED / folder).exists():
            print(f"left out, not found: {SHARED / folder}")
            continue
        begun = time.process_time()
        precision, recall, f1 = measure()
        print(f"{name:<40} {precision:9.4f} {recall:7.4f} {f1:7.4f}  {time.process_time() - begun:8.1f}")


if __name__ == "__main__":
    main()
