"""What a programme stands on before anyone enters anything: the measures, the bureau's programme, known holidays."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from accounts.models import Kind, Organisation
from programmes.models import Article, Holiday, Measures, Programme
from programmes.numerals import chinese_number

MEASURES = "赤峰市名校长工作室建设与管理办法"
BASIS = "《中共赤峰市委 赤峰市人民政府关于全面深化新时代教师队伍建设改革的实施意见》（赤党发〔2019〕13号）"
DOCUMENT_CODE = "赤教发"

# The State Council's schedules: (first day, last day, name) closed; then make-up working days.
CLOSED = [
    (date(2025, 1, 1), date(2025, 1, 1), "元旦"),
    (date(2025, 1, 28), date(2025, 2, 4), "春节"),
    (date(2025, 4, 4), date(2025, 4, 6), "清明节"),
    (date(2025, 5, 1), date(2025, 5, 5), "劳动节"),
    (date(2025, 5, 31), date(2025, 6, 2), "端午节"),
    (date(2025, 10, 1), date(2025, 10, 8), "国庆节、中秋节"),
    (date(2026, 1, 1), date(2026, 1, 3), "元旦"),
    (date(2026, 2, 15), date(2026, 2, 23), "春节"),
    (date(2026, 4, 4), date(2026, 4, 6), "清明节"),
    (date(2026, 5, 1), date(2026, 5, 5), "劳动节"),
    (date(2026, 6, 19), date(2026, 6, 21), "端午节"),
    (date(2026, 9, 25), date(2026, 9, 27), "中秋节"),
    (date(2026, 10, 1), date(2026, 10, 7), "国庆节"),
]
WORKED = [
    *(date(2025, month, day) for month, day in [(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)]),
    *(date(2026, month, day) for month, day in [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]),
]


def articles(text: str) -> list[tuple[int, str, str]]:
    """(number, chapter, text) of each article of measures written as 第一章 … 第一条 …; texts are kept whole."""
    found: list[tuple[int, str, list[str]]] = []
    chapter = ""
    for line in (line.strip(" \u3000\t") for line in text.splitlines()):
        if heading := re.match(r"第([一二三四五六七八九十]+)章\s*(.*)", line):
            chapter = f"第{heading[1]}章 " + "".join(heading[2].split())
        elif opening := re.match(r"第([一二三四五六七八九十]+)条[\s\u3000]*(.*)", line):
            found.append((len(found) + 1, chapter, [opening[2]]))
            if chinese_number(len(found)) != opening[1]:
                raise ValueError(f"第{opening[1]}条前后缺条")
        elif line and found:
            found[-1][2].append(line)
    return [(number, chapter, "\n".join(lines)) for number, chapter, lines in found]


def lay(owner: Organisation) -> Programme:
    """Make sure of the measures with their 20 articles, the schedules known, and ``owner``'s programme; repeatable."""
    issuer = owner if owner.kind == Kind.BUREAU else owner.parent or owner
    measures, _ = Measures.objects.get_or_create(name=MEASURES, defaults={"issuer": issuer})
    text = (Path(__file__).parent / "data" / "measures.txt").read_text(encoding="utf-8")
    for number, chapter, wording in articles(text):
        Article.objects.get_or_create(
            measures=measures, number=number, defaults={"chapter": chapter, "text": wording}
        )
    days = [
        Holiday(day=first + timedelta(days=offset), name=name)
        for first, last, name in CLOSED
        for offset in range((last - first).days + 1)
    ]
    days += [Holiday(day=day, worked=True, name="调休上班") for day in WORKED]
    Holiday.objects.bulk_create(days, ignore_conflicts=True)
    programme, _ = Programme.objects.get_or_create(
        owner=owner,
        name="赤峰市名校长工作室",
        defaults={
            "measures": measures,
            "basis": BASIS,
            "document_code": DOCUMENT_CODE if owner.kind == Kind.BUREAU else "",
        },
    )
    return programme
