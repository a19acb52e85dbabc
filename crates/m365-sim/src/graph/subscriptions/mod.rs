//! Subscriptions to calendars. <https://learn.microsoft.com/graph/api/resources/subscription>

mod body;
mod request;

use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::access::{self, Caller};
use super::error::GraphError;
use super::paging::PageSize;
use super::{Context, Outcome, paging};
use crate::message::Reply;
use crate::notify::{self, HandshakeFailure};
use crate::time_zone::graph_utc;
use crate::world::{ItemChange, World};
use body::SubscriptionInput;

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
    /// The newest version of TLS that the receiver speaks, as its owner says.
    pub(crate) tls_version: String,
    pub(crate) expires: Timestamp,
    /// Whether it was created asking for immutable ids, which its notifications then carry.
    pub(crate) immutable_ids: bool,
    /// The end of which its app was warned; a renewal moves the end on.
    pub(crate) warned_of: Option<Timestamp>,
    /// Whether its creator has lost the permission, and was told.
    pub(crate) is_blocked: bool,
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
    let input = SubscriptionInput::new(context.call.json())?;
    let subscription = request::read(context, &input)?;
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
    let mut world = context.shared.world();
    let id = find(context, &world, id)?.id;
    let input = SubscriptionInput::renewal(context.call.json())?;
    let expires = request::expiry(context, &input)?;
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
        let creator = self.creator.with_present_consent(world);
        access::check_subscription(&creator, world, &self.mailbox).is_ok()
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
        "latestSupportedTlsVersion": subscription.tls_version,
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

fn not_found(id: &str) -> GraphError {
    GraphError::new(
        StatusCode::NOT_FOUND,
        "ResourceNotFound",
        format!("The object was not found: {id}."),
    )
}
