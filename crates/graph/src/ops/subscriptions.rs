//! Subscriptions to changes in calendars.

use http::{Method, Request};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use url::Url;

use crate::error::GraphError;
use crate::operation::{Nothing, Operation, Repeat, bare, endpoint, json};
use crate::types::Subscription;

/// Longest life of a subscription to events, in minutes: a little under three days.
///
/// See <https://learn.microsoft.com/graph/api/resources/subscription#subscription-lifetime>.
pub const LIFE_MIN_MAX: i64 = 4_230;

/// Asks to be told of every change of a mailbox's events.
///
/// See <https://learn.microsoft.com/graph/api/subscription-post-subscriptions>.
#[derive(Clone, Debug)]
pub struct CreateSubscription {
    /// The mailbox's address.
    pub mailbox: String,
    /// Where changes are posted.
    pub notification_url: String,
    /// Where news of the subscription itself are posted.
    pub lifecycle_notification_url: String,
    /// Comes back in each notification; at most 128 characters.
    pub client_state: SecretString,
    /// When it shall end, at most [`LIFE_MIN_MAX`] from now.
    pub until: Timestamp,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SubscriptionBody<'a> {
    change_type: &'static str,
    notification_url: &'a str,
    lifecycle_notification_url: &'a str,
    resource: String,
    expiration_date_time: Timestamp,
    client_state: &'a str,
    latest_supported_tls_version: &'static str,
}

impl Operation for CreateSubscription {
    const METHOD: Method = Method::POST;
    // A repeat would make a second subscription, and every change would be told twice.
    const REPEAT: Repeat = Repeat::OnlyIfRefused;
    type Response = Subscription;

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        let body = SubscriptionBody {
            change_type: "created,updated,deleted",
            notification_url: &self.notification_url,
            lifecycle_notification_url: &self.lifecycle_notification_url,
            resource: format!("users/{}/events", self.mailbox),
            expiration_date_time: self.until,
            client_state: self.client_state.expose_secret(),
            latest_supported_tls_version: "v1_2",
        };
        json::<Self>(&endpoint(base, &["subscriptions"]), "", &body)
    }
}

/// Prolongs a subscription, which also answers a demand to reauthorize it.
///
/// See <https://learn.microsoft.com/graph/api/subscription-update>.
#[derive(Clone, Debug)]
pub struct RenewSubscription {
    /// Its id.
    pub id: String,
    /// When it shall end, at most [`LIFE_MIN_MAX`] from now.
    pub until: Timestamp,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RenewBody {
    expiration_date_time: Timestamp,
}

impl Operation for RenewSubscription {
    const METHOD: Method = Method::PATCH;
    const REPEAT: Repeat = Repeat::Safe;
    type Response = Subscription;

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        let body = RenewBody {
            expiration_date_time: self.until,
        };
        json::<Self>(&endpoint(base, &["subscriptions", &self.id]), "", &body)
    }
}

/// Ends a subscription.
///
/// See <https://learn.microsoft.com/graph/api/subscription-delete>.
#[derive(Clone, Debug)]
pub struct DeleteSubscription {
    /// Its id.
    pub id: String,
}

impl Operation for DeleteSubscription {
    const METHOD: Method = Method::DELETE;
    const REPEAT: Repeat = Repeat::Safe;
    type Response = Nothing;

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        bare::<Self>(&endpoint(base, &["subscriptions", &self.id]), "")
    }
}
