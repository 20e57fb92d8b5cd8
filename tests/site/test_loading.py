"""What a start need not wait for is loaded when it is first used."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

from clientier import worth

READY = "import django, sys; django.setup(); from clientier.site import urls; print(*sys.modules)"


def test_a_start_waits_neither_for_the_models_nor_for_pinyin() -> None:
    loaded = subprocess.check_output([sys.executable, "-c", READY], text=True).split()
    assert "clientier.rooms.value.commands.runs" in loaded
    assert not {"scipy", "pypinyin", "openpyxl"} & set(loaded)


def test_every_name_of_the_engine_is_what_it_says_whatever_was_loaded_before() -> None:
    from clientier.worth import between, explanation

    named = {name: getattr(worth, name) for name in worth.__all__}
    modules = {name for name, found in named.items() if isinstance(found, ModuleType)}
    assert modules == {"purchase_fit", "purchases", "spend"}
    assert (named["explain"], named["movement"]) == (explanation.explain, between.movement)
    assert not hasattr(worth, "nothing")
