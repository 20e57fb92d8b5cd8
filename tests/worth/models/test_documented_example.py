"""The example of the documentation runs as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

DOCUMENT = Path(__file__).parents[3] / "docs" / "value-engine.md"


def test_the_example_of_the_models_runs():
    blocks = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    (example,) = (block for block in blocks if "registry.fit_any" in block)
    names: dict[str, object] = {}
    exec(example, names)
    assert names["evidence"] == "prior_and_data"
