"""How large an area an OpenDocument sheet spans, told from its XML before anything is built."""

from __future__ import annotations

import re

from clientier.kit.imports.reasons import refuse
from clientier.kit.imports.source import Limits

TAG = re.compile(rb"<(/?)table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^<>]*)>")
REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["'](\d+)["']""")
MOST_COLUMNS = 1 << 16
MOST_ROWS = 1 << 22


class AreaWatch:
    """Follows the XML of a document and refuses a sheet whose repeated cells would fill the memory.

    A cell or row can say that it repeats a million times; empty ones at the end are harmless and usual.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._unread = b""
        self._rows = self._filled_rows = self._filled_columns = 0
        self._columns = self._last_filled = 0

    def read(self, block: bytes) -> None:
        """Take the next block of the document."""
        xml = self._unread + block
        end = xml.rfind(b"<")
        self._unread = xml[end:] if end >= 0 else b""
        for closing, name, attributes in TAG.findall(xml[:end] if end >= 0 else xml):
            repeated = REPEATED.search(attributes)
            times = int(repeated[1]) if repeated else 1
            if name == b"table":
                self._begin_sheet()
            elif name == b"table-row":
                self._end_row() if closing else self._begin_row(times)
            elif not closing:
                self._columns += times
                if b"value" in attributes or not attributes.endswith(b"/"):
                    self._last_filled = self._columns
            self._refuse_if_too_large()

    def _begin_sheet(self) -> None:
        self._rows = self._filled_rows = self._filled_columns = 0
        self._columns = self._last_filled = 0

    def _begin_row(self, times: int) -> None:
        self._rows += times
        self._columns = self._last_filled = 0

    def _end_row(self) -> None:
        if self._last_filled:
            self._filled_rows = self._rows
            self._filled_columns = max(self._filled_columns, self._last_filled)
        self._columns = 0

    def _refuse_if_too_large(self) -> None:
        area = self._filled_rows * self._filled_columns
        if area > self._limits.sheet_cells or self._columns > MOST_COLUMNS or self._rows > MOST_ROWS:
            rows, columns = max(self._filled_rows, self._rows), max(self._filled_columns, self._columns)
            raise refuse("sheet_too_large", rows=rows, columns=columns)
