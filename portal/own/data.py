"""What is kept of a person, as the person reads and exports it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.capacity import Capacity
from accounts.models import Appointment, Consent, Organisation, Principal, Role, SignIn, User
from office.models import Attachment, Entry
from office.words import moment, month

Pairs = list[tuple[str, str]]
RECENT = 10
EXPORTED = 5_000


def own_record(user: User) -> Principal | None:
    """The principal's record of this account, where there is one."""
    return Principal.objects.filter(user=user).select_related("school__parent").first()


def account(user: User) -> Pairs:
    """The account itself; the password is kept as a hash that nobody can read."""
    return [
        ("姓名", user.name),
        ("用户名", user.username),
        ("电子邮箱", user.email),
        ("账号建立时间", moment(user.date_joined)),
        ("最近登录时间", moment(user.last_login)),
        ("密码修改时间", moment(user.password_changed_at)),
    ]


def record(row: Principal) -> Pairs:
    """The principal's record, identity number and phone in full: it is the person's own."""
    return [
        ("姓名", row.name),
        ("身份证号", row.identity),
        ("手机号", row.phone),
        ("性别", row.get_sex_display()),
        ("出生年月", month(row.birth_month)),
        ("民族", row.ethnicity),
        ("政治面貌", row.political_status),
        ("学历", row.get_education_display()),
        ("职称", row.title),
        ("所在学校", row.school.name),
        ("现任职务", f"{row.post}（{'正职' if row.head else '副职'}）"),
        ("任正职时间", month(row.head_since) if row.head_since else ""),
        ("市级名校长", "是" if row.famous else "否"),
        ("骨干培训", row.backbone_training),
        ("培养工程", row.training_programme),
    ]


def appointments(user: User) -> list[Appointment]:
    """All appointments, past ones too, newest first."""
    return list(
        Appointment.objects.filter(user=user).select_related("organisation").order_by("-starts", "pk")
    )


def sign_ins(user: User, count: int) -> list[SignIn]:
    """The last sign-ins under this account, newest first."""
    return list(SignIn.objects.filter(user=user).order_by("-at")[:count])


def consents(user: User) -> list[Consent]:
    """What the person agreed to, newest first."""
    return list(Consent.objects.filter(user=user).select_related("notice").defer("notice__text"))


def traces(user: User) -> Pairs:
    """How often the person is named elsewhere."""
    return [
        ("办理记录", f"{Entry.objects.filter(user=user).count()} 条"),
        ("上传的附件", f"{Attachment.objects.filter(user=user).count()} 个"),
    ]


def everything(user: User, at: datetime) -> dict[str, Any]:
    """All of it, to be written as JSON."""
    row = own_record(user)
    return {
        "导出时间": moment(at),
        "账号": dict(account(user)),
        "任职": [
            {
                "机构": one.organisation.name,
                "角色": one.get_role_display(),
                "开始": one.starts.isoformat(),
                "结束": one.ends.isoformat() if one.ends else "",
            }
            for one in appointments(user)
        ],
        "校长档案": dict(record(row)) if row else {},
        "同意记录": [
            {
                "时间": moment(one.at),
                "事项": one.get_kind_display(),
                "编号": one.about,
                "版本": one.notice.version,
            }
            for one in consents(user)
        ],
        "登录记录": [
            {"时间": moment(one.at), "结果": one.get_outcome_display(), "来源地址": one.address or ""}
            for one in sign_ins(user, EXPORTED)
        ],
        "其他": dict(traces(user)),
    }


def lines(content: dict[str, Any]) -> list[list[str]]:
    """The same as rows of a sheet: section, item, content."""
    rows = []
    for section, held in content.items():
        if isinstance(held, str):
            rows.append([section, "", held])
        elif isinstance(held, dict):
            rows += [[section, label, value] for label, value in held.items()]
        else:
            rows += [
                [section, f"{number}. {label}", value]
                for number, one in enumerate(held, 1)
                for label, value in one.items()
            ]
    return rows


def corrector(me: Capacity, row: Principal | None) -> str:
    """Whom to ask for a correction of what one may not change oneself: the authority of one's school or office."""
    place = row.school if row else me.organisation
    authority: Organisation | None = place.parent if place else None
    if authority is None or me.holds(Role.ADMIN, Role.SECURITY):
        return "本单位的系统管理员"
    contact = "，".join(filter(None, [authority.contact, authority.contact_phone]))
    return f"{authority.name}（{contact}）" if contact else authority.name
