"""Every kind of roster, by the word its address uses."""

from .account_rosters import AppointmentResource, PersonResource
from .resources import PrincipalResource, SchoolResource
from .roster import RosterResource

ROSTERS: dict[str, type[RosterResource]] = {
    "schools": SchoolResource,
    "principals": PrincipalResource,
    "people": PersonResource,
    "appointments": AppointmentResource,
}
