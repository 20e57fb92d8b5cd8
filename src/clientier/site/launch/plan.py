"""What a run consists of: plain data that the main process hands to the keeper."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Service:
    """A program that runs as long as we do."""

    name: str
    command: list[str]


@dataclass(frozen=True)
class Plan:
    """One run, from the data folder to the words at the end; commands are lists of arguments."""

    home: str
    main_pid: int
    host: str
    port: int
    database_url: str | None = None
    prepare: list[list[str]] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    announce: list[str] | None = None

    @property
    def address(self) -> str:
        """Where a browser finds us."""
        host = "127.0.0.1" if self.host in ("", "0.0.0.0", "::") else self.host  # noqa: S104 — compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def to_json(self) -> str:
        """One line that `from_json` reads back."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> Plan:
        """Read what `to_json` wrote."""
        facts = json.loads(text)
        facts["services"] = [Service(**service) for service in facts["services"]]
        return cls(**facts)
