"""What time does by itself in studios: papers are opened when their time comes."""

from __future__ import annotations

import logging
from datetime import datetime

from accounts.capacity import CLOCK
from studios.planning import lacking_plans, open_due_plans

log = logging.getLogger(__name__)


def keep(at: datetime) -> int:
    """Open what is due to be filled in at ``at``, each once; returns how many papers were opened."""
    opened = 0
    for studio in lacking_plans(at).select_related("programme"):
        try:
            opened += open_due_plans(studio, CLOCK, at)
        except Exception:
            # One faulty studio keeps no other from its turn.
            log.exception("studio %s: plans were not opened", studio.pk)
    return opened
