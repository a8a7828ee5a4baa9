"""The form of the annual summary (Art. 16): what the figures don't say, by the four duties of Art. 8."""

from office.filing.fields import Field, Layout, Section, table

PICTURES = 12

SUMMARY = Layout(
    (
        Section(
            "overview",
            "总体情况",
            (
                Field("overview", "本年度工作概述", "long", True, 1500, article=16),
                Field("plan", "计划执行与调整情况", "long", True, 1000, article=16),
            ),
        ),
        Section(
            "duties",
            "职责履行",
            (
                Field("research", "开展教育办学研究", "long", True, 1500, article=8),
                Field("training", "培养中青年校长", "long", True, 1500, article=8),
                Field("radiation", "发挥示范辐射作用", "long", True, 1500, article=8),
                Field("advice", "为教育发展建言献策", "long", True, 1000, article=8),
            ),
        ),
        Section(
            "support",
            "团队、保障与经费",
            (
                Field("team", "团队建设", "long", True, 1000, article=6),
                Field("conditions", "场所、条件与各校支持", "long", True, 800, article=12),
                Field("money", "经费使用情况", "long", True, 800, article=10),
            ),
        ),
        Section(
            "pictures",
            "活动照片",
            (
                table(
                    "pictures",
                    "照片",
                    Field("caption", "说明", limit=60),
                    Field("photo", "照片编号", limit=20),
                    limit=PICTURES,
                ),
            ),
            hint=f"从本年度已开展活动的照片中选用，最多 {PICTURES} 张，印在年度总结里；可以不选。",
        ),
        Section(
            "outlook",
            "问题与打算",
            (
                Field("problems", "存在的问题", "long", True, 1000),
                Field("next", "下一年度打算", "long", True, 1000, article=16),
                Field("needs", "需要主管部门支持的事项", "long", limit=500),
            ),
        ),
    )
)
