"""Turns the cells of a column into typed values, or into the reasons why they are refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from decimal import ROUND_HALF_EVEN, Decimal

from clientier.core.outside import UNSTORABLE
from clientier.core.wording import listed
from clientier.kit.imports.dates import DateOrder, read_day, read_moment
from clientier.kit.imports.numbers import DIGITS_A_FLOAT_KEEPS, DecimalMark, read_integer, read_number
from clientier.kit.imports.reasons import Reason, quoting
from clientier.kit.imports.targets import Choice, Field, Kind

DISTINCT_CELLS_REMEMBERED = 50_000

BLANK_TEXTS = frozenset(["NULL", "\\N", "#N/A"])
BLANK_WORDS = frozenset(
    ["-", "–", "—", "--", "null", "none", "n/a", "#n/a", "na", "nan", "nil", "无", "\\n", "/"]
)
YES_WORDS = frozenset(["yes", "y", "true", "t", "1", "on", "x", "是", "有", "真", "对", "√", "✓", "☑"])
NO_WORDS = frozenset(["no", "n", "false", "f", "0", "off", "否", "无", "没有", "没", "假", "错", "×", "☐"])
# An apostrophe before a sign keeps spreadsheets from taking a text for a formula; it is not part of the text.
GUARDED = re.compile(r"'[=+\-@＝＋－＠]")


@dataclass(frozen=True, slots=True)
class Form:
    """How numbers and dates are written in a column."""

    decimal_mark: DecimalMark = "."
    date_order: DateOrder = "ymd"
    zone: tzinfo = field(default=UTC)


class ColumnParser(dict[object, object]):
    """Parses whole columns; equal cells are parsed once and remembered, up to a bound.

    A dictionary that fills itself: looking up a cell that was seen before costs no call.
    """

    def __init__(self, read: Callable[[object], object]) -> None:
        super().__init__()
        self._read = read
        self._refusals_seen = False

    def __missing__(self, cell: object) -> object:
        found = self._read(cell)
        if isinstance(found, Reason):
            self._refusals_seen = True
        if len(self) < DISTINCT_CELLS_REMEMBERED:
            self[cell] = found
        return found

    def parse(self, cells: Sequence[object]) -> tuple[list[object], dict[int, Reason]]:
        """The values of the cells (None for a refused one), and by position the reasons of the refused."""
        values = list(map(self.__getitem__, cells))
        refused: dict[int, Reason] = {}
        if self._refusals_seen:
            for position, value in enumerate(values):
                if type(value) is Reason:
                    refused[position] = value
                    values[position] = None
        return values, refused


def parser_for(declared: Field, form: Form, *, prefix: str = "") -> ColumnParser:
    """The parser of a field's cells; an empty cell gives the default, or a refusal if required."""
    read = _reader(declared, form, prefix)
    is_text = declared.kind in (Kind.TEXT, Kind.CHOICE, Kind.YES_NO)

    def read_or_default(cell: object) -> object:
        if is_blank(cell, text=is_text):
            value: object = None
        else:
            value = read(cell)
        if value is None and declared.default is not None:
            return declared.default
        if value is None and declared.required:
            return Reason("required")
        return value

    return ColumnParser(read_or_default)


def is_blank(cell: object, *, text: bool) -> bool:
    """Whether a cell says nothing; where no text is expected, words such as "n/a" and "-" say nothing too."""
    if isinstance(cell, str):
        stripped = cell.strip()
        if not stripped or stripped in BLANK_TEXTS:
            return True
        return not text and stripped.lower() in BLANK_WORDS
    return cell is None or cell != cell


def cell_text(cell: object) -> str:
    """A cell as a person would write it: 10248.0 is "10248", midnight is left off a date."""
    if isinstance(cell, str):
        text = cell.strip()
        return text[1:] if GUARDED.match(text) else text
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.{DIGITS_A_FLOAT_KEEPS}g}"
    if isinstance(cell, Decimal):
        return format(cell.normalize(), "f")
    if isinstance(cell, datetime):
        return cell.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def _reader(declared: Field, form: Form, prefix: str) -> Callable[[object], object]:
    match declared.kind:
        case Kind.INTEGER:
            return lambda cell: read_integer(cell, form.decimal_mark)
        case Kind.DECIMAL:
            return _decimal_reader(form.decimal_mark, declared.decimals)
        case Kind.DAY:
            return lambda cell: read_day(cell, form.date_order, form.zone)
        case Kind.MOMENT:
            return lambda cell: read_moment(cell, form.date_order, form.zone)
        case Kind.YES_NO:
            return read_yes_no
        case Kind.CHOICE:
            return _choice_reader(declared.choices)
        case _:
            return _text_reader(prefix, declared)


def _decimal_reader(decimal_mark: DecimalMark, decimals: int | None) -> Callable[[object], object]:
    if decimals is None:
        return lambda cell: read_number(cell, decimal_mark)
    smallest = Decimal(1).scaleb(-decimals)

    def read(cell: object) -> Decimal | Reason:
        number = read_number(cell, decimal_mark)
        return number if isinstance(number, Reason) else number.quantize(smallest, ROUND_HALF_EVEN)

    return read


def _text_reader(prefix: str, declared: Field) -> Callable[[object], object]:
    recognise = declared.recognise
    if recognise is None:
        return lambda cell: _read_text(cell, prefix, declared.max_length)

    def read(cell: object) -> object:
        text = _read_text(cell, prefix, declared.max_length)
        return recognise(text) if isinstance(text, str) else text

    return read


def _read_text(cell: object, prefix: str, max_length: int | None) -> str | Reason:
    text = prefix + cell_text(cell)
    if not text.isascii() or "\x00" in text:
        if UNSTORABLE.search(text):
            return quoting("unstorable_character", UNSTORABLE.sub("�", text))
        text = unicodedata.normalize("NFC", text)
    if max_length is not None and len(text) > max_length:
        return quoting("too_long", text, limit=max_length)
    return text


def read_yes_no(cell: object) -> bool | Reason:
    """True or False for the words, figures and signs for yes and no in English and Chinese."""
    word = cell_text(cell).casefold()
    if word in YES_WORDS:
        return True
    return False if word in NO_WORDS else quoting("not_yes_or_no", cell)


def _choice_reader(choices: Sequence[Choice]) -> Callable[[object], object]:
    known = {
        str(word).strip().casefold(): choice.value
        for choice in choices
        for word in (*choice.synonyms, choice.label, choice.value)
    }
    offered = listed(choice.value for choice in choices)

    def read(cell: object) -> object:
        value = known.get(cell_text(cell).casefold())
        return quoting("not_a_choice", cell_text(cell), choices=offered) if value is None else value

    return read
