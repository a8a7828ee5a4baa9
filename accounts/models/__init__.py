"""Who: organisations, people, the appointments they act under, principals' records."""

from .appointment import Appointment, Role
from .organisation import Area, Kind, Organisation, SchoolType
from .person import User
from .principal import Education, Principal, mask_identity, mask_phone

__all__ = [
    "Appointment",
    "Area",
    "Education",
    "Kind",
    "Organisation",
    "Principal",
    "Role",
    "SchoolType",
    "User",
    "mask_identity",
    "mask_phone",
]
