"""`python -m bench`: every measure in turn; `python -m bench.pages` and the others take each alone."""

from __future__ import annotations

import os

from bench import duplicates, models, pages, validation, worth
from tests.throwaway_server import ThrowawayServer


def main() -> None:
    """The value engine on files first, then the pages on a server of their own where none is named."""
    worth.main()
    validation.main()
    models.main()
    duplicates.main()
    if os.environ.get("CLIENTIER_DATABASE_URL"):
        pages.main()
        return
    server = ThrowawayServer()
    os.environ["CLIENTIER_DATABASE_URL"] = server.url
    try:
        pages.main()
    finally:
        server.stop()


if __name__ == "__main__":
    main()
