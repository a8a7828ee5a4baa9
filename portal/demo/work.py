"""What last year's studios have done since: each with a diligence of its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from office.door import take
from office.filing.saving import save_section, stamp
from portal.demo.cast import Cast
from portal.demo.plans import annual, development
from studios.flows import PLAN
from studios.models import Plan, PlanKind, Studio


class Work:
    """The lives of the studios that were announced last year, played by their people."""

    def __init__(self, cast: Cast, diligent: Studio, returned: Studio) -> None:
        self.cast = cast
        self.diligent = diligent
        self.returned = returned

    def play(self) -> None:
        """The diligent studio plans in time; another is told to mend its plan; the rest has yet to begin."""
        for kind in PlanKind.values:
            self.plan(self.diligent, kind, timedelta(days=20))
        plan = self.plan(self.returned, PlanKind.ANNUAL, timedelta(days=25))
        officer = self.cast.officer(self.returned.programme.owner_id)
        words = "“示范辐射”任务请写明拟帮扶的乡村学校；建言献策至少安排一篇调研报告。"
        take(PLAN, "return", plan.pk, officer, plan.since + timedelta(days=3), words)

    def plan(self, studio: Studio, kind: str, after: timedelta) -> Plan:
        """Fill in and file the first plan of this kind, ``after`` the studio began."""
        plan = Plan.objects.filter(studio=studio, kind=kind).order_by("pk")[0]
        me, at = self.lead(studio), plan.since + after
        content = annual if plan.year else development
        self._fill(plan, content(plan.term.starts.year), at)
        take(PLAN, "file", plan.pk, me, at + timedelta(days=1))
        return Plan.objects.get(pk=plan.pk)

    def lead(self, studio: Studio) -> Any:
        """The lead of the studio, as they log in."""
        return self.cast.of(studio.lead.user_id)

    def _fill(self, plan: Plan, content: dict[str, dict[str, Any]], at: datetime) -> None:
        for key, values in content.items():
            section = plan.layout.section(key)
            plan = save_section(plan, section, values, stamp(plan, section), at)
