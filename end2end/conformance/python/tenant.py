"""The simulated tenant that a script is to talk to, out of the environment, and what a browser would do there."""

import json
import os
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone

ORIGIN = os.environ["SIM_ORIGIN"]
TENANT = os.environ["SIM_TENANT"]
CLIENT_ID = os.environ["SIM_CLIENT_ID"]
SECRET = os.environ["SIM_SECRET"]
CERTIFICATE_FILE = os.environ["SIM_CERTIFICATE_FILE"]
KEY_FILE = os.environ["SIM_KEY_FILE"]
CA_FILE = os.environ["SIM_CA_FILE"]
REDIRECT_URI = os.environ["SIM_REDIRECT_URI"]
OWN_SCOPE = os.environ["SIM_OWN_SCOPE"]

AUTHORITY = f"{ORIGIN}/{TENANT}"
GRAPH_SCOPE = "https://graph.microsoft.com/.default"
ADELE = "adele.vance@contoso.com"
ROOM = "pier@contoso.com"
OTHER_ROOM = "quay@contoso.com"

TLS = ssl.create_default_context(cafile=CA_FILE)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def control(method: str, path: str, body=None):
    """A call of the simulator's remote control."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{ORIGIN}/_sim{path}", data, {"content-type": "application/json"}, method=method)
    with urllib.request.urlopen(request, context=TLS) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def answer_of_sign_in(url: str, person: str) -> dict:
    """Picks somebody on the sign-in page; returns the fields that are led back to the application."""
    fields = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query)) | {"person": person}
    opener = urllib.request.build_opener(_NoRedirect(), urllib.request.HTTPSHandler(context=TLS))
    try:
        opener.open(url, urllib.parse.urlencode(fields).encode())
    except urllib.error.HTTPError as redirect:
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(redirect.headers["location"]).query))
    raise AssertionError("the sign-in page led nowhere")


def user_assertion(person: str = ADELE) -> str:
    """A token for the application itself, as its own pages would send it along."""
    issued = control("POST", "/token", {"person": person, "clientId": CLIENT_ID, "scopes": [OWN_SCOPE]})
    return issued["access_token"]


def hour(days: int) -> tuple[datetime, datetime]:
    """An hour of a day ahead, in UTC."""
    start = (datetime.now(timezone.utc) + timedelta(days=days)).replace(hour=10, minute=0, second=0, microsecond=0)
    return start, start + timedelta(hours=1)


def eventually(look, seconds: float = 10):
    """What `look` returns as soon as it is something."""
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, f"{look} never came true"
        time.sleep(0.05)
    return found


def told(flow: str) -> None:
    """One line for each flow that was seen to work."""
    print(f"ok {flow}", flush=True)
