"""msgraph-sdk, unchanged, with azure-identity: rooms, schedules, a meeting, delta, a subscription, throttling.
https://github.com/microsoftgraph/msgraph-sdk-python"""

import asyncio
import threading
import urllib.parse
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer

import azure.identity.aio
import httpx
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphServiceClient
from msgraph.generated.models.attendee import Attendee
from msgraph.generated.models.attendee_type import AttendeeType
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.email_address import EmailAddress
from msgraph.generated.models.event import Event
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.response_type import ResponseType
from msgraph.generated.models.subscription import Subscription
from msgraph.generated.users.item.calendar.get_schedule.get_schedule_post_request_body import GetSchedulePostRequestBody
from msgraph.generated.users.item.calendar_view.delta.delta_request_builder import DeltaRequestBuilder
from msgraph.generated.users.item.events.item.cancel.cancel_post_request_body import CancelPostRequestBody
from msgraph.graph_request_adapter import GraphRequestAdapter, options
from msgraph_core import GraphClientFactory

from tenant import (ADELE, CLIENT_ID, ORIGIN, OTHER_ROOM, ROOM, SECRET, TENANT, TLS, CA_FILE, control, hour, told,
                    user_assertion)

SIMULATED = {"authority": ORIGIN, "disable_instance_discovery": True, "connection_verify": CA_FILE}


def graph(credential, scopes) -> GraphServiceClient:
    auth = AzureIdentityAuthenticationProvider(credential, scopes=scopes, allowed_hosts=["localhost"])
    http = GraphClientFactory.create_with_default_middleware(client=httpx.AsyncClient(verify=TLS), options=options)
    adapter = GraphRequestAdapter(auth, http)
    adapter.base_url = f"{ORIGIN}/v1.0"
    return GraphServiceClient(request_adapter=adapter)


def moment(at: datetime) -> DateTimeTimeZone:
    return DateTimeTimeZone(date_time=at.strftime("%Y-%m-%dT%H:%M:%S"), time_zone="UTC")


def room(address: str) -> Attendee:
    return Attendee(type=AttendeeType.Resource, email_address=EmailAddress(address=address, name=address))


async def answer_of(me, event_id: str, address: str) -> ResponseType:
    for _ in range(200):
        event = await me.events.by_event_id(event_id).get()
        [attendee] = [one for one in event.attendees if one.email_address.address == address]
        if attendee.status.response not in (None, ResponseType.None_):
            return attendee.status.response
        await asyncio.sleep(0.05)
    raise AssertionError(f"{address} never answered")


async def rooms(app: GraphServiceClient) -> None:
    found = await app.places.graph_room.get()
    assert ROOM in [place.email_address for place in found.value], found
    lists = await app.places.graph_room_list.get()
    assert [one.display_name for one in lists.value] == ["Harbour House"], lists
    told("rooms and room lists")


async def meeting(app: GraphServiceClient, adele: GraphServiceClient) -> None:
    start, end = hour(40)
    made = await adele.me.events.post(
        Event(subject="Review", start=moment(start), end=moment(end), attendees=[room(ROOM)]))
    assert await answer_of(adele.me, made.id, ROOM) == ResponseType.Accepted
    told("meeting with a room")

    asked = GetSchedulePostRequestBody(
        schedules=[ROOM, OTHER_ROOM], start_time=moment(start), end_time=moment(end), availability_view_interval=30)
    answer = await app.users.by_user_id(ADELE).calendar.get_schedule.post(asked)
    assert [one.availability_view for one in answer.value] == ["22", "00"], answer
    told("schedules")

    await adele.me.events.by_event_id(made.id).patch(Event(attendees=[room(OTHER_ROOM)]))
    assert await answer_of(adele.me, made.id, OTHER_ROOM) == ResponseType.Accepted
    told("another room")

    await adele.me.events.by_event_id(made.id).cancel.post(CancelPostRequestBody(comment="Not needed"))
    try:
        await adele.me.events.by_event_id(made.id).get()
        raise AssertionError("a cancelled meeting is still there")
    except ODataError as error:
        assert error.response_status_code == 404 and error.error.code == "ErrorItemNotFound", error
    told("cancelled")


async def delta(app: GraphServiceClient, adele: GraphServiceClient) -> None:
    start, end = hour(0)[0], hour(300)[1]
    query = DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters(
        start_date_time=start.isoformat(), end_date_time=end.isoformat())
    view = app.users.by_user_id(ROOM).calendar_view.delta

    async def to_the_end(page) -> tuple[list, str]:
        found = list(page.value)
        while page.odata_next_link:
            page = await view.with_url(page.odata_next_link).get()
            found += page.value
        return found, page.odata_delta_link

    configuration = RequestConfiguration(query_parameters=query)
    configuration.headers.add("Prefer", "odata.maxpagesize=2")
    _, link = await to_the_end(await view.get(request_configuration=configuration))
    begin, until = hour(41)
    made = await adele.me.events.post(
        Event(subject="New", start=moment(begin), end=moment(until), attendees=[room(ROOM)]))
    await answer_of(adele.me, made.id, ROOM)
    found, _ = await to_the_end(await view.with_url(link).get())
    assert [one.i_cal_u_id for one in found] == [made.i_cal_u_id], found
    told("delta to its link and on")


class Receiver(BaseHTTPRequestHandler):
    """Takes notifications as Graph wants it."""

    told = threading.Event()

    def do_POST(self) -> None:
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        self.rfile.read(int(self.headers.get("content-length") or 0))
        [token] = query.get("validationToken", [None])
        if token is None:
            Receiver.told.set()
        self.send_response(202 if token is None else 200)
        self.send_header("content-type", "text/plain")
        self.end_headers()
        self.wfile.write((token or "").encode())

    def log_message(self, *_) -> None:
        pass


async def subscription(app: GraphServiceClient, adele: GraphServiceClient) -> None:
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made = await app.subscriptions.post(Subscription(
        change_type="created,updated,deleted", notification_url=f"http://127.0.0.1:{server.server_port}/",
        resource=f"users/{ROOM}/events", client_state="a secret of ours",
        expiration_date_time=datetime.now(timezone.utc) + timedelta(hours=1)))
    start, end = hour(42)
    await adele.me.events.post(Event(subject="Told of", start=moment(start), end=moment(end), attendees=[room(ROOM)]))
    assert await asyncio.to_thread(Receiver.told.wait, 10), "no notification came"
    await app.subscriptions.by_subscription_id(made.id).delete()
    server.shutdown()
    told("subscription")


async def throttled(app: GraphServiceClient) -> None:
    control("POST", "/faults", {"match": {"path": "/v1.0/places*"}, "count": 1, "action": {
        "kind": "status", "status": 429, "code": "TooManyRequests", "message": "Slow down.", "retryAfterSeconds": 1}})
    assert (await app.places.graph_room.get()).value
    told("429 and again")


async def main() -> None:
    on_behalf = azure.identity.aio.OnBehalfOfCredential(
        TENANT, CLIENT_ID, client_secret=SECRET, user_assertion=user_assertion(), **SIMULATED)
    async with azure.identity.aio.ClientSecretCredential(TENANT, CLIENT_ID, SECRET, **SIMULATED) as own, on_behalf:
        app = graph(own, ["https://graph.microsoft.com/.default"])
        adele = graph(on_behalf, ["https://graph.microsoft.com/Calendars.ReadWrite"])
        await rooms(app)
        await meeting(app, adele)
        await delta(app, adele)
        await subscription(app, adele)
        await throttled(app)


asyncio.run(main())
