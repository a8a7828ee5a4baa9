"""The form of a member's career plan (Art. 8-2)."""

from office.filing.fields import Field, Layout, Section, table, words

YEARS = words("第一年", "第二年", "第三年")

CAREER = Layout(
    (
        Section(
            "present",
            "现状分析",
            (
                Field("strengths", "优势与经验", "long", True, 800),
                Field("problems", "学校与本人面临的主要问题", "long", True, 800, article=8),
                Field("aims", "三年发展目标", "long", True, 800),
            ),
        ),
        Section(
            "goals",
            "分年目标",
            (
                table(
                    "goals",
                    "目标",
                    Field("year", "年度", "choice", True, choices=YEARS),
                    Field("goal", "目标", "long", True, 300),
                    Field("ways", "措施", "long", True, 300),
                    Field("proof", "达成标志", required=True, limit=200),
                    required=True,
                    article=8,
                    hint="每年至少一项",
                ),
                Field("help", "需要工作室提供的支持", "long", limit=500),
                Field("mentoring", "领衔人的培养安排", "long", True, 800, hint="跟岗、结对、课题、任务等"),
            ),
        ),
    )
)
