"""The translations: compiled, converted, and as fresh as the source."""

from __future__ import annotations

import gettext
import shutil
from pathlib import Path

import polib
import pytest

from tools.compile_messages import compile_all
from tools.make_messages import PACKAGE, SIMPLIFIED, TRADITIONAL, catalogue, collect, convert


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with one Simplified catalogue and an overrides file."""
    path = catalogue(tmp_path, SIMPLIFIED)
    path.parent.mkdir(parents=True)
    words = polib.POFile()
    words.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=1; plural=0;"}
    words.append(polib.POEntry(msgid="Network settings of %(name)s", msgstr="%(name)s 的网络设置"))
    words.append(polib.POEntry(msgid="Customer", msgstr="客户"))
    words.append(polib.POEntry(msgid="Tier", msgstr="层级"))
    words.append(polib.POEntry(msgid="One", msgid_plural="%(n)s files", msgstr_plural={0: "%(n)s 个文件"}))
    words.save(str(path))
    overrides = tmp_path / "locale" / TRADITIONAL / "overrides.toml"
    overrides.parent.mkdir(parents=True)
    overrides.write_text('[phrases]\n"客戶" = "顧客"\n[messages]\n"Tier" = "等級"\n', encoding="utf-8")
    return tmp_path


def test_traditional_follows_simplified_in_the_words_of_taiwan(package: Path) -> None:
    convert(package)
    words = {entry.msgid: entry for entry in polib.pofile(str(catalogue(package, TRADITIONAL)))}
    assert words["Network settings of %(name)s"].msgstr == "%(name)s 的網路設定"
    assert words["One"].msgstr_plural == {0: "%(n)s 個檔案"}


def test_overrides_win(package: Path) -> None:
    convert(package)
    words = {entry.msgid: entry.msgstr for entry in polib.pofile(str(catalogue(package, TRADITIONAL)))}
    assert words["Customer"] == "顧客"
    assert words["Tier"] == "等級"


def test_a_compiled_catalogue_is_what_gettext_reads_and_is_made_once(package: Path) -> None:
    assert len(compile_all(package / "locale")) == 1
    assert compile_all(package / "locale") == []
    found = gettext.translation("django", package / "locale", [SIMPLIFIED])
    assert found.gettext("Customer") == "客户"
    assert found.ngettext("One", "%(n)s files", 3) == "%(n)s 个文件"


@pytest.mark.skipif(not catalogue(PACKAGE, SIMPLIFIED).exists(), reason="there is no catalogue yet")
@pytest.mark.skipif(shutil.which("xgettext") is None, reason="gettext is not installed")
def test_the_catalogues_hold_exactly_the_words_of_the_source(tmp_path: Path) -> None:
    copy = tmp_path / "clientier"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.mo", "vendor"))
    collect(copy)
    for language in (SIMPLIFIED, TRADITIONAL):
        assert _words(catalogue(PACKAGE, language)) == _words(catalogue(copy, SIMPLIFIED)), (
            f"{language}: make messages"
        )


def _words(path: Path) -> set[tuple[str, str]]:
    return {(entry.msgctxt or "", entry.msgid) for entry in polib.pofile(str(path)) if not entry.obsolete}
