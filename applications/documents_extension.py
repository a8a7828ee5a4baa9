"""关于延长……申报时间的通知 on paper: what changes of an earlier notice, and that all else stays."""

from __future__ import annotations

from applications.documents import moment_words, official
from office.documents import renders
from office.models import OfficialDocument
from office.paper.blocks import Paragraph

EXTENSION_NOTICE = "extension_notice"


@renders(EXTENSION_NOTICE, "延期通知", "call")
def render_extension_notice(document: OfficialDocument) -> bytes:
    """The dates put off, each as it was and as it is."""
    facts = document.facts
    number = f"（{facts['number']}）" if facts["number"] else ""
    alone = f"{facts['alone']}的" if facts["alone"] else ""
    lines = "\n".join(
        f"（{numeral}）{change['label']}时间由{moment_words(change['was'])}延至{moment_words(change['now'])}。"
        for numeral, change in zip("一二三四五", facts["changes"], strict=False)
    )
    contact = f"\n联系方式：{facts['contact']}。" if facts["contact"] else ""
    return official(
        document,
        (
            Paragraph(
                f"根据工作实际，决定延长{facts['subject']}申报的{alone}有关时间，对《{facts['notice']}》{number}"
                "作如下补充："
            ),
            Paragraph(lines),
            Paragraph(
                "原通知规定的申报范围、条件、名额、程序和材料要求不变；已经提交的申报继续有效，不需要重新提交。"
                f"{contact}\n特此通知。"
            ),
        ),
        addressee=facts["addressee"],
    )
