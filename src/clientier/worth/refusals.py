"""What `worth` refuses, and how it says so: a code, the place, the values and a hint, never a finished
sentence.
"""

from __future__ import annotations


class WorthError(Exception):
    """Everything that `worth` refuses is one of these; `code` is stable and meant for wording elsewhere."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values
        super().__init__(": ".join([code, ", ".join(f"{name}={value!r}" for name, value in values.items())]))


class PolicyRefused(WorthError):
    """A policy names a setting that does not exist, or gives it a value that cannot be meant."""


class TableRefused(WorthError):
    """A table cannot be used: which one, the row (counted from 1 below the heading), column, reason
    and hint.
    """

    def __init__(
        self,
        reason: str,
        *,
        table: str,
        row: int | None = None,
        column: str | None = None,
        value: object = None,
        hint: str = "",
        rows_affected: int | None = None,
    ) -> None:
        self.table = table
        self.row = row
        self.column = column
        self.reason = reason
        self.value = value
        self.hint = hint
        self.rows_affected = rows_affected
        super().__init__(
            reason, table=table, row=row, column=column, value=value, hint=hint, rows_affected=rows_affected
        )
