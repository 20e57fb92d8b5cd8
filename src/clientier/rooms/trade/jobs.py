"""What the worker does for the books by itself."""

from __future__ import annotations

import logging

from clientier.core import jobs, seals
from clientier.rooms.trade.commands.ledger import LEDGER
from clientier.rooms.trade.queries.proofs import faults

log = logging.getLogger(__name__)


@jobs.every("*/10 * * * *")
@jobs.task(name="trade.seal_ledger", queueing_lock="trade.seal_ledger", pass_context=False)
def seal_ledger(timestamp: int) -> None:
    """Seal what was posted since the last time."""
    seals.seal(LEDGER)


@jobs.every("45 1 * * *")
@jobs.task(name="trade.verify_ledger", queueing_lock="trade.verify_ledger", pass_context=False)
def verify_ledger(timestamp: int) -> None:
    """Tell the log, every night, where the chain of the ledger ends, or what does not add up."""
    verdict = seals.verify(LEDGER)
    for fault in [*verdict.faults, *faults()]:
        log.error("The ledger: %s", fault)
    log.info("The ledger is sealed to entry %s, link %s.", verdict.last_sealed, verdict.head)
