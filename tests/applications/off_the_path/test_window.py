"""The last second of the window, and whose a step is."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Role
from applications.flows import APPLICATION
from applications.models import (
    Application,
    Call,
)
from office.door import Moved, Refused, take
from tests.applications.off_the_path.ways import (
    S,
    decline,
    hand,
)
from tests.factories.accounts import capacity, make_county, make_school
from tests.factories.applications import (
    DURING,
    acting,
    make_application,
    make_call,
    make_lead,
    someone,
)
from tests.factories.rounds import (
    again,
    last_moment,
    on,
    publish,
    recommend,
    refusal,
    step,
)

pytestmark = pytest.mark.django_db


# 申报期


@pytest.mark.core
def test_sent_at_the_last_second_it_counts_and_at_midnight_not() -> None:
    call = make_call(submit_by=last_moment(date(2026, 3, 22)))
    in_time, late = make_application(call), make_application(call)
    said = refusal(APPLICATION, "submit", late, acting(late.lead), on(2026, 3, 23, 0, 0, 0))
    assert said == ["申报已于2026年3月22日 23:59截止（第九条）"]
    sent = step(in_time, "submit", acting(in_time.lead), on(2026, 3, 22, 23, 59, 59))
    assert sent.submitted_at == on(2026, 3, 22, 23, 59, 59)


@pytest.mark.core
def test_a_form_with_every_requirement_unmet_is_told_all_of_it_at_once() -> None:
    call = make_call()
    lead = make_lead(head=False, famous=False)
    draft = make_application(call, lead, complete=False)
    call.places.filter(stage="primary").delete()
    lead.school = make_school(name="红山区玉屏小学")
    lead.save()
    late = on(2026, 3, 23)
    assert refusal(APPLICATION, "submit", draft, acting(lead), late) == [
        "申报已于2026年3月22日 08:00截止（第九条）",
        "本批次不设小学学段的工作室（第九条）",
        "“领衔人”尚缺：学位、参加工作时间、任现职务时间、任正职年限等（第九条）",
        "“简历与培训”尚缺：工作简历（第九条）",
        "“领衔条件”尚缺：思想政治素质与职业道德、教育理论基础与教学经验、课程建设领导力、引领教师成长等（第九条）",
        "“三年规划”尚缺：总体目标、任务安排、“办学研究”的任务、“培养中青年校长”的任务等（第九条）",
        "“经费与保障”尚缺：工作场所地址、工作场所面积（㎡）、办公条件与设备、减轻领衔人工作负担的措施等（第九条）",
        "“申报人承诺”尚缺：本人承诺所填内容和所附材料真实、准确，自愿履行工作室领衔人职责、"
        "本人同意为申报、评审之目的处理上述个人信息（含身份证号、联系方式）、"
        "本人知悉评审通过后，姓名、学校、拟设工作室将列入公示名单（第九条）",
        "请上传材料：居民身份证（第九条）",
        "请上传材料：学历学位与职称证书（第九条）",
        "请上传材料：正职任职文件（第九条）",
        "请上传材料：荣誉证书（第九条）",
        "请上传材料：课题、论文与成果（第九条）",
        "请上传材料：三年建设规划（第九条）",
        "领衔人须为正职校长（园长），档案中现任职务不是正职，请联系旗县区教育局更正（第六条）",
        "您的档案显示现任职学校为红山区玉屏小学，工作室一般依托领衔校长所在学校设立，请说明例外理由（第五条）",
        "档案中没有“市级名校长”称号，请说明例外理由（第六条）",
        "第六条：工作室由领衔校长和8–10名成员组成，现有 0 名成员本人同意（第六条）",
    ]
    assert again(draft).state == S.DRAFT


# 谁可以办


@pytest.mark.core
def test_an_officer_of_another_county_is_told_there_is_no_such_thing(
    send: Callable[[str], Application],
) -> None:
    application = send(S.AUTHORITY_REVIEW)
    stranger = someone(Role.OFFICER, make_county("松山区"))
    for name in ("recommend", "authority_return", "authority_decline", "accept", "withdraw"):
        with pytest.raises(Application.DoesNotExist):
            take(APPLICATION, name, application.pk, stranger, DURING, "同意")


@pytest.mark.core
@pytest.mark.parametrize("state", [S.AUTHORITY_REVIEW, S.RECOMMENDED, S.DECLINED, S.ANNOUNCED])
def test_the_wrong_capacity_is_refused_whatever_the_state(
    send: Callable[[str], Application], state: str
) -> None:
    if state == S.DECLINED:
        application = decline(send(S.AUTHORITY_REVIEW), S.AUTHORITY_REVIEW)
    else:
        application = send(state)
    officer = hand(application, S.AUTHORITY_REVIEW)
    for name in ("submit", "endorse", "accept", "withdraw", "reinstate", "lapse", "announce"):
        with pytest.raises(PermissionDenied):
            take(APPLICATION, name, application.pk, officer, DURING, "同意")


@pytest.mark.parametrize("part", ["lead", "member"])
def test_nobody_acts_on_their_own_matter(send: Callable[[str], Application], part: str) -> None:
    """The lead or a proposed member is the county's officer as well: another officer has to act."""
    application = send(S.AUTHORITY_REVIEW)
    person = application.lead if part == "lead" else application.members.first().principal
    hand(application, S.AUTHORITY_REVIEW)
    own = capacity(person.user, application.authority, Role.OFFICER)
    with pytest.raises(PermissionDenied):
        take(APPLICATION, "recommend", application.pk, own, DURING, "同意", {"rank": 1})
    assert not APPLICATION.waiting(own, DURING).exists()
    assert recommend(application).state == S.RECOMMENDED


@pytest.mark.core
def test_the_second_comer_is_told_who_was_first_and_when(send: Callable[[str], Application]) -> None:
    application = send(S.AUTHORITY_REVIEW)
    first = hand(application, S.AUTHORITY_REVIEW)
    second = capacity(Role.OFFICER, application.authority, name="周立新")
    step(application, "recommend", first, DURING, "同意推荐。", rank=1)
    with pytest.raises(Moved) as refused:
        take(APPLICATION, "authority_decline", application.pk, second, DURING, "不同意")
    assert str(refused.value) == f"{first.user.name}已于2026年3月10日 09:30办理“审核推荐”"


def test_the_bureau_publicises_again_who_was_held_back_by_nobody(
    call: Call, send: Callable[[str], Application]
) -> None:
    """A second list of one call has nothing to show when all of the first is decided."""
    send(S.PUBLICISED)
    with pytest.raises(Refused, match="没有待公示的工作室"):
        publish(call)
