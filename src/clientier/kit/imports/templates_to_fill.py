"""Files to fill in and import: the headings in the user's language, one row as an example, each column explained."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime

import xlsxwriter
from django.utils.translation import gettext as _

from clientier.core.wording import listed
from clientier.kit.imports.lookups import LOOKUPS
from clientier.kit.imports.problems import guarded
from clientier.kit.imports.targets import Field, Kind, Target

UTF8_MARK = "\ufeff"
EXAMPLE_DAY = date(2026, 3, 31)
EXAMPLE_MOMENT = datetime(2026, 3, 31, 14, 30)
WIDEST = 60
CHOICES_IN_EXCEL_CHARACTERS = 255
LAST_ROW = 1_048_575


def as_csv(target: Target) -> bytes:
    """Headings and an example row, in UTF-8 with a mark so that Excel shows every letter."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([str(declared.label) for declared in target.fields])
    writer.writerow([guarded(_written(declared)) for declared in target.fields])
    return (UTF8_MARK + text.getvalue()).encode()


def as_xlsx(target: Target) -> bytes:
    """A sheet with headings and an example row, and a second one that explains every column."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(str(target.label)[:31].translate(str.maketrans("[]:*?/\\", "       ")))
        sheet.freeze_panes(1, 0)
        for place, declared in enumerate(target.fields):
            sheet.write_string(0, place, str(declared.label), bold)
            sheet.write_string(1, place, _written(declared))
            sheet.set_column(place, place, min(max(len(str(declared.label)) + 4, 12), WIDEST))
            _offer_choices(sheet, place, declared)
        explained = book.add_worksheet(_("Columns"))
        explained.freeze_panes(1, 0)
        for row, cells in enumerate([_headings(), *(_explained(declared) for declared in target.fields)]):
            for place, text in enumerate(cells):
                explained.write_string(row, place, text, bold if row == 0 else wrap)
        explained.set_column(0, 2, 24)
        explained.set_column(3, 3, WIDEST)
    return content.getvalue()


def _headings() -> list[str]:
    return [_("Column"), _("Required"), _("What it holds"), _("Explanation")]


def _explained(declared: Field) -> list[str]:
    notes = [str(declared.help)] if declared.help else []
    if declared.choices:
        notes.append(_("One of: %(choices)s.") % {"choices": listed(str(c.label) for c in declared.choices)})
    if declared.lookup:
        notes.append(_("Refers to: %(kind)s.") % {"kind": LOOKUPS[declared.lookup].label})
    if declared.max_length:
        notes.append(_("At most %(number)s characters.") % {"number": declared.max_length})
    required = declared.required and declared.default is None
    return [str(declared.label), _("yes") if required else _("no"), _form_of(declared), " ".join(notes)]


def _form_of(declared: Field) -> str:
    match declared.kind:
        case Kind.INTEGER:
            return _("a whole number: 1234")
        case Kind.DECIMAL:
            return _("a number: 1234.56")
        case Kind.DAY:
            return _("a day: 2026-03-31")
        case Kind.MOMENT:
            return _("day and time: 2026-03-31 14:30")
        case Kind.YES_NO:
            return _("yes or no")
        case Kind.CHOICE:
            return _("a choice")
    return _("text")


def _written(declared: Field) -> str:
    """An example that the import reads: references stay empty, for what they name is not known here."""
    if declared.lookup:
        return ""
    if declared.choices:
        return str(declared.choices[0].label)
    if declared.name in EXAMPLES:
        return EXAMPLES[declared.name]
    match declared.kind:
        case Kind.INTEGER:
            return "12"
        case Kind.DECIMAL:
            return "1234.56"
        case Kind.DAY:
            return EXAMPLE_DAY.isoformat()
        case Kind.MOMENT:
            return EXAMPLE_MOMENT.isoformat(" ", "minutes")
        case Kind.YES_NO:
            return _("no")
    return _("Example") if declared.required else ""


EXAMPLES = {
    "external_id": "A-1001",
    "number": "2026-0001",
    "phone": "+86 27 5550 2842",
    "email": "ann@example.com",
    "website": "www.example.com",
    "country": "CN",
    "currency": "CNY",
    "quantity": "12",
    "unit_price": "102.88",
    "birth_year": "1985",
    "graduated_in": "2008",
    "latitude": "30.5928",
    "longitude": "114.3055",
    "discount": "",  # either of the two, and the amount is after it
    "discount_share": "",
}


def _offer_choices(sheet: xlsxwriter.worksheet.Worksheet, place: int, declared: Field) -> None:
    labels: Sequence[str] = [str(choice.label) for choice in declared.choices]
    if labels and len(",".join(labels)) <= CHOICES_IN_EXCEL_CHARACTERS:
        sheet.data_validation(
            1, place, LAST_ROW, place, {"validate": "list", "source": labels, "error_type": "warning"}
        )
