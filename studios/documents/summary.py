"""An annual summary on paper (Art. 16)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from office.filing.reading import parts
from office.paper.forms import FormPaper, Opinion, Pictures, Rows, Section
from office.uploads.images import preview
from studios.documents.forms import NUMERALS, sections
from studios.models import AnnualSummary
from studios.pictures import KEY, Picture, kept_rows, pictures
from studios.summaries import all_figures, figures_shown

PRINTED = 1000  # pixels: sharp at 79 mm, a page of pictures stays under a megabyte


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
    told = sections([part for part in parts(shown) if part.key != KEY])
    table = Rows(("项目", "数据"), tuple(all_figures(figures_shown(summary))), (1.0, 2.0))
    figures = Section(f"{NUMERALS[len(told)]}、本年度工作数据", (table,))
    chosen = tuple(_printed(pictures(kept_rows(shown), year)))
    album = [Section(f"{NUMERALS[len(told) + 1]}、活动照片", (Pictures(chosen),))] if chosen else []
    signed = Section("", (Opinion("领衔人签字", name=studio.lead.name), Opinion("依托学校意见", seal=True)))
    return FormPaper(
        f"{studio.programme.name}\n年度总结",
        f"第{year.number}年度",
        studio.number,
        (*told, figures, *album, signed),
        cover,
    )


def _printed(chosen: Iterable[Picture]) -> Iterator[tuple[bytes, str]]:
    for picture in chosen:
        with picture.photo.file.open() as file:
            yield preview(file, picture.photo.kind, PRINTED), picture.caption
