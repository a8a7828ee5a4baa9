"""What rosters share that open accounts: first passwords are hashed beforehand and laid on the shelf in the end."""

from __future__ import annotations

from datetime import date

import tablib
from django.contrib.auth.hashers import make_password

from accounts.models import Organisation, Role, User
from accounts.passwords import first_password

from . import slips as storage
from .openings import Opened, Usernames, open_account
from .roster import OPENED, Outcome, RosterResource
from .slips import IMPORTED, Batch


class OpensAccounts(RosterResource):
    """A roster whose rows open accounts, one by one with ``open``."""

    def commit(self, dataset: tablib.Dataset, expected: Outcome | None = None) -> Outcome:
        """As every roster; the first passwords are hashed before, which takes long and needs no transaction."""
        self.ready(expected or type(self)(self.me, self.at, target=self.target).preview(dataset))
        return super().commit(dataset, expected)

    def ready(self, expected: Outcome) -> None:
        """A hashed first password for each account that will be opened."""
        wanted = sum(OPENED in line.notes for line in expected.lines)
        self.passwords = [(text, make_password(text)) for text in (first_password() for _ in range(wanted))]
        self.usernames = Usernames()

    def open(
        self, name: str, username: str, role: str, place: Organisation, starts: date, email: str = ""
    ) -> User:
        """Open the account of one row, under a user name of its own where none is given."""
        password, hashed = self.passwords.pop()
        username = username or self.usernames.free(name)
        user = open_account(
            self.me,
            self.at,
            username=username,
            name=name,
            role=role,
            organisation=place,
            starts=starts,
            hashed=hashed,
            email=email,
        )
        self.opened.append(Opened(name, place.name, str(Role(role).label), username, password))
        return user

    def finish(self) -> None:
        """Lay the slips down before the commit: a run that dies leaves either nothing, or accounts with their slips."""
        if self.opened and self.me.user_id and self.me.appointment:
            batch = Batch(IMPORTED, self.me.user_id, self.me.appointment.pk, opened=self.opened)
            storage.keep(batch, self.at, self.slips)
