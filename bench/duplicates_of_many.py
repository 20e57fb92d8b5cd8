"""How the search for duplicates grows: `python -m bench.duplicates_of_many` prints time and memory.

Customers and contacts come from the demo generator; every twentieth is there once more, with a slip in the name and
one fact missing. Each kind and number is searched in a process of its own, so that its memory can be told.
"""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clientier.site.settings")

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import django
import numpy as np

from bench.pages import SEED, TODAY

SIZES = (50_000, 100_000, 200_000)
KINDS = ("company", "person", "contact")
EVERY = 20
Facts = Mapping[str, Any]


def main() -> None:
    """Measure one kind, or start a process for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, nargs="+", default=SIZES)
    parser.add_argument("--kind", choices=KINDS, help="only this kind, in this process")
    chosen = parser.parse_args()
    if chosen.kind:
        django.setup()
        for customers in chosen.customers:
            measure(chosen.kind, customers)
        return
    print(
        "of customers kind        records    read  search    wall  pairs found  recall   peak  (s of processor; MiB)"
    )
    for customers in chosen.customers:
        for kind in KINDS:
            command = [sys.executable, "-m", "bench.duplicates_of_many", "--kind", kind]
            subprocess.run([*command, "--customers", str(customers)], check=True)


def measure(kind: str, customers: int) -> None:
    """Bring the records of a kind into the form in which they are compared, search them, and print what it took."""
    from clientier.core.likeness.gathered import gathering
    from clientier.core.likeness.linkage import find_pairs
    from clientier.core.likeness.records import compared

    facts = list(with_copies(generated(kind, customers)))
    number, planted = len(facts), [key for key, _facts in facts if key % 2]
    before, began, processor = _memory("VmRSS"), time.perf_counter(), time.process_time()
    with gathering(kind) as records:
        records.add((key, compared(kind, each)) for key, each in facts)
        read = time.process_time() - processor
        pairs = find_pairs(records)
    searched = time.process_time() - processor - read
    found = {(pair.first, pair.second) for pair in pairs}
    recall = sum((key - 1, key) in found for key in planted) / len(planted)
    print(
        f"{customers:>12,} {kind:<9}{number:>10,}{read:>8.1f}{searched:>8.1f}{time.perf_counter() - began:>8.1f}"
        f"{len(found):>13,}{recall:>8.3f}{_memory('VmHWM') - before:>7.0f}",
        flush=True,
    )


def _memory(which: str) -> float:
    return int(Path("/proc/self/status").read_text().split(f"{which}:")[1].split()[0]) / 1024


def generated(kind: str, customers: int) -> Iterator[Facts]:
    """The facts of the generated customers of a kind, or of the contacts of all of them."""
    from clientier.site.demo.characters import draw_characters
    from clientier.site.demo.contacts import make_contacts
    from clientier.site.demo.customers import make_customers
    from clientier.site.demo.generator import TRADE_DAYS

    people = draw_characters(SEED, customers, TRADE_DAYS)
    made, names = make_customers(SEED, people, TODAY)
    held = made.columns
    if kind != "contact":
        columns = ("kind", "name", "phone", "email", "website", "registration_number", "city", "region")
        for row in zip(*(held[name] for name in columns), strict=True):
            facts = dict(zip(columns, row, strict=True))
            if facts["kind"] == kind:
                yield {**facts, "number": facts["registration_number"]}
        return
    employers = dict(zip(held["external_id"], held["name"], strict=True))
    day = np.datetime64(TODAY)
    contacts = make_contacts(SEED, people=people, customers=made, names=names, today=day).columns
    for name, phone, email, customer in zip(
        *(contacts[each] for each in ("name", "phone", "email", "customer")), strict=True
    ):
        yield {"name": name, "phone": phone, "email": email, "employer": employers[customer]}


def with_copies(facts: Iterator[Facts]) -> Iterator[tuple[int, Facts]]:
    """Everybody under an even key, and some a second time under the odd one after it."""
    dice = random.Random(SEED)
    for number, each in enumerate(facts):
        yield 2 * number, each
        if number % EVERY == 0:
            place, missing = dice.randrange(1, max(2, len(each["name"]))), dice.choice(("phone", "email"))
            slipped = each["name"][:place] + each["name"][place + 1 :]
            yield 2 * number + 1, {**each, "name": slipped, "website": "", missing: "", "number": ""}


if __name__ == "__main__":
    main()
