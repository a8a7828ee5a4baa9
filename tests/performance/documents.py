"""How long documents take to print, against the budgets: python -m tests.performance.documents."""

import resource
import time
from collections.abc import Callable
from datetime import date

from office.paper.blocks import Heading1, Paragraph
from office.paper.official import Official, render_official
from office.paper.tables import render_table

SENTENCE = "经专家评审并公示无异议，决定设立“包·格日乐图名校长工作室”等12个工作室，李堃、赵㐂等校长名列其中。"
ROW = ("1", "包·格日乐图", "红山区第二中学", "初中", "讲课费", "2026年3月9日", "¥1,200.00", "")


def notice(sentences: int) -> Official:
    """A notice of so many sentences: with twelve it fills two pages."""
    return Official(
        issuer="赤峰市教育局",
        number="赤教发〔2026〕1号",
        title_lines=("赤峰市教育局关于公布首批", "名校长工作室名单的通知"),
        addressee="各旗县区教育局",
        body=(Heading1("一、设立工作室"), *(Paragraph(SENTENCE),) * sentences),
        dated=date(2026, 1, 5),
        printing_office="赤峰市教育局办公室",
        printed_on=date(2026, 1, 6),
    )


def ledger(rows: int) -> bytes:
    """A ledger of so many rows."""
    columns = ("序号", "姓名", "学校", "学段", "用途", "日期", "金额", "备注")
    return render_table("支出台账", columns, (ROW,) * rows, landscape=True, widths=(1, 2, 3, 1, 2, 2, 2, 1))


def told(what: str, work: Callable[[], object], budget: str = "") -> None:
    """Do it, and print how long it took by the clock and on the processor: one core does it all."""
    began, busy = time.perf_counter(), time.process_time()
    work()
    taken, used = time.perf_counter() - began, time.process_time() - busy
    print(f"{what:<28}{taken:>8.2f}{used:>11.2f}  {budget}", flush=True)


def main() -> None:
    print(f"{'what':<28}{'seconds':>8}{'processor':>11}  budget")
    told("first document, cold", lambda: render_official(notice(1)))
    told("two pages", lambda: render_official(notice(9)), "0.4")
    told("100 letters", lambda: [render_official(notice(1)) for _ in range(100)], "15")
    told("ledger of 1,000 rows", lambda: ledger(1000), "12")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'most memory, MiB':<28}{most:>8.0f}")


if __name__ == "__main__":
    main()
