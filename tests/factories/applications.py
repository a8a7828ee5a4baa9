"""Calls and applications, made up and brought forward through the door by the people whose steps they are."""

from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.test import Client
from django.utils.timezone import localtime
from pypdf import PdfWriter

from accounts.capacity import SESSION_KEY, Capacity
from accounts.models import Appointment, Organisation, Principal, Role
from applications import defaults
from applications.content import DUTIES, SECTIONS
from applications.filling import start
from applications.flows import APPLICATION, CALL, PROPOSED_MEMBER
from applications.members import propose
from applications.models import Application, ApplicationState, Call, Material, ProposedMember
from evaluations.defaults import lay as lay_rubric
from office.attachments import receive
from office.door import begin, take
from office.filing.saving import save_section, stamp
from programmes.ground import lay as lay_programme
from studios.models import Stage
from tests.factories.accounts import capacity, make_bureau, make_capacity, make_principal, make_school

OPENS = datetime(2026, 3, 2, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DURING = datetime(2026, 3, 10, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
MEMBERS = 8

S = ApplicationState
ROWS: dict[str, list[dict[str, str]]] = {
    "honours": [{"name": "市级名校长", "year": "2021-09", "document": "赤峰市教育局 赤教发〔2021〕45号"}],
    "career": [
        {"start": "1996-08", "end": "2012-06", "unit": "松林小学", "post": "教师、副校长"},
        {"start": "2012-07", "end": "", "unit": "松林实验小学", "post": "校长"},
    ],
    "trainings": [
        {"start": "2018-03", "end": "2018-06", "name": "骨干校长高级研修", "organiser": "自治区教育厅"}
    ],
    "projects": [
        {
            "name": "课堂教学评价的校本路径研究",
            "level": "自治区级",
            "number": "NMGJ2019-31",
            "role": "主持",
            "state": "已结题",
        }
    ],
    "papers": [{"title": "让评价回到课堂", "publication": "教育研究与实验", "date": "2020-05"}],
    "prizes": [{"name": "教学成果二等奖", "level": "自治区级", "date": "2021-12"}],
    "school_honours": [{"name": "文明校园", "date": "2023-11", "by": "自治区文明委"}],
    "tasks": [
        {
            "duty": duty,
            "task": f"{duty}：每年两次",
            "year": "三年",
            "output": "报告三份",
            "schools": "柳条沟小学",
        }
        for duty in DUTIES
    ],
    "people": [
        {"role": "顾问", "name": "白音", "unit": "市教育科学研究中心", "post": "研究员", "task": "课题指导"}
    ],
}


def someone(role: str, organisation: Organisation) -> Capacity:
    """Whoever acts in ``role`` at ``organisation``: the first there is, or a new person."""
    held = Appointment.objects.filter(role=role, organisation=organisation).select_related("user").first()
    return Capacity(held.user, held) if held else make_capacity(role, organisation)


def acting(principal: Principal) -> Capacity:
    """The principal with their account and appointment, made where there is none."""
    if principal.user is None:
        person = make_capacity(Role.PRINCIPAL, principal.school, principal.name)
        principal.user = person.user
        principal.save(update_fields=["user"])
        return person
    held = Appointment.objects.filter(user=principal.user, role=Role.PRINCIPAL).first()
    return (
        Capacity(principal.user, held) if held else capacity(principal.user, principal.school, Role.PRINCIPAL)
    )


def browser_of(me: Capacity) -> Client:
    """A browser in which ``me`` has logged in and acts in this capacity."""
    assert me.appointment
    client = Client()
    client.force_login(me.user)
    session = client.session
    session[SESSION_KEY] = me.appointment.pk
    session.save()
    return client


def make_call(
    owner: Organisation | None = None, *, opened: bool = True, at: datetime = OPENS, **more: Any
) -> Call:
    """A call of ``owner``'s programme (default: the bureau's) with places, materials and rubric; open unless told not."""
    owner = owner or make_bureau()
    programme = lay_programme(owner)
    number = f"{programme.number_prefix}{localtime(at).year}-P{Call.objects.count() + 1:02d}"
    given = {
        "number": number,
        "name": f"{localtime(at).year}年度名校长工作室申报",
        "programme": programme,
        "start_on": date(localtime(at + timedelta(days=80)).year + 1, 1, 1),
        "rubric": lay_rubric(programme),
        "opens_at": at,
    }
    for name, days in (
        ("submit_by", 20),
        ("school_by", 27),
        ("authority_by", 40),
        ("check_by", 50),
        ("score_by", 80),
    ):
        given[name] = at + timedelta(days=days)
    call = Call(**(given | more))
    officer = someone(Role.OFFICER, owner)
    begin(call, officer, at)
    for stage in Stage.values:
        call.places.create(stage=stage, number=3)
    defaults.lay(call)
    return take(CALL, "open", call.pk, officer, at) if opened else call


def make_lead(**more: Any) -> Principal:
    """A head with the title and an account."""
    lead = make_principal(**more)
    acting(lead)
    return lead


def section_values(key: str) -> dict[str, Any]:
    """Complete, made-up values of one section, as a form hands them over."""
    return {field.key: _value(field) for field in SECTIONS[key].fields}


def _value(field: Any) -> Any:
    if field.kind == "rows":
        return [dict(row) for row in ROWS[field.key]]
    plain = {"month": "2012-07", "number": "80", "money": "5000.00", "check": True}
    if field.kind in plain:
        return plain[field.kind]
    if field.kind == "choice":
        return field.choices[0][0]
    return f"{field.label}：立德树人，因校制宜。"[: field.limit]


def fill(application: Application, *keys: str, at: datetime = DURING) -> Application:
    """Fill these sections (default: all) completely; studio name and stage stay as they are."""
    for key in keys or tuple(key for key, section in SECTIONS.items() if section.fields):
        values = section_values(key)
        if key == "basics":
            values = {
                "studio_name": application.studio_name,
                "stage": application.stage,
                "exception": application.exception,
            }
        application = save_section(application, SECTIONS[key], values, stamp(application, SECTIONS[key]), at)
    return Application.objects.select_related("call__programme", "lead", "school").get(pk=application.pk)


def add_member(
    application: Application,
    principal: Principal | None = None,
    *,
    accepted: bool = True,
    reason: str = "",
    at: datetime = DURING,
) -> ProposedMember:
    """Ask a principal (default: a new one), who accepts unless told not."""
    asked = principal or make_principal()
    person = acting(asked)
    member = propose(application.pk, asked.pk, reason, acting(application.lead), at)
    return take(PROPOSED_MEMBER, "accept", member.pk, person, at) if accepted else member


@cache
def _pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def paper(name: str = "材料.pdf") -> ContentFile:  # type: ignore[type-arg]
    """A small honest PDF."""
    return ContentFile(_pdf(), name=name)


def attach_materials(application: Application, by: str, me: Capacity, at: datetime = DURING) -> None:
    """Attach every required material of ``by`` (Material.By) as ``me``."""
    for material in application.call.materials.filter(by=by, required=True):
        receive(APPLICATION, application.pk, paper(f"{material.label}.pdf"), slot=material.key, me=me, at=at)


def make_application(
    call: Call, lead: Principal | None = None, *, complete: bool = True, at: datetime = DURING
) -> Application:
    """A draft of ``lead`` (default: a new one) in ``call``; ``complete``: ready to be sent."""
    lead = lead or make_lead()
    me = acting(lead)
    application = start(call, me, at)
    if not complete:
        return application
    for _ in range(MEMBERS):
        add_member(application, make_principal(school=make_school(lead.school.parent)), at=at)
    attach_materials(application, Material.By.APPLICANT, me, at)
    return fill(application, at=at)


def submit_application(application: Application, at: datetime = DURING) -> Application:
    """Sent by its applicant."""
    return take(APPLICATION, "submit", application.pk, acting(application.lead), at)


def _endorse(application: Application, at: datetime) -> None:
    officer = someone(Role.OFFICER, application.school)
    attach_materials(application, Material.By.SCHOOL, officer, at)
    take(APPLICATION, "endorse", application.pk, officer, at, "经学校党组织研究，同意申报。")


def _recommend(application: Application, at: datetime) -> None:
    rank = (
        Application.objects.filter(
            call=application.call,
            authority=application.authority,
            stage=application.stage,
            recommended_at__isnull=False,
        ).count()
        + 1
    )
    officer = someone(Role.OFFICER, application.authority)
    take(APPLICATION, "recommend", application.pk, officer, at, "办学成效突出，同意推荐。", {"rank": rank})


def _accept(application: Application, at: datetime) -> None:
    take(APPLICATION, "accept", application.pk, someone(Role.OFFICER, application.call.programme.owner), at)


FORWARD = (
    (S.SCHOOL_REVIEW, submit_application),
    (S.AUTHORITY_REVIEW, _endorse),
    (S.RECOMMENDED, _recommend),
    (S.UNDER_REVIEW, _accept),
)


def bring_to(application: Application, state: str, at: datetime = DURING) -> Application:
    """Bring a complete draft forward to ``state`` (up to 专家评审中), each step by whose it is."""
    order = [S.DRAFT, *(reached for reached, _ in FORWARD)]
    here = Application.objects.get(pk=application.pk).state
    for reached, step in FORWARD:
        if order.index(S(here)) < order.index(reached) <= order.index(S(state)):
            step(application, at)
    return Application.objects.select_related("call__programme", "lead", "school", "authority").get(
        pk=application.pk
    )
