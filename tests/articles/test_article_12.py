"""第十二条　名校长工作室所在学校应为工作室提供独立的工作场所和必要的办公条件，并适当减轻领衔人的工作负担。
工作室成员所在学校要为成员参加工作室活动提供便利和支持，予以必要的经费保障。
"""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Role
from applications.flows import APPLICATION
from applications.models import Application
from office.attachments import receive, slots
from tests.factories.accounts import capacity, make_capacity
from tests.factories.applications import DURING, acting, bring_to, make_application, make_call, paper, someone
from tests.factories.rounds import refusal, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def application() -> Application:
    """Sent to its school."""
    return bring_to(make_application(make_call()), "school_review")


def test_the_school_pledges_its_support_and_seals_the_form_before_it_endorses(
    application: Application,
) -> None:
    officer = someone(Role.OFFICER, application.school)
    assert refusal(APPLICATION, "endorse", application, officer) == [
        "请上传材料：学校支持承诺书（第十二条）",
        "请上传材料：签字盖章的申报表（第十二条）",
    ]
    receive(APPLICATION, application.pk, paper(), slot="pledge", me=officer, at=DURING)
    assert refusal(APPLICATION, "endorse", application, officer) == [
        "请上传材料：签字盖章的申报表（第十二条）"
    ]
    receive(APPLICATION, application.pk, paper(), slot="signed-form", me=officer, at=DURING)
    assert (
        step(application, "endorse", officer, opinion="提供专用工作室60平方米。").state == "authority_review"
    )


def test_the_pledge_is_the_schools_not_the_applicants(application: Application) -> None:
    also_officer = capacity(application.lead.user, application.school, Role.OFFICER)
    make_capacity(Role.OFFICER, application.school, name="林书记")
    for me in (acting(application.lead), also_officer, someone(Role.OFFICER, application.authority)):
        with pytest.raises((PermissionDenied, Application.DoesNotExist)):
            receive(APPLICATION, application.pk, paper(), slot="pledge", me=me, at=DURING)
    assert "pledge" not in slots(application)


def test_the_pledge_stays_when_the_authority_sends_the_application_back_to_the_school() -> None:
    application = bring_to(make_application(make_call()), "authority_review")
    county = someone(Role.OFFICER, application.authority)
    application = step(application, "authority_return_school", county, opinion="承诺书未写面积。")
    officer = someone(Role.OFFICER, application.school)
    receive(APPLICATION, application.pk, paper("承诺书（补）.pdf"), slot="pledge", me=officer, at=DURING)
    assert len(slots(application)["pledge"]) == 2
    assert step(application, "endorse", officer, opinion="已补充。").state == "authority_review"


def test_what_the_applicant_says_of_the_workplace_is_part_of_the_form() -> None:
    draft = make_application(make_call())
    draft.content = {**draft.content, "support": {}}
    draft.save()
    said = refusal(APPLICATION, "submit", draft, acting(draft.lead))
    assert len(said) == 1
    assert said[0].startswith("“经费与保障”尚缺：")
