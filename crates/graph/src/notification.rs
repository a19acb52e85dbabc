//! What Graph posts to us: the validation handshake, change notifications and lifecycle notifications.
//!
//! A notification is a nudge, never data: only the subscription, the client state and the kind are read.
//! See <https://learn.microsoft.com/graph/change-notifications-delivery-webhooks>.

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

/// The token of a validation handshake, decoded; to be sent back as plain text with status 200 within ten seconds.
/// `None`: the request is no handshake.
///
/// The token is free text chosen by Graph, so it must never be sent back as HTML.
pub fn validation_token(query: Option<&str>) -> Option<String> {
    let (_, token) = url::form_urlencoded::parse(query?.as_bytes())
        .find(|(name, _)| name.eq_ignore_ascii_case("validationToken"))?;
    Some(token.into_owned())
}

/// The notifications of one post, which may belong to several subscriptions.
#[derive(Debug, Default)]
pub struct Notifications {
    /// Those that could be read, in the order they were posted.
    pub readable: Vec<Notification>,
    /// How many could not be read; the others count all the same.
    pub unreadable: u32,
}

/// One notification.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    /// The subscription that causes it.
    pub subscription_id: String,
    /// What the subscription was given to be known by; to be compared in constant time. `None`: nothing, so it must be
    /// dropped.
    pub client_state: Option<SecretString>,
    /// What happened to the subscription itself. `None`: this is a change notification.
    pub lifecycle_event: Option<LifecycleEvent>,
}

/// What happened to a subscription.
///
/// See <https://learn.microsoft.com/graph/change-notifications-lifecycle-events>.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LifecycleEvent {
    /// It must be renewed, or will be silent.
    ReauthorizationRequired,
    /// It is gone: make a new one and read again.
    SubscriptionRemoved,
    /// Notifications were lost: read again.
    Missed,
    /// A word that is not known: read again to be safe.
    #[serde(other)]
    Unknown,
}

#[derive(Deserialize)]
struct Post {
    value: Vec<Value>,
}

impl Notifications {
    /// Reads the body of a post. One notification that cannot be read does not hide the others.
    ///
    /// # Errors
    /// When the body is not a collection at all.
    pub fn read(body: &[u8]) -> Result<Self, serde_json::Error> {
        let post: Post = serde_json::from_slice(body)?;
        let mut notifications = Self::default();
        for value in post.value {
            match serde_json::from_value(value) {
                Ok(notification) => notifications.readable.push(notification),
                Err(_) => notifications.unreadable += 1,
            }
        }
        Ok(notifications)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_validation_token_is_decoded() {
        let query = "validationToken=Validation%3A+Testing+%3Cb%3E&x=1";
        assert_eq!(
            validation_token(Some(query)).as_deref(),
            Some("Validation: Testing <b>")
        );
        assert_eq!(validation_token(Some("x=1")), None);
        assert_eq!(validation_token(None), None);
    }

    #[test]
    fn an_unreadable_notification_does_not_hide_the_others() {
        let body = br#"{"value":[{"nonsense":1},
            {"subscriptionId":"s-1","clientState":"open sesame","changeType":"updated",
             "resource":"Users/1/Events/2","resourceData":{"id":"2"}},
            {"subscriptionId":"s-2","clientState":"x","lifecycleEvent":"missed"},
            {"subscriptionId":"s-3","lifecycleEvent":"newlyInvented"}]}"#;
        let read = Notifications::read(body).unwrap();
        assert_eq!(read.unreadable, 1);
        let kinds: Vec<_> = read
            .readable
            .iter()
            .map(|one| (one.subscription_id.as_str(), one.lifecycle_event))
            .collect();
        assert_eq!(
            kinds,
            [
                ("s-1", None),
                ("s-2", Some(LifecycleEvent::Missed)),
                ("s-3", Some(LifecycleEvent::Unknown))
            ]
        );
        assert!(Notifications::read(b"[]").is_err());
    }
}
