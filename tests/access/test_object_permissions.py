"""Django's language for rights, answered from the same Q as pages and door."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from applications.models import ApplicationState
from tests.factories.accounts import capacity, make_capacity, make_county
from tests.factories.applications import acting, bring_to, make_application, make_call, someone

pytestmark = pytest.mark.django_db


def test_a_right_follows_from_the_row_and_the_capacity() -> None:
    application = bring_to(make_application(make_call()), ApplicationState.AUTHORITY_REVIEW)
    officer = someone(Role.OFFICER, application.authority).user
    applicant = acting(application.lead).user
    stranger = make_capacity(Role.OFFICER, make_county("松山区")).user
    view, recommend = "applications.view_application", "applications.step_recommend_application"
    assert officer.has_perm(view, application)
    assert officer.has_perm(recommend, application)
    assert applicant.has_perm(view, application)
    assert not applicant.has_perm(recommend, application)
    assert not stranger.has_perm(view, application)
    assert not stranger.has_perm(recommend, application)


def test_any_capacity_held_today_counts() -> None:
    application = bring_to(make_application(make_call()), ApplicationState.AUTHORITY_REVIEW)
    person = make_capacity(Role.OFFICER, make_county("松山区")).user
    assert not person.has_perm("applications.view_application", application)
    capacity(person, application.authority, Role.OFFICER)
    assert person.has_perm("applications.view_application", application)


def test_a_step_that_is_not_next_is_no_right_now() -> None:
    application = bring_to(make_application(make_call()), ApplicationState.SCHOOL_REVIEW)
    officer = someone(Role.OFFICER, application.authority).user
    assert not officer.has_perm("applications.step_recommend_application", application)
    school_officer = someone(Role.OFFICER, application.school).user
    assert school_officer.has_perm("applications.step_endorse_application", application)


def test_what_is_no_right_of_a_flow_is_nobody_s() -> None:
    application = make_application(make_call(), complete=False)
    applicant = acting(application.lead).user
    assert not applicant.has_perm("applications.step_explode_application", application)
    assert not applicant.has_perm("applications.view_application")
    assert not applicant.has_perm("accounts.view_user", applicant)


def test_who_may_no_longer_log_in_has_no_right() -> None:
    application = make_application(make_call(), complete=False)
    applicant = acting(application.lead).user
    applicant.is_active = False
    assert not applicant.has_perm("applications.view_application", application)


def test_one_right_costs_few_queries() -> None:
    application = make_application(make_call(), complete=False)
    applicant = acting(application.lead).user
    with CaptureQueriesContext(connection) as queries:
        assert applicant.has_perm("applications.view_application", application)
    # the account's own permissions and groups, its capacities, the row
    assert len(queries) <= 4
