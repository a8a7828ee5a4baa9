"""My jobs (我的任务): long work, how far it is, and what came of it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views import View
from django.views.generic import ListView

from office.jobs import mine
from office.models import Job
from office.requests import Request
from office.views.attachments import handed_out

MEDIA_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
}
OPEN = (Job.State.WAITING, Job.State.RUNNING)


def shown(job: Job) -> dict[str, Any]:
    """A job as components/progress.html shows it; asked for anew while it is open."""
    return {
        "pk": job.pk,
        "label": job.title,
        "done": job.done,
        "total": job.total,
        "state_label": job.get_state_display(),
        "running": job.state in OPEN,
        "poll_url": reverse("job-progress", args=[job.pk]),
        "message": job.message,
        "file_url": reverse("job-file", args=[job.pk]) if job.file else None,
        "file_label": f"下载 {job.file_name}",
        "created_at": job.created_at,
    }


def find_job(request: Request, pk: int) -> Job:
    """A job of whoever asks; Http404 for another's."""
    job = mine(request.me, request.at).filter(pk=pk).first()
    if job is None:
        raise Http404("没有这项任务，或者不是您发起的。")
    return job


class JobList(LoginRequiredMixin, ListView):  # type: ignore[type-arg]
    """My jobs, newest first."""

    request: Request
    template_name = "office/jobs.html"
    paginate_by = 20

    def get_queryset(self) -> QuerySet[Job]:
        return mine(self.request.me, self.request.at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"jobs": [shown(job) for job in context["page_obj"]]}


class JobPage(LoginRequiredMixin, View):
    """One job, to which its notice leads."""

    def get(self, request: Request, pk: int) -> HttpResponse:
        return render(request, "office/job.html", {"job": shown(find_job(request, pk))})


class JobProgress(LoginRequiredMixin, View):
    """How far a job is, as part of a page."""

    def get(self, request: Request, pk: int) -> HttpResponse:
        return render(request, "components/progress.html", {"job": shown(find_job(request, pk))})


class JobFile(LoginRequiredMixin, View):
    """What a job made, to be saved."""

    def get(self, request: Request, pk: int) -> HttpResponseBase:
        job = find_job(request, pk)
        if not job.file:
            raise Http404("这项任务没有可下载的文件。")
        ending = job.file_name[job.file_name.rfind(".") :].lower()
        return handed_out(job.file, job.file_name, MEDIA_TYPES.get(ending, "application/octet-stream"))
