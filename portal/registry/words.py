"""How rosters spell what the registry stores as a code or in one official form."""

from accounts.models import Area, Education, SchoolType

SCHOOL_TYPES = {
    **{label: value for value, label in SchoolType.choices},
    "初级中学": SchoolType.JUNIOR,
    "高级中学": SchoolType.SENIOR,
    "普通高中": SchoolType.SENIOR,
    "九年一贯制学校": SchoolType.NINE_YEAR,
    "十二年一贯制学校": SchoolType.TWELVE_YEAR,
    "完中": SchoolType.COMPLETE,
    "特教": SchoolType.SPECIAL,
    "特殊教育学校": SchoolType.SPECIAL,
    "中等职业学校": SchoolType.VOCATIONAL,
    "职业高中": SchoolType.VOCATIONAL,
    "中职学校": SchoolType.VOCATIONAL,
}
AREAS = {
    **{label: value for value, label in Area.choices},
    "城市": Area.URBAN,
    "城镇": Area.TOWN,
    "县镇": Area.TOWN,
    "镇": Area.TOWN,
    "农村": Area.RURAL,
    "乡": Area.RURAL,
}
SEXES = {"男": "m", "女": "f"}
EDUCATIONS = {
    **{label: value for value, label in Education.choices},
    "博士": Education.DOCTOR,
    "硕士": Education.MASTER,
    "本科": Education.BACHELOR,
    "学士": Education.BACHELOR,
    "专科": Education.COLLEGE,
    "大专": Education.COLLEGE,
    "中专": Education.OTHER,
    "中师": Education.OTHER,
    "高中": Education.OTHER,
}
POLITICAL = {
    "党员": "中共党员",
    "共产党员": "中共党员",
    "中国共产党党员": "中共党员",
    "预备党员": "中共预备党员",
    "团员": "共青团员",
}
# The 56 ethnic groups, without the syllable 族.
ETHNICITIES = frozenset(
    """
    汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白
    土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇
    柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒
    乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺
    """.split()  # noqa: SIM905 - fifty-six quoted words are harder to read
)


def ethnicity(text: str) -> str:
    """The official name of one of the 56: 汉 → 汉族. Raises ValueError when it is none of them."""
    name = text.removesuffix("族")
    if name not in ETHNICITIES:
        raise ValueError(text)
    return f"{name}族"


def is_head(post: str) -> bool:
    """Whether a post (现任职务) is the head's: 校长, 园长, 党支部书记、校长; not 副校长, 校长助理."""
    parts = [
        part for part in post.replace("兼", "、").replace("，", "、").replace("/", "、").split("、") if part
    ]
    return any(part.endswith(("校长", "园长")) and "副" not in part for part in parts)
