"""The ledger of a studio year on paper."""

from __future__ import annotations

from office.paper.forms import FormPaper, LongText, Rows, Section
from studios.documents.forms import NUMERALS
from studios.ledger import Sheet, words
from studios.models import StudioYear


def ledger_paper(year: StudioYear, sheets: tuple[Sheet, ...]) -> FormPaper:
    """One section for each part; an empty one says so."""
    studio = year.term.studio
    cover = (
        ("工作室", studio.name),
        ("编号", studio.number),
        ("领衔人", studio.lead.name),
        ("依托学校", studio.school.name),
        ("建设年度", f"第{year.number}年（{year.starts:%Y年%-m月}—{year.ends:%Y年%-m月}）"),
    )
    sections = tuple(
        Section(f"{NUMERALS[place]}、{sheet.title}", (_part(sheet),)) for place, sheet in enumerate(sheets)
    )
    title, subtitle = f"{studio.name}\n工作台账", f"{year.starts:%Y}年"
    return FormPaper(title, subtitle, studio.number, sections, cover, landscape=True)


def _part(sheet: Sheet) -> Rows | LongText:
    if not sheet.rows:
        return LongText(sheet.title, "本年度没有记录。")
    return Rows(sheet.columns, tuple(words(sheet.rows)), sheet.widths)
