"""Write the table of countries: run once with Babel and pycountry at hand, when it must grow.

Names are those of the Unicode CLDR, which Babel carries (31 MB, too much to install for one table); other spellings
are the names in the languages of the country itself, the formal names of ISO 3166, and those listed here.
"""

from __future__ import annotations

from pathlib import Path

PLACE = Path("src/clientier/rooms/parties/choices/countries.tsv")
LANGUAGES = ("en", "zh_Hans", "zh_Hant")
SHORT = {
    "HK": ("Hong Kong", "香港", "香港"),
    "MO": ("Macao", "澳门", "澳門"),
    "CD": ("Congo (Kinshasa)", "刚果（金）", "剛果（金夏沙）"),
    "CG": ("Congo (Brazzaville)", "刚果（布）", "剛果（布拉薩）"),
}
ALSO = {
    "CN": "PRC|Mainland China|中华人民共和国|中国大陆|中國大陸|大陆|大陸",
    "TW": "臺灣|中国台湾|中國台灣|ROC",
    "HK": "Hong Kong SAR|中国香港|中國香港",
    "MO": "Macau|Macau SAR|中国澳门|中國澳門",
    "US": "USA|U.S.|U.S.A|America|United States of America|美利坚合众国",
    "GB": "UK|U.K.|Great Britain|Britain|England|Scotland|Wales|Northern Ireland|大不列颠",
    "KR": "Korea|Republic of Korea|大韩民国|大韓民國|韓國",
    "NL": "Holland|The Netherlands",
    "CZ": "Czech Republic",
    "TR": "Turkey",
    "AE": "UAE|U.A.E",
    "RU": "Russian Federation|俄国",
    "VN": "Vietnam|Viet Nam",
    "CI": "Ivory Coast",
    "AU": "澳洲",
    "ID": "印尼",
    "NZ": "纽西兰",
    "LA": "Laos|Lao PDR",
    "GR": "EL|Hellas",
}


def main() -> None:
    import pycountry
    from babel import Locale
    from babel.core import get_global

    named = {language: Locale.parse(language).territories for language in LANGUAGES}
    spoken = get_global("territory_languages")
    lines = []
    for country in sorted(pycountry.countries, key=lambda each: each.alpha_2):
        code = country.alpha_2
        names = SHORT.get(code) or tuple(named[language][code] for language in LANGUAGES)
        others = {country.alpha_3, country.name, getattr(country, "official_name", country.name)}
        others |= {getattr(country, "common_name", country.name), *(named[each][code] for each in LANGUAGES)}
        for language, facts in spoken.get(code, {}).items():
            if facts.get("official_status"):
                others |= {_own_name(language, code)}
        others |= set(ALSO.get(code, "").split("|"))
        lines.append("\t".join([code, *names, "|".join(sorted(others - {"", *names}))]))
    PLACE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _own_name(language: str, code: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(language).territories.get(code, ""))
    except (UnknownLocaleError, ValueError):
        return ""


if __name__ == "__main__":
    main()
