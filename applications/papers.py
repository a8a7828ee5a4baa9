"""The official documents of a call: which facts they freeze, when they are issued, how they look before.

What the facts become on paper is in ``applications.documents``.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import Kind, Organisation
from applications import concluding, documents
from applications.models import Announcement, Application, ApplicationState, Call, Publicity, Quota
from office import documents as office
from office.door import Act
from programmes.models import Programme
from programmes.numerals import chinese_number
from studios.models import Stage, Term

SHOWN_IN_PUBLICITY = (
    ApplicationState.PUBLICISED,
    ApplicationState.HELD,
    ApplicationState.CONFIRMED,
    ApplicationState.ANNOUNCED,
)


def number_series(programme: Programme) -> str:
    """The series from which the programme's documents take their numbers; none where it has no 机关代字."""
    return f"{programme.document_code}〔{{year}}〕{{n}}号" if programme.document_code else ""


def subject(call: Call) -> str:
    """What a call is about, as titles name it: 2026年赤峰市名校长工作室."""
    return call.name.removesuffix("批次").removesuffix("申报")


def county_of(authority: Organisation) -> str:
    """The county as lists name it; a school directly under the bureau has none."""
    return "市直" if authority.kind == Kind.BUREAU else authority.label


def site_address(name: str, *args: object) -> str:
    """The full address of a public page, as documents print it."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def grounds(programme: Programme) -> dict[str, Any]:
    """What every document of a programme cites, and who is written to."""
    counties = programme.owner.children.filter(kind=Kind.COUNTY).exists()
    return {
        "programme": programme.name,
        "measures": programme.measures.name,
        "basis": programme.basis,
        "addressee": "各旗县区教育局，市直各学校（幼儿园）" if counties else "各学校（幼儿园）",
        "counties": counties,
    }


# The notice that opens a call


def call_notice_title(call: Call) -> str:
    return f"关于开展{subject(call)}申报工作的通知"


def call_notice_facts(call: Call) -> dict[str, Any]:
    """The call as its notice states it: places, conditions, quotas, dates, materials."""
    programme = call.programme
    return grounds(programme) | {
        "subject": subject(call),
        "places": [
            {"stage": row.get_stage_display(), "number": row.number} for row in _in_order(call) if row.number
        ],
        "members": [programme.members_min, programme.members_max],
        "one_studio": programme.one_studio_per_member,
        "term_years": programme.term_years,
        "start_on": call.start_on,
        "dates": {
            name: getattr(call, name)
            for name in ("opens_at", "submit_by", "school_by", "authority_by", "check_by", "score_by")
        },
        "line": str(call.application_line.normalize()),
        "publicity_days": call.publicity_days,
        "mend_days": programme.mend_working_days,
        "quotas": _quotas(call),
        "materials": [
            {"label": row.label, "by": row.get_by_display(), "required": row.required, "hint": row.hint}
            for row in call.materials.all()
        ],
        "more": call.notice_body,
        "contact": "，".join(
            text for text in (programme.owner.contact, programme.owner.contact_phone) if text
        ),
        "address": site_address("home"),
    }


def _in_order(call: Call) -> list[Any]:
    order = list(Stage.values)
    return sorted(call.places.all(), key=lambda row: order.index(row.stage))


def _quotas(call: Call) -> list[dict[str, Any]]:
    """For each authority its quota of each stage called for and of all together; None where there is no limit."""
    owner = call.programme.owner
    given = {(row.authority_id, row.stage): row.number for row in Quota.objects.filter(call=call)}
    counties = list(owner.children.filter(kind=Kind.COUNTY).order_by("code", "pk"))
    stages = [row.stage for row in _in_order(call) if row.number]
    found: list[dict[str, Any]] = []
    for authority in [*counties, owner]:
        total = given.get((authority.pk, ""), None if authority == owner else call.county_quota)
        limits = {Stage(stage).label: given.get((authority.pk, stage)) for stage in stages}
        if authority != owner or total is not None or any(limit is not None for limit in limits.values()):
            found.append({"authority": county_of(authority), "stages": limits, "total": total})
    limited = any(
        row["total"] is not None or any(v is not None for v in row["stages"].values()) for row in found
    )
    return found if limited else []


def issue_call_notice(call: Call, act: Act) -> None:
    """《关于开展……申报工作的通知》, for everybody to read; raises Refused when its typed number is in use."""
    office.issue(
        call,
        kind=documents.CALL_NOTICE,
        issuer=call.programme.owner,
        title=call_notice_title(call),
        facts=call_notice_facts(call),
        me=act.me,
        at=act.at,
        issued_on=timezone.localdate(act.at),
        number=call.notice_number,
        series=number_series(call.programme),
        public=True,
    )


def preview_call_notice(call: Call, on: date) -> bytes:
    """The notice as it would be issued on the day ``on``, without its number. Raises PdfUnavailable."""
    return office.preview(
        documents.CALL_NOTICE,
        call_notice_facts(call),
        issuer=call.programme.owner,
        title=call_notice_title(call),
        issued_on=on,
    )


# Publicity


def publicity_title(call: Call) -> str:
    return f"关于{subject(call)}拟建设名单的公示"


def listed_rows(applications: QuerySet[Application]) -> list[dict[str, str]]:
    """What a public list says of each application; nothing else of a person is ever made public."""
    order = {stage: place for place, stage in enumerate(Stage.values)}
    rows = applications.select_related("lead", "school", "authority")
    return [
        {
            "number": row.number,
            "studio": row.studio_name,
            "lead": row.lead.name,
            "school": row.school.name,
            "county": county_of(row.authority),
            "stage": row.get_stage_display(),
        }
        for row in sorted(rows, key=lambda row: (order[row.stage], row.number))
    ]


def publicity_rows(publicity: Publicity) -> list[dict[str, str]]:
    """The list as it stands: what will be shown by a draft, what is still upright of a published one."""
    if publicity.published_at is None:
        return listed_rows(publicity.call.applications.filter(state=ApplicationState.PASSED))
    return listed_rows(publicity.applications.filter(state__in=SHOWN_IN_PUBLICITY))


def publicity_facts(publicity: Publicity, at: datetime) -> dict[str, Any]:
    """A publicity that begins, or begins anew, at ``at``."""
    call = publicity.call
    return grounds(call.programme) | {
        "subject": subject(call),
        "rows": publicity_rows(publicity),
        "days": publicity.days,
        "from": timezone.localdate(at),
        "until": concluding.end_of(publicity, at).day,
        "contact": publicity.contact,
        "note": publicity.note,
        "address": site_address("public-publicity", publicity.pk) if publicity.pk else "",
    }


def issue_publicity(publicity: Publicity, act: Act) -> None:
    """《……拟建设名单的公示》: no red head and no number."""
    office.issue(
        publicity,
        kind=documents.PUBLICITY,
        issuer=publicity.call.programme.owner,
        title=publicity_title(publicity.call),
        facts=publicity_facts(publicity, act.at),
        me=act.me,
        at=act.at,
        issued_on=timezone.localdate(act.at),
    )


def preview_publicity(publicity: Publicity, at: datetime) -> bytes:
    """The list as it would go up at ``at``. Raises PdfUnavailable."""
    return office.preview(
        documents.PUBLICITY,
        publicity_facts(publicity, at),
        issuer=publicity.call.programme.owner,
        title=publicity_title(publicity.call),
        issued_on=timezone.localdate(at),
    )


# Announcement


def announcement_title(call: Call) -> str:
    """The title a draft begins with; one that follows an earlier announcement says so."""
    earlier = call.announcements.count()
    more = f"（第{chinese_number(earlier + 1)}批）" if earlier else ""
    return f"关于公布{subject(call)}名单{more}的通知"


def announcement_facts(announcement: Announcement, applications: QuerySet[Application]) -> dict[str, Any]:
    """What is announced of ``applications``: those this announcement made studios of, or will make."""
    programme = announcement.call.programme
    numbers = dict(applications.filter(studio__isnull=False).values_list("number", "studio__number"))
    rows = [row | {"studio_number": numbers.get(row["number"], "")} for row in listed_rows(applications)]
    term = Term.objects.filter(studio__application__in=applications).first()
    return grounds(programme) | {
        "subject": subject(announcement.call),
        "title": announcement.title,
        "rows": rows,
        "term_years": programme.term_years,
        "starts": announcement.call.start_on,
        "ends": term.ends if term else None,
        "members": [programme.members_min, programme.members_max],
        "copies_to": announcement.copies_to,
    }


def issue_announcement(announcement: Announcement, act: Act) -> None:
    """《关于公布……名单的通知》, its number last; raises Refused when the typed number is in use."""
    office.issue(
        announcement,
        kind=documents.ANNOUNCEMENT,
        issuer=announcement.call.programme.owner,
        title=announcement.title,
        facts=announcement_facts(announcement, announcement.applications.all()),
        me=act.me,
        at=act.at,
        issued_on=announcement.issued_on or timezone.localdate(act.at),
        number=announcement.document_number,
        series=number_series(announcement.call.programme),
        public=True,
    )


def preview_announcement(announcement: Announcement, on: date) -> bytes:
    """The announcement as it would be issued, without its number. Raises PdfUnavailable."""
    return office.preview(
        documents.ANNOUNCEMENT,
        announcement_facts(announcement, concluding.to_announce(announcement)),
        issuer=announcement.call.programme.owner,
        title=announcement.title,
        issued_on=announcement.issued_on or on,
    )
