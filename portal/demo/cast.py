"""Who plays in the demonstration: organisations, accounts, appointments. All people are made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.urls import reverse
from django.utils import timezone
from guardian.shortcuts import assign_perm

from accounts import consent
from accounts.capacity import CLOCK, Capacity
from accounts.models import Appointment, Kind, Organisation, Principal, Role, User
from accounts.passwords import DEMONSTRATION as PASSWORD
from applications.models import Expert
from office.models import Notice
from office.sheets import read_table
from portal.registry.rosters import ROSTERS
from programmes.models import Programme
from studios.models import Stage

SINCE = date(2022, 9, 1)
FOLDER = Path(__file__).parent / "rosters"


@dataclass(frozen=True)
class Account:
    """One account of the login page: who it is and what to try with it."""

    username: str
    name: str
    role: Role
    organisation: str
    purpose: str
    start: str = "desk"


ACCOUNTS = (
    Account(
        "bureau",
        "周立新",
        Role.OFFICER,
        "赤峰市教育局",
        "办理申报批次、形式审查、评审、公示、公布，查看工作室看板",
    ),
    Account("leader", "苏雅", Role.LEADER, "赤峰市教育局", "审定名单、答复异议、签发公布、批准工作室变动"),
    Account("finance", "韩冬", Role.FINANCE, "赤峰市教育局", "查看工作室和经费安排", "studio-list"),
    Account("county", "齐明", Role.OFFICER, "红山区教育局", "审核推荐红山区的申报，批量同意成员"),
    Account("county2", "阿木尔", Role.OFFICER, "松山区教育局", "审核推荐松山区的申报，填报年度工作计划"),
    Account("school", "刘淑慧", Role.OFFICER, "红山区清泉第二小学", "学校审核本校校长的申报"),
    Account("principal", "王志远", Role.PRINCIPAL, "红山区松林实验小学", "修改退回的申报并重新提交"),
    Account("lead", "何建堃", Role.PRINCIPAL, "松山区兴安初级中学", "写年度总结，安排活动、传照片，登记成果"),
    Account("member", "", Role.PRINCIPAL, "", "查看所在的工作室，答复另一个邀请（第六条）"),
    Account("expert", "孟繁华", Role.EXPERT, "赤峰市教育科学研究中心", "为申报评分"),
    Account(
        "thirdparty",
        "沈若兰",
        Role.MANAGER,
        "北辰教育评估中心",
        "安排培训和学术活动，查看工作室",
        "activity-list",
    ),
    Account("assessor", "贺青山", Role.ASSESSOR, "北辰教育评估中心", "查看工作室", "studio-list"),
    Account(
        "auditor",
        "霍守正",
        Role.AUDITOR,
        "赤峰市教育局",
        "在授权范围内查阅申报、评审和工作室",
        "application-list",
    ),
    Account("security", "唐卫国", Role.SECURITY, "赤峰市教育局", "核对办理记录是否完整，查看登录记录"),
    Account("admin", "梁子墨", Role.ADMIN, "赤峰市教育局", "管理机构、人员和任职", "registry:people"),
    Account("newcomer", "乌兰", Role.FINANCE, "红山区教育局", "第一次登录：先阅读并同意个人信息处理说明"),
)
# Has not yet agreed to the notice of data processing.
NEWCOMER = "newcomer"
EXPERTS = (
    ("expert", "孟繁华", "赤峰市教育科学研究中心", ""),
    ("expert2", "白玉兰", "赤峰市教育科学研究中心", ""),
    ("expert3", "顾长风", "赤峰市教育科学研究中心", ""),
    ("expert4", "乔木", "赤峰市教师进修中心", "宁城县"),
    ("expert5", "娜布其", "赤峰市教师进修中心", "巴林右旗"),
    ("expert6", "章若水", "赤峰市教师进修中心", ""),
    ("expert7", "敖日格乐", "赤峰市教师进修中心", ""),
)


class Cast:
    """Everybody who acts, found by the place they act from."""

    def __init__(self, bureau: Organisation, programme: Programme) -> None:
        self.bureau = bureau
        self.programme = programme
        self.password = make_password(PASSWORD)

    def assemble(self, at: datetime) -> None:
        """Import the rosters, found the other organisations, open all accounts."""
        for kind in ("schools", "principals"):
            resource = ROSTERS[kind](CLOCK, at)
            with (FOLDER / f"{kind}.xlsx").open("rb") as opened:
                resource.commit(read_table(opened, resource.columns).dataset())
        for name, kind in (
            ("赤峰市教育科学研究中心", Kind.SUPPORT),
            ("赤峰市教师进修中心", Kind.SUPPORT),
            ("北辰教育评估中心", Kind.THIRD_PARTY),
        ):
            body = Organisation(kind=kind, name=name, parent=self.bureau)
            body.set_keys()
            body.save()
        self._principals()
        self._officers()
        self._experts()
        for account in ACCOUNTS:
            self._log_in(account)
        auditor = User.objects.get(username="auditor")
        assign_perm("programmes.audit_programme", auditor, self.programme)

    def welcome(self, at: datetime) -> None:
        """Whose work does not come by the desk is told where it begins."""
        for account in ACCOUNTS:
            if account.start != "desk":
                user = User.objects.get(username=account.username)
                text = f"{account.name}，您好！您在这里可以{account.purpose}。"
                Notice.objects.create(user=user, text=text, url=reverse(account.start), at=at)

    def agree(self, at: datetime) -> None:
        """Whoever logs in has agreed to the notice of data processing a while ago, the newcomer apart."""
        notice = consent.current()
        assert notice
        for user in User.objects.filter(username__in=[account.username for account in ACCOUNTS]):
            if user.username != NEWCOMER:
                consent.agree(user, notice, at - timedelta(days=30))

    def _user(self, username: str, name: str) -> User:
        user = User(username=username, name=name, demonstration=True, password="!")
        user.set_keys()
        user.save()
        return user

    def _appoint(self, user: User, role: Role, organisation: Organisation) -> None:
        Appointment.objects.create(user=user, role=role, organisation=organisation, starts=SINCE)

    def _principals(self) -> None:
        for principal in Principal.objects.select_related("school").order_by("pk"):
            principal.user = self._user(f"p{principal.pk:05d}", principal.name)
            principal.save(update_fields=["user"])
            if principal.head:
                self._appoint(principal.user, Role.PRINCIPAL, principal.school)

    def _officers(self) -> None:
        """An officer in every county, and in every school one who is not its head (学校党组织)."""
        names = [
            "安",
            "柏",
            "常",
            "戴",
            "段",
            "方",
            "葛",
            "龚",
            "郝",
            "洪",
            "侯",
            "江",
            "金",
            "康",
            "孔",
            "赖",
            "黎",
            "廖",
            "龙",
            "陆",
        ]
        given = ["文静", "广成", "秀娟", "海波", "玉梅", "立军", "春燕", "志刚", "丽萍", "国庆"]
        places = Organisation.objects.filter(kind__in=(Kind.COUNTY, Kind.SCHOOL)).order_by("pk")
        for number, organisation in enumerate(places):
            name = names[number % len(names)] + given[number // len(names) % len(given)]
            self._appoint(self._user(f"o{organisation.pk:05d}", name), Role.OFFICER, organisation)

    def _experts(self) -> None:
        for username, name, unit, county in EXPERTS:
            user = self._user(username, name)
            organisation = Organisation.objects.get(name=unit)
            self._appoint(user, Role.EXPERT, organisation)
            Expert.objects.create(
                user=user,
                unit=organisation,
                county=Organisation.objects.filter(short_name=county).first() if county else None,
                stages=list(Stage.values),
                speciality="学校管理",
            )

    def _log_in(self, account: Account) -> None:
        """Give the account of that place its name, user name and the public password."""
        if not account.organisation:
            return
        organisation = Organisation.objects.get(name=account.organisation)
        held = Appointment.objects.filter(role=account.role, organisation=organisation).select_related("user")
        if appointment := held.filter(user__name=account.name).first() or held.first():
            user = appointment.user
        else:
            user = self._user(account.username, account.name)
            self._appoint(user, account.role, organisation)
        self.rename(user, account.username, account.name)

    def rename(self, user: User, username: str, name: str) -> None:
        """Make ``user`` one who logs in: with this user name and the demonstration's password, last on the list."""
        user.username, user.name, user.password = username, name or user.name, self.password
        user.date_joined = timezone.now()
        user.set_keys()
        user.save()

    @cache  # noqa: B019 - one cast per demonstration
    def officer(self, organisation_id: int, role: str = Role.OFFICER) -> Capacity:
        """Who acts for an organisation in a role."""
        held = Appointment.objects.select_related("user", "organisation__parent")
        appointment = held.filter(organisation=organisation_id, role=role).order_by("pk")[0]
        return Capacity(appointment.user, appointment)

    @cache  # noqa: B019 - one cast per demonstration
    def of(self, user_id: int) -> Capacity:
        """The person in their only capacity."""
        appointment = Appointment.objects.select_related("user", "organisation__parent").get(user=user_id)
        return Capacity(appointment.user, appointment)
