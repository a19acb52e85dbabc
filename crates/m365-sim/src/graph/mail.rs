//! Sending mail. <https://learn.microsoft.com/graph/api/user-sendmail>
//!
//! Nobody here may send in another's name: neither Full Access nor Send As is part of a scenario.
//! <https://learn.microsoft.com/graph/outlook-send-mail-from-other-user>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::access;
use super::error::GraphError;
use super::read_only;
use super::route::Principal;
use super::truth::truth;
use super::words::{self, word};
use super::{Context, Outcome};
use crate::message::{Call, Reply};
use crate::scenario::MailboxState;
use crate::world::{LetterView, Mailbox, World};

/// What can be written of a message. The names of the others are in [`read_only`].
/// <https://learn.microsoft.com/graph/api/resources/message>
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct MessageBody {
    subject: Option<String>,
    body: Option<BodyInput>,
    to_recipients: Option<Vec<Recipient>>,
    cc_recipients: Option<Vec<Recipient>>,
    bcc_recipients: Option<Vec<Recipient>>,
    from: Option<Recipient>,
    sender: Option<Recipient>,
    importance: Option<String>,
    attachments: Option<Vec<Attachment>>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct BodyInput {
    content_type: Option<String>,
    content: Option<String>,
}

/// <https://learn.microsoft.com/graph/api/resources/recipient>
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Recipient {
    email_address: EmailAddress,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct EmailAddress {
    address: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Attachment {
    name: Option<String>,
}

/// The parameters of the action, whose names are taken in any case.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase", default)]
struct Parameters {
    message: Option<Value>,
    #[serde(deserialize_with = "truth")]
    savetosentitems: Option<bool>,
}

/// `POST /me/sendMail` and `POST /users/{id}/sendMail`
pub(super) fn send(context: &Context<'_>, who: &Principal) -> Outcome {
    let (message, saved) = read(context.call)?;
    let mut world = context.shared.world();
    let from = open(context, &world, who)?.address.clone();
    if message.sends_as_another(&from) {
        return Err(send_as_denied());
    }
    let letter = LetterView {
        from,
        to: addresses(message.to_recipients)?,
        cc: addresses(message.cc_recipients)?,
        bcc: addresses(message.bcc_recipients)?,
        subject: message.subject.unwrap_or_default(),
        content_type: content_type(message.body.as_ref())?.to_owned(),
        content: message
            .body
            .and_then(|body| body.content)
            .unwrap_or_default(),
        attachments: names(message.attachments),
        sent: world.clock.now(),
        is_saved: saved,
        undelivered: Vec::new(),
    };
    if letter.recipients().next().is_none() {
        return Err(invalid_recipients(
            "A message can't be sent because it contains no recipients.",
        ));
    }
    if let Some(importance) = &message.importance {
        word(words::IMPORTANCE, importance)?;
    }
    world.send_mail(letter);
    Ok(Reply::empty(StatusCode::ACCEPTED))
}

/// The message, and whether its sender keeps it.
fn read(call: &Call) -> Result<(MessageBody, bool), GraphError> {
    let media = call.header("content-type").unwrap_or_default();
    if media.to_ascii_lowercase().starts_with("text/plain") {
        return Err(of_mime(call));
    }
    let body = call
        .json()
        .and_then(|json| json.as_object().cloned())
        .ok_or_else(|| GraphError::unreadable_body("it is empty or no JSON object"))?;
    let in_lower_case = body
        .into_iter()
        .map(|(name, value)| (name.to_lowercase(), value));
    let parameters: Map<String, Value> = in_lower_case.collect();
    let parameters: Parameters =
        serde_json::from_value(parameters.into()).map_err(GraphError::unreadable_body)?;
    let message = parameters.message.filter(|message| !message.is_null());
    let message = message.ok_or_else(|| {
        GraphError::bad_request(
            "ErrorInvalidRequest",
            "The required parameter 'Message' is missing.",
        )
    })?;
    let message: MessageBody =
        serde_json::from_value(message).map_err(GraphError::unreadable_body)?;
    read_only::check_message(&message.rest)?;
    Ok((message, parameters.savetosentitems.unwrap_or(true)))
}

/// A message written as MIME has to be base64; more of it is not simulated.
fn of_mime(call: &Call) -> GraphError {
    let text: Vec<u8> = call
        .body
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    match STANDARD.decode(text) {
        Ok(mime) if !mime.is_empty() => GraphError::not_implemented(),
        _ => GraphError::bad_request(
            "ErrorMimeContentInvalidBase64String",
            "Invalid base64 string for MIME content.",
        ),
    }
}

/// The mailbox to send from, if the caller may.
fn open<'a>(
    context: &Context<'_>,
    world: &'a World,
    who: &Principal,
) -> Result<&'a Mailbox, GraphError> {
    let mailbox = access::find(context, world, who)?;
    if mailbox.state != MailboxState::Active {
        return Err(GraphError::mailbox_not_enabled());
    }
    let person = context.caller.person_address();
    if person.is_some_and(|person| !mailbox.address.eq_ignore_ascii_case(person)) {
        return Err(GraphError::access_denied());
    }
    Ok(mailbox)
}

impl MessageBody {
    /// Whether it is to come from somebody else than the owner of the mailbox.
    fn sends_as_another(&self, own: &str) -> bool {
        let named = [&self.from, &self.sender].into_iter().flatten();
        let mut addresses = named.filter_map(|one| one.email_address.address.as_deref());
        addresses.any(|address| !address.eq_ignore_ascii_case(own))
    }
}

fn send_as_denied() -> GraphError {
    GraphError::new(
        StatusCode::FORBIDDEN,
        "ErrorSendAsDenied",
        "The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account. Cannot submit message.",
    )
}

fn addresses(recipients: Option<Vec<Recipient>>) -> Result<Vec<String>, GraphError> {
    let all = recipients.into_iter().flatten();
    all.map(|one| {
        let address = one.email_address.address.unwrap_or_default();
        let address = address.trim();
        if is_address(address) {
            Ok(address.to_owned())
        } else {
            Err(invalid_recipients(&format!(
                "Recipient '{address}' is not resolved. All recipients must be resolved before a message can be submitted."
            )))
        }
    })
    .collect()
}

/// One address, and not several in one text.
fn is_address(text: &str) -> bool {
    let parts: Vec<&str> = text.split('@').collect();
    let is_split = text.contains([' ', ';', ',', '<', '>']);
    matches!(parts.as_slice(), [local, domain] if !local.is_empty() && !domain.is_empty())
        && !is_split
}

fn invalid_recipients(why: &str) -> GraphError {
    GraphError::bad_request(
        "ErrorInvalidRecipients",
        format!("At least one recipient is not valid., {why}"),
    )
}

fn content_type(body: Option<&BodyInput>) -> Result<&'static str, GraphError> {
    let written = body.and_then(|body| body.content_type.as_deref());
    word(words::BODY_TYPE, written.unwrap_or("text"))
}

fn names(attachments: Option<Vec<Attachment>>) -> Vec<String> {
    let all = attachments.into_iter().flatten();
    all.map(|one| one.name.unwrap_or_default()).collect()
}
