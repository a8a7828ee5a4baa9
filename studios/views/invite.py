"""Inviting members: the lead finds a principal and asks them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views import View

from accounts.candidates import candidates
from accounts.models import Principal
from office.door import Refused
from office.requests import Request
from studios.flows import STUDIO
from studios.inviting import invite
from studios.models import MembershipState, Studio
from studios.scopes import people


def own_studio(request: Request, number: str) -> Studio:
    """The studio ``number`` for its lead; Http404 where it is not seen, PermissionDenied for others who see it."""
    rows = STUDIO.seen(request.me).select_related("programme", "lead", "school")
    studio: Studio | None = rows.filter(number=number).first()
    if studio is None:
        raise Http404("没有这个工作室，或者不在您的查看范围内。")
    if not Studio.objects.filter(people.lead("")(request.me), pk=studio.pk).exists():
        raise PermissionDenied("这里由工作室领衔人办理。")
    return studio


class InviteView(LoginRequiredMixin, View):
    """GET ``find``: who may be asked. POST ``principal`` and, for an exception, ``reason``: ask them."""

    request: Request
    http_method_names = ["get", "post"]

    def get(self, request: Request, number: str) -> HttpResponse:
        studio = own_studio(request, number)
        live = list(
            studio.memberships.filter(state__in=MembershipState.live).values_list("principal", "state")
        )
        seated = sum(state in MembershipState.seated for _, state in live)
        words = request.GET.get("find", "")
        context: dict[str, Any] = {
            "studio": studio,
            "programme": studio.programme,
            "seated": seated,
            "pending": len(live) - seated,
            "find": words,
            "candidates": candidates(
                words, studio.programme.owner_id, studio.lead_id, {principal for principal, _ in live}
            ),
            "invite_url": request.path,
        }
        return render(request, "studios/invite.html", context)

    def post(self, request: Request, number: str) -> HttpResponse:
        studio = own_studio(request, number)
        sent, reason = request.POST.get("principal", ""), request.POST.get("reason", "")
        try:
            place = invite(studio.pk, int(sent) if sent.isdecimal() else 0, reason, request.me, request.at)
        except Principal.DoesNotExist as error:
            raise Http404("没有这份校长档案。") from error
        except Refused as refusal:
            messages.error(request, f"没有邀请：{refusal}。{f'您写的理由：{reason}' if reason else ''}")
        else:
            waits = "已通知本人确认" if place.principal.user_id else "该校长尚无账号，须先由其主管部门开通"
            messages.success(
                request, f"已邀请{place.principal.name}（{place.principal.school.name}），{waits}。"
            )
        words = request.POST.get("find", "")
        query = f"?{urlencode({'find': words})}" if words else ""
        return redirect(f"{request.path}{query}")
