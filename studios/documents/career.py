"""A career plan on paper (Art. 8-2)."""

from __future__ import annotations

from datetime import date, datetime

from office.filing.reading import parts
from office.paper.forms import FormPaper, LongText, Opinion, Section
from studios.documents.forms import sections
from studios.models import CareerPlan


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone().date() if moment else None


def career_paper(plan: CareerPlan, shown: CareerPlan) -> FormPaper:
    """``shown`` is the plan as the reader may read it; both signatures stand under the words they were given for."""
    seat = plan.membership
    cover = (
        ("成员", seat.principal.name),
        ("所在学校", seat.principal.school.name),
        ("工作室", seat.studio.name),
        ("领衔人", seat.studio.lead.name),
    )
    report = Section("成长报告", (LongText("成长报告", plan.growth_report),)) if plan.growth_report else None
    signed = Section(
        "",
        (
            Opinion(
                "成员签字",
                name=seat.principal.name,
                dated=_day(plan.member_signed_at if plan.member_signed else None),
            ),
            Opinion(
                "领衔人签字",
                name=seat.studio.lead.name,
                dated=_day(plan.lead_signed_at if plan.lead_signed else None),
            ),
        ),
    )
    return FormPaper(
        "名校长工作室成员职业发展规划",
        seat.studio.name,
        seat.studio.number,
        (*sections(parts(shown)), *([report] if report else []), signed),
        cover,
    )
