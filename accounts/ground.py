"""The organisations that are there before anything is entered: the bureau and the twelve 旗县区.

Codes follow GB/T 2260; the other ways to write a county are those that rosters really use.
"""

from accounts.models import Kind, Organisation

BUREAU = ("150400", "赤峰市教育局", "市教育局", "市直、赤峰市、赤峰市直、市本级、局直属")
COUNTIES = (
    ("150402", "红山区", "红山"),
    ("150403", "元宝山区", "元宝山"),
    ("150404", "松山区", "松山"),
    ("150421", "阿鲁科尔沁旗", "阿旗、阿鲁科尔沁"),
    ("150422", "巴林左旗", "左旗"),
    ("150423", "巴林右旗", "右旗"),
    ("150424", "林西县", "林西"),
    ("150425", "克什克腾旗", "克旗、克什克腾"),
    ("150426", "翁牛特旗", "翁旗、翁牛特"),
    ("150428", "喀喇沁旗", "喀旗、喀喇沁"),
    ("150429", "宁城县", "宁城"),
    ("150430", "敖汉旗", "敖汉"),
)


def lay() -> Organisation:
    """Create what is missing of the bureau and its counties, found by code; returns the bureau.

    What an administrator has since changed (names, aliases) stays as it is.
    """
    code, name, short, aliases = BUREAU
    bureau = _organisation(code, Kind.BUREAU, name, short, aliases, None)
    for code, county, aliases in COUNTIES:
        _organisation(code, Kind.COUNTY, f"{county}教育局", county, aliases, bureau)
    return bureau


def _organisation(
    code: str, kind: Kind, name: str, short: str, aliases: str, parent: Organisation | None
) -> Organisation:
    known = Organisation.objects.filter(code=code).first()
    if known:
        return known
    organisation = Organisation(
        code=code, kind=kind, name=name, short_name=short, aliases=aliases, parent=parent
    )
    organisation.set_keys()
    organisation.save()
    return organisation
