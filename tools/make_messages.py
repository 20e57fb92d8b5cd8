"""`make messages`: collect the words to translate, and make the Traditional Chinese from the Simplified.

People write the Simplified Chinese. The Traditional follows it by OpenCC in the words of Taiwan; what it gets
wrong is said in locale/zh_Hant/overrides.toml: `[phrases]` for every sentence, `[messages]` for one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "clientier"
SIMPLIFIED, TRADITIONAL = "zh_Hans", "zh_Hant"
HEADER = {  # without the moment of collecting, which would change at every turn
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


def catalogue(package: Path, language: str) -> Path:
    """Where the catalogue of a language lies."""
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def collect(package: Path = PACKAGE) -> None:
    """Bring the Simplified catalogue up to date with the source, by gettext."""
    catalogue(package, SIMPLIFIED).parent.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "clientier.site.settings",
        "PYTHONPATH": str(PACKAGE.parent),
    }
    command = [
        sys.executable,
        "-m",
        "django",
        "makemessages",
        "--locale",
        SIMPLIFIED,
        "--no-wrap",
        "--no-obsolete",
    ]
    subprocess.run(
        [*command, "--add-location", "file", "--verbosity", "0"], cwd=package, env=environment, check=True
    )
    words = polib.pofile(str(catalogue(package, SIMPLIFIED)), wrapwidth=0)
    words.header, words.metadata_is_fuzzy = "", []
    words.metadata = {"Language": SIMPLIFIED, **HEADER}
    words.save(str(catalogue(package, SIMPLIFIED)))


def convert(package: Path = PACKAGE) -> None:
    """Write the Traditional catalogue anew from the Simplified one."""
    from opencc import OpenCC  # only those who translate need it

    to_taiwan = OpenCC("s2twp")
    overrides = _overrides(catalogue(package, TRADITIONAL).parents[1] / "overrides.toml")

    def traditional(message: str, simplified: str) -> str:
        if simplified and message in overrides["messages"]:
            return overrides["messages"][message]
        text = to_taiwan.convert(simplified)
        for wrong, right in overrides["phrases"].items():
            text = text.replace(wrong, right)
        return text

    words = polib.pofile(str(catalogue(package, SIMPLIFIED)), wrapwidth=0)
    words.metadata["Language"] = TRADITIONAL
    for entry in words:
        entry.msgstr = traditional(entry.msgid, entry.msgstr)
        entry.msgstr_plural = {
            number: traditional(entry.msgid, text) for number, text in entry.msgstr_plural.items()
        }
    catalogue(package, TRADITIONAL).parent.mkdir(parents=True, exist_ok=True)
    words.save(str(catalogue(package, TRADITIONAL)))


def _overrides(path: Path) -> dict[str, dict[str, str]]:
    given = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {"phrases": given.get("phrases", {}), "messages": given.get("messages", {})}


if __name__ == "__main__":
    if shutil.which("xgettext") is None:
        sys.exit("make messages needs gettext: apt-get install gettext, or brew install gettext.")
    collect()
    convert()
