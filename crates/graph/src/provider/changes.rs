//! What changed in a room's calendar.
//!
//! A round of changes tells single events in full, but occurrences of series bare, and not always: deleting one
//! occurrence shows only as a change of its master. So whenever a page speaks of a series in any way, the whole series
//! is read again for the window, and handed on as [`EventChange::Series`].

use std::collections::BTreeSet;

use booking::ids::MailboxAddress;
use booking::provider::{ChangePage, EventChange, Next, ProviderError, SyncCursor};
use booking::time::TimeRange;
use futures::{StreamExt, TryStreamExt, stream};

use super::convert::{busy_time, timestamp};
use super::failure::incomplete;
use super::{mailbox, provider_error};
use crate::access::Identity;
use crate::answer::Answered;
use crate::client::GraphClient;
use crate::error::GraphError;
use crate::operation::PREFER_UTC;
use crate::ops::calendar_view::{CalendarViewDelta, PREFER_CHANGES};
use crate::ops::events::ListInstances;
use crate::page::{FollowLink, Page, own_link};
use crate::types::{Event, EventType};

const DOING: &str = "reading a room's changes";
/// Series of one page that are read at the same time; leaves one of the mailbox's four places to others.
const SERIES_AT_ONCE: usize = 3;
const OCCURRENCES_PER_PAGE: u32 = 200;
const OCCURRENCE_FIELDS: &str = "id,iCalUId,type,seriesMasterId,start,end,isAllDay,originalStartTimeZone,showAs,\
     isCancelled,responseStatus,organizer";

pub(super) async fn read(
    client: &GraphClient,
    room: &MailboxAddress,
    window: TimeRange,
    since: Option<&SyncCursor>,
) -> Result<ChangePage, ProviderError> {
    let page = page(client, room, window, since).await?;
    let next = next(client, &page)?;
    let told = page.read(|page| Told::sort(page.value));
    let told = told.map_err(|error| provider_error(DOING, error))?;
    let series: Vec<EventChange> = stream::iter(told.series_ids)
        .map(|series_id| read_series(client, room, window, series_id))
        .buffered(SERIES_AT_ONCE)
        .try_collect()
        .await?;
    let mut changes = told.changes;
    changes.extend(series);
    Ok(ChangePage { changes, next })
}

async fn page(
    client: &GraphClient,
    room: &MailboxAddress,
    window: TimeRange,
    since: Option<&SyncCursor>,
) -> Result<Answered<Page<Event>>, ProviderError> {
    let who = Identity::Application;
    let answer = match since {
        None => {
            let operation = CalendarViewDelta {
                mailbox: mailbox(room),
                start: timestamp(window.start()),
                end: timestamp(window.end()),
            };
            client.answer_to(&who, &operation).await
        }
        Some(SyncCursor(link)) => {
            let follow = FollowLink::<Event>::new(link, Some(mailbox(room)), PREFER_CHANGES);
            client.answer_to(&who, &follow).await
        }
    };
    answer.map_err(|error| match error {
        // The connection was pointed at another Graph since the cursor was kept.
        GraphError::ForeignLink { .. } => ProviderError::CursorExpired,
        other => provider_error(DOING, other),
    })
}

fn next(client: &GraphClient, page: &Answered<Page<Event>>) -> Result<Next, ProviderError> {
    let next = match (&page.body.next_link, &page.body.delta_link) {
        (Some(link), _) => Next::More(SyncCursor(link.clone())),
        (None, Some(link)) => Next::Done(SyncCursor(link.clone())),
        (None, None) => return Err(incomplete(DOING, "next link or delta link")),
    };
    let (Next::More(SyncCursor(link)) | Next::Done(SyncCursor(link))) = &next;
    match own_link(client.base(), link) {
        Ok(_) => Ok(next),
        Err(error) => {
            let error = error.of_request(page.request_id.as_deref());
            Err(provider_error(DOING, error))
        }
    }
}

/// What a page tells: finished changes, and series that must be read.
#[derive(Default)]
pub(super) struct Told {
    changes: Vec<EventChange>,
    series_ids: BTreeSet<String>,
}

impl Told {
    pub(super) fn sort(events: Vec<Event>) -> Result<Self, GraphError> {
        let mut told = Self::default();
        for event in events.into_iter().filter(|event| !event.id.is_empty()) {
            let is_master = event.kind == Some(EventType::SeriesMaster);
            if event.removed.is_some() {
                told.series_ids.remove(&event.id);
                told.changes.push(EventChange::Gone { event_id: event.id });
            } else if is_master {
                told.series_ids.insert(event.id);
            } else if let Some(master) = event.series_master_id.filter(|id| !id.is_empty()) {
                told.series_ids.insert(master);
            } else {
                told.changes.push(single(&Event {
                    series_master_id: None,
                    ..event
                })?);
            }
        }
        Ok(told)
    }
}

fn single(event: &Event) -> Result<EventChange, GraphError> {
    Ok(match busy_time(event, None)? {
        Some((busy, response)) => EventChange::Busy(busy, response),
        None => EventChange::Gone {
            event_id: event.id.clone(),
        },
    })
}

async fn read_series(
    client: &GraphClient,
    room: &MailboxAddress,
    window: TimeRange,
    series_id: String,
) -> Result<EventChange, ProviderError> {
    let operation = ListInstances {
        mailbox: mailbox(room),
        master_id: series_id.clone(),
        start: timestamp(window.start()),
        end: timestamp(window.end()),
        select: OCCURRENCE_FIELDS,
        per_page: OCCURRENCES_PER_PAGE,
    };
    let answer = client
        .all_pages(&Identity::Application, &operation, PREFER_UTC)
        .await;
    let pages = match answer.map_err(|error| provider_error(DOING, error)) {
        Ok(pages) => pages,
        // Deleted between the page and now.
        Err(ProviderError::NotFound { .. }) => {
            return Ok(EventChange::Gone {
                event_id: series_id,
            });
        }
        Err(error) => return Err(error),
    };
    let mut occurrences = Vec::new();
    for page in pages {
        let busy: Result<Vec<_>, _> = page.read(|events| {
            let times = events
                .iter()
                .map(|event| busy_time(event, Some(&series_id)));
            times.collect()
        });
        let busy = busy.map_err(|error| provider_error(DOING, error))?;
        occurrences.extend(busy.into_iter().flatten());
    }
    Ok(EventChange::Series {
        series_id,
        occurrences,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(json: &str) -> Told {
        Told::sort(serde_json::from_str(json).unwrap()).unwrap()
    }

    #[test]
    fn bare_occurrences_and_masters_ask_for_their_series_once() {
        let told = told(
            r#"[{"id":"m1","type":"seriesMaster"},
                {"id":"o1","type":"occurrence","seriesMasterId":"m1",
                 "start":{"dateTime":"2026-11-20T09:00:00.0000000","timeZone":"UTC"},
                 "end":{"dateTime":"2026-11-20T10:00:00.0000000","timeZone":"UTC"}},
                {"id":"o2","type":"occurrence","seriesMasterId":"m2"}]"#,
        );
        assert!(told.changes.is_empty());
        assert_eq!(
            told.series_ids.into_iter().collect::<Vec<_>>(),
            ["m1", "m2"]
        );
    }

    #[test]
    fn a_removed_master_is_gone_and_not_read_again() {
        let told = told(
            r#"[{"id":"m1","type":"seriesMaster"},{"id":"m1","@removed":{"reason":"deleted"}}]"#,
        );
        assert!(told.series_ids.is_empty());
        let gone = EventChange::Gone {
            event_id: "m1".to_owned(),
        };
        assert_eq!(told.changes, [gone]);
    }

    #[test]
    fn a_single_event_that_became_free_is_gone() {
        let told = told(
            r#"[{"id":"e1","type":"singleInstance","showAs":"free",
                 "start":{"dateTime":"2026-11-20T09:00:00.0000000","timeZone":"UTC"},
                 "end":{"dateTime":"2026-11-20T10:00:00.0000000","timeZone":"UTC"}}]"#,
        );
        assert!(
            matches!(told.changes.as_slice(), [EventChange::Gone { event_id }] if event_id == "e1")
        );
    }
}
