"""What this room shows and takes in. Not empty like other packages: who imports it has all of it declared."""

from __future__ import annotations

from importlib import import_module

# In the order in which search and API name them.
for noun in ("orders", "documents", "receivables", "stock", "costs", "imports"):
    import_module(f"{__name__}.{noun}")
