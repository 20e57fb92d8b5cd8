"""The tutorials, run as they are written: what a block of code prints must be the block of text below it."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

TUTORIALS = Path(__file__).parent.parent.parent / "docs" / "tutorials"
BLOCK = re.compile(r"```python\n(.*?)```(?:\s*```text\n(.*?)```)?", re.DOTALL)
FILES = {
    "cdnow": ["cdnow/CDNOW_master.txt"],
    "adventureworks": [
        "adventureworks-dw/FactResellerSales.parquet",
        "adventureworks-dw/DimReseller.parquet",
    ],
}


@pytest.mark.parametrize("name", FILES)
def test_a_tutorial_prints_what_it_says(name, shared_data, tmp_path, monkeypatch):
    for file in FILES[name]:
        (tmp_path / Path(file).name).symlink_to((shared_data / file).resolve())
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    blocks = BLOCK.findall((TUTORIALS / f"{name}.md").read_text(encoding="utf-8"))
    assert len(blocks) > 4
    for code, text in blocks:
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(code, f"{name}.md", "exec"), names)
        assert said.getvalue().strip() == text.strip(), code
