//! A room that declines in its own name, by the application's permission to write in its calendar.

use booking::event::EventRef;
use booking::ids::MailboxAddress;
use booking::provider::{MailboxRole, ProviderError};
use booking::time::TimeRange;

use super::convert::timestamp;
use super::failure::{is_gone, mailbox_error};
use super::mailbox;
use crate::access::Identity;
use crate::client::GraphClient;
use crate::operation::PREFER_UTC;
use crate::ops::calendar_view::CalendarView;
use crate::ops::respond::DeclineEvent;

const LOOKING: &str = "looking for a meeting in its room's calendar";
const DECLINING: &str = "making a room decline";

const EVENTS_PER_PAGE: u32 = 50;
const FIELDS: &str = "id,iCalUId,start,end,isCancelled";
/// What the organizer reads beside the room's answer.
const COMMENT: &str = "The room was given back in Etage.";

/// Every mailbox has its own id for a meeting, so the room's is looked up by what all copies share.
pub(super) async fn decline(
    client: &GraphClient,
    room: &MailboxAddress,
    event: &EventRef,
    range: TimeRange,
) -> Result<(), ProviderError> {
    let view = CalendarView {
        mailbox: mailbox(room),
        start: timestamp(range.start()),
        end: timestamp(range.end()),
        select: FIELDS,
        per_page: EVENTS_PER_PAGE,
    };
    let who = Identity::Application;
    let pages = client.all_pages(&who, &view, PREFER_UTC).await;
    let pages = pages.map_err(|error| mailbox_error(MailboxRole::Room, LOOKING, error))?;
    let mut events = pages.iter().flat_map(|page| &page.body);
    let found = events.find(|one| {
        one.0.ical_uid.as_deref() == Some(event.ical_uid.as_str())
            && one.0.is_cancelled != Some(true)
    });
    let Some(copy) = found else {
        return Err(ProviderError::NotFound {
            context: format!("{LOOKING}: it has none with that identifier then"),
        });
    };
    let operation = DeclineEvent {
        mailbox: mailbox(room),
        id: copy.0.id.clone(),
        comment: COMMENT,
    };
    match client.send(&who, &operation).await {
        Ok(_) => Ok(()),
        // Somebody was quicker, or an attempt before this one was carried out.
        Err(error) if is_gone(&error) => Ok(()),
        Err(error) => Err(mailbox_error(MailboxRole::Room, DECLINING, error)),
    }
}
