//! What a client asks for when it subscribes or renews.
//!
//! One deviation for development: a notification address may be plain http when its host is loopback. Microsoft
//! accepts https only.

use http::StatusCode;
use jiff::{Timestamp, ToSpan};
use url::{Host, Url};

use super::Subscription;
use super::body::SubscriptionInput;
use crate::graph::error::GraphError;
use crate::graph::route::Principal;
use crate::graph::{Context, access};
use crate::time_zone::graph_utc;
use crate::world::ItemChange;

/// Shorter lives are raised to this.
const MINUTES_MIN: i64 = 45;
const CLIENT_STATE_CHARS_MAX: usize = 128;
/// Active subscriptions to one mailbox, over all apps.
const SUBSCRIPTIONS_MAX: usize = 1_000;

/// What a body asks for, if its sender may have it.
pub(super) fn read(
    context: &Context<'_>,
    input: &SubscriptionInput,
) -> Result<Subscription, GraphError> {
    let resource = required("resource", input.resource.as_ref())?;
    let client_state = input.client_state.clone();
    if client_state
        .as_ref()
        .is_some_and(|state| state.chars().count() > CLIENT_STATE_CHARS_MAX)
    {
        return Err(invalid(
            "clientState must not be longer than 128 characters.".to_owned(),
        ));
    }
    let notification_url = required("notificationUrl", input.notification_url.as_ref())?;
    let notification_url = receiver(notification_url)?;
    let lifecycle_url = input.lifecycle_notification_url.as_deref();
    let lifecycle_url = lifecycle_url.map(receiver).transpose()?;
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
    let expires = expiry(context, input)?;
    let change_type = required("changeType", input.change_type.as_ref())?;
    let tls_version = input.latest_supported_tls_version.clone();
    Ok(Subscription {
        id: world.random.uuid(),
        creator: context.caller.clone(),
        resource: resource.to_owned(),
        mailbox,
        change_types: change_types(change_type)?,
        notification_url,
        lifecycle_url,
        client_state,
        tls_version: tls_version.unwrap_or_else(|| "v1_2".to_owned()),
        expires,
        immutable_ids: context.prefer.immutable_ids,
        warned_of: None,
        is_blocked: false,
        has_missed: false,
        is_removed: false,
    })
}

fn required<'a>(name: &str, value: Option<&'a String>) -> Result<&'a str, GraphError> {
    let value = value.map(String::as_str);
    value.ok_or_else(|| invalid(format!("The property '{name}' is required.")))
}

/// The mailbox of `users/{id}/events` or `me/events`, with or without a slash in front, the calendar by name, and the id
/// in parentheses.
fn principal(resource: &str) -> Option<Principal> {
    let path = resource.trim_matches('/');
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
    let is_plain = |kinds: &Vec<ItemChange>| {
        let mut known = known.into_iter();
        known.all(|kind| kinds.iter().filter(|one| **one == kind).count() <= 1)
    };
    kinds
        .filter(is_plain)
        .ok_or_else(|| invalid(format!("The change type '{text}' is not supported.")))
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
pub(super) fn expiry(
    context: &Context<'_>,
    input: &SubscriptionInput,
) -> Result<Timestamp, GraphError> {
    let wanted = input.expiration_date_time.as_deref();
    let wanted: Option<Timestamp> = wanted.and_then(|text| text.parse().ok());
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

fn invalid(message: String) -> GraphError {
    GraphError::bad_request("InvalidRequest", message)
}
