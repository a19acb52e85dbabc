//! Change and lifecycle notifications, and the handshake that comes before a subscription.
//! <https://learn.microsoft.com/graph/change-notifications-delivery-webhooks>

pub(crate) mod endpoint_health;

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::exchange::Exchange;
use crate::random::{change_key, immutable_id};
use crate::shared::Shared;
use crate::stepping::Step;
use crate::time_zone::graph_utc;
use crate::world::item::Item;
use crate::world::{ItemChange, World};

/// How long a receiver has to echo the validation token.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a receiver has to answer a notification.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(3);

/// Something to tell one subscriber.
#[derive(Debug, Clone)]
pub(crate) struct Notification {
    pub(crate) subscription: Uuid,
    pub(crate) news: News,
    /// How often it was posted already.
    pub(crate) attempt: u32,
    /// When it was posted first; `None` while it was not.
    pub(crate) first_posted: Option<Timestamp>,
    /// Whether it waited because its receiver is slow.
    pub(crate) is_delayed: bool,
}

/// What is told.
#[derive(Debug, Clone)]
pub(crate) enum News {
    Change {
        kind: ItemChange,
        item_id: String,
        change: u64,
    },
    /// `missed`, `subscriptionRemoved` or `reauthorizationRequired`.
    Lifecycle(&'static str),
}

impl World {
    /// Whether a notification that waited is still to be told: its subscription is there and not over, and of a change
    /// its creator may read.
    pub(crate) fn is_wanted(&self, notification: &Notification) -> bool {
        let now = self.clock.now();
        let known = self.subscriptions.get(&notification.subscription);
        known.is_some_and(|one| match notification.news {
            News::Change { .. } => one.is_active(now) && one.is_permitted(self),
            News::Lifecycle(_) => one.expires > now,
        })
    }

    /// Queues a notification for every subscription that wants to hear of this change.
    pub(crate) fn announce(&mut self, mailbox: &str, item: &Item, kind: ItemChange) {
        let now = self.clock.now();
        let interested: Vec<Uuid> = self
            .subscriptions
            .values()
            .filter(|subscription| {
                subscription.mailbox.eq_ignore_ascii_case(mailbox)
                    && subscription.is_active(now)
                    && subscription.change_types.contains(&kind)
                    && subscription.is_permitted(self)
            })
            .map(|subscription| subscription.id)
            .collect();
        for subscription in interested {
            let news = News::Change {
                kind,
                item_id: item.id.clone(),
                change: item.change,
            };
            self.steps.push(Step::Notify(Notification {
                subscription,
                news,
                attempt: 0,
                first_posted: None,
                is_delayed: false,
            }));
        }
    }
}

/// Posts notifications for one receiver at once and returns its status; `None` when there is nobody to post to or no
/// answer.
pub(crate) async fn post(shared: &Shared, notifications: &[Notification]) -> Option<u16> {
    let composed: Vec<(String, Value)> = {
        let world = shared.world();
        let entries = notifications.iter();
        entries
            .filter_map(|notification| compose(&world, notification))
            .collect()
    };
    let url = composed.first()?.0.clone();
    let entries: Vec<Value> = composed.into_iter().map(|(_, entry)| entry).collect();
    let body = json!({ "value": entries });
    let request = shared
        .notification_client
        .post(&url)
        .json(&body)
        .timeout(DELIVERY_TIMEOUT);
    let answered = request.send().await.ok();
    let status = answered.map(|response| response.status().as_u16());
    if let Some(observer) = &shared.observer {
        observer(&Exchange::notification(url, body, status));
    }
    status
}

/// Where a notification goes, and its entry in the body.
fn compose(world: &World, notification: &Notification) -> Option<(String, Value)> {
    let subscription = world.subscriptions.get(&notification.subscription)?;
    let mut entry = json!({
        "subscriptionId": subscription.id,
        "subscriptionExpirationDateTime": graph_utc(subscription.expires),
        "clientState": subscription.client_state,
        "tenantId": subscription.creator.tenant,
    });
    let url = match &notification.news {
        News::Change {
            kind,
            item_id,
            change,
        } => {
            let item_id = if subscription.immutable_ids {
                &immutable_id(item_id)
            } else {
                item_id
            };
            let owner = world.mailbox(&subscription.mailbox)?.id;
            let resource = format!("Users/{owner}/Events/{item_id}");
            entry["changeType"] = json!(kind.name());
            entry["resource"] = json!(resource);
            entry["resourceData"] = json!({
                "@odata.type": "#Microsoft.Graph.Event",
                "@odata.id": resource,
                "@odata.etag": format!("W/\"{}\"", change_key(*change)),
                "id": item_id,
            });
            &subscription.notification_url
        }
        News::Lifecycle(event) => {
            entry["lifecycleEvent"] = json!(event);
            subscription.lifecycle_url.as_ref()?
        }
    };
    Some((url.clone(), entry))
}

/// Why a receiver did not prove itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HandshakeFailure {
    TimedOut,
    WrongAnswer,
}

/// Asks a receiver to echo a token, as Graph does before it creates a subscription.
pub(crate) async fn shake_hands(
    shared: &Shared,
    url: &str,
    token: &str,
) -> Result<(), HandshakeFailure> {
    let Ok(mut target) = url::Url::parse(url) else {
        return Err(HandshakeFailure::WrongAnswer);
    };
    target
        .query_pairs_mut()
        .append_pair("validationToken", token);
    let request = shared
        .notification_client
        .post(target)
        .header("content-type", "text/plain; charset=utf-8")
        .timeout(HANDSHAKE_TIMEOUT);
    let answered = async {
        let response = request.send().await?;
        let is_ok = response.status().as_u16() == 200;
        let content_type = response
            .headers()
            .get("content-type")
            .and_then(|value| value.to_str().ok());
        let is_plain = content_type.is_some_and(|value| value.starts_with("text/plain"));
        let echoed = read_at_most(response, token.len()).await?;
        Ok::<_, reqwest::Error>((is_ok && is_plain, echoed))
    };
    match answered.await {
        Ok((true, Some(echoed))) if echoed == token.as_bytes() => Ok(()),
        Ok(_) => Err(HandshakeFailure::WrongAnswer),
        Err(error) if error.is_timeout() => Err(HandshakeFailure::TimedOut),
        Err(_) => Err(HandshakeFailure::WrongAnswer),
    }
}

/// The body of an answer; `None`, and the rest unread, when it is longer.
async fn read_at_most(
    mut response: reqwest::Response,
    bytes_max: usize,
) -> Result<Option<Vec<u8>>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > bytes_max {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}
