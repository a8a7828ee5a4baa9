"""Every kind of roster, by the word its address uses."""

from .account_rosters import AppointmentResource, PersonResource
from .expert_roster import ExpertResource
from .holiday_roster import HolidayResource
from .resources import PrincipalResource, SchoolResource
from .roster import RosterResource
from .rubric_roster import RubricResource

ROSTERS: dict[str, type[RosterResource]] = {
    "schools": SchoolResource,
    "principals": PrincipalResource,
    "people": PersonResource,
    "appointments": AppointmentResource,
    "experts": ExpertResource,
    "holidays": HolidayResource,
    "rubrics": RubricResource,
}
