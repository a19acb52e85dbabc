//! Messages, as they are sent.

use serde::Serialize;

use super::event_draft::DraftAddress;

/// What sending takes.
///
/// See <https://learn.microsoft.com/graph/api/user-sendmail#request-body>.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OutgoingMail {
    /// The message.
    pub message: Message,
    /// Whether its sender's mailbox keeps it in Sent Items.
    pub save_to_sent_items: bool,
}

/// A message.
///
/// See <https://learn.microsoft.com/graph/api/resources/message>.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Subject.
    pub subject: String,
    /// What it says.
    pub body: TextBody,
    /// For whom it is. With nobody it is refused.
    pub to_recipients: Vec<To>,
}

/// A body.
///
/// See <https://learn.microsoft.com/graph/api/resources/itembody>.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TextBody {
    /// Always `text` here.
    pub content_type: &'static str,
    /// The text.
    pub content: String,
}

/// Somebody it is for.
///
/// See <https://learn.microsoft.com/graph/api/resources/recipient>.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct To {
    /// Their address.
    pub email_address: DraftAddress,
}
