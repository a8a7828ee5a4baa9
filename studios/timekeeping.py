"""What time does by itself in studios: papers are opened when their time comes, acting leads' time ends."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.capacity import CLOCK
from office.door import Moved, Refused, take
from studios.flows import STUDIO
from studios.models import Studio, StudioState
from studios.planning import lacking_plans, open_due_plans
from studios.pledges import lacking_pledges, open_pledges
from studios.summaries import lacking_summaries, open_summary

log = logging.getLogger(__name__)


def keep(at: datetime) -> int:
    """Open what is due to be filled in at ``at``, each once; returns how many papers were opened."""
    asked = (
        (lacking_plans(at).select_related("programme"), lambda studio: open_due_plans(studio, CLOCK, at)),
        (
            lacking_summaries(at).select_related("term"),
            lambda year: open_summary(year, CLOCK, at) is not None,
        ),
        (lacking_pledges(at).select_related("term"), lambda year: open_pledges(year, CLOCK, at)),
    )
    return sum(_each(rows, open_due) for rows, open_due in asked)


def _each(rows: Iterable[Any], open_due: Callable[[Any], int]) -> int:
    """How many ``open_due`` opened for all ``rows``; one faulty row keeps no other from its turn."""
    opened = 0
    for row in rows:
        try:
            opened += open_due(row)
        except Exception:
            log.exception("%s %s: papers were not opened", row._meta.model_name, row.pk)
    return opened


def end_acting_leads(at: datetime) -> int:
    """Close the time of acting leads whose last day has passed; returns how many."""
    over = Studio.objects.filter(acting_until__lt=timezone.localdate(at), state__in=StudioState.live)
    ended = 0
    for pk in list(over.values_list("pk", flat=True)):
        try:
            take(STUDIO, "end_acting", pk, CLOCK, at)
        except (Moved, Refused):
            continue
        ended += 1
    return ended
