"""What the stories of calls and expert review share."""

from django.test import Client

from accounts.capacity import SESSION_KEY, Capacity


def browser_of(me: Capacity) -> Client:
    """A browser logged in as this person, acting in this capacity."""
    client = Client()
    client.force_login(me.user)
    session = client.session
    session[SESSION_KEY] = me.appointment.pk
    session.save()
    return client
