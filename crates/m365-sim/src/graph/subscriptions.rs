//! Subscriptions to calendars. <https://learn.microsoft.com/graph/api/resources/subscription>
//!
//! One deviation for development: a notification address may be plain http when its host is loopback. Microsoft
//! accepts https only.

use http::StatusCode;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use url::{Host, Url};
use uuid::Uuid;

use super::access::{self, Caller};
use super::error::GraphError;
use super::paging::PageSize;
use super::route::Principal;
use super::{Context, Outcome, paging};
use crate::message::Reply;
use crate::notify::{self, HandshakeFailure};
use crate::time_zone::graph_utc;
use crate::world::{ItemChange, World};

/// Shorter lives are raised to this.
const MINUTES_MIN: i64 = 45;
const CLIENT_STATE_CHARS_MAX: usize = 128;
/// Active subscriptions to one mailbox, over all apps.
const SUBSCRIPTIONS_MAX: usize = 1_000;

/// A promise to notify an address of changes in one mailbox.
#[derive(Debug, Clone)]
pub(crate) struct Subscription {
    pub(crate) id: Uuid,
    /// Who created it, as the token then said.
    pub(crate) creator: Caller,
    /// The resource as the client wrote it.
    pub(crate) resource: String,
    /// The address of the mailbox meant.
    pub(crate) mailbox: String,
    pub(crate) change_types: Vec<ItemChange>,
    pub(crate) notification_url: String,
    pub(crate) lifecycle_url: Option<String>,
    pub(crate) client_state: Option<String>,
    pub(crate) expires: Timestamp,
    /// Whether it was created asking for immutable ids, which its notifications then carry.
    pub(crate) immutable_ids: bool,
    /// The end of which its app was warned; a renewal moves the end on.
    pub(crate) warned_of: Option<Timestamp>,
    /// Whether the last notification was given up.
    pub(crate) has_missed: bool,
    /// Whether Microsoft ended it.
    pub(crate) is_removed: bool,
}

/// `GET /subscriptions`: those of the calling app.
pub(super) fn list(context: &Context<'_>) -> Outcome {
    let world = context.shared.world();
    let now = world.clock.now();
    let own = world
        .subscriptions
        .values()
        .filter(|one| {
            one.is_of(context.caller)
                && one.is_active(now)
                && access::check_subscription(context.caller, &world, &one.mailbox).is_ok()
        })
        .map(entity)
        .collect();
    drop(world);
    paging::page(context, "subscriptions", own, PageSize::Usual(100))
}

/// `POST /subscriptions`: checks the request, lets the receiver prove itself, then subscribes.
pub(super) async fn create(context: &Context<'_>) -> Outcome {
    let body = context
        .call
        .json()
        .ok_or_else(|| GraphError::unreadable_body("it is empty or no JSON"))?;
    let subscription = read(context, &body)?;
    let receivers =
        std::iter::once(&subscription.notification_url).chain(&subscription.lifecycle_url);
    for url in receivers {
        let token = format!(
            "Validation: Testing client application reachability for subscription Request-Id: {}",
            context.shared.request_id()
        );
        notify::shake_hands(context.shared, url, &token)
            .await
            .map_err(validation_failed)?;
    }
    let mut reply = entity(&subscription);
    context
        .shared
        .world()
        .subscriptions
        .insert(subscription.id, subscription);
    reply["@odata.context"] = json!(paging::metadata(context, "subscriptions/$entity"));
    Ok(Reply::json(StatusCode::CREATED, &reply))
}

/// `GET /subscriptions/{id}`
pub(super) fn get(context: &Context<'_>, id: &str) -> Outcome {
    let world = context.shared.world();
    let found = find(context, &world, id)?;
    Ok(Reply::json(StatusCode::OK, &entity(found)))
}

/// `PATCH /subscriptions/{id}`: a new expiry time.
pub(super) fn renew(context: &Context<'_>, id: &str) -> Outcome {
    let body = context.call.json().unwrap_or_default();
    let mut world = context.shared.world();
    let id = find(context, &world, id)?.id;
    let expires = expiry(context, &body)?;
    let renewed = world.subscriptions.get_mut(&id).map(|one| {
        one.expires = expires;
        entity(one)
    });
    let renewed = renewed.ok_or_else(|| not_found(&id.to_string()))?;
    Ok(Reply::json(StatusCode::OK, &renewed))
}

/// `POST /subscriptions/{id}/reauthorize`
pub(super) fn reauthorize(context: &Context<'_>, id: &str) -> Outcome {
    find(context, &context.shared.world(), id)?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// `DELETE /subscriptions/{id}`
pub(super) fn delete(context: &Context<'_>, id: &str) -> Outcome {
    let mut world = context.shared.world();
    let id = find(context, &world, id)?.id;
    world.subscriptions.remove(&id);
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

impl Subscription {
    /// Whether it is shown to this caller: an application sees all that were made through it, and who acts for a person
    /// those made for that person. <https://learn.microsoft.com/graph/api/subscription-list>
    fn is_of(&self, caller: &Caller) -> bool {
        let creator = &self.creator;
        creator.app == caller.app
            && creator.tenant == caller.tenant
            && (caller.is_app() || creator.object == caller.object)
    }

    /// Whether its creator may still read what it is about.
    pub(crate) fn is_permitted(&self, world: &World) -> bool {
        access::check_subscription(&self.creator, world, &self.mailbox).is_ok()
    }
}

/// The subscription of this id, for a caller who may still read what it is about.
fn find<'a>(
    context: &Context<'_>,
    world: &'a World,
    id: &str,
) -> Result<&'a Subscription, GraphError> {
    let now = world.clock.now();
    let found = Uuid::try_parse(id)
        .ok()
        .and_then(|id| world.subscriptions.get(&id));
    let found = found
        .filter(|one| one.is_of(context.caller) && one.is_active(now))
        .ok_or_else(|| not_found(id))?;
    access::check_subscription(context.caller, world, &found.mailbox)?;
    Ok(found)
}

fn read(context: &Context<'_>, body: &Value) -> Result<Subscription, GraphError> {
    let text = |name: &str| body[name].as_str();
    let required = |name: &'static str| {
        text(name).ok_or_else(|| invalid(format!("The property '{name}' is required.")))
    };
    let resource = required("resource")?;
    let client_state = text("clientState").map(str::to_owned);
    if client_state
        .as_ref()
        .is_some_and(|state| state.chars().count() > CLIENT_STATE_CHARS_MAX)
    {
        return Err(invalid(
            "clientState must not be longer than 128 characters.".to_owned(),
        ));
    }
    if body["includeResourceData"] == json!(true) {
        return Err(GraphError::new(
            StatusCode::NOT_IMPLEMENTED,
            "NotImplemented",
            "Notifications with resource data are not simulated: leave 'includeResourceData' out or set it to false.",
        ));
    }
    let notification_url = receiver(required("notificationUrl")?)?;
    let lifecycle_url = text("lifecycleNotificationUrl").map(receiver).transpose()?;
    let mut world = context.shared.world();
    let who = principal(resource)
        .ok_or_else(|| invalid(format!("The resource '{resource}' is not supported.")))?;
    let mailbox = access::open_mailbox(context, &world, &who)?.address.clone();
    access::check_subscription(context.caller, &world, &mailbox)?;
    // Who acts for a person may watch that person's calendar, and no other however it is shared.
    let person = context.caller.person_address();
    if person.is_some_and(|person| !person.eq_ignore_ascii_case(&mailbox)) {
        return Err(GraphError::access_denied());
    }
    let now = world.clock.now();
    let active = world
        .subscriptions
        .values()
        .filter(|one| one.mailbox.eq_ignore_ascii_case(&mailbox) && one.is_active(now));
    if active.count() >= SUBSCRIPTIONS_MAX {
        return Err(GraphError::new(
            StatusCode::FORBIDDEN,
            "ExtensionError",
            format!("The limit of {SUBSCRIPTIONS_MAX} subscriptions to this mailbox is reached."),
        ));
    }
    let expires = expiry(context, body)?;
    Ok(Subscription {
        id: world.random.uuid(),
        creator: context.caller.clone(),
        resource: resource.to_owned(),
        mailbox,
        change_types: change_types(required("changeType")?)?,
        notification_url,
        lifecycle_url,
        client_state,
        expires,
        immutable_ids: context.prefer.immutable_ids,
        warned_of: None,
        has_missed: false,
        is_removed: false,
    })
}

/// The mailbox of `users/{id}/events` or `me/events`, with or without a slash in front, the calendar by name, and the id
/// in parentheses.
fn principal(resource: &str) -> Option<Principal> {
    let path = resource
        .trim_matches('/')
        .split('?')
        .next()
        .unwrap_or_default();
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let mut segments: Vec<&str> = decoded.split('/').collect();
    segments
        .pop()
        .filter(|events| events.eq_ignore_ascii_case("events"))?;
    segments.pop_if(|last| last.eq_ignore_ascii_case("calendar"));
    match segments.as_slice() {
        [me] if me.eq_ignore_ascii_case("me") => Some(Principal::Me),
        [users, id] if users.eq_ignore_ascii_case("users") => {
            Some(Principal::Named((*id).to_owned()))
        }
        [user] => {
            let (users, id) = user.split_once("('")?;
            let id = id.strip_suffix("')")?;
            users
                .eq_ignore_ascii_case("users")
                .then(|| Principal::Named(id.to_owned()))
        }
        _ => None,
    }
}

fn change_types(text: &str) -> Result<Vec<ItemChange>, GraphError> {
    let known = [
        ItemChange::Created,
        ItemChange::Updated,
        ItemChange::Deleted,
    ];
    let kind = |word: &str| {
        known
            .into_iter()
            .find(|kind| kind.name().eq_ignore_ascii_case(word.trim()))
    };
    let kinds: Option<Vec<ItemChange>> = text.split(',').map(kind).collect();
    kinds.ok_or_else(|| invalid(format!("The change type '{text}' is not supported.")))
}

/// An address that may be notified.
fn receiver(text: &str) -> Result<String, GraphError> {
    let url = Url::parse(text)
        .map_err(|_| invalid("The notification URL is not a valid URL.".to_owned()))?;
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => Ok(text.to_owned()),
        "http" if is_loopback => Ok(text.to_owned()),
        _ => Err(invalid(
            "The notification URL must use the https protocol.".to_owned(),
        )),
    }
}

/// The expiry time, raised to the minimum, and refused beyond the maximum and in the past.
fn expiry(context: &Context<'_>, body: &Value) -> Result<Timestamp, GraphError> {
    let wanted: Option<Timestamp> = body["expirationDateTime"]
        .as_str()
        .and_then(|text| text.parse().ok());
    let wanted = wanted
        .ok_or_else(|| invalid("The property 'expirationDateTime' is required.".to_owned()))?;
    let now = context.shared.clock.now();
    let minutes_max = context.shared.subscription_minutes_max;
    let latest = now
        .checked_add(i64::from(minutes_max).minutes())
        .unwrap_or(Timestamp::MAX);
    let earliest = now
        .checked_add(MINUTES_MIN.minutes())
        .unwrap_or(Timestamp::MAX);
    if wanted <= now {
        return Err(invalid(format!(
            "The property 'expirationDateTime' must be in the future; it is now {}.",
            graph_utc(now)
        )));
    }
    if wanted > latest {
        return Err(invalid(format!(
            "Subscription expiration can only be {minutes_max} minutes in the future."
        )));
    }
    Ok(wanted.max(earliest))
}

fn entity(subscription: &Subscription) -> Value {
    let kinds: Vec<&str> = subscription
        .change_types
        .iter()
        .map(|kind| kind.name())
        .collect();
    json!({
        "id": subscription.id,
        "resource": subscription.resource,
        "applicationId": subscription.creator.app,
        "creatorId": subscription.creator.object,
        "changeType": kinds.join(","),
        "clientState": subscription.client_state,
        "notificationUrl": subscription.notification_url,
        "notificationQueryOptions": null,
        "lifecycleNotificationUrl": subscription.lifecycle_url,
        "expirationDateTime": graph_utc(subscription.expires),
        "latestSupportedTlsVersion": "v1_2",
        "encryptionCertificate": null,
        "encryptionCertificateId": null,
        "includeResourceData": null,
        "notificationUrlAppId": null,
    })
}

fn validation_failed(failure: HandshakeFailure) -> GraphError {
    match failure {
        HandshakeFailure::TimedOut => GraphError::bad_request(
            "InvalidRequest",
            "Subscription validation request timed out.",
        ),
        HandshakeFailure::WrongAnswer => GraphError::bad_request(
            "ValidationError",
            "Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request.",
        ),
    }
}

fn invalid(message: String) -> GraphError {
    GraphError::bad_request("InvalidRequest", message)
}

fn not_found(id: &str) -> GraphError {
    GraphError::new(
        StatusCode::NOT_FOUND,
        "ResourceNotFound",
        format!("The object was not found: {id}."),
    )
}
