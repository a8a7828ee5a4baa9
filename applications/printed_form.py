"""The application form on paper (申报表), as the reader may see it."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.timezone import localdate

from accounts.candidates import ground
from accounts.capacity import Capacity
from accounts.models import Role
from applications.content import SECTIONS
from applications.files import PHOTO
from applications.members import listed
from applications.models import Application
from applications.reading import parts
from office.attachments import visible_attachments
from office.filing.reading import Part
from office.models import Entry
from office.paper.forms import FormPaper, Grid, LongText, Opinion, Rows, Section

NUMERALS = "一二三四五六七八九十"
PICTURES = ("jpg", "jpeg", "png")
# Boxes for opinions: the label, and the steps whose latest entry fills it.
OPINIONS = (
    ("所在学校审核意见", ("endorse",)),
    ("教育行政部门审核推荐意见", ("recommend",)),
    ("专家评审结论", ("pass", "fail")),
    ("{owner}意见", ("announce",)),
)


def application_form(application: Application, me: Capacity, at: datetime) -> FormPaper:
    """The form of ``application`` for ``me``: opinions not for experts, the identity number in full for its owner."""
    sections = [_section(part, application, me) for part in parts(application, me) if part.key != "pledge"]
    sections.insert(5, Section(SECTIONS["members"].label, (_members(application, at),)))
    sections.append(_pledge(application))
    if not me.holds(Role.EXPERT):
        sections.append(Section("审核、评审与公布", tuple(_opinions(application))))
    numbered = tuple(
        Section(f"{NUMERALS[place]}、{section.title}", section.parts)
        for place, section in enumerate(sections)
    )
    cover = (
        ("拟设工作室", application.studio_name),
        ("领衔人", application.lead.name),
        ("依托学校", application.school.name),
        ("主管部门", application.authority.name),
        ("学段", application.get_stage_display()),
        ("填表日期", f"{localdate(application.saved_at or application.since):%Y年%-m月%-d日}"),
    )
    return FormPaper(
        f"{application.call.programme.name}申报表", application.call.name, application.number, numbered, cover
    )


def _section(part: Part, application: Application, me: Capacity) -> Section:
    pairs = [(str(row["label"]), str(row["value"] or "")) for row in part.details]
    photo = None
    if part.key == "lead":
        pairs.append(("身份证号", _identity(application, me)))
        photo = _photo(application, me)
    grid = Grid(_two_by_two(pairs), photo)
    texts = [LongText(label, text) for label, text in part.texts]
    tables = [
        Rows(table.columns, tuple(tuple(row) for row in table.rows), table.widths, table.label)
        for table in part.tables
    ]
    return Section(part.label, ((grid,) if pairs else ()) + (*texts, *tables))


def _two_by_two(pairs: list[tuple[str, str]]) -> tuple[tuple[tuple[str, str], ...], ...]:
    return tuple(tuple(pairs[place : place + 2]) for place in range(0, len(pairs), 2))


def _identity(application: Application, me: Capacity) -> str:
    """In full for the person only: whoever else may see it looks at it on the page, where each look is logged."""
    if me.holds(Role.EXPERT):
        return ""
    own = me.user_id is not None and application.lead.user_id == me.user_id
    return application.lead.identity if own else application.lead.masked_identity


def _photo(application: Application, me: Capacity) -> bytes | None:
    """The photo, where it is a picture and can be read."""
    picture = (
        visible_attachments(application, me).filter(slot=PHOTO, kind__in=PICTURES).order_by("-pk").first()
    )
    if picture is None:
        return None
    try:
        with picture.file.open("rb") as file:
            return bytes(file.read())
    except OSError:
        return None


def _members(application: Application, at: datetime) -> Rows:
    rows = tuple(
        (
            str(number),
            row.member.principal.name,
            row.member.principal.school.name,
            row.member.principal.school.parent.label if row.member.principal.school.parent else "",
            row.member.principal.post,
            row.member.principal.title,
            str(row.age),
            ground(row.member),
        )
        for number, row in enumerate((row for row in listed(application, at) if row.live), 1)
    )
    columns = ("序号", "姓名", "学校", "旗县区", "职务", "职称", "年龄", "依据")
    return Rows(columns, rows, (1, 2, 4, 2, 2, 2, 1, 4))


def _pledge(application: Application) -> Section:
    given = application.content.get("pledge", {})
    words = [field.label for field in SECTIONS["pledge"].fields if given.get(field.key)]
    return Section(
        "申报人承诺", (Opinion("申报人承诺", "。\n".join(words) + ("。" if words else ""), name=""),)
    )


def _opinions(application: Application) -> list[Opinion]:
    entries = list(Entry.objects.of(application).named())
    owner = application.call.programme.owner.name
    return [
        _opinion(label.format(owner=owner), [entry for entry in entries if entry.step in steps])
        for label, steps in OPINIONS
    ]


def _opinion(label: str, entries: list[Entry]) -> Opinion:
    if not entries:
        return Opinion(label, seal=True)
    entry = entries[-1]
    text = entry.opinion or f"{entry.label}。"
    if paper := entry.facts.get("paper"):
        # Signed by hand: the scan is the original, what stands here its copy.
        text = f"{text}\n（纸质意见，由{entry.who}于{localdate(entry.at):%Y年%-m月%-d日}登记，原件扫描存档）"
        return Opinion(
            label, text, paper["signatory"], entry.organisation, date.fromisoformat(paper["on"]), seal=True
        )
    return Opinion(label, text, entry.who, entry.organisation, localdate(entry.at), seal=True)
