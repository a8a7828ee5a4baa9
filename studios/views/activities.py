"""Activities: the list, and the form in which one is planned."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from accounts.capacity import Capacity
from accounts.models import Area, Organisation, Role
from office.alternatives import matching
from office.filters import AuthorityFilter, CaseFilter, OfferedFilter
from office.lists import CaseList, Column
from office.requests import Request
from studios import activities
from studios.flows import ACTIVITY
from studios.models import Activity, ActivityState, Duty, Form, Studio, StudioState
from studios.pages.activity import RELATED
from studios.scopes import studios_held
from studios.scopes.activities import organises, studios_to_join, writer
from studios.scopes.people import drafter
from studios.work_forms import ActivityForm

OVERTAKEN = "这项活动刚被他人修改，没有覆盖。您填的内容都在下面，请核对后再保存一次。"
HELP = [("rural", "乡村学校"), ("weak", "薄弱学校")]


def school_words(school: Any) -> str:
    """A school with its marks: 柳条沟小学（乡村、薄弱）."""
    marks = [word for word, holds in (("乡村", school.area == Area.RURAL), ("薄弱", school.weak)) if holds]
    return f"{school.name}（{'、'.join(marks)}）" if marks else str(school.name)


def own_studios(me: Capacity) -> QuerySet[Studio]:
    """The live studios ``me`` writes for."""
    rows = matching(Studio.objects.all(), drafter("")(me))
    return rows.filter(state__in=StudioState.live).order_by("number")


def studios_offered(me: Capacity, at: Any) -> QuerySet[Studio, Any]:
    """The studios a list may be narrowed to: those ``me`` holds."""
    return matching(Studio.objects.all(), studios_held(me)).order_by("number").values_list("pk", "name")


def of_studio(studio: Any) -> Q:
    """A studio's own activities, and those it takes part in."""
    joined = Activity.partners.through._default_manager.filter(studio=studio).values("activity")
    return Q(studio=studio) | Q(pk__in=joined)


def of_county(county: Any) -> Q:
    """The activities of the studios of a county, and those it holds itself."""
    return Q(studio__authority=county) | Q(organiser=county)


def sees_work(me: Capacity) -> bool:
    """Whether lists of what studios do are open to this capacity."""
    return not me.holds(Role.ADMIN, Role.SECURITY, Role.EXPERT)


class ActivityFilter(CaseFilter):
    """What waits for me; studio, duty, form, state, dates, county, help to rural and weak schools; words."""

    flow = ACTIVITY

    studio = OfferedFilter(studios_offered, label="工作室", method="of_studio")
    duty = django_filters.ChoiceFilter(label="职责", choices=Duty.choices)
    form = django_filters.ChoiceFilter(label="形式", choices=Form.choices)
    state = django_filters.ChoiceFilter(label="状态", choices=ActivityState.choices)
    county = AuthorityFilter(method="of_county")
    help = django_filters.ChoiceFilter(label="帮扶", choices=HELP, method="helping")
    since = django_filters.DateFilter(label="自", field_name="starts_at", lookup_expr="date__gte")
    until = django_filters.DateFilter(label="至", field_name="starts_at", lookup_expr="date__lte")
    search_in = ("title", "place", "studio__name", "organiser__name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("since", "until"):
            self.filters[name].field.widget.input_type = "date"

    def of_studio(self, rows: QuerySet[Activity], name: str, value: str) -> QuerySet[Activity]:
        return rows.filter(of_studio(value))

    def of_county(self, rows: QuerySet[Activity], name: str, value: str) -> QuerySet[Activity]:
        return rows.filter(of_county(value))

    def helping(self, rows: QuerySet[Activity], name: str, value: str) -> QuerySet[Activity]:
        """Those that help a rural or a weak school."""
        school = Q(organisation__area=Area.RURAL) if value == "rural" else Q(organisation__weak=True)
        named = Activity.schools.through._default_manager.filter(school)
        return rows.filter(pk__in=named.values("activity"))


class ActivityList(CaseList):
    """The activities I may see."""

    flow = ACTIVITY
    title = "活动"
    unit = "项"
    template_name = "studios/activities.html"
    filterset_class = ActivityFilter
    default_sort = "-starts"
    related = ("studio", "organiser")
    deferred = ("report", "purpose")
    columns = (
        Column("title", "活动", lambda row: row.title, ("title",)),
        Column("host", "工作室或主办单位", lambda row: row.host_name),
        Column("duty", "职责", lambda row: row.get_duty_display(), ("duty",)),
        Column("form", "形式", lambda row: row.get_form_display(), ("form",)),
        Column("starts", "时间", lambda row: row.starts_at, ("starts_at",)),
        Column("ends", "结束", lambda row: row.ends_at, page=False),
        Column("place", "地点", lambda row: row.place, page=False),
        Column("schools", "帮扶学校", lambda row: "；".join(school_words(each) for each in row.helped)),
        Column("audience", "参加人数", lambda row: row.audience, page=False),
        Column("state", "状态", lambda row: row.get_state_display()),
    )

    def open_to(self, me: Capacity) -> bool:
        return sees_work(me)

    @classmethod
    def told(cls, rows: QuerySet[Any], me: Capacity, at: Any) -> QuerySet[Any]:
        schools = Prefetch("schools", Organisation.objects.only("name", "area", "weak"), to_attr="helped")
        return super().told(rows, me, at).prefetch_related(schools)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        me = self.request.me
        return super().get_context_data(**kwargs) | {"may_plan": organises(me) or own_studios(me).exists()}


def own_activity(request: Request, pk: int) -> Activity:
    """The activity for whoever writes it; Http404 where it is not seen, PermissionDenied for others who see it."""
    rows = ACTIVITY.seen(request.me).select_related(*RELATED)
    found: Activity | None = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("没有这项活动，或者不在您的查看范围内。")
    if not Activity.objects.filter(writer(request.me), pk=pk).exists():
        raise PermissionDenied("活动由工作室领衔人、受托的助理或主办单位填写。")
    return found


class ActivityNew(LoginRequiredMixin, View):
    """Plan an activity: of a studio one writes for, or, for who organises, with the studios that take part."""

    http_method_names = ["get", "post"]

    def get(self, request: Request) -> HttpResponse:
        start = {"duty": request.GET.get("duty", "")}
        return form_page(request, planned_form(request, Activity(), initial=start), "安排活动")

    def post(self, request: Request) -> HttpResponse:
        blank = Activity()
        form = planned_form(request, blank, request.POST)
        if not form.is_valid():
            return form_page(request, form, "安排活动", status=422)
        made = activities.plan(blank, form.cleaned_data.get("partners", ()), request.me, request.at)
        words = "已安排。" if made.pk == blank.pk else "这项活动已经登记过，没有重复登记。"
        messages.success(request, words)
        return redirect(made)


def planned_form(
    request: Request, activity: Activity, data: Any = None, initial: dict[str, Any] | None = None
) -> ActivityForm:
    """The form of a new or present activity; PermissionDenied for who has none to plan."""
    me, studios = request.me, own_studios(request.me)
    if activity.pk:
        partners = None if activity.studio_id else Studio.objects.filter(studios_to_join(me))
    elif organises(me):
        partners = Studio.objects.filter(studios_to_join(me))
        activity.organiser = me.organisation
    else:
        partners = None
        if not studios:
            raise PermissionDenied("活动由工作室领衔人、受托的助理，或主办单位的经办人安排。")
    return ActivityForm(data, instance=activity, studios=studios, partners=partners, initial=initial)


class ActivityEdit(LoginRequiredMixin, View):
    """Change what is planned; 409 where it was changed elsewhere or is planned no more."""

    http_method_names = ["get", "post"]

    def get(self, request: Request, pk: int) -> HttpResponse:
        activity = own_activity(request, pk)
        if activity.state != ActivityState.PLANNED:
            messages.info(request, activities.CLOSED)
            return redirect(activity)
        return form_page(request, planned_form(request, activity), "修改安排", activity)

    def post(self, request: Request, pk: int) -> HttpResponse:
        activity = own_activity(request, pk)
        form = planned_form(request, activity, request.POST)
        if not form.is_valid():
            return form_page(request, form, "修改安排", activity, 422)
        partners, read = form.cleaned_data.get("partners", ()), request.POST.get("version", "")
        try:
            activities.change(activity, partners, read, request.me, request.at)
        except activities.Closed:
            messages.error(request, activities.CLOSED)
            return redirect(activity)
        except activities.Overtaken:
            form.add_error(None, OVERTAKEN)
            return form_page(request, form, "修改安排", activity, 409)
        messages.success(request, "已保存。")
        return redirect(activity)


def form_page(
    request: Request, form: Any, title: str, activity: Activity | None = None, status: int = 200
) -> HttpResponse:
    """The form over patterns/form.html."""
    kept = Activity.objects.get(pk=activity.pk) if activity else None
    crumbs = [{"label": "活动", "url": reverse("activity-list")}]
    if kept:
        crumbs.append({"label": kept.title, "url": kept.get_absolute_url()})
    context = {
        "form": form,
        "form_title": title,
        "form_crumbs": crumbs,
        "section_title": "活动安排",
        "section_hint": "先登记安排，活动结束后再填写报告、出勤并上传照片。",
        "version": activities.stamp(kept) if kept else None,
    }
    return render(request, "studios/activity_form.html", context, status=status)
