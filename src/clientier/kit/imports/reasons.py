"""Every reason why a cell, row or file is refused: a stable code, and a sentence to be translated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LONGEST_QUOTATION = 60

MESSAGES: dict[str, str | _StrPromise] = {
    # a cell
    "required": _("must not be empty"),
    "not_a_number": _("“%(text)s” is not a number"),
    "not_whole": _("“%(text)s” is not a whole number"),
    "number_too_large": _("“%(text)s” is larger than can be stored"),
    "not_a_date": _("“%(text)s” is not a date"),
    "no_such_day": _("“%(text)s” names a day that does not exist"),
    "date_out_of_range": _("“%(text)s” is not between the years 1900 and 2999"),
    "not_yes_or_no": _("“%(text)s” is neither yes nor no"),
    "not_a_choice": _("“%(text)s” is none of: %(choices)s"),
    "too_long": _("“%(text)s” is longer than %(limit)s characters"),
    "unstorable_character": _("“%(text)s” contains a character that cannot be stored"),
    # a row
    "duplicate_key": _("has the same key as row %(row)s: %(key)s"),
    "too_many_cells": _("the row has %(cells)s cells, the headings only %(headings)s"),
    "wrong_bytes": _("contains bytes that are not %(encoding)s: %(text)s"),
    "row_too_long": _("the row is longer than %(limit)s characters"),
    "quote_not_closed": _("a quotation mark is opened and never closed: %(text)s"),
    "not_found": _("there is no “%(text)s”, or it is not among those you can see"),
    "ambiguous": _("“%(text)s” could be several; give the number instead of the name"),
    "ring": _("would stand above itself: %(text)s"),
    "ring_rows": _("would stand above itself: %(text)s (rows %(rows)s)"),
    "refers_to_refused": _("refers to “%(text)s”, whose row %(row)s was refused"),
    "card_broken": _("the card breaks off or is not written as cards are: %(text)s"),
    "out_of_reach": _("lies outside what you may import"),
    "too_small": _("“%(text)s” is less than %(limit)s"),
    "too_great": _("“%(text)s” is more than %(limit)s"),
    "not_email": _("“%(text)s” is not an e-mail address"),
    "taken": _("another record has this already: %(text)s"),
    "cannot_be_given": _("would give a record to somebody who may not sign in; name somebody else"),
    "lacks_required": _("a new record needs its required fields"),
    "does_not_fit": _("“%(text)s”: %(why)s"),
    "not_storable": _("the database refuses it: %(text)s"),
    # a file
    "file_missing": _("There is no file “%(text)s”."),
    "file_empty": _("The file is empty."),
    "file_too_large": _("The file is larger than %(limit)s megabytes."),
    "unpacks_too_large": _("Unpacked, the file would be larger than %(limit)s megabytes."),
    "sheet_too_large": _("The sheet spans %(rows)s rows and %(columns)s columns, more than can be read."),
    "too_many_columns": _("The file has %(columns)s columns, more than %(limit)s."),
    "not_a_table": _(
        "The file is not a table that can be read (CSV, Excel, OpenDocument, Parquet or vCard)."
    ),
    "damaged": _("The file is damaged and cannot be read: %(text)s"),
    "entities": _("The file declares entities of its own, as no spreadsheet does, and is not read."),
    "password": _("The file is protected by a password."),
    "no_such_sheet": _("There is no sheet “%(text)s”; there are: %(sheets)s."),
    "unknown_encoding": _("“%(text)s” is not an encoding that is supported."),
    "too_many_files": _("It holds %(number)s files, more than %(limit)s."),
    "is_a_set": _("This is an archive of several files. Import it with “Several files at once”."),
    "stopped": _("It was stopped on request."),
    # a mapping
    "unknown_field": _("“%(text)s” is not a field of %(target)s."),
    "unknown_column": _("The file has no column “%(text)s”."),
    "bad_constant": _("The constant for “%(field)s” cannot be used: %(text)s"),
    "required_unmapped": _("The field “%(text)s” is required and nothing is mapped to it."),
    "unknown_target": _("The mapping is for “%(text)s”, not for “%(target)s”."),
    "bad_mapping": _("The mapping file is not understood at “%(text)s”."),
    "join_key_repeated": _("In “%(file)s” the key “%(text)s” occurs more than once."),
    "join_too_large": _("“%(file)s” has more than %(limit)s rows, too many to join."),
}


def add_reasons(**messages: str | _StrPromise) -> None:
    """Let a room give reasons of its own; a code that exists is refused."""
    if known := MESSAGES.keys() & messages.keys():
        raise ValueError(f"these reasons exist already: {sorted(known)}")
    MESSAGES.update(messages)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was refused: ``str()`` is the sentence, code and values can be stored."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(MESSAGES[self.code]) % self.values


class ImportRefusedError(Exception):
    """The file or the mapping as a whole cannot be used; ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def refuse(code: str, **values: object) -> ImportRefusedError:
    """The exception for a file or mapping that cannot be used, ready to be raised."""
    return ImportRefusedError(Reason(code, {name: str(value) for name, value in values.items()}))


def quoting(code: str, text: object, **values: object) -> Reason:
    """A reason that quotes the offending text, shortened to what can be read at a glance."""
    shown = str(text).strip()
    if len(shown) > LONGEST_QUOTATION:
        shown = shown[: LONGEST_QUOTATION - 1] + "…"
    return Reason(code, {"text": shown} | {name: str(value) for name, value in values.items()})
