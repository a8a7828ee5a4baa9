"""The notice of data processing: agreed to before anything else, again at a new version, and where data goes further."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import consent
from accounts.models import Consent, ConsentKind, DataNotice, Role, User
from applications.consents import TO_APPLY, everything
from applications.flows import APPLICATION
from applications.models import ApplicationState, MemberState, ProposedMember
from office.door import take
from office.models import Entry
from tests.factories.accounts import PASSWORD, UserFactory, capacity, make_bureau, make_principal, make_school
from tests.factories.applications import DURING, acting, make_application, make_call
from tests.factories.rounds import again, refusal

pytestmark = [pytest.mark.django_db, pytest.mark.core]
PAGE = "/me/consent/"


@pytest.fixture
def notice() -> DataNotice:
    return consent.lay(DURING - timedelta(days=30))


def person(role: str = Role.OFFICER, username: str = "wang") -> User:
    user = UserFactory(username=username, password_changed_at=timezone.now())
    capacity(user, make_bureau(), role)
    return user


def log_in(username: str = "wang") -> Client:
    client = Client()
    client.post(reverse("login"), {"username": username, "password": PASSWORD})
    return client


def test_at_the_first_login_nothing_opens_before_the_notice_is_agreed_to(notice: DataNotice) -> None:
    user = person()
    client = log_in()
    assert client.get("/desk/")["Location"] == PAGE
    assert "谁在处理您的个人信息" in client.get(PAGE).content.decode()
    assert client.get(reverse("privacy")).status_code == 200
    unread = client.post(PAGE, {"act": "agree", "version": "1"})
    assert unread.status_code == 422
    assert not Consent.objects.exists()
    client.post(PAGE, {"act": "agree", "version": "1", "read": "1"})
    assert client.get("/desk/").status_code == 200
    row = Consent.objects.get()
    assert (row.user, row.notice, row.kind) == (user, notice, ConsentKind.LOGIN)
    assert Entry.objects.of(user).last().label == "同意个人信息处理说明（第1版）"
    assert log_in().get("/desk/").status_code == 200, "asked once"


def test_who_refuses_is_out_and_told_what_to_do_instead(notice: DataNotice) -> None:
    person()
    client = log_in()
    page = client.post(PAGE, {"act": "refuse"}, follow=True)
    assert "_auth_user_id" not in client.session
    assert "以书面方式" in page.content.decode()
    assert not Consent.objects.exists()
    assert log_in().get("/desk/")["Location"] == PAGE, "asked again at the next login"


def test_the_leader_publishes_a_new_version_and_everybody_is_asked_again(notice: DataNotice) -> None:
    person()
    client = log_in()
    client.post(PAGE, {"act": "agree", "version": "1", "read": "1"})
    leader = Client()
    leader.force_login(person(Role.LEADER, "leader"))
    text = notice.text + "\n\n九、其他\n保存期限的变化见本页。"
    assert leader.post(reverse("data-notice"), {"text": notice.text, "read": 1}).status_code == 422
    assert leader.post(reverse("data-notice"), {"text": text, "read": 1}).status_code == 302
    assert "第2版" in Client().get(reverse("privacy")).content.decode()
    again_asked = log_in()
    assert again_asked.get("/desk/")["Location"] == PAGE
    old = again_asked.post(PAGE, {"act": "agree", "version": "1", "read": "1"})
    assert old.status_code == 422, "what was read is no longer in force"


def test_two_who_publish_at_once_do_not_overwrite_each_other(notice: DataNotice) -> None:
    leader = Client()
    leader.force_login(person(Role.LEADER, "leader"))
    consent.publish("一、新的说明\n由另一位发布。", timezone.now())
    late = leader.post(reverse("data-notice"), {"text": "一、我的说明\n晚了一步。", "read": 1})
    assert late.status_code == 422
    assert DataNotice.objects.count() == 2


def test_before_a_notice_is_published_nothing_is_asked() -> None:
    person()
    assert log_in().get("/desk/").status_code == 200
    assert Client().get(reverse("privacy")).status_code == 404


def test_the_ground_of_an_installation_lays_the_first_version() -> None:
    call_command("ground")
    call_command("ground")
    assert DataNotice.objects.get().version == 1


def test_an_application_is_sent_only_with_both_ticks(notice: DataNotice) -> None:
    draft = make_application(make_call(), complete=False)
    said = refusal(APPLICATION, "submit", draft, acting(draft.lead))
    assert "请阅读并勾选同意《个人信息处理说明》（第1版）" in said
    assert "请勾选知悉公示名单将载明本人姓名、学校、旗县区、拟建工作室和学段" in said


def test_what_was_agreed_to_with_an_application_is_kept_and_said_in_its_history() -> None:
    draft = make_application(make_call())
    notice = consent.lay(DURING)
    client = Client()
    client.force_login(draft.lead.user)
    page = client.get(draft.get_absolute_url()).content.decode()
    assert "我知悉：评审通过后将向社会公示" in page
    assert "请勾选知悉" not in page, "what the panel asks for itself is not told as missing beside it"
    take(APPLICATION, "submit", draft.pk, acting(draft.lead), DURING, given=everything(TO_APPLY))
    kept = Consent.objects.filter(user=draft.lead.user).values_list("kind", "notice", "about")
    assert set(kept) == {
        (kind, notice.pk, draft.number) for kind in (ConsentKind.SUBMISSION, ConsentKind.NAMING)
    }
    assert Entry.objects.of(draft).last().facts["个人信息处理说明"] == "同意第1版"
    assert "提交申报" in client.get(reverse("own")).content.decode()


def test_in_the_browser_one_tick_is_not_enough(time_machine) -> None:
    draft = make_application(make_call())
    consent.lay(DURING)
    time_machine.move_to(DURING)
    client = Client()
    client.force_login(draft.lead.user)
    address = f"{draft.get_absolute_url()}steps/submit/"
    half = client.post(address, {"version": 1, "submission": "on"})
    assert half.status_code == 422
    assert "请勾选知悉公示名单" in half.content.decode()
    assert again(draft).state == ApplicationState.DRAFT
    client.post(address, {"version": 1, "submission": "on", "naming": "on"})
    assert again(draft).state == ApplicationState.SCHOOL_REVIEW


def test_a_member_knows_that_the_directory_will_name_them(time_machine) -> None:
    from applications.members import propose

    draft = make_application(make_call(), complete=False)
    asked = make_principal(school=make_school(draft.lead.school.parent), user=UserFactory())
    capacity(asked.user, asked.school, Role.PRINCIPAL)
    member = propose(draft.pk, asked.pk, "", acting(draft.lead), DURING)
    consent.lay(DURING)
    time_machine.move_to(DURING)
    client = Client()
    client.force_login(asked.user)
    address = f"{member.get_absolute_url()}steps/accept/"
    assert client.post(address, {"version": 1}).status_code == 422
    client.post(address, {"version": 1, "membership": "on"})
    assert ProposedMember.objects.get(pk=member.pk).state == MemberState.ACCEPTED
    assert Consent.objects.get(user=asked.user).about == draft.number


def test_what_was_asked_for_opens_when_consent_and_password_are_done(notice: DataNotice) -> None:
    user = person()
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    client = Client()
    asked = "/applications/?state=draft"
    entered = client.post(
        f"{reverse('login')}?next={asked}", {"username": "wang", "password": PASSWORD, "next": asked}
    )
    assert client.get(entered["Location"])["Location"] == reverse("password")
    new = "Xin-mima-2026"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    changed = client.post(reverse("password"), form)
    assert changed["Location"] == asked
    assert client.get(asked)["Location"] == PAGE
    assert client.post(PAGE, {"act": "agree", "version": "1", "read": "1"})["Location"] == asked
    assert client.get(asked).status_code == 200
