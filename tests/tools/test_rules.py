"""The rules of the house, each on a good and a bad example."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tools import house
from tools.rules import length, reading, rooms, templates, vendored, words

SOME = Path("some.py")


def messages(found: object) -> list[str]:
    return [str(fault) for fault in found]  # type: ignore[attr-defined]


def function_of(lines: int, *, docstring_lines: int = 0, excuse: str = "") -> str:
    docstring = ["    '''" + "words\n" * docstring_lines + "    '''"] if docstring_lines else []
    return "\n".join([f"def long():{excuse}", *docstring, *["    x = 1"] * (lines - 1)])


def test_a_function_of_forty_lines_passes_and_one_of_forty_one_does_not() -> None:
    assert messages(length.faults_in(function_of(40), SOME)) == []
    assert messages(length.faults_in(function_of(41), SOME)) == [
        "some.py:1: long has 41 lines; a function has 40 at most"
    ]


def test_a_docstring_does_not_make_a_function_long() -> None:
    assert messages(length.faults_in(function_of(40, docstring_lines=20), SOME)) == []


def test_an_excuse_needs_a_reason() -> None:
    assert messages(length.faults_in(function_of(41, excuse="  # house: one table, read whole"), SOME)) == []
    assert len(messages(length.faults_in(function_of(41, excuse="  # house: ok"), SOME))) == 1


def test_a_module_of_three_hundred_lines_passes_and_one_more_does_not() -> None:
    assert messages(length.faults_in("x = 1\n" * 300, SOME)) == []
    assert len(messages(length.faults_in("x = 1\n" * 301, SOME))) == 1


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("core/audit.py", True),
        ("kit/listing.py", True),
        ("rooms/trade/queries.py", True),
        ("rooms/trade/queries/profit.py", True),
        ("rooms/trade/commands.py", True),
        ("rooms/trade/migrations/0001_initial.py", True),
        ("site/management/commands/createuser.py", True),
        ("rooms/trade/web.py", False),
        ("rooms/trade/models.py", False),
        ("site/web.py", False),
    ],
)
def test_managers_belong_to_queries_commands_and_core(path: str, allowed: bool) -> None:
    assert reading.may_use_managers(Path(path)) is allowed


def test_reaching_for_a_manager_is_found_and_declaring_one_is_not() -> None:
    assert messages(reading.faults_in("x = 1\nOrder.objects.all()", SOME)) == [
        "some.py:2: .objects belongs in queries, commands and core: ask a query"
    ]
    assert messages(reading.faults_in("class Order:\n    objects = Manager()", SOME)) == []
    assert messages(reading.faults_in("text = 'Order.objects.all()'", SOME)) == []


@pytest.mark.parametrize(
    "source",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        '<button onclick="go()">',
        '<button\n  class="a"\n  onclick="go()">',
        "<script>go()</script>",
        '<a href="javascript:go()">',
        '<p {% if a > b %}class="x"{% endif %} style="color: red">',
    ],
)
def test_inline_script_and_style_are_found(source: str) -> None:
    assert len(messages(templates.faults_in(source, SOME))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "<script src=\"{% static 'kit/js/main.js' %}\" defer></script>",
        '<script type="application/json" id="chart">{"a": 1}</script>',
        "<p>Write the style=bold, or onclick= as you like</p>",
        '<p data-style="x" data-on="y">',
        "{# <p style='x'> #}",
        "<!-- <p style='x'> -->",
    ],
)
def test_what_the_policy_allows_passes(source: str) -> None:
    assert messages(templates.faults_in(source, SOME)) == []


def test_the_line_of_an_inline_style_is_named() -> None:
    assert messages(templates.faults_in('<div>\n<p style="x">', SOME))[0].startswith("some.py:2: ")


def test_a_stray_file_in_a_room_is_found(tmp_path: Path) -> None:
    room = tmp_path / "src/clientier/rooms/trade"
    (room / "templates/trade").mkdir(parents=True)
    (room / "queries").mkdir()
    for name in ("__init__.py", "models.py", "queries/profit.py", "templates/trade/order.html"):
        (room / name).touch()
    assert messages(rooms.faults(tmp_path)) == []
    (room / "utils.py").touch()
    (room / "templates/shop").mkdir()
    assert [str(fault.path) for fault in rooms.faults(tmp_path)] == [
        "src/clientier/rooms/trade/templates",
        "src/clientier/rooms/trade/utils.py",
    ]


def test_vendored_files_are_listed_licensed_and_unchanged(tmp_path: Path) -> None:
    vendor = tmp_path / vendored.VENDOR
    (vendor / "htmx").mkdir(parents=True)
    names = ("htmx/htmx.min.js", "htmx/LICENSE")
    for name in names:
        (vendor / name).write_text(name)
    lines = [f"{hashlib.sha256(name.encode()).hexdigest()}  ./{name}\n" for name in names]
    (vendor / "CHECKSUMS").write_text("".join(lines))
    assert messages(vendored.faults(tmp_path)) == []

    (vendor / "htmx/htmx.min.js").write_text("changed")
    (vendor / "htmx/new.js").touch()
    (vendor / "htmx/LICENSE").unlink()
    assert [fault.message for fault in vendored.faults(tmp_path)] == [
        "not in CHECKSUMS",
        "lists htmx/LICENSE, which is not there",
        "differs from CHECKSUMS: somebody changed it here",
        "has no LICENSE beside it",
    ]


CATALOGUE = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ('msgid "Save"\nmsgstr "保存"\n', None),
        ('msgid "%(n)s orders"\nmsgstr "%(n)s 笔订单"\n', None),
        ('msgid "One order"\nmsgid_plural "%(n)s orders"\nmsgstr[0] "%(n)s 笔订单"\n', None),
        ('msgid "Save"\nmsgstr ""\n', "not translated"),
        ('msgid "One order"\nmsgid_plural "%(n)s orders"\nmsgstr[0] ""\n', "not translated"),
        ('msgid "%(n)s orders"\nmsgstr "%(m)s 笔订单"\n', "placeholders differ"),
        ('msgid "{n} orders"\nmsgstr "笔订单"\n', "placeholders differ"),
        ('#, fuzzy\nmsgid "Save"\nmsgstr "保存"\n', "fuzzy"),
    ],
)
def test_catalogues_are_complete_and_keep_their_placeholders(entry: str, complaint: str | None) -> None:
    found = [fault.message for fault in words.faults_in(CATALOGUE + entry, SOME)]
    assert [message.split(":")[0] for message in found] == ([complaint] if complaint else [])


def test_one_catalogue_without_the_other_is_found(tmp_path: Path) -> None:
    folder = tmp_path / words.LOCALE / "zh_Hans/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(CATALOGUE + 'msgid "Save"\nmsgstr "保存"\n', encoding="utf-8")
    assert [fault.path.parts[-3] for fault in words.faults(tmp_path)] == ["zh_Hant"]


def test_every_rule_takes_part() -> None:
    modules = {rule.__module__.rpartition(".")[2] for rule in house.RULES}
    written = {path.stem for path in Path(rooms.__file__).parent.glob("*.py")} - {"__init__", "fault"}
    assert modules == written
