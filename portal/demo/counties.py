"""What counties have in their work plan of the year for their studios (Art. 15), entered by their officers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Organisation
from portal.demo.cast import Cast
from studios.county_plan import CountyPlanForm
from studios.models import Studio

ITEMS = {
    "松山区教育局": (
        (
            "组织名校长工作室到乡村学校送教，每学期不少于两次",
            "4—5月、10—11月",
            "上半年送教两次，覆盖六所乡村学校。",
        ),
        (
            "召开工作室建设推进会，协调依托学校落实工作场所和减负措施",
            "3月",
            "3月已召开，各依托学校已书面承诺。",
        ),
        ("工作室成果展示与年度交流", "12月", ""),
    ),
    "红山区教育局": (("支持本区校长参加外地工作室活动，落实差旅和顶岗安排", "全年", ""),),
}


def plan_the_year(cast: Cast, now: datetime) -> None:
    """Each county's officer enters the items in the first months of the year."""
    year = timezone.localtime(now).year
    for name, items in ITEMS.items():
        county = Organisation.objects.get(name=name)
        me = cast.officer(county.pk)
        studios = list(Studio.objects.filter(authority=county).values_list("pk", flat=True))
        for number, (task, timing, done) in enumerate(items):
            given = {"year": year, "task": task, "timing": timing, "done": done}
            form = CountyPlanForm(given | {"studios": studios if number else []}, county=county)
            if not form.is_valid():
                raise ValueError(form.errors)
            form.keep(me, now - timedelta(days=200 - number))
