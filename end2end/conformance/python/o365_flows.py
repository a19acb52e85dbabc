"""O365, a client by other people, unchanged. https://github.com/O365/python-o365"""

from datetime import timedelta
from zoneinfo import ZoneInfo

import msal
from O365 import Account, MSGraphProtocol
from O365.utils.token import MemoryTokenBackend

from tenant import (ADELE, AUTHORITY, CA_FILE, CLIENT_ID, GRAPH_SCOPE, ORIGIN, ROOM, SECRET, TENANT, control, eventually,
                    hour, told)


class Simulated(MSGraphProtocol):
    """The same protocol at another address."""

    _protocol_url = f"{ORIGIN}/"


backend = MemoryTokenBackend()
account = Account(
    (CLIENT_ID, SECRET), protocol=Simulated(default_resource=f"users/{ADELE}"), auth_flow_type="credentials",
    tenant_id=TENANT, token_backend=backend)
# It would ask Microsoft itself otherwise: its authority cannot be set.
account.con._msal_client = msal.ConfidentialClientApplication(
    CLIENT_ID, client_credential=SECRET, authority=AUTHORITY, instance_discovery=False, token_cache=backend, verify=CA_FILE)
assert account.authenticate(requested_scopes=[GRAPH_SCOPE])
told("secret")

schedule = account.schedule()
calendar = schedule.get_default_calendar()
assert calendar.name == "Calendar", calendar
told("default calendar")

start, end = (at.replace(tzinfo=ZoneInfo("UTC")) for at in hour(43))
event = calendar.new_event(subject="Review")
event.start, event.end = start, end
event.attendees.add(ROOM)
assert event.save()
told("meeting with a room")


def accepted():
    for one in control("GET", f"/mailboxes/{ROOM}/events")["value"]:
        if one["iCalUId"] == event.ical_uid and one["response"] == "accepted":
            return one
    return None


eventually(accepted)
told("the room accepted")

ask = calendar.new_query()
query = ask.chain_and(
    ask.greater_equal("start", start - timedelta(hours=1)), ask.less_equal("end", end + timedelta(hours=1)))
found = list(calendar.get_events(query=query, include_recurring=False))
assert [one.subject for one in found] == ["Review"], found
told("events by a filter")

availability = schedule.get_availability([ROOM], start, end, interval=30)
assert availability[0]["availabilityView"] == ["busy", "busy"], availability
told("availability")

event.subject = "Review, moved"
event.start, event.end = start + timedelta(hours=2), end + timedelta(hours=2)
assert event.save()
assert event.delete()
told("moved and deleted")
