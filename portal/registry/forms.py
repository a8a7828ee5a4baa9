"""The registry's forms. What may be chosen is what the capacity keeps."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.identity import birth_date, sex
from accounts.models import Appointment, Kind, Organisation, Principal, Role, User
from office.sheets import compact, person_name, place_name
from portal.identity.forms import checked_identity

from .fields import MonthField, OrganisationField
from .resources import phone as read_phone
from .scopes import GUARDED, editable_organisations, keeps_all
from .words import ethnicity, is_head

# At which kinds of organisation a role is held.
PLACES: dict[str, tuple[str, ...]] = {
    Role.OFFICER: (Kind.BUREAU, Kind.COUNTY, Kind.SCHOOL, Kind.SUPPORT),
    Role.LEADER: (Kind.BUREAU, Kind.COUNTY),
    Role.FINANCE: (Kind.BUREAU, Kind.COUNTY),
    Role.PRINCIPAL: (Kind.SCHOOL,),
    Role.EXPERT: tuple(Kind),
    Role.MANAGER: (Kind.THIRD_PARTY,),
    Role.ASSESSOR: (Kind.THIRD_PARTY,),
    Role.AUDITOR: tuple(Kind),
    Role.SECURITY: (Kind.BUREAU, Kind.COUNTY),
    Role.ADMIN: (Kind.BUREAU, Kind.COUNTY),
}
ORGANISATION_FIELDS = (
    "kind",
    "name",
    "short_name",
    "aliases",
    "parent",
    "code",
    "school_code",
    "school_type",
    "area",
    "weak",
    "contact",
    "contact_phone",
    "succeeded_by",
    "succeeded_on",
)
PRINCIPAL_FIELDS = (
    "name",
    "identity",
    "phone",
    "school",
    "post",
    "head_since",
    "ethnicity",
    "political_status",
    "education",
    "title",
    "famous",
    "backbone_training",
    "training_programme",
)
# The kinds an authority may be of; None: an organisation may have none.
AUTHORITIES: dict[str, tuple[str | None, ...]] = {
    Kind.BUREAU: (None,),
    Kind.COUNTY: (Kind.BUREAU,),
    Kind.SCHOOL: (Kind.BUREAU, Kind.COUNTY),
    Kind.SUPPORT: (Kind.BUREAU, Kind.COUNTY),
    Kind.THIRD_PARTY: (None, Kind.BUREAU, Kind.COUNTY),
}


def assignable_roles(me: Capacity) -> list[str]:
    """The roles this capacity may give."""
    if me.holds(Role.ADMIN):
        return list(Role.values)
    if keeps_all(me):
        return [role for role in Role.values if role not in GUARDED]
    return [Role.OFFICER, Role.PRINCIPAL]


class OrganisationForm(forms.ModelForm):
    """An organisation. A county keeps its own schools: kind and authority are then given."""

    class Meta:
        model = Organisation
        fields = ORGANISATION_FIELDS
        widgets = {"succeeded_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, me: Capacity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everywhere = Organisation.objects.current(timezone.localdate())
        self.fields["succeeded_by"] = OrganisationField(
            everywhere.exclude(pk=self.instance.pk),
            label="并入",
            required=False,
            help_text="撤并后由哪个机构承接",
        )
        if keeps_all(me):
            authorities = everywhere.filter(kind__in=[Kind.BUREAU, Kind.COUNTY])
            self.fields["parent"].queryset = authorities.exclude(pk=self.instance.pk)  # type: ignore[attr-defined]
        else:
            self.instance.kind, self.instance.parent = Kind.SCHOOL, me.organisation
            for name in ("kind", "parent", "code"):
                del self.fields[name]

    def clean_name(self) -> str:
        name = place_name(self.cleaned_data["name"])
        same = Organisation.objects.filter(name=name, succeeded_on__isnull=True).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError("已有同名的机构。")
        return name

    def clean_school_code(self) -> str | None:
        return self._digits("school_code", 10, "学校标识码应为 10 位数字。")

    def clean_code(self) -> str | None:
        return self._digits("code", 6, "行政区划代码应为 6 位数字（GB/T 2260）。")

    def _digits(self, name: str, length: int, sentence: str) -> str | None:
        number = compact(self.cleaned_data[name])
        if number and not re.fullmatch(rf"\d{{{length}}}", number):
            raise forms.ValidationError(sentence)
        return number or None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind = data.get("kind") or self.instance.kind
        parent = data.get("parent", self.instance.parent)
        if kind and (parent.kind if parent else None) not in AUTHORITIES[kind]:
            words = {Kind.COUNTY: "市教育局", Kind.BUREAU: "空"}.get(kind, "市教育局或旗县区")
            self.add_error("parent" if "parent" in self.fields else None, f"主管部门应为{words}。")
        if kind == Kind.SCHOOL and not data.get("school_type"):
            self.add_error("school_type", "请选择办学类型。")
        if bool(data.get("succeeded_by")) != bool(data.get("succeeded_on")):
            self.add_error("succeeded_on", "并入的机构与日期须同时填写。")
        return data


class AppointmentForm(forms.ModelForm):
    """A role of an organisation from a day on."""

    class Meta:
        model = Appointment
        fields = ["role", "organisation", "starts"]
        widgets = {"starts": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, me: Capacity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(Role.choices)
        self.fields["role"].choices = [(role, labels[role]) for role in assignable_roles(me)]  # type: ignore[attr-defined]
        kept = Organisation.objects.filter(editable_organisations(me)).current(timezone.localdate())  # type: ignore[attr-defined]
        self.fields["organisation"] = OrganisationField(kept, label="机构", help_text="输入机构全称或简称")
        self.fields["starts"].initial = timezone.localdate

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        role, place = data.get("role"), data.get("organisation")
        if role and place and place.kind not in PLACES[role]:
            self.add_error("role", f"{place.get_kind_display()}没有“{Role(role).label}”这一角色。")
        if role and place and self.instance.user_id and self._held(role, place):
            self.add_error("role", "此人已有同一任职。")
        return data

    def _held(self, role: str, place: Organisation) -> bool:
        held = Appointment.objects.filter(user_id=self.instance.user_id, role=role, organisation=place)
        return held.filter(ends__isnull=True).exists()


class PersonForm(AppointmentForm):
    """A new account together with its first appointment."""

    username = forms.CharField(
        label="用户名",
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text="登录用，建立后不再更改",
    )
    name = forms.CharField(label="姓名", max_length=40)
    email = forms.EmailField(label="电子邮箱", required=False)
    field_order = ["username", "name", "email", "role", "organisation", "starts"]

    def clean_username(self) -> str:
        return free_username(self.cleaned_data["username"])

    def clean_name(self) -> str:
        return person_name(self.cleaned_data["name"])


class AccountForm(forms.Form):
    """An account for a principal whose record exists."""

    username = PersonForm.base_fields["username"]

    def clean_username(self) -> str:
        return free_username(self.cleaned_data["username"])


def free_username(username: str) -> str:
    """``username`` when nobody has it, whatever the case of its letters. Raises ValidationError."""
    if User.objects.filter(username__iexact=username).exists():
        raise forms.ValidationError("用户名已被使用。")
    return username


class EndForm(forms.ModelForm):
    """The last day of an appointment."""

    class Meta:
        model = Appointment
        fields = ["ends"]
        widgets = {"ends": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends"].required = True
        self.fields["ends"].help_text = "填昨天或更早的日期，权限立即停止"

    def clean_ends(self) -> Any:
        ends = self.cleaned_data["ends"]
        if ends < self.instance.starts:
            raise forms.ValidationError("结束日期不能早于开始日期。")
        return ends


class PrincipalForm(forms.ModelForm):
    """A principal's record. The identity number is entered once; month of birth and sex follow from it."""

    identity = forms.CharField(label="身份证号", help_text="出生年月和性别由身份证号得出")
    phone = forms.CharField(label="手机号", required=False)
    head_since = MonthField(label="任正职时间", required=False)

    class Meta:
        model = Principal
        fields = PRINCIPAL_FIELDS

    def __init__(self, *args: Any, me: Capacity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = Organisation.objects.filter(editable_organisations(me), kind=Kind.SCHOOL)
        self.fields["school"] = OrganisationField(
            kept.filter(succeeded_on__isnull=True), label="所在学校", initial=self.initial.get("school")
        )
        if self.instance.pk:
            self.initial["identity"] = self.initial["phone"] = ""
            self.fields["identity"].required = False
            self.fields[
                "identity"
            ].help_text = f"现为 {self.instance.masked_identity}，留空则不改；更正须凭身份证"
            self.fields["phone"].help_text = f"现为 {self.instance.masked_phone or '空'}，留空则不改"

    def clean_name(self) -> str:
        return person_name(self.cleaned_data["name"])

    def clean_ethnicity(self) -> str:
        try:
            return ethnicity(place_name(self.cleaned_data["ethnicity"]))
        except ValueError as error:
            raise forms.ValidationError("民族无法识别，请写全称，如 蒙古族。") from error

    def clean_identity(self) -> str:
        given = self.cleaned_data["identity"]
        if not given and self.instance.pk:
            return str(self.instance.identity)
        return checked_identity(given, self.instance if self.instance.pk else None)

    def clean_phone(self) -> str:
        try:
            number = read_phone(self.cleaned_data["phone"])
        except ValueError as error:
            raise forms.ValidationError(f"{error}。") from error
        return number or (self.instance.phone if self.instance.pk else "")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("identity"):
            self.instance.birth_month = birth_date(data["identity"]).replace(day=1)
            self.instance.sex = sex(data["identity"])
        self.instance.head = is_head(data.get("post", ""))
        if not self.instance.head:
            data["head_since"] = None
        return data
