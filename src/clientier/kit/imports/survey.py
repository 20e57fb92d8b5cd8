"""What each column of a source holds: its kind and form, how sure that is, and what does not fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice

from clientier.kit.imports.dates import DateOrder, depends_on_order, possible_orders
from clientier.kit.imports.kinds import Form, cell_text, is_blank, read_yes_no
from clientier.kit.imports.numbers import DecimalMark, possible_marks, reads_differently
from clientier.kit.imports.reasons import Reason
from clientier.kit.imports.source import Source
from clientier.kit.imports.targets import Kind

ROWS_SURVEYED = 5_000
DISTINCT_CELLS_JUDGED = 1_000
SHARE_THAT_MUST_FIT = 0.9
SHARE_THAT_MUST_FIT_OF_FEW = 0.75
FEW_CELLS = 20
SAMPLES_SHOWN = 5
REJECTED_SHOWN = 3
LONGEST_NUMBER = 15
DAY_MONTH_ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy")


@dataclass(frozen=True, slots=True)
class Detection:
    """A column's kind and form; ``ambiguous`` when the cells allow another form that gives other values."""

    kind: Kind
    form: Form = field(default_factory=Form)
    confidence: float = 1.0
    ambiguous: bool = False
    rejected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column as a person is shown it: heading, examples, kind, how full and how varied it is."""

    heading: str
    samples: tuple[str, ...]
    detection: Detection
    filled_share: float
    distinct_share: float


def survey(source: Source, rows: int = ROWS_SURVEYED) -> tuple[Column, ...]:
    """Every column of a source, judged by its first rows.

    Where those leave open which of two forms is meant (3/4/2024; 1,234) the rest of the file is read
    until it is decided, or to the end.
    """
    chunk = next(iter(islice(source.chunks(rows_at_a_time=rows), 1)), None)
    if chunk is None:
        return tuple(Column(heading, (), Detection(Kind.TEXT), 0.0, 0.0) for heading in source.headings)
    columns = tuple(_column(heading, chunk.columns[heading]) for heading in source.headings)
    open_questions = {column.heading: column for column in columns if column.detection.ambiguous}
    if not open_questions or len(chunk) < rows:
        return columns
    decided = _decided_further_on(source, open_questions)
    return tuple(decided.get(column.heading, column) for column in columns)


def detect(cells: Sequence[object]) -> Detection:
    """What the cells of one column hold."""
    counts = Counter(cell for cell in cells if not is_blank(cell, text=False))
    judged = dict(counts.most_common(DISTINCT_CELLS_JUDGED))
    if not judged:
        return Detection(Kind.TEXT, confidence=0.0)
    few = sum(judged.values()) < FEW_CELLS
    needed = SHARE_THAT_MUST_FIT_OF_FEW if few else SHARE_THAT_MUST_FIT
    for candidate in (_yes_no, _dates, _numbers):
        detection = candidate(judged)
        if detection is not None and detection.confidence >= needed:
            return detection
    return Detection(Kind.TEXT)


def _column(heading: str, cells: Sequence[object]) -> Column:
    filled = [cell for cell in cells if not is_blank(cell, text=True)]
    distinct = list(dict.fromkeys(filled))
    return Column(
        heading,
        tuple(cell_text(cell) for cell in distinct[:SAMPLES_SHOWN]),
        detect(filled),
        len(filled) / len(cells) if cells else 0.0,
        len(distinct) / len(filled) if filled else 0.0,
    )


def _decided_further_on(source: Source, questions: Mapping[str, Column]) -> dict[str, Column]:
    open_questions = dict(questions)
    decided: dict[str, Column] = {}
    for chunk in source.chunks(only=set(open_questions)):
        for heading, column in list(open_questions.items()):
            detection = detect(chunk.columns[heading])
            if detection.kind is column.detection.kind and not detection.ambiguous:
                if not _answers(detection, chunk.columns[heading]):
                    continue
                decided[heading] = replace(column, detection=detection)
                del open_questions[heading]
        if not open_questions:
            break
    return decided


def _answers(detection: Detection, cells: Sequence[object]) -> bool:
    """Whether a part of the column tells the form, instead of only raising no question."""
    texts = {cell for cell in cells if isinstance(cell, str) and not is_blank(cell, text=False)}
    if detection.kind in (Kind.DAY, Kind.MOMENT):
        return any(depends_on_order(text) for text in texts)
    return any(len(possible_marks(text)) == 1 for text in texts)


def _yes_no(counts: Mapping[object, int]) -> Detection | None:
    refused = {cell: count for cell, count in counts.items() if isinstance(read_yes_no(cell), Reason)}
    figures = {cell_text(cell) for cell in counts if cell not in refused} <= {"0", "1"}
    if figures and not any(isinstance(cell, bool) for cell in counts):
        return None  # numbers of lines are mostly 1
    return Detection(Kind.YES_NO, Form(), _share(counts, refused), rejected=_examples(refused))


def _dates(counts: Mapping[object, int]) -> Detection | None:
    native = {cell for cell in counts if isinstance(cell, date)}
    orders = {
        cell: possible_orders(cell_text(cell))
        for cell in counts
        if cell not in native and _may_be_date(cell_text(cell))
    }
    fits = {
        order: sum(counts[cell] for cell in orders if order in orders[cell]) for order in DAY_MONTH_ORDERS
    }
    turned = any(orders[cell] and depends_on_order(cell_text(cell)) for cell in orders)
    best: DateOrder = "mdy" if fits["mdy"] > fits["dmy"] else "dmy"
    refused = {
        cell: count
        for cell, count in counts.items()
        if cell not in native and best not in orders.get(cell, ())
    }
    kind = Kind.MOMENT if any(_has_time(cell) for cell in (*native, *orders)) else Kind.DAY
    form = Form(date_order=best if turned else "ymd")
    ambiguous = turned and fits["dmy"] == fits["mdy"]
    return Detection(kind, form, _share(counts, refused), ambiguous, _examples(refused))


def _may_be_date(text: str) -> bool:
    """Whether a text is worth reading as a date; of bare digits only those written yyyymmdd are."""
    if text.isdigit():
        return len(text) == 8 and text[:2] in ("19", "20")
    return len(text) >= 6


def _has_time(cell: object) -> bool:
    if isinstance(cell, str):
        return ":" in cell or "时" in cell or "點" in cell
    return (getattr(cell, "hour", 0), getattr(cell, "minute", 0), getattr(cell, "second", 0)) != (0, 0, 0)


def _numbers(counts: Mapping[object, int]) -> Detection | None:
    texts = {cell: possible_marks(cell) for cell in counts if isinstance(cell, str)}
    if any(_is_code(text) for text in texts):
        return None
    fits: dict[DecimalMark, int] = {
        mark: sum(counts[text] for text, marks in texts.items() if mark in marks) for mark in (".", ",")
    }
    best: DecimalMark = "," if fits[","] > fits["."] else "."
    refused = {
        cell: count
        for cell, count in counts.items()
        if (best not in texts[cell] if cell in texts else not isinstance(cell, int | float))
    }
    ambiguous = fits["."] == fits[","] and any(reads_differently(text) for text in texts)
    whole = all(cell_text(cell).lstrip("-").isdigit() for cell in counts if cell not in refused)
    kind = Kind.INTEGER if whole else Kind.DECIMAL
    return Detection(kind, Form(decimal_mark=best), _share(counts, refused), ambiguous, _examples(refused))


def _is_code(text: str) -> bool:
    """Whether digits are a code rather than a number: they begin with 0, or are too many."""
    digits = text.strip()
    return digits.isdigit() and (len(digits) > LONGEST_NUMBER or (digits[0] == "0" and len(digits) > 1))


def _share(counts: Mapping[object, int], refused: Mapping[object, int]) -> float:
    return 1 - sum(refused.values()) / sum(counts.values())


def _examples(refused: Mapping[object, int]) -> tuple[str, ...]:
    return tuple(cell_text(cell) for cell in islice(refused, REJECTED_SHOWN))
