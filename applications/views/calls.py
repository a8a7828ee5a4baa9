"""Calls: the list, and the form of a draft."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from accounts.capacity import Capacity
from accounts.models import Kind, Role
from applications import calling, defaults, scopes
from applications.calling import CallForms
from applications.dates import effective
from applications.flows import CALL
from applications.models import Call, CallState
from office.filters import RowFilter
from office.flow import NOTHING
from office.lists import CaseList, Column
from office.requests import Request
from programmes.models import Programme

OVERTAKEN = "此批次刚被他人修改，没有覆盖。请核对下面的内容后再保存一次。"
CLOSED = "批次已发布，不能再修改；需要延期或调整的，请按规定另行办理。"


class CallFilter(RowFilter):
    search_in = ("name", "number")
    state = django_filters.ChoiceFilter(label="状态", choices=CallState.choices, empty_label="全部")

    class Meta:
        model = Call
        fields: list[str] = []


class CallList(CaseList):
    """The calls one may see."""

    flow = CALL
    related = ("programme",)
    title = "申报批次"
    unit = "个"
    default_sort = "-opens"
    filterset_class = CallFilter
    template_name = "applications/calls.html"
    columns = (
        Column("name", "批次", lambda row: row.name, ("name",)),
        Column("number", "编号", lambda row: row.number, ("number",), page=False),
        Column("programme", "项目", lambda row: row.programme.name),
        Column("state", "状态", lambda row: row.get_state_display(), ("state",)),
        Column("opens", "申报开始", lambda row: row.opens_at, ("opens_at",)),
        Column("submit", "申报截止", lambda row: row.submit_until, ("submit_until",)),
        Column("authority", "推荐截止", lambda row: row.authority_until, ("authority_until",)),
        Column("applications", "申报数", lambda row: row.sent, ("sent",), "figure"),
    )

    def open_to(self, me: Capacity) -> bool:
        return scopes.calls_seen(me) != NOTHING

    @classmethod
    def told(cls, rows: QuerySet[Any], me: Capacity, at: Any) -> QuerySet[Any]:
        """Everyone counts what they may see: the owner all that was sent, a county its own; and reads its own dates."""
        here = me.organisation.parent_id if me.organisation and me.kind == Kind.SCHOOL else me.organisation_id
        own = None if me.kind == Kind.BUREAU else here
        return (
            super()
            .told(rows, me, at)
            .annotate(
                sent=Count("applications", filter=_counted(me)),
                submit_until=effective("submit_by", own),
                authority_until=effective("authority_by", own),
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_begin = bool(own_programmes(self.request.me))
        return super().get_context_data(**kwargs) | {"may_begin": may_begin}


def _counted(me: Capacity) -> Q:
    """The applications that the number in the list counts: those sent that ``me`` has to do with."""
    sent = Q(applications__submitted_at__isnull=False)
    if me.holds(Role.PRINCIPAL):
        return sent & Q(applications__lead__user=me.user_id)
    here = me.organisation_id
    return sent & (
        Q(programme__owner=here)
        | Q(applications__authority=here, applications__endorsed_at__isnull=False)
        | Q(applications__school=here)
    )


def own_programmes(me: Capacity) -> list[Programme]:
    """The programmes whose calls ``me`` lays out."""
    if not me.holds(Role.OFFICER):
        return []
    return list(Programme.objects.filter(owner=me.organisation_id).select_related("owner"))


def own_draft(request: Request, number: str) -> Call:
    """The call, for its owner's officer: Http404 not visible, PermissionDenied for who only sees it."""
    call = CALL.seen(request.me).select_related("programme__owner").filter(number=number).first()
    if call is None:
        raise Http404("没有这个申报批次。")
    if not Call.objects.filter(scopes.call_officer(request.me), pk=call.pk).exists():
        raise PermissionDenied("申报批次由项目主管部门经办人拟定。")
    return call


class CallNew(LoginRequiredMixin, View):
    """Lay out a new call of one of one's own programmes (``?programme``, else the first)."""

    http_method_names = ["get", "post"]

    def setup(self, request: Request, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        super().setup(request, *args, **kwargs)
        self.programmes = own_programmes(request.me)

    def _programme(self, request: Request) -> Programme:
        if not self.programmes:
            raise PermissionDenied("申报批次由项目主管部门经办人拟定。")
        wanted = request.GET.get("programme", "")
        return next((each for each in self.programmes if str(each.pk) == wanted), self.programmes[0])

    def get(self, request: Request) -> HttpResponse:
        programme = self._programme(request)
        initial = defaults.of_programme(programme, request.at)
        latest = programme.rubrics.filter(purpose="application").order_by("-version").first()
        forms = CallForms(
            Call(programme=programme),
            programme,
            initial=initial | {"rubric": latest},
            materials=defaults.material_rows(),
        )
        return page(request, forms, "新建申报批次")

    def post(self, request: Request) -> HttpResponse:
        programme = self._programme(request)
        forms = CallForms(Call(programme=programme), programme, request.POST, materials=[])
        if not forms.is_valid():
            return page(request, forms, "新建申报批次", status=422)
        call = calling.create(forms, programme, request.me, request.at)
        messages.success(request, f"已建立批次 {call.number}，核对无误后即可发布。")
        return redirect(call)


class CallEdit(LoginRequiredMixin, View):
    """Change a draft: 409 where it was changed or opened meanwhile, 422 what is wrong; nothing typed is lost."""

    http_method_names = ["get", "post"]

    def get(self, request: Request, number: str) -> HttpResponse:
        call = own_draft(request, number)
        if call.state != CallState.DRAFT:
            messages.error(request, CLOSED)
            return redirect(call)
        return page(request, CallForms(call, call.programme), f"修改 {call.name}", call)

    def post(self, request: Request, number: str) -> HttpResponse:
        call = own_draft(request, number)
        title = f"修改 {call.name}"
        forms = CallForms(call, call.programme, request.POST)
        if not forms.is_valid():
            return page(request, forms, title, call, 422)
        try:
            changed = calling.change(forms, call.pk, request.POST.get("version", ""), request.me, request.at)
        except calling.Closed:
            forms.form.add_error(None, CLOSED)
            return page(request, forms, title, call, 409)
        except calling.Overtaken:
            forms.form.add_error(None, OVERTAKEN)
            return page(request, forms, title, call, 409)
        messages.success(request, "已保存。")
        return redirect(changed)


def page(
    request: Request, forms: CallForms, title: str, call: Call | None = None, status: int = 200
) -> HttpResponse:
    """The form of a call over patterns/form.html."""
    kept = Call.objects.get(pk=call.pk) if call else None
    crumbs = [{"label": "申报批次", "url": reverse("call-list")}]
    if kept:
        crumbs.append({"label": kept.name, "url": kept.get_absolute_url()})
    context = {
        "form": forms.form,
        "places": forms.places,
        "grid": forms.grid,
        "form_title": title,
        "form_crumbs": crumbs,
        "section_title": "批次",
        "formsets": [
            {
                "title": "申报材料",
                "formset": forms.materials,
                "hint": "勾选“必需”的，缺少时不能提交或审核。",
                "add_label": "增加一项材料",
                "row_label": "申报材料",
            }
        ],
        "version": calling.stamp(kept) if kept else None,
    }
    return render(request, "applications/call_form.html", context, status=status)
