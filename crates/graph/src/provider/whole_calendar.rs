//! A room's calendar as a whole, read without a cursor.

use booking::ids::MailboxAddress;
use booking::provider::{MailboxRole, ProviderError, RoomResponse, WholeCalendar};
use booking::time::TimeRange;

use super::convert::{taken, timestamp};
use super::failure::mailbox_error;
use super::mailbox;
use crate::access::Identity;
use crate::client::GraphClient;
use crate::operation::PREFER_UTC;
use crate::ops::calendar_view::CalendarView;

const EVENTS_PER_PAGE: u32 = 200;
const FIELDS: &str = "id,iCalUId,type,seriesMasterId,start,end,isAllDay,originalStartTimeZone,showAs,\
     isCancelled,responseStatus,organizer";

pub(super) async fn read(
    client: &GraphClient,
    room: &MailboxAddress,
    window: TimeRange,
) -> Result<WholeCalendar, ProviderError> {
    let operation = CalendarView {
        mailbox: mailbox(room),
        start: timestamp(window.start()),
        end: timestamp(window.end()),
        select: FIELDS,
        per_page: EVENTS_PER_PAGE,
    };
    let pages = client
        .all_pages(&Identity::Application, &operation, PREFER_UTC)
        .await;
    let pages = pages.map_err(|error| {
        mailbox_error(MailboxRole::Room, "reading a room's whole calendar", error)
    })?;
    let mut whole = WholeCalendar::default();
    for event in pages.iter().flat_map(|page| &page.body) {
        let series = event.0.series_master_id.as_deref();
        let taken = taken(&event.0, series.filter(|id| !id.is_empty()));
        if taken.is_unclear && event.0.id.is_empty() {
            whole.has_nameless = true;
        } else if taken.is_unclear {
            whole.unclear.insert(event.0.id.clone());
        }
        let busy = taken.busy;
        whole.busy.extend(
            busy.filter(|(_, response)| *response != RoomResponse::Declined)
                .map(|(busy, _)| busy),
        );
    }
    Ok(whole)
}
