//! Microsoft Graph v1.0, the part for rooms and calendars. <https://learn.microsoft.com/graph/api/overview>
//!
//! A request goes: token → route → permission → the one function that serves it → common headers. Every refusal is a
//! [`error::GraphError`] until the last moment.

mod access;
mod batch;
mod calendar_view;
mod calendars;
mod check_ins;
mod date_time_zone;
mod delta;
pub(crate) mod error;
mod event_body;
mod event_filter;
pub(crate) mod event_input;
pub(crate) mod event_output;
pub(crate) mod events;
mod extended_properties;
mod filter;
mod ids;
mod location;
mod mail;
mod mailbox_settings;
pub(crate) mod occurrence_id;
pub(crate) mod operations;
mod options;
mod organization;
mod paging;
mod places;
mod query;
mod read_only;
mod recurrence_json;
mod route;
pub(crate) mod schedule;
pub(crate) mod subscriptions;
mod truth;
mod users;
pub(crate) mod words;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};

use crate::dispatch::Served;
use crate::message::{Call, Reply};
use crate::scenario::Readings;
use crate::shared::Shared;
use access::Caller;
pub use delta::DeltaQuirks;
use error::GraphError;
use operations::Operation;
use query::Prefer;
use route::Route;

/// What every operation works with.
pub(crate) struct Context<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) call: &'a Call,
    pub(crate) caller: &'a Caller,
    pub(crate) prefer: Prefer,
    pub(crate) readings: Readings,
}

/// What every operation gives.
pub(crate) type Outcome = Result<Reply, GraphError>;

/// Whether a path belongs to Graph.
pub(crate) fn is_for_graph(call: &Call) -> bool {
    call.path
        .split('/')
        .nth(1)
        .is_some_and(|version| version.eq_ignore_ascii_case("v1.0"))
}

/// The address `me` stands for in a request; `None` for other paths and without a good token.
pub(crate) fn signed_in_person(shared: &Shared, call: &Call) -> Option<String> {
    let is_me = call
        .segments()
        .get(1)
        .is_some_and(|segment| segment.eq_ignore_ascii_case("me"));
    let caller = access::authenticate(shared, call).ok().filter(|_| is_me)?;
    caller.person_address().map(str::to_owned)
}

/// Answers one request to Graph, so much later: a slow request takes its place in the mailbox all the while.
pub(crate) async fn handle(shared: &Arc<Shared>, call: &Call, delay: Duration) -> Served {
    let caller = match access::authenticate(shared, call) {
        Ok(caller) => caller,
        Err(error) => return finish(shared, call, error.into()).into(),
    };
    let route = route_of(call);
    let mailbox = route
        .as_ref()
        .ok()
        .and_then(|route| access::mailbox_address(shared, &caller, route));
    let caller = match &mailbox {
        Some(mailbox) => caller.in_mailbox(&shared.world(), mailbox),
        None => Cow::Borrowed(&caller),
    };
    let readings = shared.world().readings;
    let prefer = match Prefer::of(call, readings.unknown_preferred_zone) {
        Ok(prefer) => prefer,
        Err(error) => return finish(shared, call, error.into()).into(),
    };
    let applied = prefer.applied();
    let context = Context {
        shared,
        call,
        caller: &caller,
        prefer,
        readings,
    };
    let place = mailbox
        .as_deref()
        .map(|mailbox| shared.limits.enter(caller.app, mailbox, shared.clock.now()))
        .transpose();
    if place.is_ok() && !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    if call.is_batched {
        // The others of the batch take their places before the first is served: that is what at once means.
        tokio::task::yield_now().await;
    }
    let reply = match (&place, route) {
        (Err(throttled), _) => Ok(Reply::from(*throttled)),
        (Ok(_), Ok(Route::Batch)) if call.is_batched => Err(batch::nested()),
        (Ok(_), Ok(Route::Batch)) => batch::run(shared, call).await,
        (Ok(_), Ok(route)) => serve(&context, route).await,
        (Ok(_), Err(error)) => Err(error),
    };
    let mut reply = finish(shared, call, reply.unwrap_or_else(Reply::from));
    if let Some(applied) = applied {
        reply = reply.header("preference-applied", &applied);
    }
    Served {
        reply,
        app: Some(caller.app.to_string()),
        person: caller.person_address().map(str::to_owned),
        mailbox,
    }
}

/// The answer to a request that goes on from a cursor which has expired.
pub(crate) fn expired_cursor(shared: &Shared, call: &Call) -> Reply {
    finish(shared, call, delta::expired().into())
}

/// The operation a request names, if it is served.
fn route_of(call: &Call) -> Result<Route, GraphError> {
    let segments = call.segments();
    let path = call.path.trim_start_matches('/');
    let after_version = path.split_once('/').map_or("", |(_, rest)| rest);
    match Operation::find(call.method.as_str(), after_version) {
        Some(operation) if operation.is_out_of_scope() => Err(GraphError::not_implemented()),
        _ => Route::of(&segments[1..]),
    }
}

async fn serve(context: &Context<'_>, route: Route) -> Outcome {
    let route = calendars::resolve(context, route)?;
    access::check(context, &route)?;
    options::check(context.call, &route)?;
    let method = &context.call.method;
    let (get, post) = (method == Method::GET, method == Method::POST);
    let (patch, delete) = (method == Method::PATCH, method == Method::DELETE);
    match route {
        Route::Organization if get => organization::list(context),
        Route::OrganizationById(id) if get => organization::get(context, &id),
        Route::Users if get => users::list(context),
        Route::UserCount if get => users::count(context),
        Route::User(who) if get => users::get(context, &who),
        Route::Places(kind) if get => places::list(context, kind),
        Route::Place(id) if get => places::get(context, &id),
        Route::CheckIns(place) if get => check_ins::list(context, &place),
        Route::CheckIns(place) if post => check_ins::create(context, &place),
        Route::RoomListRooms(list) if get => places::rooms_of_list(context, &list),
        Route::RoomListWorkspaces(list) if get => places::workspaces_of_list(context, &list),
        Route::MailboxSettings(who, setting) if get => {
            mailbox_settings::get(context, &who, setting.as_deref())
        }
        Route::Calendars(who) if get => calendars::list(context, &who),
        Route::Calendar(who) if get => calendars::get(context, &who),
        Route::GetSchedule(who) if post => schedule::get_schedule(context, &who),
        Route::Events(who) if get => events::list(context, &who),
        Route::Events(who) if post => events::create(context, &who),
        Route::Event(who, id) if get => events::get(context, &who, &id),
        Route::Event(who, id) if patch => events::update(context, &who, &id),
        Route::Event(who, id) if delete => events::delete(context, &who, &id),
        Route::EventAction(who, id, action) if post => events::act(context, &who, &id, action),
        Route::Instances(who, id) if get => calendar_view::instances(context, &who, &id),
        Route::CalendarView(who) if get => calendar_view::list(context, &who),
        Route::CalendarViewDelta(who) if get => delta::list(context, &who),
        Route::SendMail(who) if post => mail::send(context, &who),
        Route::Subscriptions if get => subscriptions::list(context),
        Route::Subscriptions if post => subscriptions::create(context).await,
        Route::Subscription(id) if get => subscriptions::get(context, &id),
        Route::Subscription(id) if patch => subscriptions::renew(context, &id),
        Route::Subscription(id) if delete => subscriptions::delete(context, &id),
        Route::Reauthorize(id) if post => subscriptions::reauthorize(context, &id),
        _ => Err(GraphError::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "Request_BadRequest",
            "Specified HTTP method is not allowed for the request target.",
        )),
    }
}

/// Adds what every answer of Graph carries, and completes error bodies with it.
pub(crate) fn finish(shared: &Shared, call: &Call, reply: Reply) -> Reply {
    let request_id = shared.request_id().to_string();
    let client_request_id = call
        .header("client-request-id")
        .unwrap_or(&request_id)
        .to_owned();
    let reply = error::complete(reply, shared.clock.now(), &request_id, &client_request_id);
    reply
        .header("request-id", &request_id)
        .header("client-request-id", &client_request_id)
        .header(
            "x-ms-ags-diagnostic",
            r#"{"ServerInfo":{"DataCenter":"Simulated","Slice":"E","Ring":"1"}}"#,
        )
        .header("cache-control", "private")
}
