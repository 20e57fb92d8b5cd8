"""Every code that the engine can give has words in both languages of the command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clientier.worth.book.headings import ALL
from clientier.worth.book.keys import ASIDE, UNMATCHED
from clientier.worth.report.refusal_words import HINTS, REASONS
from clientier.worth.report.words import WORDS

BOOK = Path(__file__).parent.parent.parent / "src" / "clientier" / "worth" / "book"
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in BOOK.glob("*.py"))
REFUSED = re.compile(r'TableRefused\(\s*"(\w+)"|\.refuse\((?:[^()]|\([^()]*\))*?"(\w+)",\s*"(\w+)"\)')


@pytest.mark.parametrize("language", WORDS)
def test_reasons_aside_notices_and_tables_are_worded(language):
    notices = {code for code, _ in UNMATCHED} | set(re.findall(r'notices\.append\(\(\s*"(\w+)"', SOURCE))
    assert len(notices) >= 6
    wanted = {f"aside.{reason}" for reason in ASIDE} | {f"notice.{code}" for code in notices}
    wanted |= {f"table.{table}" for table in ALL}
    assert wanted <= WORDS[language].keys()


def test_refusals_and_their_hints_are_worded():
    found = REFUSED.findall(SOURCE)
    reasons = {first or second for first, second, _ in found}
    assert len(reasons) >= 20
    assert reasons <= REASONS.keys()
    hints = set(re.findall(r'hint="(\w+)"', SOURCE)) | {hint for *_, hint in found if hint}
    assert len(hints) > 12
    assert hints - {"kinds"} <= HINTS.keys()


def test_what_states_and_engines_refuse_is_worded_in_both_languages():
    folders = (BOOK.parent / "state", BOOK.parent / "engines")
    source = "\n".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.glob("*.py"))
    codes = set(re.findall(r'(?:StateRefused|TableRefused|WorthError)\(\s*"(\w+)"', source))
    codes |= set(re.findall(r'(?:append\(\(|\[\(|for name, code in \(\(\w+, )"(\w+)", ', source))
    codes |= {"schema_changed", "definition_changed", "not_a_day", "not_an_amount"}
    assert len(codes) >= 20
    assert codes <= REASONS.keys() | {"purchase_after_as_of"}  # the command refuses such a day before
    assert set(re.findall(r'hint="([a-z_]+)"', source)) - {"rebuild"} <= HINTS.keys()
    assert all(len(set(REASONS[code])) == 2 for code in codes & REASONS.keys())
