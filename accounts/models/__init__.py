"""Who: organisations, people, the appointments they act under, principals' records."""

from .appointment import Appointment, Role
from .organisation import Area, Kind, Organisation, SchoolType
from .person import User
from .principal import Education, Principal, mask_identity, mask_phone
from .sign_in import Outcome, SignIn

__all__ = [
    "Appointment",
    "Area",
    "Education",
    "Kind",
    "Organisation",
    "Outcome",
    "Principal",
    "Role",
    "SchoolType",
    "SignIn",
    "User",
    "mask_identity",
    "mask_phone",
]
