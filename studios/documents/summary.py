"""An annual summary on paper (Art. 16)."""

from __future__ import annotations

from office.filing.reading import parts
from office.paper.forms import FormPaper, Opinion, Rows, Section
from studios.documents.forms import NUMERALS, sections
from studios.models import AnnualSummary
from studios.summaries import all_figures, figures_shown


def summary_paper(summary: AnnualSummary, shown: AnnualSummary) -> FormPaper:
    """``shown`` is the summary as the reader may read it; the facts around it are ``summary``'s."""
    studio, year = summary.studio, summary.year
    filed = summary.filed_at
    cover = (
        ("工作室", studio.name),
        ("领衔人", studio.lead.name),
        ("依托学校", studio.school.name),
        ("建设年度", f"第{year.number}年（{year.starts:%Y年%-m月}—{year.ends:%Y年%-m月}）"),
        ("备案日期", f"{filed.astimezone():%Y年%-m月%-d日}" if filed else ""),
    )
    told = sections(parts(shown))
    table = Rows(("项目", "数据"), tuple(all_figures(figures_shown(summary))), (1.0, 2.0))
    figures = Section(f"{NUMERALS[len(told)]}、本年度工作数据", (table,))
    signed = Section("", (Opinion("领衔人签字", name=studio.lead.name), Opinion("依托学校意见", seal=True)))
    return FormPaper(
        f"{studio.programme.name}\n年度总结",
        f"第{year.number}年度",
        studio.number,
        (*told, figures, signed),
        cover,
    )
