"""A correction comes into being: the numbers, the scan, one request at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction

from accounts.capacity import Capacity
from accounts.models import Principal, mask_identity
from office.attachments import attach
from office.door import begin
from office.models import NoticeKind, Scope
from office.notices import tell
from portal.models import CorrectionState, IdentityCorrection

from .page import CARD, CARD_LABEL
from .rules import officers


def open_request(record: Principal) -> IdentityCorrection | None:
    """The request of this person that waits for its answer."""
    return IdentityCorrection.objects.filter(principal=record, state=CorrectionState.ASKED).first()


@transaction.atomic
def ask(
    record: Principal, number: str, card: File[Any], reason: str, me: Capacity, at: datetime
) -> IdentityCorrection:
    """Ask for ``number`` in ``record``, with the scan of the card; a request still open is returned as it is.

    Raises BadFile, and begins nothing, for a scan that is not allowed.
    """
    own = Principal.objects.select_for_update(of=("self",), no_key=True).get(pk=record.pk)
    if asked := open_request(own):
        return asked
    case = IdentityCorrection(
        principal=own,
        identity=number,
        former=own.identity,
        masked_identity=mask_identity(number),
        masked_former=own.masked_identity,
        reason=reason,
    )
    facts = {"身份证号": [case.masked_former, case.masked_identity]}
    entry = begin(case, me, at, "申请更正", facts=facts)
    attach(case, card, slot=CARD, me=me, at=at, scope=Scope.HANDLERS, label=CARD_LABEL)
    url = case.get_absolute_url()
    tell(officers(case, at), f"{case}，请核对", at, kind=NoticeKind.ACTION, url=url, entry=entry)
    return case
