"""`make where NAME=customers`: every place of a noun, from its table to its tests."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("src/clientier", "tests", "docs", "bench")
KINDS = (".py", ".html", ".js", ".css", ".md")


def forms(name: str) -> tuple[str, str]:
    """Singular and plural of a noun, as identifiers write them."""
    noun = name.strip().lower().replace("-", "_")
    if noun.endswith("ies"):
        return noun[:-3] + "y", noun
    if noun.endswith(("sses", "xes", "ches", "shes")):
        return noun[:-2], noun
    if noun.endswith("s") and not noun.endswith("ss"):
        return noun[:-1], noun
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun, noun[:-1] + "ies"
    return noun, noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def places(name: str, root: Path = ROOT) -> Iterator[str]:
    """Files named after the noun, and lines that define something of that name."""
    singular, plural = forms(name)
    camel = "".join(part.capitalize() for part in singular.split("_"))
    in_names = re.compile(rf"(^|[_/.-])({singular}|{plural})($|[_/.-])")
    either = rf"({singular}|{plural})"
    defining = re.compile(
        rf"^\s*class\s+\w*{camel}\w*|^\s*(async\s+)?def\s+\w*(?<![a-z]){either}(?![a-z])\w*"
        rf"|^{either}(_\w+)?\s*[:=]|[\"']{plural}(/[^\"']*)?[\"']",
        re.IGNORECASE,
    )
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in KINDS or {"vendor", "migrations"} & set(path.parts):
                continue
            place = path.relative_to(root)
            if in_names.search(place.as_posix()):
                yield f"{place}"
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                if path.suffix == ".py" and defining.search(line):
                    yield f"{place}:{number}: {line.strip()}"


def main(arguments: list[str]) -> int:
    """Print the places of one noun; 1 when there are none."""
    if len(arguments) != 1:
        print("make where NAME=customers")
        return 2
    found = list(places(arguments[0]))
    print("\n".join(found) or f"Nothing here is named {arguments[0]}.")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
