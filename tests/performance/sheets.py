"""How long sheets take, in and out, against the budgets: python -m tests.servers python -m tests.performance.sheets."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import django

SCHOOLS = ["学校（园）名称", "学校标识码", "主管部门", "办学类型", "城乡类型", "是否薄弱学校"]
PRINCIPALS = ["姓名", "民族", "身份证号", "所在学校", "现任职务", "任正职时间", "手机号"]
APPOINTMENTS = ["姓名", "用户名", "机构", "角色", "开始日期"]
MANY, ALL = 10_000, 100_000


@dataclass(frozen=True)
class Taken:
    """Seconds by the clock, and those of the processor of this process: on a busy machine far fewer."""

    seconds: float
    processor: float

    def __add__(self, other: Taken) -> Taken:
        return Taken(self.seconds + other.seconds, self.processor + other.processor)


def seconds(work: Callable[[], Any]) -> tuple[Taken, Any]:
    """How long ``work`` takes, and what it gives."""
    began, busy = time.perf_counter(), time.process_time()
    found = work()
    return Taken(time.perf_counter() - began, time.process_time() - busy), found


def told(what: str, taken: Taken, budget: str) -> None:
    print(f"{what:<44}{taken.seconds:>9.2f}{taken.processor:>11.2f}  {budget}", flush=True)


def peak() -> float:
    """The most memory the program has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def school_rows() -> list[list[Any]]:
    counties = ("红山", "松山", "克旗", "翁旗", "宁城县")
    return [[f"第{n}号小学", f"21{n:08d}", counties[n % 5], "小学", "乡村", "否"] for n in range(MANY)]


def principal_rows() -> list[list[Any]]:
    from tests.factories.accounts import identity_number

    rows = []
    for n in range(MANY):
        number = identity_number(date(1965, 1, 1) + timedelta(days=n % 9000), serial=n // 9000 + 1)
        rows.append([f"校长{n}", "汉", number, f"第{n}号小学", "校长", "2018.9", f"199{n:08d}"])
    return rows


def brought_in(kind: str, heading: list[str], rows: list[list[Any]]) -> None:
    """One roster: read and previewed as the upload does, then written as the confirmation does."""
    from django.utils import timezone

    from accounts.capacity import CLOCK
    from accounts.models import Organisation, Role
    from office.sheets import read_table
    from portal.registry.rosters import ROSTERS
    from tests.factories.accounts import make_capacity
    from tests.sheets.workbooks import workbook

    me = (
        CLOCK
        if kind in ("schools", "principals")
        else make_capacity(Role.ADMIN, Organisation.objects.all()[0])
    )
    file, at = workbook([heading, *rows]), timezone.now()
    read, table = seconds(lambda: read_table(file, ROSTERS[kind].columns))
    previewed, outcome = seconds(lambda: ROSTERS[kind](me, at).preview(table.dataset()))
    assert outcome.count("new") == len(rows), outcome.refused[:3]
    told(f"{kind}: {len(rows):,} rows read", read, "")
    told(f"{kind}: {len(rows):,} rows read and previewed", read + previewed, "20")
    written, _ = seconds(lambda: ROSTERS[kind](me, at).commit(table.dataset(), outcome))
    told(f"{kind}: {len(rows):,} rows written with history", written, "")
    again, _ = seconds(lambda: ROSTERS[kind](me, at).preview(table.dataset()))
    told(f"{kind}: {len(rows):,} rows previewed again (same)", again, "20")


def taken_out(view: Any, rows: int, budget: str) -> None:
    """The export of a list, as its page and its job write it."""
    from django.http import QueryDict
    from django.utils import timezone

    from accounts.models import Organisation, Role
    from office.sheets import write_sheet
    from tests.factories.accounts import make_capacity

    me = make_capacity(Role.ADMIN, Organisation.objects.filter(kind="bureau")[0])

    def export() -> None:
        with tempfile.TemporaryFile() as file:
            write_sheet(file, view.title, view.headers, view.sheet(me, timezone.now(), QueryDict()))

    before = peak()
    taken, _ = seconds(export)
    told(f"{view.title}: {rows:,} rows exported", taken, budget)
    print(f"{'  memory on top, MiB':<44}{peak() - before:>9.1f}", flush=True)


def organisations(count: int) -> None:
    """So many more schools, beside the roster's."""
    from accounts.models import Organisation

    county, already = Organisation.objects.counties().first(), Organisation.objects.count()
    rows = (
        Organisation(kind="school", name=f"甲{n}小学", parent=county, school_type="primary", sort_key=f"a{n}")
        for n in range(already, already + count)
    )
    Organisation.objects.bulk_create(rows, batch_size=2_000)


def all_brought_in() -> None:
    """Schools, principals, appointments."""
    from accounts.models import Organisation
    from tests.factories.accounts import make_capacity

    brought_in("schools", SCHOOLS, school_rows())
    brought_in("principals", PRINCIPALS, principal_rows())
    school = Organisation.objects.get(name="第1号小学")
    people = [make_capacity("officer", school).user for _ in range(2_000)]
    held = [[one.name, one.username, "第2号小学", "经办", "2026.9.1"] for one in people]
    brought_in("appointments", APPOINTMENTS, held)


def main() -> None:
    """Everything, or only the exports: ``sheets out``."""
    django.setup()
    from django.db import connection

    from accounts.ground import lay
    from portal.registry.views.organisations import OrganisationList
    from portal.registry.views.principals import PrincipalList

    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        lay()
        print(f"{'what':<44}{'seconds':>9}{'processor':>11}  budget")
        if "out" in sys.argv:
            organisations(MANY)
        else:
            all_brought_in()
            taken_out(PrincipalList(), MANY, "3")
        taken_out(OrganisationList(), MANY, "3")
        organisations(ALL - MANY)
        taken_out(OrganisationList(), ALL, "constant memory")
    finally:
        connection.creation.destroy_test_db("", verbosity=0)


if __name__ == "__main__":
    main()
