//! Letters from the booking mailbox. They go by the application's own `Mail.Send`, whoever else books from that mailbox.

use booking::ids::MailboxAddress;
use booking::provider::{Letter, MailboxRole, Posted, ProviderError};
use http::StatusCode;

use super::failure::mailbox_error;
use crate::access::Identity;
use crate::client::GraphClient;
use crate::error::{GraphError, Peer};
use crate::operation::Mailbox;
use crate::ops::mail::SendMail;
use crate::types::{DraftAddress, Message, OutgoingMail, TextBody, To};

const SENDING: &str = "sending a letter";
const TRYING: &str = "trying whether letters can be sent";

/// Graph's code for a message that is for nobody.
const NO_RECIPIENTS: &str = "ErrorInvalidRecipients";

pub(super) async fn send(
    client: &GraphClient,
    from: &MailboxAddress,
    letter: &Letter,
) -> Result<Posted, ProviderError> {
    let operation = operation(from, letter, Some(&letter.to));
    match client.send(&Identity::Application, &operation).await {
        Ok(_) => Ok(Posted::Taken),
        Err(error) if is_refusal(&error) => {
            Err(mailbox_error(MailboxRole::Booking, SENDING, error))
        }
        Err(error) => {
            tracing::debug!(%error, "It is not known whether a letter was taken.");
            Ok(Posted::Unclear)
        }
    }
}

/// Tries with a letter to nobody, which is refused for that alone where everything else is right.
pub(super) async fn check(
    client: &GraphClient,
    from: &MailboxAddress,
) -> Result<(), ProviderError> {
    let nothing = Letter {
        to: from.clone(),
        subject: String::new(),
        text: String::new(),
    };
    let operation = operation(from, &nothing, None);
    match client.send(&Identity::Application, &operation).await {
        Ok(_) => Ok(()),
        Err(GraphError::Answer(answer)) if answer.code == NO_RECIPIENTS => Ok(()),
        Err(error) => Err(mailbox_error(MailboxRole::Booking, TRYING, error)),
    }
}

fn operation(from: &MailboxAddress, letter: &Letter, to: Option<&MailboxAddress>) -> SendMail {
    let recipient = |to: &MailboxAddress| To {
        email_address: DraftAddress {
            address: to.as_str().to_owned(),
            name: None,
        },
    };
    SendMail {
        mailbox: Mailbox::Address(from.as_str().to_owned()),
        mail: OutgoingMail {
            message: Message {
                subject: letter.subject.clone(),
                body: TextBody {
                    content_type: "text",
                    content: letter.text.clone(),
                },
                to_recipients: to.map(recipient).into_iter().collect(),
            },
            // It names who sat where and when: no mailbox need gather that.
            save_to_sent_items: false,
        },
    }
}

/// Whether it is certain that the message did not go: it was refused, or never handed over.
fn is_refusal(error: &GraphError) -> bool {
    match error {
        GraphError::Answer(answer) => {
            let names_a_time = answer.retry_after.is_some();
            match answer.status {
                StatusCode::REQUEST_TIMEOUT => false,
                StatusCode::SERVICE_UNAVAILABLE => names_a_time,
                status => status.is_client_error(),
            }
        }
        GraphError::Unreachable(Peer::Graph, error) => error.is_connect(),
        GraphError::Truncated { .. } | GraphError::Decode { .. } | GraphError::TooLarge { .. } => {
            false
        }
        _ => true,
    }
}
