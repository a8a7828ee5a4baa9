"""Who sees and who changes what: one query each, for lists, records and exports alike."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Appointment, Organisation, Principal, Role, User
from portal.registry import scopes
from tests.factories.accounts import AppointmentFactory, make_bureau, make_school

pytestmark = [pytest.mark.django_db, pytest.mark.core]

LISTS = ["organisations", "people", "appointments", "principals"]


def test_bureau_and_administrator_see_all(cast) -> None:
    for me in (cast.bureau, cast.admin):
        assert (
            Organisation.objects.filter(scopes.visible_organisations(me)).count()
            == Organisation.objects.count()
        )
        assert User.objects.filter(scopes.visible_users(me)).count() == User.objects.count()
    assert Principal.objects.filter(scopes.visible_principals(cast.bureau)).count() == 2


def test_the_administrator_keeps_accounts_and_no_principals_records(cast, acting) -> None:
    assert not Principal.objects.filter(scopes.visible_principals(cast.admin)).exists()
    browser = acting(cast.admin)
    for name in ("principals", "principal_new"):
        assert browser.get(reverse(f"registry:{name}")).status_code == 403
    assert browser.get(reverse("registry:roster", args=["principals"])).status_code == 403
    assert "校长账号" not in browser.get(reverse("registry:accounts")).content.decode()
    assert "校长档案" not in browser.get(reverse("registry:people")).content.decode()


def test_a_county_sees_its_own_schools_people_and_principals(cast) -> None:
    seen = Organisation.objects.filter(scopes.visible_organisations(cast.county))
    assert set(seen) == {cast.hongshan, cast.school}
    assert set(User.objects.filter(scopes.visible_users(cast.county))) == {
        cast.county.user,
        cast.officer.user,
    }
    assert set(Principal.objects.filter(scopes.visible_principals(cast.county))) == {cast.principal}


def test_a_school_reads_its_own_principals_and_nothing_else(cast) -> None:
    me = cast.officer
    assert set(Principal.objects.filter(scopes.visible_principals(me))) == {cast.principal}
    assert not Principal.objects.filter(scopes.editable_principals(me)).exists()
    for model, scope in ((Organisation, scopes.visible_organisations), (User, scopes.visible_users)):
        assert not model.objects.filter(scope(me)).exists()


def test_an_expert_sees_nothing(cast, acting) -> None:
    browser = acting(cast.outsider)
    for name in LISTS:
        assert browser.get(reverse(f"registry:{name}")).status_code == 403
    assert browser.get(reverse("registry:principal", args=[cast.principal.pk])).status_code == 403


def test_the_public_is_asked_to_log_in(client) -> None:
    for name in [*LISTS, "person_new", "index"]:
        response = client.get(reverse(f"registry:{name}"))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("login"))


def test_a_county_finds_nothing_of_its_neighbour(cast, acting) -> None:
    browser = acting(cast.county)
    neighbours = AppointmentFactory(organisation=cast.elsewhere)
    pages = [
        ("organisation", cast.elsewhere.pk),
        ("organisation_edit", cast.elsewhere.pk),
        ("person", neighbours.user_id),
        ("appointment_new", neighbours.user_id),
        ("appointment_end", neighbours.pk),
        ("principal", cast.stranger.pk),
        ("principal_edit", cast.stranger.pk),
        ("principal_account", cast.stranger.pk),
    ]
    assert {name: browser.get(reverse(f"registry:{name}", args=[pk])).status_code for name, pk in pages} == {
        name: 404 for name, _ in pages
    }
    for name in ("person_switch", "person_password"):
        assert browser.post(reverse(f"registry:{name}", args=[neighbours.user_id])).status_code == 404


def test_a_county_does_not_reset_who_also_acts_elsewhere(cast) -> None:
    editable = User.objects.filter(scopes.editable_users(cast.county))
    assert cast.officer.user in editable
    further = AppointmentFactory(user=cast.officer.user, role=Role.LEADER, organisation=make_bureau())
    assert cast.officer.user not in editable.all()
    further.ends = timezone.localdate() - timedelta(days=1)
    further.save()
    assert cast.officer.user in editable.all()


def test_only_administrators_keep_administrators_and_security_auditors(cast) -> None:
    security = AppointmentFactory(role=Role.SECURITY, organisation=make_bureau())
    kept_by_bureau = Appointment.objects.filter(scopes.editable_appointments(cast.bureau))
    assert security not in kept_by_bureau
    assert security in Appointment.objects.filter(scopes.editable_appointments(cast.admin))
    assert security.user not in User.objects.filter(scopes.editable_users(cast.bureau))


def test_nobody_keeps_their_own_account(cast) -> None:
    for me in (cast.bureau, cast.admin, cast.county):
        assert me.user not in User.objects.filter(scopes.editable_users(me))


@pytest.mark.parametrize("name", LISTS)
def test_lists_cost_the_same_at_one_row_and_at_three(
    name, cast, acting, django_assert_max_num_queries
) -> None:
    browser = acting(cast.bureau)
    address = reverse(f"registry:{name}")
    browser.get(address)
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(10) as queries:
            assert browser.get(address).status_code == 200
        counts.append(len(queries))
        for number in range(3):
            AppointmentFactory(organisation=make_school(cast.hongshan, f"第{len(counts)}{number}小学"))
            cast.principal.pk, cast.principal.identity_mac = None, f"{len(counts)}{number}"
            cast.principal.save(force_insert=True)
    assert counts[0] == counts[1]
