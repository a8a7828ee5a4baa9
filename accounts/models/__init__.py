"""Who: organisations, people, the appointments they act under, principals' records."""

from .appointment import Appointment, Role
from .consent import Consent, ConsentKind, DataNotice
from .deputy import GIVEN, TAKEN_BY, Deputy
from .organisation import Area, Kind, Organisation, SchoolType
from .person import User
from .principal import Education, Principal, mask_identity, mask_phone
from .safety import Group, Safety, group_of
from .second_factor import Authenticator, RecoveryCode
from .sign_in import Outcome, SignIn

__all__ = [
    "GIVEN",
    "TAKEN_BY",
    "Appointment",
    "Area",
    "Authenticator",
    "Consent",
    "ConsentKind",
    "DataNotice",
    "Deputy",
    "Education",
    "Group",
    "Kind",
    "Organisation",
    "Outcome",
    "Principal",
    "RecoveryCode",
    "Role",
    "Safety",
    "SchoolType",
    "SignIn",
    "User",
    "group_of",
    "mask_identity",
    "mask_phone",
]
