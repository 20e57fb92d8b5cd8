"""Compile the translations (.po) to what Django reads (.mo); by polib, so that gettext need not be there."""

from __future__ import annotations

from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parents[1] / "src" / "clientier" / "locale"


def compile_all(locale: Path = LOCALE) -> list[Path]:
    """Write the .mo beside every .po that is newer; return what was written."""
    written = []
    for catalogue in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        compiled = catalogue.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime:
            polib.pofile(str(catalogue)).save_as_mofile(str(compiled))
            written.append(compiled)
    return written


if __name__ == "__main__":
    compile_all()
