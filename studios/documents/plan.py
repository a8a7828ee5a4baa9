"""A plan on paper (Art. 16)."""

from __future__ import annotations

from office.filing.reading import parts
from office.paper.forms import FormPaper, Opinion, Section
from studios.documents.forms import sections
from studios.models import Plan


def plan_paper(plan: Plan, shown: Plan) -> FormPaper:
    """``shown`` is the plan as the reader may read it; the facts around it are ``plan``'s."""
    studio = plan.studio
    cover = (
        ("工作室", studio.name),
        ("领衔人", studio.lead.name),
        ("依托学校", studio.school.name),
        ("建设周期", f"{plan.term.starts:%Y年%-m月}—{plan.term.ends:%Y年%-m月}"),
        ("备案日期", f"{plan.filed_at.astimezone():%Y年%-m月%-d日}" if plan.filed_at else ""),
    )
    signed = Section("", (Opinion("领衔人签字", name=studio.lead.name), Opinion("依托学校意见", seal=True)))
    return FormPaper(
        f"{studio.programme.name}\n{plan.get_kind_display()}",
        f"第{plan.year.number}年度" if plan.year else f"{plan.term.starts.year}—{plan.term.ends.year}年",
        studio.number,
        (*sections(parts(shown)), signed),
        cover,
    )
