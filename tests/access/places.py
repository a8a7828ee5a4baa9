"""The objects the cast meets, by place: own for some, a neighbour's or foreign to others; and their addresses."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from accounts.models import Appointment, Deputy, Organisation, User
from applications.models import (
    Announcement,
    Application,
    Call,
    Expert,
    Objection,
    ProposedMember,
    Publicity,
    Review,
)
from evaluations.models import Indicator, Rubric
from office.models import Attachment, Consultation, Job, Mail, Notice, OfficialDocument
from portal.models import IdentityCorrection
from portal.registry.rosters import ROSTERS
from programmes.models import Holiday, Interpretation
from studios.models import (
    Activity,
    Advice,
    AnnualSummary,
    CareerPlan,
    CountyPlanItem,
    Membership,
    Output,
    Plan,
    Staff,
    Studio,
    StudioChange,
    SupportPledge,
)
from tests.access.cast import BATCHES, OTHER_SCHOOL, TOKEN, user


def _application(school: str, **more: Any) -> Application:
    return Application.objects.get(school__name=school, **more)


def _file(place: str, **slot: Any) -> Attachment:
    files = Attachment.objects.filter(
        content_type__model="application", object_id=find("application", place).pk, removed_at=None, **slot
    )
    return files.order_by("pk")[0]


def _photo() -> Attachment:
    held = find("activity", "held")
    rows = Attachment.objects.filter(content_type__model="activity", object_id=held.pk, slot="photo")
    return rows.order_by("pk")[0]


def _member(place: str, county: str) -> ProposedMember:
    """A member of that application from a school of ``county``."""
    rows = find("application", place).members.filter(principal__school__parent__name=county, state="accepted")
    return rows.order_by("pk")[0]


def _person(role: str) -> Callable[[], User]:
    return lambda: user(role)


def _school(name: str) -> Callable[[], Organisation]:
    return lambda: Organisation.objects.get(name=name)


PLACES: dict[str, dict[str, Callable[[], Any]]] = {
    "application": {
        "draft": lambda: Application.objects.get(state="draft"),
        "at_school": lambda: _application("红山区清泉第二小学"),
        "hongshan": lambda: _application(OTHER_SCHOOL),
        "songshan": lambda: _application("松山区团结小学"),
        "direct": lambda: _application("赤峰市直属实验小学"),
        "returned": lambda: _application("红山区松林实验小学"),
        "judged": lambda: _application("巴林右旗赛罕蒙古族幼儿园"),
        "publicised": lambda: _application("赤峰市明远高级中学"),
        "announced": lambda: _application("松山区兴安初级中学"),
    },
    "call": {
        "unopened": lambda: Call.objects.get(number="2030-1"),
        "open": lambda: Call.objects.get(state="open"),
        "judging": lambda: Call.objects.get(state="reviewing"),
        "publicity": lambda: Call.objects.get(state="publicity"),
        "announced": lambda: Call.objects.filter(state="announced").order_by("pk")[0],
    },
    "proposal": {
        "asked": lambda: ProposedMember.objects.get(
            application__state="draft", principal__user=user("member"), state="proposed"
        ),
        "of_songshan": lambda: _member("at_school", "松山区教育局"),
        "of_hongshan": lambda: _member("direct", "红山区教育局"),
    },
    "review": {
        "mine": lambda: Review.objects.get(
            application=find("application", "judged"), expert__user__username="expert"
        ),
        "colleague": lambda: Review.objects.get(
            application=find("application", "judged"), expert__user__username="expert2"
        ),
    },
    "publicity": {
        "running": lambda: Publicity.objects.get(state="published"),
        "over": lambda: Publicity.objects.filter(state="concluded").order_by("pk")[0],
    },
    "objection": {
        "received": lambda: Objection.objects.get(state="received"),
        "investigating": lambda: Objection.objects.get(state="investigating"),
        "answered": lambda: Objection.objects.get(state="dismissed"),
    },
    "consultation": {"of_bureau": lambda: Consultation.objects.get()},
    "announcement": {"issued": lambda: Announcement.objects.order_by("pk")[0]},
    "studio": {
        "songshan": lambda: Studio.objects.get(lead__user__username="lead"),
        "preparing": lambda: Studio.objects.get(state="preparing"),
    },
    "membership": {
        "active": lambda: Membership.objects.get(
            principal__user=user("member"), studio=find("studio", "songshan")
        ),
        "waiting": lambda: Membership.objects.filter(
            studio=find("studio", "preparing"), state="accepted"
        ).order_by("pk")[0],
    },
    "plan": {
        "filed": lambda: Plan.objects.get(studio=find("studio", "songshan"), kind="development"),
        "draft": lambda: Plan.objects.filter(state="draft").order_by("pk")[0],
    },
    "county_plan": {
        "of_songshan": lambda: CountyPlanItem.objects.filter(county__name="松山区教育局").order_by("pk")[0]
    },
    "summary": {
        "filed": lambda: AnnualSummary.objects.get(
            state="filed", year__term__studio__authority__name="松山区教育局"
        ),
        "draft": lambda: AnnualSummary.objects.get(year__term__studio=find("studio", "songshan")),
    },
    "advice": {
        "answered": lambda: Advice.objects.get(state="answered"),
        "waiting": lambda: Advice.objects.get(state="sent"),
    },
    "pledge": {
        "host": lambda: SupportPledge.objects.get(
            year__term__studio=find("studio", "songshan"), membership=None
        ),
        "member": lambda: SupportPledge.objects.get(membership=find("membership", "active")),
    },
    "staff": {"assistant": lambda: Staff.objects.get(studio=find("studio", "songshan"), kind="assistant")},
    "career": {
        "agreed": lambda: CareerPlan.objects.get(
            state="agreed", membership__studio=find("studio", "songshan")
        ),
        "draft": lambda: CareerPlan.objects.filter(
            state="draft", membership__studio=find("studio", "preparing")
        ).order_by("pk")[0],
    },
    "change": {"extension": lambda: StudioChange.objects.get()},
    "activity": {
        "held": lambda: Activity.objects.filter(
            studio=find("studio", "songshan"), state="held", form="diagnosis"
        ).order_by("pk")[0],
        "planned": lambda: Activity.objects.filter(
            studio=find("studio", "songshan"), state="planned"
        ).order_by("pk")[0],
        "of_county": lambda: Activity.objects.get(organiser__name="松山区教育局"),
    },
    "output": {
        "public": lambda: Output.objects.filter(studio=find("studio", "songshan"), state="public").order_by(
            "pk"
        )[0],
        "recorded": lambda: Output.objects.filter(
            studio=find("studio", "songshan"), state="recorded"
        ).order_by("pk")[0],
    },
    "photo": {"of_activity": lambda: _photo()},
    "document": {
        "notice": lambda: OfficialDocument.objects.filter(kind="call_notice").order_by("pk")[0],
        "publicity": lambda: OfficialDocument.objects.get(
            kind="publicity", object_id=find("publicity", "running").pk
        ),
    },
    "job": {"of_county": lambda: Job.objects.get(user=user("county"))},
    "file": {
        "material": lambda: _file("hongshan", scope="case"),
        "identity": lambda: _file("hongshan", slot="identity"),
        "returned": lambda: _file("returned", scope="case"),
        "judged": lambda: _file("judged", scope="case"),
        "judged_identity": lambda: _file("judged", slot="identity"),
        "judged_by_school": lambda: _file("judged", slot="signed-form"),
    },
    "notice": {"of_county": lambda: Notice.objects.filter(user=user("county")).order_by("pk")[0]},
    "mail": {"unconfirmed": lambda: Mail.objects.get(user=user("county"))},
    "rubric": {"used": lambda: Rubric.objects.order_by("pk")[0]},
    "expert": {"expert": lambda: Expert.objects.get(user__username="expert5")},
    "organisation": {
        "school": _school("红山区清泉第二小学"),
        "school_songshan": _school("松山区团结小学"),
        "county": _school("红山区教育局"),
        "bureau": _school("赤峰市教育局"),
    },
    "person": {
        "at_school": _person("school"),
        "in_bureau": _person("leader"),
        "administrator": _person("security"),
    },
    "appointment": {
        "at_school": lambda: Appointment.objects.get(user=user("school")),
        "in_bureau": lambda: Appointment.objects.get(user=user("leader")),
        "administrator": lambda: Appointment.objects.get(user=user("security")),
    },
    "deputy": {"of_bureau": lambda: Deputy.objects.get()},
    "record": {
        "at_school": lambda: find("application", "at_school").lead,
        "songshan": lambda: find("application", "songshan").lead,
    },
    "interpretation": {
        "published": lambda: Interpretation.objects.get(state="published", asker__isnull=False),
        "asked": lambda: Interpretation.objects.get(state="asked"),
    },
    "holiday": {"any": lambda: Holiday.objects.order_by("pk")[0]},
    "correction": {"asked": lambda: IdentityCorrection.objects.get(state="asked")},
    "roster": {kind: partial(str, kind) for kind in ROSTERS},
}


@cache
def find(kind: str, place: str) -> Any:
    """The object at a place."""
    return PLACES[kind][place]()


# --- addresses --------------------------------------------------------------------------------------


def _leaf() -> int:
    return int(Indicator.objects.filter(rubric=find("call", "judging").rubric, parent__isnull=False)[0].pk)


def _number(row: Any) -> list[Any]:
    return [row.number]


def _itself(word: str) -> list[Any]:
    return [word]


def _pk(row: Any) -> list[Any]:
    return [row.pk]


def _of_studio(row: Any) -> list[Any]:
    return [row.studio.number, row.pk]


def _school_of(row: Any) -> int:
    school = row.schools.order_by("pk").first()
    return int(school.pk) if school else 0


# For an address that names an object: the kind of the object, and its arguments.
ARGUMENTS: dict[str, tuple[str, Callable[[Any], list[Any]]]] = {
    "directory-studio": ("studio", _number),
    "plaque": ("studio", _number),
    "studio-invite": ("studio", _number),
    "studio-ledger": ("studio", lambda row: [row.number, row.terms.get().starts.year]),
    "case-studio": ("studio", _number),
    "step-studio": ("studio", lambda row: [row.number, "activate"]),
    "case-membership": ("membership", _pk),
    "studio-change-new": ("studio", lambda row: [row.number, "close"]),
    "case-studiochange": ("change", _pk),
    "step-studiochange": ("change", lambda row: [row.pk, "pledge"]),
    "remind-studiochange": ("change", _pk),
    "membership-consent": ("membership", _pk),
    "case-careerplan": ("career", _pk),
    "step-careerplan": ("career", lambda row: [row.pk, "revise"]),
    "form-careerplan": ("career", lambda row: [row.pk, "present"]),
    "remind-careerplan": ("career", _pk),
    "career-print": ("career", _pk),
    "career-note": ("career", _pk),
    "case-plan": ("plan", _pk),
    "step-plan": ("plan", lambda row: [row.pk, "file"]),
    "form-plan": ("plan", lambda row: [row.pk, "aims"]),
    "plan-print": ("plan", _pk),
    "plan-items-import": ("plan", _pk),
    "remind-plan": ("plan", _pk),
    "county-plan-edit": ("county_plan", _pk),
    "case-supportpledge": ("pledge", _pk),
    "step-supportpledge": ("pledge", lambda row: [row.pk, "confirm"]),
    "remind-supportpledge": ("pledge", _pk),
    "staff-new": ("studio", lambda row: [row.number, "advisor"]),
    "staff-edit": ("staff", _of_studio),
    "staff-end": ("staff", _of_studio),
    "staff-draft": ("staff", _of_studio),
    "advice-new": ("studio", _number),
    "advice-edit": ("advice", _pk),
    "case-advice": ("advice", _pk),
    "step-advice": ("advice", lambda row: [row.pk, "route"]),
    "remind-advice": ("advice", _pk),
    "case-annualsummary": ("summary", _pk),
    "step-annualsummary": ("summary", lambda row: [row.pk, "file"]),
    "summary-pictures": ("summary", _pk),
    "form-annualsummary": ("summary", lambda row: [row.pk, "overview"]),
    "summary-print": ("summary", _pk),
    "remind-annualsummary": ("summary", _pk),
    "case-activity": ("activity", _pk),
    "step-activity": ("activity", lambda row: [row.pk, "hold"]),
    "activity-edit": ("activity", _pk),
    "activity-report": ("activity", _pk),
    "activity-schools": ("activity", _pk),
    "activity-diagnosis": ("activity", lambda row: [row.pk, _school_of(row)]),
    "attachment-preview": ("photo", _pk),
    "case-output": ("output", _pk),
    "step-output": ("output", lambda row: [row.pk, "publish"]),
    "output-edit": ("output", _pk),
    "step-membership": ("membership", lambda row: [row.pk, "consent_school"]),
    "case-announcement": ("announcement", _pk),
    "step-announcement": ("announcement", lambda row: [row.pk, "issue"]),
    "announcement-edit": ("announcement", _pk),
    "announcement-preview": ("announcement", _pk),
    "case-application": ("application", _number),
    "step-application": ("application", lambda row: [row.number, "recommend"]),
    "form-application": ("application", lambda row: [row.number, "plan"]),
    "application-identity": ("application", _number),
    "application-print": ("application", _number),
    "member-propose": ("application", _number),
    "attachment-upload": ("application", lambda row: ["application", row.pk]),
    "remind-application": ("application", _number),
    "remind-call": ("call", _number),
    "remind-proposedmember": ("proposal", _pk),
    "remind-review": ("review", _pk),
    "remind-membership": ("membership", _pk),
    "remind-publicity": ("publicity", _pk),
    "remind-objection": ("objection", _number),
    "remind-announcement": ("announcement", _pk),
    "case-consultation": ("consultation", _pk),
    "step-consultation": ("consultation", lambda row: [row.pk, "answer"]),
    "remind-consultation": ("consultation", _pk),
    "consult-application": ("application", _number),
    "consult-objection": ("objection", _number),
    "case-call": ("call", _number),
    "step-call": ("call", lambda row: [row.number, "start_review"]),
    "call-apply": ("call", _number),
    "call-edit": ("call", _number),
    "call-notice": ("call", _number),
    "call-supplement": ("call", _number),
    "call-supplement-preview": ("call", _number),
    "call-division": ("call", _number),
    "call-panel": ("call", lambda row: [row.number, "primary"]),
    "call-progress": ("call", _number),
    "call-assign": ("call", _number),
    "call-results": ("call", _number),
    "call-table": ("call", lambda row: [row.number, "applications"]),
    "publicity-new": ("call", _number),
    "announcement-new": ("call", _number),
    "case-proposedmember": ("proposal", _pk),
    "step-proposedmember": ("proposal", lambda row: [row.pk, "consent_school"]),
    "case-publicity": ("publicity", _pk),
    "step-publicity": ("publicity", lambda row: [row.pk, "correct"]),
    "publicity-edit": ("publicity", _pk),
    "publicity-preview": ("publicity", _pk),
    "objection-new": ("publicity", _pk),
    "public-publicity": ("publicity", _pk),
    "public-object": ("objection", lambda row: [row.publicity_id, row.application.number]),
    "public-objection": ("objection", _number),
    "case-objection": ("objection", _number),
    "step-objection": ("objection", lambda row: [row.number, "investigate"]),
    "objection-objector": ("objection", _number),
    "case-review": ("review", _pk),
    "step-review": ("review", lambda row: [row.pk, "submit"]),
    "review-sheet": ("review", _pk),
    "review-cell": ("review", lambda row: [row.pk, _leaf()]),
    "review-comment": ("review", _pk),
    "document": ("document", _pk),
    "document-state": ("document", _pk),
    "document-pdf": ("document", _pk),
    "check": ("document", lambda row: [row.check_code]),
    "job": ("job", _pk),
    "job-progress": ("job", _pk),
    "job-file": ("job", _pk),
    "attachment": ("file", _pk),
    "attachment-remove": ("file", _pk),
    "notice-open": ("notice", _pk),
    "mail-again": ("mail", _pk),
    "told": ("application", lambda row: ["application", row.number]),
    "rubric": ("rubric", _pk),
    "rubric-edit": ("rubric", _pk),
    "rubric-version": ("rubric", _pk),
    "expert-edit": ("expert", _pk),
    "registry:organisation": ("organisation", _pk),
    "registry:organisation_edit": ("organisation", _pk),
    "registry:person": ("person", _pk),
    "registry:person_switch": ("person", _pk),
    "registry:person_password": ("person", _pk),
    "registry:person_second_factor": ("person", _pk),
    "registry:appointment_new": ("person", _pk),
    "registry:appointment_end": ("appointment", _pk),
    "own-deputy-end": ("deputy", _pk),
    "registry:principal": ("record", _pk),
    "registry:principal_edit": ("record", _pk),
    "registry:principal_reveal": ("record", _pk),
    "registry:principal_account": ("record", _pk),
    "holiday-remove": ("holiday", _pk),
    "case-interpretation": ("interpretation", _pk),
    "step-interpretation": ("interpretation", lambda row: [row.pk, "publish"]),
    "case-identitycorrection": ("correction", _pk),
    "step-identitycorrection": ("correction", lambda row: [row.pk, "correct"]),
    "remind-identitycorrection": ("correction", _pk),
    "correction-numbers": ("correction", _pk),
    "registry:roster": ("roster", _itself),
    "registry:roster_template": ("roster", _itself),
}
# Addresses whose arguments are words.
WORDS: dict[str, Callable[[], list[Any]]] = {
    "article": lambda: [9],
    "manual": lambda: ["county"],
    "privacy-version": lambda: [1],
    "registry:accounts_batch": lambda: [BATCHES["preview"]],
    "registry:accounts_open": lambda: [BATCHES["preview"]],
    "registry:accounts_slips": lambda: [BATCHES["opened"]],
    "registry:roster_preview": lambda: ["schools", TOKEN[0]],
    "registry:roster_confirm": lambda: ["schools", TOKEN[0]],
    "registry:roster_refused": lambda: ["schools", TOKEN[0]],
    "batch-identitycorrection": lambda: ["correct"],
    "batch-studio": lambda: ["activate"],
    "batch-studiochange": lambda: ["pledge"],
    "batch-careerplan": lambda: ["revise"],
    "batch-activity": lambda: ["hold"],
    "batch-output": lambda: ["publish"],
    "batch-plan": lambda: ["file"],
    "batch-supportpledge": lambda: ["confirm"],
    "batch-advice": lambda: ["route"],
    "batch-annualsummary": lambda: ["file"],
    "batch-membership": lambda: ["consent_school"],
    "batch-announcement": lambda: ["issue"],
    "batch-application": lambda: ["recommend"],
    "batch-consultation": lambda: ["answer"],
    "batch-call": lambda: ["open"],
    "batch-proposedmember": lambda: ["consent_school"],
    "batch-publicity": lambda: ["publish"],
    "batch-objection": lambda: ["investigate"],
    "batch-interpretation": lambda: ["publish"],
    "batch-review": lambda: ["submit"],
}


def arguments(name: str, place: str) -> list[Any]:
    """What stands in the address ``name`` for the object at ``place``."""
    if name in ARGUMENTS:
        kind, of = ARGUMENTS[name]
        return of(find(kind, place))
    return WORDS[name]() if name in WORDS else []
