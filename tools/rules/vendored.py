"""Every front-end file of others is the one we checked, and has its licence beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from tools.rules.fault import Fault

VENDOR = Path("src/clientier/kit/static/kit/vendor")
LIST = "CHECKSUMS"
OURS = (LIST,)


def faults(root: Path) -> Iterator[Fault]:
    """Files that are not listed, differ from the list, are missing, or come without a licence."""
    vendor = root / VENDOR
    if not vendor.exists():
        return
    listed = _listed(vendor)
    present = {
        path.relative_to(vendor).as_posix()
        for path in vendor.rglob("*")
        if path.is_file() and path.name not in OURS
    }
    for name in sorted(present - listed.keys()):
        yield Fault(VENDOR / name, 1, f"not in {LIST}")
    for name in sorted(listed.keys() - present):
        yield Fault(VENDOR / LIST, 1, f"lists {name}, which is not there")
    for name in sorted(present & listed.keys()):
        if hashlib.sha256((vendor / name).read_bytes()).hexdigest() != listed[name]:
            yield Fault(VENDOR / name, 1, f"differs from {LIST}: somebody changed it here")
    for folder in sorted({Path(name).parts[0] for name in present if "/" in name}):
        if not any((vendor / folder).glob("LICENSE*")):
            yield Fault(VENDOR / folder, 1, "has no LICENSE beside it")


def _listed(vendor: Path) -> dict[str, str]:
    """Name → SHA-256, from lines as `sha256sum` writes them."""
    if not (vendor / LIST).exists():
        return {}
    lines = (vendor / LIST).read_text(encoding="utf-8").splitlines()
    pairs = [line.split(maxsplit=1) for line in lines if line.strip() and not line.startswith("#")]
    return {name.lstrip("*").removeprefix("./"): digest for digest, name in pairs}
