//! Events that repeat and that we write: created, found again, and read date by date.

use std::collections::BTreeSet;

use booking::event::EventRef;
use booking::ids::SeriesId;
use booking::provider::{OwnDate, ProviderError, SeriesDraft};
use booking::time::TimeRange;

use super::changing::own;
use super::convert::{instant, response, timestamp};
use super::failure::{incomplete, is_gone, mailbox_error, provider_error, whose};
use super::recurrence;
use super::writing::{DUPLICATE, event_ref};
use crate::access::Identity;
use crate::client::GraphClient;
use crate::error::GraphError;
use crate::operation::{Mailbox, PREFER_UTC};
use crate::ops::calendar_view::CalendarView;
use crate::ops::events::{CreateSeries, GetEvent, ListInstances};
use crate::types::{DraftAttendee, DraftLocation, DraftSeries, Event};

const CREATING: &str = "creating a series";
const FINDING: &str = "finding a series";
const READING: &str = "reading the dates of a series";

const MASTER_FIELDS: &str = "id,iCalUId,type,organizer,transactionId,isCancelled";
const SEARCH_FIELDS: &str = "id,seriesMasterId,type";
const EVENTS_PER_PAGE: u32 = 200;
/// Other series of the person's that are looked at when one is searched for.
const MASTERS_MAX: usize = 200;

const DATE_FIELDS: &str = "id,iCalUId,type,start,end,originalStart,isAllDay,originalStartTimeZone,isCancelled,\
     organizer,location,attendees";
/// Each carries everybody invited to it.
const DATES_PER_PAGE: u32 = 100;

pub(super) async fn create(
    client: &GraphClient,
    who: &Identity,
    mailbox: Mailbox,
    draft: &SeriesDraft,
) -> Result<EventRef, ProviderError> {
    let operation = CreateSeries {
        mailbox,
        draft: wire_draft(draft)?,
    };
    match client.send(who, &operation).await {
        Ok(event) => event_ref(CREATING, event),
        Err(GraphError::Answer(answer)) if answer.code == DUPLICATE => {
            let found = match window(draft) {
                Some(window) => find(client, who, &operation.mailbox, draft.series, window).await?,
                None => None,
            };
            found.ok_or_else(|| provider_error(CREATING, GraphError::Answer(answer)))
        }
        Err(error) => Err(mailbox_error(
            whose(who, &operation.mailbox),
            CREATING,
            error,
        )),
    }
}

/// All time in which a series has dates.
fn window(draft: &SeriesDraft) -> Option<TimeRange> {
    let (first, last) = (draft.dates.first()?, draft.dates.last()?);
    TimeRange::new(first.start(), last.end()).ok()
}

fn wire_draft(draft: &SeriesDraft) -> Result<DraftSeries, ProviderError> {
    let times = recurrence::write(&draft.pattern, &draft.zone);
    let times = times.ok_or(ProviderError::Unsupported {
        context: "a series without any date",
    })?;
    let room = draft.room.as_ref();
    Ok(DraftSeries {
        transaction_id: draft.series.to_string(),
        subject: draft.subject.clone(),
        times,
        location: room.map(|(mailbox, name)| DraftLocation {
            display_name: name.clone(),
            location_email_address: mailbox.to_string(),
        }),
        attendees: room
            .map(|(mailbox, name)| DraftAttendee::room(mailbox.as_str(), name))
            .into_iter()
            .collect(),
        allow_new_time_proposals: false,
    })
}

/// Looks among the masters of all occurrences there: nothing says that an occurrence carries its master's transaction.
pub(super) async fn find(
    client: &GraphClient,
    who: &Identity,
    mailbox: &Mailbox,
    series: SeriesId,
    window: TimeRange,
) -> Result<Option<EventRef>, ProviderError> {
    let operation = CalendarView {
        mailbox: mailbox.clone(),
        start: timestamp(window.start()),
        end: timestamp(window.end()),
        select: SEARCH_FIELDS,
        per_page: EVENTS_PER_PAGE,
    };
    let pages = client.all_pages(who, &operation, PREFER_UTC).await;
    let pages = pages.map_err(|error| mailbox_error(whose(who, mailbox), FINDING, error))?;
    let masters: BTreeSet<String> = pages
        .into_iter()
        .flat_map(|page| page.body)
        .filter_map(|event| event.0.series_master_id)
        .filter(|id| !id.is_empty())
        .collect();
    let ours = series.to_string();
    for id in masters.into_iter().take(MASTERS_MAX) {
        let reading = GetEvent {
            mailbox: mailbox.clone(),
            id,
            select: MASTER_FIELDS,
        };
        match client.send(who, &reading).await {
            Ok(master) if master.transaction_id.as_ref() == Some(&ours) => {
                return event_ref(FINDING, master).map(Some);
            }
            Ok(_) => {}
            Err(error) if is_gone(&error) => {}
            Err(error) => return Err(mailbox_error(whose(who, mailbox), FINDING, error)),
        }
    }
    Ok(None)
}

pub(super) async fn dates(
    client: &GraphClient,
    who: &Identity,
    mailbox: Mailbox,
    series: &EventRef,
    window: TimeRange,
) -> Result<Option<Vec<OwnDate>>, ProviderError> {
    let operation = ListInstances {
        mailbox,
        master_id: series.event_id.clone(),
        start: timestamp(window.start()),
        end: timestamp(window.end()),
        select: DATE_FIELDS,
        per_page: DATES_PER_PAGE,
    };
    let pages = match client.all_pages(who, &operation, PREFER_UTC).await {
        Ok(pages) => pages,
        Err(error) if is_gone(&error) => return Ok(None),
        Err(error) => {
            let whose = whose(who, &operation.mailbox);
            return Err(mailbox_error(whose, READING, error));
        }
    };
    let events = pages.into_iter().flat_map(|page| page.body);
    let standing = events.map(|event| event.0).filter(is_standing);
    standing.map(date).collect::<Result<_, _>>().map(Some)
}

fn is_standing(event: &Event) -> bool {
    event.is_cancelled != Some(true)
}

fn date(event: Event) -> Result<OwnDate, ProviderError> {
    let original = event.original_start.map(instant);
    let answers = event.attendees.iter().flatten().filter_map(|attendee| {
        let address = attendee.email_address.as_ref()?.address.clone()?;
        Some((address, response(attendee.status.as_ref())))
    });
    let answers = answers.collect();
    let own = own(event.clone())?;
    let start = original.or_else(|| own.range.map(TimeRange::start));
    Ok(OwnDate {
        event: event_ref(READING, event)?,
        original_start: start.ok_or_else(|| incomplete(READING, "originalStart"))?,
        own,
        answers,
    })
}
