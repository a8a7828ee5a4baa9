"""Official documents by GB/T 9704-2012 党政机关公文格式."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from office.paper import engine
from office.paper.blocks import Block, typeset
from office.paper.typesetting import BODY, IMPRINT, clean, day, extent, points, runs, set_lines, width

LARGEST_MARK = 60.0  # points; the issuing body's name is never larger
HEADING = "附件："


@dataclass(frozen=True)
class Annex:
    """An attachment printed with the document: it begins a page of its own.

    A landscape annex lies with its head to the left edge of the sheet, page number where the others have it.
    """

    title: str
    blocks: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True)
class Official:
    """All that an official document says. Texts are plain, dates are dates; nothing is looked up anywhere.

    issuer: the issuing body (发文机关); mark: what the red head says, 〈issuer〉文件 when empty.
    number: 赤教发〔2026〕1号, empty when there is none. title_lines: the title broken by sense.
    addressee: 主送机关 without its colon. attachments: names for 附件说明 (those of the annexes when empty).
    signer: who signs (the issuer when empty). sealed: room for a seal and the date four characters in.
    remark: 附注, printed in brackets. copies_to, printing_office, printed_on: 版记; none without an office.
    red_head: False for what is shown on the web or pinned to a wall (公示).
    """

    issuer: str
    number: str
    title_lines: tuple[str, ...]
    addressee: str
    body: tuple[Block, ...]
    dated: date
    attachments: tuple[str, ...] = ()
    signer: str = ""
    sealed: bool = True
    copies_to: tuple[str, ...] = ()
    printing_office: str = ""
    printed_on: date | None = None
    annexes: tuple[Annex, ...] = ()
    red_head: bool = True
    mark: str = ""
    remark: str = ""

    def __post_init__(self) -> None:
        if not self.title_lines or not self.body:
            raise ValueError("公文须有标题和正文")
        if self.printing_office and self.printed_on is None:
            raise ValueError("版记须写明印发日期")


def _attachments(names: tuple[str, ...]) -> list[dict[str, Any]]:
    """附件说明: numbered when there are several, further lines under the name's first character."""
    named = [f"{at}. {clean(name)}" if len(names) > 1 else clean(name) for at, name in enumerate(names, 1)]
    start = 2 + extent(HEADING, BODY) / BODY.pitch
    ready = []
    for at, text in enumerate(named):
        number = f"{at + 1}. " if len(names) > 1 else ""
        rest = start + extent(number, BODY) / BODY.pitch
        label = HEADING if at == 0 else ""
        ready.append({"lines": set_lines(label + text, BODY, first=2 if label else start, rest=rest)})
    return ready


def _signature(official: Official) -> dict[str, Any]:
    """署名 and 成文日期 with their distances from the right edge (7.3.5 of the standard)."""
    signer, dated = clean(official.signer or official.issuer), day(official.dated)
    signs, dates, square = extent(signer, BODY), extent(dated, BODY), BODY.pitch
    if official.sealed:
        date_right = max(4 * square, (signs - dates) / 2)
        signer_right = date_right + (dates - signs) / 2
    else:
        signer_right = max(2 * square, 4 * square + dates - signs)
        date_right = signer_right + signs - 2 * square - dates
    return {
        "signer": runs(signer),
        "dated": dated,
        "signer_right": points(signer_right),
        "date_right": points(date_right),
        "spacing": points(BODY.spacing),
        "sealed": official.sealed,
    }


def _imprint(official: Official) -> dict[str, Any] | None:
    """版记: 抄送 and the printing office; None when the document has none."""
    if not official.printing_office or official.printed_on is None:
        return None
    copies = f"抄送：{'，'.join(clean(name) for name in official.copies_to)}。" if official.copies_to else ""
    office, printed_on = clean(official.printing_office), f"{day(official.printed_on)}印发"
    return {
        "copies": set_lines(copies, IMPRINT, first=0, rest=3),
        "office": office,
        "printed_on": printed_on,
        "gap": points(IMPRINT.width - width(office + printed_on) * IMPRINT.size),
    }


def _annexes(official: Official) -> list[dict[str, Any]]:
    several = len(official.annexes) > 1
    return [
        {
            "label": f"附件{at}" if several else "附件",
            "title": runs(clean(annex.title)),
            "blocks": typeset(annex.blocks),
            "landscape": annex.landscape,
        }
        for at, annex in enumerate(official.annexes, 1)
    ]


def _mark(official: Official) -> dict[str, Any]:
    """The red head's words and their size in points: as large as the line allows."""
    words = clean(official.mark) or f"{clean(official.issuer)}文件"
    return {"runs": runs(words), "size": points(min(LARGEST_MARK, 0.94 * BODY.width / max(width(words), 1)))}


def render_official(official: Official) -> bytes:
    """The document as PDF, A4, geometry of GB/T 9704-2012. Raises engine.PdfUnavailable."""
    engine.font_files()
    addressee = f"{clean(official.addressee)}：" if official.addressee else ""
    names = official.attachments or tuple(annex.title for annex in official.annexes)
    page = engine.html(
        "official.html",
        {
            "title": " ".join(official.title_lines),
            "mark": _mark(official) if official.red_head else None,
            "number": clean(official.number),
            "title_lines": [runs(clean(line)) for line in official.title_lines],
            "addressee": set_lines(addressee, BODY, first=0),
            "body": typeset(official.body),
            "attachments": _attachments(names),
            "signature": _signature(official),
            "remark": clean(official.remark),
            "annexes": _annexes(official),
            "imprint": _imprint(official),
            "imprint_alone": bool(official.annexes) and official.annexes[-1].landscape,
        },
    )
    return engine.pdf(page, css=("page.css", "official.css", "table.css"))
