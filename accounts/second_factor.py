"""Asking for the second factor: who has one, who needs one, whether a code is right (等级保护 2.0)."""

from __future__ import annotations

import secrets
from base64 import b32encode
from binascii import unhexlify
from datetime import datetime
from urllib.parse import quote

import segno
from django.db import transaction
from django.utils import timezone

from accounts.crypto import fingerprint
from accounts.models import Appointment, Authenticator, RecoveryCode, Safety, User, group_of

ISSUER = "名校长工作室"
CODES = 10
LENGTH = 10  # characters of a recovery code, about 49 bits
# Without the characters that are mistaken for one another on paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
APP, RECOVERY = "app", "recovery"


def device_of(user_id: int | None) -> Authenticator | None:
    """The authenticator with which this person comes in, or None."""
    return Authenticator.objects.filter(user_id=user_id, confirmed=True).first()


def groups_of(user: User, at: datetime) -> set[str]:
    """The groups the person belongs to by today's appointments."""
    held = Appointment.objects.valid(timezone.localdate(at)).filter(user=user).select_related("organisation")
    return {group_of(appointment) for appointment in held}


def needed(user: User, at: datetime) -> bool:
    """Whether the settings require a second factor of this person; of a demonstration's account never."""
    return not user.demonstration and bool(groups_of(user, at) & set(Safety.present().groups))


@transaction.atomic
def begin(user: User, at: datetime) -> Authenticator:
    """A new authenticator to be scanned; one that is in use stays until the new one is confirmed."""
    User.objects.select_for_update().get(pk=user.pk)
    Authenticator.objects.filter(user=user, confirmed=False).delete()
    return Authenticator.objects.create(user=user, name="身份验证器", confirmed=False, created_at=at)


@transaction.atomic
def confirm(user: User, code: str, at: datetime) -> list[str]:
    """Take the scanned authenticator into use by its first code; returns the recovery codes, none for a wrong code."""
    device = Authenticator.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None or not device.verify(_plain(code), at):
        return []
    Authenticator.objects.filter(user=user, confirmed=True).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    return new_codes(user)


@transaction.atomic
def new_codes(user: User) -> list[str]:
    """Ten recovery codes in place of all earlier ones; they can be read this once only."""
    User.objects.select_for_update().get(pk=user.pk)
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, mac=fingerprint(code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def codes_left(user: User) -> int:
    """How many recovery codes have not been used."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


@transaction.atomic
def remove(user: User) -> None:
    """Take authenticator and recovery codes away."""
    Authenticator.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()


@transaction.atomic
def check(user_id: int, code: str, at: datetime) -> str:
    """``APP`` or ``RECOVERY`` for a code that is right and unused (it is used now), else an empty string."""
    device = Authenticator.objects.select_for_update().filter(user_id=user_id, confirmed=True).first()
    plain = _plain(code)
    if device is None:
        return ""
    if len(plain) == LENGTH:
        unused = RecoveryCode.objects.filter(user_id=user_id, mac=fingerprint(plain), used_at=None)
        if unused.update(used_at=at):
            return RECOVERY
    return APP if device.verify(plain, at) else ""


def secret_words(device: Authenticator) -> str:
    """The secret as a person types it into the app: base32, in groups of four."""
    text = _base32(device)
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def address(device: Authenticator) -> str:
    """The otpauth address an authenticator app reads."""
    label = quote(f"{ISSUER}:{device.user.username}")
    return f"otpauth://totp/{label}?secret={_base32(device)}&issuer={quote(ISSUER)}"


def picture(device: Authenticator) -> str:
    """The address as a QR code, a data URI of an SVG picture."""
    return str(segno.make(address(device), micro=False).svg_data_uri(scale=5, border=4, light="#fff"))


def _base32(device: Authenticator) -> str:
    return b32encode(unhexlify(device.key)).decode().rstrip("=")


def _plain(code: str) -> str:
    """What was typed without spaces and hyphens, in lower case."""
    return "".join(code.split()).replace("-", "").lower()
