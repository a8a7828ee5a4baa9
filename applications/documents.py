"""What the documents of a call say: frozen facts become the words of 公文, set by GB/T 9704-2012."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from office.documents import renders
from office.models import OfficialDocument
from office.paper.blocks import Block, Heading1, Heading2, Paragraph, Table
from office.paper.official import Annex, Official, render_official
from office.paper.typesetting import day, width

CALL_NOTICE = "call_notice"
PUBLICITY = "publicity"
ANNOUNCEMENT = "announcement"

TITLE_WIDTH = 20.0  # characters of 2号 in the type area
# Where a title may be broken: before these words, which belong together with what follows them.
BREAKS = ("名校长", "名园长", "申报工作", "拟建设", "名单")
NUMERALS = "一二三四五六七八九十"


def title_lines(issuer: str, title: str) -> tuple[str, ...]:
    """The title with its issuing body in lines broken by sense: the body first, then the matter, evenly."""
    if width(title) <= TITLE_WIDTH:
        return (issuer, title)
    cuts = [at for word in BREAKS for at in range(4, len(title) - 3) if title.startswith(word, at)]
    good = [at for at in cuts if max(width(title[:at]), width(title[at:])) <= TITLE_WIDTH]
    if not good:
        middle = len(title) // 2
        return (issuer, title[:middle], title[middle:])
    at = min(good, key=lambda cut: max(width(title[:cut]), width(title[cut:])))
    return (issuer, title[:at], title[at:])


def _day(text: str) -> str:
    value = parse_date(text)
    return day(value) if value else text


def moment_words(text: str) -> str:
    """A frozen moment to the minute in words; the last second of a day is 24时."""
    value = parse_datetime(text)
    if value is None:
        return text
    local: datetime = timezone.localtime(value)
    if (local.hour, local.minute) == (23, 59):
        return f"{day(local.date())}24时"
    return f"{day(local.date())}{local.hour}时{f'{local.minute}分' if local.minute else ''}"


def _headed(number: int, text: str) -> Heading1:
    return Heading1(f"{NUMERALS[number - 1]}、{text}")


def official(document: OfficialDocument, body: tuple[Block, ...], **more: Any) -> bytes:
    """The parts that all documents have alike; with a red head unless told otherwise."""
    issuer = document.issuer.name
    red = more.get("red_head", True)
    return render_official(
        Official(
            issuer=issuer,
            number=document.number,
            title_lines=title_lines(issuer, document.title),
            body=body,
            dated=document.issued_on,
            printing_office=f"{issuer}办公室" if red else "",
            printed_on=document.issued_on if red else None,
            **more,
        )
    )


# The notice that opens a call


def _opening(facts: dict[str, Any], purpose: str) -> Paragraph:
    return Paragraph(
        f"为进一步加强校长队伍建设，充分发挥名校长的引领、示范和辐射作用，根据{facts['basis']}精神和"
        f"《{facts['measures']}》（以下简称《办法》），{purpose}"
    )


def _scope(facts: dict[str, Any]) -> list[Block]:
    total = sum(row["number"] for row in facts["places"])
    shares = "、".join(f"{row['stage']}{row['number']}个" for row in facts["places"])
    years = NUMERALS[facts["term_years"] - 1]
    return [
        _headed(1, "申报范围"),
        Paragraph(
            f"面向中小学、幼儿园正职校长（园长），拟建设工作室{total}个，其中{shares}。工作室一般依托领衔校长所在学校"
            f"设立，建设周期{years}年，自{_day(facts['start_on'])}起计算（《办法》第二条、第五条）。"
        ),
    ]


def _conditions(facts: dict[str, Any]) -> list[Block]:
    low, high = facts["members"]
    one = "每名校长在本批次只同意参加一个工作室。" if facts["one_studio"] else ""
    return [
        _headed(2, "申报条件"),
        Heading2("（一）领衔校长（《办法》第六条第一项）"),
        Paragraph(
            "1. 思想政治素质过硬，职业道德高尚，认真贯彻落实党和国家的教育方针，富有团结协作、甘于奉献和勇于创新精神。\n"
            "2. 教育理论基础扎实，教育教学经验丰富，教育科研能力和课程建设领导力较强，注重引领教师成长。\n"
            "3. 学校管理成效显著，育人环境民主和谐，形成具有示范性的办学特色。\n"
            "4. 未取得“市级名校长”称号的，须在申报表中说明理由；期满评估不合格、不再列为下一周期建设对象的，"
            "不得申报（《办法》第十八条）。"
        ),
        Heading2("（二）工作室成员（《办法》第六条第二项）"),
        Paragraph(
            f"成员{low}至{high}名，不含领衔校长，原则上应为市级名校长、参加过骨干校长市级以上培训或者入选“名校长培养工程”"
            "培养培训对象的正职校长（园长）。成员按双方自愿原则由领衔校长择优遴选，须本人登录系统同意，并征得所在学校"
            f"及上级主管部门同意。{one}顾问、助理等人员由工作室自主确定（《办法》第七条）。"
        ),
    ]


def _quota_words(facts: dict[str, Any]) -> list[Block]:
    words = (
        "各单位在名额内择优推荐，并按学段排序，推荐名额见附件1。超出名额的不予受理，不作调剂。"
        if facts["quotas"]
        else "本次申报不限推荐名额，各单位应严格把关、择优推荐，并按学段排序。"
    )
    return [_headed(3, "推荐名额"), Paragraph(words)]


def _procedure(facts: dict[str, Any]) -> list[Block]:
    dates = {name: moment_words(text) for name, text in facts["dates"].items()}
    authority = (
        "各旗县区教育局审核推荐，市直学校由市教育局审核" if facts["counties"] else "学校的主管部门审核推荐"
    )
    return [
        _headed(4, "申报程序及时间安排（《办法》第九条）"),
        Paragraph(
            f"（一）个人申报。{dates['opens_at']}至{dates['submit_by']}，申报人登录名校长工作室系统（{facts['address']}）"
            "填写申报表，上传申报材料，邀请成员并经其本人同意后提交。以系统收到时间为准，逾期不予受理。\n"
            f"（二）学校审核。{dates['school_by']}前，申报人所在学校审核内容的真实性，上传签字盖章的申报表，"
            "并就独立工作场所、必要办公条件和减轻领衔人工作负担作出支持承诺（《办法》第十二条）。\n"
            f"（三）审核推荐。{dates['authority_by']}前，{authority}。退回修改的，申报人应在{facts['mend_days']}个工作日内重新提交，"
            "逾期视为放弃。\n"
            f"（四）形式审查。{dates['check_by']}前，对推荐材料进行形式审查。\n"
            f"（五）专家评审。{dates['score_by']}前，组织专家按学段独立评分，满分100分，达到{_plain(facts['line'])}分的，"
            "在拟建设数量内从高到低确定。评审实行回避制度。\n"
            f"（六）公示公布。评审通过的，公示{facts['publicity_days']}个工作日；公示无异议的，发文公布，并予挂牌。"
        ),
    ]


def _plain(number: str) -> str:
    return f"{Decimal(number):f}"


def _requirements(facts: dict[str, Any]) -> list[Block]:
    more = f"\n{facts['more']}" if facts["more"].strip() else ""
    contact = f"\n联系方式：{facts['contact']}。" if facts["contact"] else ""
    materials = "申报材料清单见附件" + ("2" if facts["quotas"] else "") + "，标明必需的缺一不可。"
    return [
        _headed(5, "申报材料"),
        Paragraph(f"{materials}材料须清晰完整，与申报表所填内容一致。"),
        _headed(6, "申报要求"),
        Paragraph(
            "（一）各单位要高度重视，广泛动员，坚持公开、公平、公正，确保把师德高尚、业绩突出、示范性强的校长推荐上来，"
            "并在名额和学段安排上兼顾乡村学校。\n"
            "（二）申报人对申报内容和材料的真实性负责。弄虚作假的，取消申报资格；已设立工作室的，按《办法》有关规定处理。\n"
            "（三）申报材料涉及个人信息的，仅用于本次申报、评审、公示和工作室管理，各单位应妥善保管，不得外传。"
            f"{more}{contact}"
        ),
    ]


def _limit(value: int | None) -> str:
    return "不限" if value is None else str(value)


def _quota_annex(facts: dict[str, Any]) -> Annex:
    stages = list(facts["quotas"][0]["stages"])
    rows = tuple(
        (
            str(at),
            row["authority"],
            *("—" if row["stages"][stage] is None else str(row["stages"][stage]) for stage in stages),
            _limit(row["total"]),
        )
        for at, row in enumerate(facts["quotas"], 1)
    )
    columns = ("序号", "推荐单位", *stages, "合计不超过")
    note = Paragraph("说明：学段栏为“—”的，该学段不单列名额，在合计数内统筹推荐。")
    return Annex("推荐名额分配表", (Table(columns, rows, (1.0, 2.4, *(1.5 for _ in stages), 1.8)), note))


def _material_annex(facts: dict[str, Any]) -> Annex:
    rows = tuple(
        (str(at), row["label"], row["by"], "必需" if row["required"] else "可选", row["hint"] or "—")
        for at, row in enumerate(facts["materials"], 1)
    )
    return Annex(
        "申报材料清单",
        (Table(("序号", "材料", "由谁提供", "要求", "说明"), rows, (0.8, 3.4, 1.4, 1.0, 3.4)),),
    )


@renders(CALL_NOTICE, "申报通知", "call")
def render_call_notice(document: OfficialDocument) -> bytes:
    """关于开展……申报工作的通知, with the quotas and the materials as annexes."""
    facts = document.facts
    purpose = f"现就开展{facts['subject']}申报工作有关事项通知如下："
    annexes = [_quota_annex(facts)] if facts["quotas"] else []
    return official(
        document,
        (
            _opening(facts, purpose),
            *_scope(facts),
            *_conditions(facts),
            *_quota_words(facts),
            *_procedure(facts),
            *_requirements(facts),
        ),
        addressee=facts["addressee"],
        annexes=(*annexes, _material_annex(facts)),
    )


# Publicity


def _by_stage(rows: list[dict[str, str]]) -> list[tuple[str, list[dict[str, str]]]]:
    return [(stage, list(group)) for stage, group in groupby(rows, key=lambda row: row["stage"])]


def _publicity_tables(rows: list[dict[str, str]]) -> list[Block]:
    return [
        Table(
            ("申报编号", "拟设工作室", "领衔校长", "依托学校", "旗县区"),
            tuple((row["number"], row["studio"], row["lead"], row["school"], row["county"]) for row in group),
            (6.8, 12.0, 6.0, 12.8, 6.6),
            caption=f"{stage}（{len(group)}个）",
        )
        for stage, group in _by_stage(rows)
    ]


@renders(PUBLICITY, "公示", "publicity")
def render_publicity(document: OfficialDocument) -> bytes:
    """关于……拟建设名单的公示: without red head; no phone, identity number or birth date."""
    facts = document.facts
    correction = [Paragraph(f"更正说明：{facts['note']}")] if facts["note"] else []
    online = f"，也可以在{facts['address']}提交" if facts["address"] else ""
    return official(
        document,
        (
            Paragraph(
                f"根据《{facts['measures']}》第九条，经个人申报、学校和教育行政部门审核推荐、专家评审，"
                f"拟设立下列{len(facts['rows'])}个名校长工作室，现予公示。"
            ),
            *correction,
            *_publicity_tables(facts["rows"]),
            Paragraph(
                f"公示期为{facts['days']}个工作日，自{_day(facts['from'])}的次日起计算，至{_day(facts['until'])}24时止。\n"
                "公示期内，对公示对象有异议的，可以书面或者当面向受理单位反映"
                f"{online}。以个人名义反映的，应当署真实姓名并留下联系方式；以单位名义反映的，应当加盖单位公章。"
                "反映情况应当实事求是、内容具体，受理单位对反映人的信息予以保密。\n"
                f"异议受理单位及联系方式：{facts['contact']}"
            ),
        ),
        addressee="",
        red_head=False,
    )


# Announcement


def _announced_annex(facts: dict[str, Any]) -> Annex:
    rows = tuple(
        (
            str(at),
            row["studio"],
            row["lead"],
            row["school"],
            row["county"],
            row["stage"],
            row["studio_number"] or "待编",
        )
        for at, row in enumerate(facts["rows"], 1)
    )
    columns = ("序号", "工作室名称", "领衔校长", "依托学校", "旗县区", "学段", "编号")
    return Annex(f"{facts['subject']}名单", (Table(columns, rows, (3.4, 9.8, 6.0, 8.6, 5.0, 4.6, 6.8)),))


def _term(facts: dict[str, Any], dated: date) -> str:
    years = NUMERALS[facts["term_years"] - 1]
    until = f"至{_day(facts['ends'])}止" if facts["ends"] else ""
    return f"建设周期{years}年，自{_day(facts['starts'])}起{until}，实行动态管理（《办法》第五条）。"


@renders(ANNOUNCEMENT, "公布名单", "announcement")
def render_announcement(document: OfficialDocument) -> bytes:
    """关于公布……名单的通知, its list as an annex."""
    facts = document.facts
    low, high = facts["members"]
    stages = "、".join(f"{stage}{len(group)}个" for stage, group in _by_stage(facts["rows"]))
    copies = tuple(name for name in facts["copies_to"].replace("，", "、").split("、") if name.strip())
    return official(
        document,
        (
            _opening(
                facts,
                "经个人申报、学校和教育行政部门审核推荐、专家评审，并经公示无异议，决定设立"
                f"{facts['subject']}{len(facts['rows'])}个（{stages}，名单见附件），现予公布，并予挂牌。有关事项通知如下：",
            ),
            _headed(1, "建设周期"),
            Paragraph(_term(facts, document.issued_on)),
            _headed(2, "工作要求"),
            Paragraph(
                "工作室实行领衔名校长负责制。领衔校长要制订工作室发展规划和年度工作计划，编制和执行工作经费预算，按计划组织"
                f"开展各项业务活动，做好年度总结与自评（《办法》第十六条）；保持成员{low}至{high}名在岗稳定，紧扣办学研究、"
                "培养中青年校长、示范辐射、建言献策四项职责开展工作（《办法》第六条、第八条）。建设期内实行年度考核，"
                "期满进行评估（《办法》第十七条、第十八条）。"
            ),
            _headed(3, "支持保障"),
            Paragraph(
                "工作室所在学校要提供独立的工作场所和必要的办公条件，适当减轻领衔人的工作负担；成员所在学校要为成员参加"
                "工作室活动提供便利和支持，予以必要的经费保障（《办法》第十二条）。教育行政部门要在教师培训经费中提供相应"
                "活动经费和政策待遇，或者纳入本地相关人才支持计划（《办法》第十一条），并将工作室纳入年度工作计划"
                "（《办法》第十五条）。"
            ),
        ),
        addressee=facts["addressee"],
        annexes=(_announced_annex(facts),),
        copies_to=copies,
    )
