"""Numbers for rows of files that number nothing: made from what a row says, so that it is found again."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from clientier.kit.imports.registry import Row

DIGITS = 40


class MadeNumbers:
    """Gives every row a number; rows that say the same are told apart by their order."""

    def __init__(self, facts: Sequence[str]) -> None:
        self._facts = facts
        self._said: Counter[str] = Counter()

    def number(self, rows: Sequence[Row]) -> None:
        """Set ``external_id`` in place."""
        for row in rows:
            said = "|".join(str(row.get(name, "")) for name in self._facts)
            self._said[said] += 1
            digest = hashlib.sha256(f"{said}|{self._said[said]}".encode()).hexdigest()
            row["external_id"] = f"auto-{digest[:DIGITS]}"
