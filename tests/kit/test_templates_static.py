"""The style sheets, scripts and carried libraries keep the promises of the design."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "src" / "clientier" / "kit" / "static" / "kit"
TOKEN = re.compile(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
USUAL = (STATIC / "css/tokens.css").read_text(encoding="utf-8").split("@media (prefers-contrast")[0]
TOKENS = {name: (light, dark) for name, light, dark in TOKEN.findall(USUAL)}
LINES_OF_STYLE = 300
LINES_OF_SCRIPT = 150
FIRST_VISIT_BYTES = 300_000

GROUNDS = ("bg", "panel", "raised", "hover", "selected")
PAIRS = [
    *((ink, ground) for ink in ("ink", "soft") for ground in GROUNDS),
    *(
        (ink, ground)
        for ink in ("accent", "good", "warn", "bad")
        for ground in ("bg", "panel", "raised", "hover")
    ),
    *((name, f"{name}-wash") for name in ("good", "warn", "bad", "info", "neutral", "t1", "t2", "t3", "t4")),
    *((ink, ground) for ink in ("ink", "soft", "bad") for ground in ("next", "overdue")),
    *((ink, "accent-wash") for ink in ("ink", "soft", "good", "bad")),
]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_the_standard_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_can_be_read_on_its_ground(ink: str, ground: str, theme: int) -> None:
    assert contrast(TOKENS[ink][theme], TOKENS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("fill", ["accent-fill", "accent-fill-hover", "bad-fill"])
def test_white_text_can_be_read_on_a_filled_button(fill: str, theme: int) -> None:
    assert contrast("#ffffff", TOKENS[fill][theme]) >= 4.5


def test_style_sheets_and_scripts_stay_short() -> None:
    limits = {"css/*.css": LINES_OF_STYLE, "js/*.js": LINES_OF_SCRIPT}
    long = [
        path.name
        for pattern, limit in limits.items()
        for path in STATIC.glob(pattern)
        if len(path.read_text(encoding="utf-8").splitlines()) > limit
    ]
    assert long == []


def test_colours_stand_in_the_tokens_alone() -> None:
    stray = {
        path.name: found
        for path in STATIC.glob("css/*.css")
        if path.name not in {"tokens.css", "print.css"}
        and (found := re.findall(r"#[0-9a-f]{3,6}\b", path.read_text(encoding="utf-8")))
    }
    assert stray == {}


def test_no_script_evaluates_text_or_reaches_another_host() -> None:
    sources = {path.name: path.read_text(encoding="utf-8") for path in STATIC.glob("js/*.js")}
    assert len(sources) > 10
    assert [
        name for name, text in sources.items() if re.search(r"\beval\(|new Function|https?://", text)
    ] == []


def test_every_script_is_reached_from_the_entry() -> None:
    reached: set[str] = set()
    waiting = ["main.js"]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += re.findall(r'(?:from|import) "\./([a-z]+\.js)"', (STATIC / "js" / name).read_text())
    assert reached == {path.name for path in STATIC.glob("js/*.js")}


def test_carried_libraries_are_what_was_copied_and_have_licences() -> None:
    vendor = STATIC / "vendor"
    listed = dict(reversed(line.split("  ./", 1)) for line in (vendor / "CHECKSUMS").read_text().splitlines())
    carried = {str(path.relative_to(vendor)) for path in vendor.rglob("*") if path.is_file()} - {"CHECKSUMS"}
    assert set(listed) == carried
    wrong = [
        name
        for name, sum_ in listed.items()
        if hashlib.sha256((vendor / name).read_bytes()).hexdigest() != sum_
    ]
    assert wrong == []
    assert all((folder / "LICENSE").is_file() for folder in vendor.iterdir() if folder.is_dir())


def test_a_first_visit_without_charts_weighs_little() -> None:
    own = [*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js")]
    carried = [
        path
        for path in STATIC.glob("vendor/*/*")
        if path.suffix in {".js", ".css"} and "echarts" not in path.name
    ]
    assert sum(len(gzip.compress(path.read_bytes())) for path in [*own, *carried]) < FIRST_VISIT_BYTES
