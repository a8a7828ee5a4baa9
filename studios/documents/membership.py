"""The consent form of a member (Art. 6: 双方自愿，征得成员所在学校及上级主管部门同意), on paper."""

from __future__ import annotations

from datetime import date, datetime

from office.paper.forms import FormPaper, Grid, LongText, Opinion, Section
from studios.models import Membership


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone().date() if moment else None


def consent_paper(membership: Membership, accepted_at: datetime | None) -> FormPaper:
    """Who is asked into which studio, on what ground; the four opinions, with the days of those already given.

    ``accepted_at``: when the member agreed. What is not given yet is left to be filled in by hand and sealed.
    """
    person, studio = membership.principal, membership.studio
    school, authority = person.school, person.school.parent
    facts = Grid(
        (
            (("姓名", person.name), ("现任职务", person.post)),
            (("所在学校", school.name), ("主管部门", authority.name if authority else "")),
            (("工作室", studio.name), ("领衔人", studio.lead.name)),
            (("依托学校", studio.school.name), ("工作室编号", studio.number)),
            (("成员依据", membership.basis or "—"),),
        )
    )
    reason = (LongText("例外理由", membership.exception),) if membership.exception else ()
    school_day, authority_day = _day(membership.school_consented_at), _day(membership.authority_consented_at)
    opinions = (
        Opinion("领衔人意见", text="经遴选，同意其为工作室成员。", name=studio.lead.name),
        Opinion(
            "成员意见",
            text="本人自愿参加。" if accepted_at else "",
            name=person.name,
            dated=_day(accepted_at),
        ),
        Opinion(
            "所在学校意见",
            text="同意。" if school_day else "",
            organisation=school.name,
            dated=school_day,
            seal=True,
        ),
        Opinion(
            "上级主管部门意见",
            text="同意。" if authority_day else "",
            organisation=authority.name if authority else "",
            dated=authority_day,
            seal=True,
        ),
    )
    return FormPaper(
        f"{studio.programme.name}成员同意书",
        f"{person.name}　{studio.name}",
        f"{studio.number}-{membership.pk}",
        (Section("一、基本情况", (facts, *reason)), Section("二、各方意见", opinions)),
    )
