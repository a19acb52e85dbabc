//! The settings of a mailbox, which the scenario gives. <https://learn.microsoft.com/graph/api/user-get-mailboxsettings>

use http::StatusCode;
use serde_json::{Value, json};

use super::error::GraphError;
use super::route::Principal;
use super::schedule::WorkingHours;
use super::{Context, Outcome, access, paging, query};
use crate::message::Reply;
use crate::scenario::MailboxState;
use crate::world::Mailbox;

/// `GET …/mailboxSettings` and `…/mailboxSettings/{setting}`
pub(super) fn get(context: &Context<'_>, who: &Principal, setting: Option<&str>) -> Outcome {
    let world = context.shared.world();
    let mailbox = access::find(context, &world, who)?;
    if !context.caller.is_app() && context.caller.object != mailbox.id {
        return Err(GraphError::access_denied());
    }
    if mailbox.state != MailboxState::Active {
        return Err(GraphError::mailbox_not_enabled());
    }
    let entity_set = format!("users('{}')/mailboxSettings", mailbox.id);
    let settings = settings(mailbox);
    let (entity_set, mut shown) = match setting {
        None => (entity_set, query::select(context.call, settings)),
        Some(name) => {
            let (name, value) = named(&settings, name)?;
            (format!("{entity_set}/{name}"), value)
        }
    };
    shown["@odata.context"] = json!(paging::metadata(context, &entity_set));
    Ok(Reply::json(StatusCode::OK, &shown))
}

/// One setting by its name in any case: an object as it is, anything else as the `value` of one.
fn named(settings: &Value, name: &str) -> Result<(String, Value), GraphError> {
    let mut known = settings.as_object().into_iter().flatten();
    let (name, value) = known
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .ok_or_else(|| {
            GraphError::bad_request(
                "BadRequest",
                format!("Resource not found for the segment '{name}'."),
            )
        })?;
    let value = match value {
        Value::Object(_) => value.clone(),
        plain => json!({ "value": plain }),
    };
    Ok((name.clone(), value))
}

fn settings(mailbox: &Mailbox) -> Value {
    let is_room = mailbox.room().is_some();
    json!({
        "archiveFolder": null,
        "automaticRepliesSetting": {
            "status": "disabled",
            "externalAudience": "none",
            "internalReplyMessage": "",
            "externalReplyMessage": "",
        },
        "dateFormat": "yyyy-MM-dd",
        "delegateMeetingMessageDeliveryOptions": "sendToDelegateOnly",
        "language": { "locale": "en-US", "displayName": "English (United States)" },
        "timeFormat": "HH:mm",
        "timeZone": mailbox.time_zone,
        "userPurpose": if is_room { "room" } else { "user" },
        "workingHours": WorkingHours::of(mailbox),
    })
}
