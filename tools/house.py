"""The rules of the house that no other tool knows: `python -m tools.house`."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.rules import length, reading, rooms, templates, vendored, words
from tools.rules.fault import Fault, Rule

RULES: tuple[Rule, ...] = tuple(rule.faults for rule in (length, reading, rooms, templates, vendored, words))


def faults(root: Path) -> list[Fault]:
    """Everything that breaks a rule, in the order of the rules."""
    return [fault for rule in RULES for fault in rule(root)]


def main() -> int:
    """Print every fault; 1 when there is one."""
    found = faults(Path(__file__).resolve().parents[1])
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
