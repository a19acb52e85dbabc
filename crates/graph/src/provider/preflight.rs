//! Whether something could be written now, found out without writing it.

use booking::provider::{MailboxFault, ProviderError};

use super::failure::{mailbox_error, whose};
use crate::access::Identity;
use crate::client::GraphClient;
use crate::operation::Mailbox;
use crate::ops::calendars::GetCalendar;

const DOING: &str = "looking whether a calendar can be written";

pub(super) async fn preflight(
    client: &GraphClient,
    who: &Identity,
    mailbox: Mailbox,
) -> Result<(), ProviderError> {
    let whose = whose(who, &mailbox);
    match client.send(who, &GetCalendar { mailbox }).await {
        // Who may only read it learns of that here, and not by an event that is refused.
        Ok(calendar) if calendar.can_edit == Some(false) => Err(ProviderError::Mailbox {
            whose,
            fault: MailboxFault::NotGranted,
            context: format!("{DOING}: it may only be read"),
        }),
        Ok(_) => Ok(()),
        Err(error) => Err(mailbox_error(whose, DOING, error)),
    }
}
