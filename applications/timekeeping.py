"""What time does by itself: publicity lists end, applications not sent on in time lapse."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from accounts.capacity import CLOCK
from applications.flows import APPLICATION, PUBLICITY
from applications.models import Application, ApplicationState, Extension, Publicity, PublicityState
from applications.rules import GRACE
from office.door import take_each
from office.flow import Flow

log = logging.getLogger(__name__)


def keep(at: datetime) -> int:
    """Take every step whose moment had come ``GRACE`` before ``at``, each once; returns how many were taken."""
    past = at - GRACE
    over = Publicity.objects.filter(state=PublicityState.PUBLISHED, ends_at__lt=past)
    # What waits for the school lapses with the authority's date (rules.time_is_up).
    longer = Extension.objects.filter(
        call=OuterRef("call"), authority=OuterRef("authority"), authority_by__gte=past
    )
    waits = Q(state=ApplicationState.SCHOOL_REVIEW) & (Q(call__authority_by__gte=past) | Q(Exists(longer)))
    late = Application.objects.filter(state__in=ApplicationState.before_recommendation, due__lt=past).exclude(
        waits
    )
    return _take(PUBLICITY, "conclude", over.values_list("pk", flat=True), at) + _take(
        APPLICATION, "lapse", late.values_list("pk", flat=True), at
    )


def _take(flow: Flow, step: str, pks: Iterable[int], at: datetime) -> int:
    """One row after the other: a faulty one is logged and keeps no other from its turn."""
    taken = 0
    for pk in list(pks):
        try:
            taken += not take_each(flow, step, [pk], CLOCK, at)[0].problem
        except Exception:
            log.exception("%s %s: %s failed", flow.name, pk, step)
    return taken
