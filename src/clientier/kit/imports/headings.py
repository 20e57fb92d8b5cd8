"""Headings: where in a table they stand, what each column is called, and when two headings mean the same."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from django.utils.translation import gettext as _

from clientier.kit.imports.examples import is_email, is_phone

ROWS_SEARCHED = 20
DAY = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[ T].*)?")
SMALLEST_SHARE_OF_WIDTH = 0.6

WORD = re.compile(
    r"[A-Z]+(?![a-z])|[A-Z]?[a-zäöüéèàçñ]+|\d+|[\u3400-\u9fff]+|[^\W\d_a-zA-Z\u3400-\u9fff]+",
)
SUFFIX_OF_CUSTOM_COLUMN = re.compile(r"__c$", re.IGNORECASE)


def heading_row_of(rows: Sequence[Sequence[object]]) -> int:
    """The position of the headings among the first rows: the first row nearly as wide as the table.

    Reports often begin with a title and an empty line, which fill one cell where the table fills many.
    """
    widths = [sum(1 for cell in row if cell not in (None, "")) for row in rows[:ROWS_SEARCHED]]
    filled = Counter(width for width in widths if width)
    if not filled:
        return 0
    usual = max(filled, key=lambda width: (filled[width], width))
    wide_enough = usual * SMALLEST_SHARE_OF_WIDTH
    return next(place for place, width in enumerate(widths) if width and width >= wide_enough)


def is_data(row: Sequence[object]) -> bool:
    """Whether a row can be no headings: nobody calls a column by an address, a telephone number or a day."""
    texts = [str(cell).strip() for cell in row if cell not in (None, "")]
    return any(is_email(text) or DAY.fullmatch(text) or (is_phone(text) and len(texts) > 1) for text in texts)


def column_names(cells: Sequence[object]) -> tuple[str, ...]:
    """Unique names for the columns: the headings, "Column 3" for an empty, "Name (2)" for a repeated one."""
    names: list[str] = []
    taken: set[str] = set()
    for place, cell in enumerate(cells, start=1):
        text = " ".join(str(cell if cell is not None else "").split())
        wanted = text or _("Column %(number)s") % {"number": place}
        name, repeat = wanted, 1
        while name in taken:
            repeat += 1
            name = f"{wanted} ({repeat})"
        taken.add(name)
        names.append(name)
    return tuple(names)


@lru_cache(maxsize=4096)
def heading_words(heading: str) -> tuple[str, ...]:
    """The words of a heading in lower case, the same for "CustomerKey", "customer_key", "Customer key"."""
    text = unicodedata.normalize("NFKC", SUFFIX_OF_CUSTOM_COLUMN.sub("", heading.strip()))
    return tuple(word.lower() for word in WORD.findall(text))


def normal_heading(heading: str) -> str:
    """One spelling for all ways to write a heading, without blanks, case and punctuation."""
    return "".join(heading_words(heading))


def heading_signature(headings: Sequence[str]) -> str:
    """A key under which the mapping of files of this shape is remembered, in whatever order of columns."""
    joined = "\n".join(sorted(normal_heading(heading) for heading in headings))
    return hashlib.sha256(joined.encode("utf-8", errors="replace")).hexdigest()
