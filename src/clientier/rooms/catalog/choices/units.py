"""The units that goods are counted and measured in; another may be written as it is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from django.utils import translation
from django.utils.translation import pgettext_lazy

from clientier.core.coded import CodedField

# Our word, the code of UN/ECE Recommendation 20 that electronic documents use, and what it is called.
UNITS = (
    ("pcs", "H87", pgettext_lazy("unit", "Piece")),
    ("set", "SET", pgettext_lazy("unit", "Set")),
    ("pair", "PR", pgettext_lazy("unit", "Pair")),
    ("dozen", "DZN", pgettext_lazy("unit", "Dozen")),
    ("box", "XBX", pgettext_lazy("unit", "Box")),
    ("carton", "XCT", pgettext_lazy("unit", "Carton")),
    ("pack", "XPK", pgettext_lazy("unit", "Pack")),
    ("bag", "XBG", pgettext_lazy("unit", "Bag")),
    ("bottle", "XBO", pgettext_lazy("unit", "Bottle")),
    ("can", "XCA", pgettext_lazy("unit", "Can")),
    ("barrel", "XBA", pgettext_lazy("unit", "Barrel")),
    ("roll", "XRO", pgettext_lazy("unit", "Roll")),
    ("sheet", "XST", pgettext_lazy("unit", "Sheet")),
    ("pallet", "XPX", pgettext_lazy("unit", "Pallet")),
    ("mg", "MGM", pgettext_lazy("unit", "Milligram")),
    ("g", "GRM", pgettext_lazy("unit", "Gram")),
    ("kg", "KGM", pgettext_lazy("unit", "Kilogram")),
    ("t", "TNE", pgettext_lazy("unit", "Tonne")),
    ("lb", "LBR", pgettext_lazy("unit", "Pound")),
    ("mm", "MMT", pgettext_lazy("unit", "Millimetre")),
    ("cm", "CMT", pgettext_lazy("unit", "Centimetre")),
    ("m", "MTR", pgettext_lazy("unit", "Metre")),
    ("km", "KMT", pgettext_lazy("unit", "Kilometre")),
    ("in", "INH", pgettext_lazy("unit", "Inch")),
    ("ft", "FOT", pgettext_lazy("unit", "Foot")),
    ("m2", "MTK", pgettext_lazy("unit", "Square metre")),
    ("m3", "MTQ", pgettext_lazy("unit", "Cubic metre")),
    ("ml", "MLT", pgettext_lazy("unit", "Millilitre")),
    ("l", "LTR", pgettext_lazy("unit", "Litre")),
    ("kwh", "KWH", pgettext_lazy("unit", "Kilowatt hour")),
    ("min", "MIN", pgettext_lazy("unit", "Minute")),
    ("h", "HUR", pgettext_lazy("unit", "Hour")),
    ("day", "DAY", pgettext_lazy("unit", "Day")),
    ("month", "MON", pgettext_lazy("unit", "Month")),
    ("year", "ANN", pgettext_lazy("unit", "Year")),
    ("job", "E51", pgettext_lazy("unit", "Job")),
    ("person", "IE", pgettext_lazy("unit", "Person")),
)
# As price lists and other systems write them.
ALSO = {
    "pcs": "pc|pce|ea|each|unit|units|piece|pieces|c62|个|件|只|台|支|個|隻|臺",
    "set": "sets|kit|套|組|组",
    "pair": "pairs|pr|对|双|對|雙",
    "dozen": "doz|dz|打",
    "box": "boxes|bx|盒",
    "carton": "cartons|ctn|case|箱",
    "pack": "packs|pk|packet|包",
    "bag": "bags|袋",
    "bottle": "bottles|btl|瓶",
    "can": "cans|tin|罐|听",
    "barrel": "drum|barrels|桶",
    "roll": "rolls|卷|捲",
    "sheet": "sheets|张|張|片",
    "pallet": "pallets|托盘|托|棧板",
    "g": "grams|克",
    "kg": "kgs|kilo|kilos|千克|公斤",
    "t": "ton|tons|metric ton|mt|吨|噸",
    "lb": "lbs|pounds|磅",
    "mm": "毫米",
    "cm": "厘米|公分",
    "m": "meter|meters|metres|米|公尺",
    "km": "公里|千米",
    "in": "inches|英寸",
    "ft": "feet|英尺",
    "m2": "m²|sqm|square meter|平方米|平方公尺",
    "m3": "m³|cbm|cubic meter|立方米",
    "ml": "毫升",
    "l": "liter|liters|litres|ltr|升|公升",
    "kwh": "度|千瓦时",
    "min": "mins|minutes|分钟|分鐘",
    "h": "hr|hrs|hours|小时|小時",
    "day": "days|天|日",
    "month": "months|月|个月",
    "year": "years|年",
    "job": "service|次|项|項",
    "person": "persons|user|seat|人|用户",
}
REC_20 = {code: rec20 for code, rec20, _name in UNITS}


class UnitField(CodedField):
    """A unit of the list, or another."""

    slug = "units"

    @classmethod
    def in_language(cls, language: str) -> Mapping[str, str]:
        return _named(language)

    @classmethod
    def spellings(cls) -> Iterator[tuple[str, str]]:
        yield from ((rec20, code) for code, rec20 in REC_20.items())
        for code, words in ALSO.items():
            yield from ((each, code) for each in words.split("|"))


@cache
def _named(language: str) -> Mapping[str, str]:
    with translation.override(language):
        return {code: str(name) for code, _rec20, name in UNITS}
