"""延期通知: the document that tells of dates put off, beside the notice that opened the call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.dateparse import parse_datetime

from applications import documents, papers
from applications.dates import dates_of
from applications.documents_extension import EXTENSION_NOTICE
from applications.extending import COMMON, LABELS, whose_words
from applications.models import Call, Extension
from office import documents as office
from office.door import Act
from office.flow import Missing
from office.models import OfficialDocument
from office.words import plain_day

UNTOLD = Q(Exists(Extension.objects.filter(call=OuterRef("pk"), notice__isnull=True).exclude(was={})))


@dataclass(frozen=True)
class Supplement:
    """What the step issues: of which extension, with the number typed ("" for the next of the series), dated when."""

    extension: Extension
    number: str
    issued_on: date

    def facts(self, call: Call) -> dict[str, Any]:
        """What history keeps."""
        return {"范围": whose_words(self.extension.authority, call), "成文日期": plain_day(self.issued_on)}


def untold(call: Call) -> list[Extension]:
    """The extensions that no document has told of yet, those for all first."""
    rows = call.extensions.filter(notice__isnull=True).exclude(was={}).select_related("authority")
    return sorted(rows, key=lambda row: (row.authority_id is not None, row.pk))


def something_untold(call: Call, at: datetime) -> Iterator[Missing]:
    """The notice is for an extension nobody has been told of."""
    planned: Supplement | None = call.supplement
    if planned is None:
        yield Missing("请选择要印发通知的延期", 9, here=True)
    elif planned.extension.pk not in {row.pk for row in untold(call)}:
        yield Missing("这次延期已经印发通知", 9)


def changes(extension: Extension) -> list[dict[str, Any]]:
    """Each date that was put off, as it was and as it is."""
    call = extension.call
    own = dates_of(call, extension.authority_id)
    found = []
    for name, label in LABELS.items():
        now = getattr(call, name) if name in COMMON else getattr(own, name)
        was = parse_datetime(extension.was.get(name, "")) or now
        if now > was:
            found.append({"name": name, "label": label, "was": was, "now": now})
    return found


def title(extension: Extension) -> str:
    """关于延长……申报时间的通知; where only later dates moved, 关于调整……."""
    subject = papers.subject(extension.call)
    if any(change["name"] == "submit_by" for change in changes(extension)):
        return f"关于延长{subject}申报时间的通知"
    return f"关于调整{subject}工作时间安排的通知"


def opening_notice(call: Call) -> OfficialDocument | None:
    """The notice that opened the call."""
    return office.documents_of(call).filter(kind=documents.CALL_NOTICE).first()


def facts(extension: Extension) -> dict[str, Any]:
    """What the document freezes."""
    call, notice = extension.call, opening_notice(extension.call)
    owner = call.programme.owner
    whose = extension.authority
    everybody = papers.grounds(call.programme)["addressee"]
    counties = {None: everybody, owner.pk: "市直各学校（幼儿园）"}
    return {
        "addressee": counties.get(whose.pk if whose else None) or (whose.name if whose else everybody),
        "notice": notice.title if notice else papers.call_notice_title(call),
        "number": notice.number if notice else "",
        "subject": papers.subject(call),
        "changes": changes(extension),
        "alone": whose_words(whose, call) if whose else "",
        "contact": "，".join(text for text in (owner.contact, owner.contact_phone) if text),
    }


def issue(case: Call, act: Act) -> None:
    """The document is issued beside the opening notice, which says from then on by what it is supplemented."""
    planned: Supplement = case.supplement
    extension = planned.extension
    extension.call = case
    document = office.issue(
        case,
        kind=EXTENSION_NOTICE,
        issuer=case.programme.owner,
        title=title(extension),
        facts=facts(extension),
        me=act.me,
        at=act.at,
        issued_on=planned.issued_on,
        number=planned.number,
        series=papers.number_series(case.programme),
        public=extension.authority_id is None,
        supplements=opening_notice(case),
    )
    extension.notice = document
    extension.save(update_fields=["notice"])


def preview(extension: Extension, on: date) -> bytes:
    """The notice as it would be issued, without its number. Raises PdfUnavailable."""
    return office.preview(
        EXTENSION_NOTICE,
        facts(extension),
        issuer=extension.call.programme.owner,
        title=title(extension),
        issued_on=on,
    )
