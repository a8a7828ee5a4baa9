"""What came of an activity: report and attendance, the schools that were helped, the reports on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views import View

from accounts.models import Organisation
from office.materials import materials
from office.requests import Request
from studios import activities
from studios.models import Activity, ActivityState, Diagnosis
from studios.views.activities import OVERTAKEN, own_activity
from studios.work_forms import DiagnosisForm, ReportForm

FOUND_AT_MOST = 20
INVALID = "没有保存，请按提示修改；您写的内容还在本页。"


def crumbs(activity: Activity) -> list[dict[str, str]]:
    """Back to the list and to the activity."""
    return [
        {"label": "活动", "url": reverse("activity-list")},
        {"label": activity.title, "url": activity.get_absolute_url()},
    ]


class ReportView(LoginRequiredMixin, View):
    """Report and attendance in one form, with the files below; saves by itself (see templates/patterns/form.html).

    409 where it was changed elsewhere or is planned no more, 422 what can't be kept.
    """

    request: Request
    http_method_names = ["get", "post"]

    def setup(self, request: Request, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        super().setup(request, *args, **kwargs)
        self.quiet = "X-Autosave" in request.headers

    def get(self, request: Request, pk: int) -> HttpResponse:
        activity = own_activity(request, pk)
        if activity.state != ActivityState.PLANNED:
            messages.info(request, activities.CLOSED)
            return redirect(activity)
        return self._show(activity, self._form(activity), activities.report_stamp(activity))

    def post(self, request: Request, pk: int) -> HttpResponse:
        activity = own_activity(request, pk)
        form, read = self._form(activity, request.POST), request.POST.get("version", "")
        if not form.is_valid():
            if self.quiet:
                return JsonResponse({"message": INVALID, "errors": form.errors}, status=422)
            return self._show(activity, form, read, 422)
        try:
            kept = activities.report(activity.pk, form.given(), read, request.me)
        except activities.Closed:
            return self._closed(activity)
        except activities.Overtaken:
            return self._overtaken(activity, form)
        if self.quiet:
            saved = f"{timezone.localtime(request.at):%H:%M}"
            return JsonResponse(
                {"saved_at": saved, "version": activities.report_stamp(kept), "values": {}, "missing": []}
            )
        messages.success(request, "已保存。")
        return redirect(f"{activity.get_absolute_url()}#step-hold")

    def _form(self, activity: Activity, data: Any = None) -> ReportForm:
        rows = list(activity.attendances.all())
        asked = [row for row in rows if row.membership_id]
        members = activities.members_of(activity)
        came = [row.membership_id for row in asked if row.present]
        initial = {
            "report": activity.report,
            "audience": activity.audience,
            "present": came if asked else [each.pk for each in members],
            "guests": "\n".join(f"{row.name} {row.unit}".strip() for row in rows if not row.membership_id),
        }
        return ReportForm(data, initial=initial, members=members)

    def _closed(self, activity: Activity) -> HttpResponse:
        if self.quiet:
            return JsonResponse({"message": activities.CLOSED, "theirs": []}, status=409)
        messages.error(self.request, activities.CLOSED)
        return redirect(activity)

    def _overtaken(self, activity: Activity, form: ReportForm) -> HttpResponse:
        kept = Activity.objects.get(pk=activity.pk)
        present, theirs = activities.report_stamp(kept), form.beside(self._form(kept))
        if self.quiet:
            return JsonResponse({"message": OVERTAKEN, "version": present, "theirs": theirs}, status=409)
        form.add_error(None, OVERTAKEN)
        return self._show(activity, form, present, 409, theirs)

    def _show(
        self,
        activity: Activity,
        form: ReportForm,
        version: str,
        status: int = 200,
        theirs: Sequence[dict[str, str]] = (),
    ) -> HttpResponse:
        here = reverse("activity-report", args=[activity.pk])
        context = {
            "activity": activity,
            "form": form,
            "form_title": "填写活动报告",
            "form_crumbs": crumbs(activity),
            "subtitle": activity.title,
            "section_title": "报告与出勤",
            "version": version,
            "theirs": theirs,
            "autosave_url": here,
            "owner": self.request.me.user_id,
            "materials": materials(activity, self.request.me, here),
        }
        return render(self.request, "studios/activity_report.html", context, status=status)


class SchoolsView(LoginRequiredMixin, View):
    """The schools that are helped. GET ``find``: schools to choose from. POST ``add`` or ``remove``: a school's key."""

    http_method_names = ["get", "post"]

    def get(self, request: Request, pk: int) -> HttpResponse:
        activity = own_activity(request, pk)
        if activity.state != ActivityState.PLANNED:
            messages.info(request, activities.CLOSED)
            return redirect(f"{activity.get_absolute_url()}?tab=schools")
        words = request.GET.get("find", "")
        schools = list(activity.schools.select_related("parent"))
        context = {
            "activity": activity,
            "crumbs": crumbs(activity),
            "schools": schools,
            "find": words,
            "found": self._found(words, {school.pk for school in schools}, request),
        }
        return render(request, "studios/activity_schools_form.html", context)

    def _found(self, words: str, present: set[int], request: Request) -> list[Organisation]:
        if not words.strip():
            return []
        rows = Organisation.objects.schools().current(timezone.localdate(request.at)).exclude(pk__in=present)
        for word in words.split():
            rows = rows.filter(name__icontains=word) | rows.filter(initials__istartswith=word)
        return list(rows.select_related("parent").order_by("sort_key")[:FOUND_AT_MOST])

    def post(self, request: Request, pk: int) -> HttpResponse:
        activity = own_activity(request, pk)
        added = "add" in request.POST
        sent = request.POST.get("add" if added else "remove", "")
        act = activities.add_school if added else activities.remove_school
        try:
            act(activity.pk, int(sent) if sent.isdecimal() else 0, request.me, request.at)
        except Organisation.DoesNotExist as error:
            raise Http404("没有这所学校，或者已经并入其他学校。") from error
        except activities.Closed:
            messages.error(request, activities.CLOSED)
            return redirect(activity)
        words = request.POST.get("find", "")
        query = f"?{urlencode({'find': words})}" if words else ""
        return redirect(f"{request.path}{query}")


class DiagnosisView(LoginRequiredMixin, View):
    """The report on one school of a visit; once that is filed, only the follow-up."""

    http_method_names = ["get", "post"]

    def get(self, request: Request, pk: int, school: int) -> HttpResponse:
        activity, diagnosis = self._find(request, pk, school)
        form = DiagnosisForm(instance=diagnosis, filed=activity.state == ActivityState.HELD)
        return self._show(request, activity, diagnosis, form)

    def post(self, request: Request, pk: int, school: int) -> HttpResponse:
        activity, diagnosis = self._find(request, pk, school)
        filed = activity.state == ActivityState.HELD
        form = DiagnosisForm(request.POST, instance=diagnosis, filed=filed)
        if not form.is_valid():
            return self._show(request, activity, diagnosis, form, 422)
        try:
            read = request.POST.get("version", "")
            activities.diagnose(form.save(commit=False), read, request.me, request.at)
        except activities.Closed:
            messages.error(request, activities.CLOSED)
            return redirect(activity)
        except activities.Overtaken:
            form.add_error(None, OVERTAKEN)
            return self._show(request, activity, diagnosis, form, 409)
        messages.success(request, "已保存。")
        return redirect(f"{activity.get_absolute_url()}?tab=schools")

    def _find(self, request: Request, pk: int, school: int) -> tuple[Activity, Diagnosis]:
        """Its activity, and the report, new where there is none; a filed visit takes no new one."""
        activity = own_activity(request, pk)
        found = activity.schools.filter(pk=school).first()
        if found is None:
            raise Http404("这所学校不在帮扶学校之列。")
        diagnosis = activity.diagnoses.filter(school=found).first()
        if activity.state == ActivityState.CANCELLED or (
            diagnosis is None and activity.state != ActivityState.PLANNED
        ):
            raise PermissionDenied(activities.CLOSED)
        return activity, diagnosis or Diagnosis(activity=activity, school=found)

    def _show(
        self,
        request: Request,
        activity: Activity,
        diagnosis: Diagnosis,
        form: DiagnosisForm,
        status: int = 200,
    ) -> HttpResponse:
        kept = activity.diagnoses.filter(school=diagnosis.school_id).first()
        context = {
            "form": form,
            "diagnosis": kept,
            "filed": activity.state == ActivityState.HELD,
            "form_title": f"{diagnosis.school}诊断报告",
            "form_crumbs": crumbs(activity),
            "section_title": "诊断报告",
            "version": activities.diagnosis_stamp(kept),
        }
        return render(request, "studios/diagnosis_form.html", context, status=status)
