//! What changed in a room's calendar.
//!
//! A round of changes tells single events in full, but occurrences of series bare, and not always: deleting one
//! occurrence shows only as a change of its master. So whenever a page speaks of a series in any way, the whole series
//! is to be read again for the window, once the round is complete: [`series`] hands it on as [`EventChange::Series`].

use std::collections::BTreeSet;

use booking::ids::MailboxAddress;
use booking::provider::{
    ChangePage, EventChange, MailboxRole, Next, ProviderError, SeriesRead, SyncCursor,
};
use booking::time::{Instant, TimeRange};
use futures::{StreamExt, TryStreamExt, stream};

use super::convert::{Taken, instant, taken, timestamp};
use super::failure::{incomplete, is_gone, mailbox_error};
use super::mailbox;
use crate::access::Identity;
use crate::answer::Answered;
use crate::client::GraphClient;
use crate::error::GraphError;
use crate::operation::PREFER_UTC;
use crate::ops::calendar_view::{CalendarViewDelta, PREFER_CHANGES};
use crate::ops::events::ListInstances;
use crate::page::{FollowLink, Page, own_link};
use crate::types::{Event, EventType, Salvaged};

const DOING: &str = "reading a room's changes";
/// Series that are read at the same time; leaves one of the mailbox's four places to others.
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
    let told = Told::sort(page.body.value.into_iter().map(|event| event.0));
    Ok(ChangePage {
        changes: told.changes,
        series: told.series_ids.into_iter().collect(),
        removed: told.removed,
        unclear: unclear(told.unclear, page.request_id.as_deref()),
        changed_at: told.changed_at,
        next,
    })
}

/// Reads whole series.
pub(super) async fn series(
    client: &GraphClient,
    room: &MailboxAddress,
    window: TimeRange,
    ids: &[String],
) -> Result<SeriesRead, ProviderError> {
    let all: Vec<Series> = stream::iter(ids.iter().cloned())
        .map(|series_id| read_series(client, room, window, series_id))
        .buffered(SERIES_AT_ONCE)
        .try_collect()
        .await?;
    let mut read = SeriesRead::default();
    for one in all {
        read.changes.push(one.change);
        read.unclear.extend(one.unclear);
    }
    Ok(read)
}

/// What is told of events whose times cannot be read: how many, and in which answer Microsoft can find them.
fn unclear(events: usize, request_id: Option<&str>) -> Vec<String> {
    let request_id = request_id.unwrap_or("none");
    let words = format!(
        "the times of {events} of its events cannot be read, or only in part (request id {request_id})"
    );
    if events == 0 { Vec::new() } else { vec![words] }
}

async fn page(
    client: &GraphClient,
    room: &MailboxAddress,
    window: TimeRange,
    since: Option<&SyncCursor>,
) -> Result<Answered<Page<Salvaged<Event>>>, ProviderError> {
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
            let follow =
                FollowLink::<Salvaged<Event>>::new(link, Some(mailbox(room)), PREFER_CHANGES);
            client.answer_to(&who, &follow).await
        }
    };
    answer.map_err(|error| match error {
        // The connection was pointed at another Graph since the cursor was kept.
        GraphError::ForeignLink { .. } => ProviderError::CursorExpired,
        other => mailbox_error(MailboxRole::Room, DOING, other),
    })
}

fn next(
    client: &GraphClient,
    page: &Answered<Page<Salvaged<Event>>>,
) -> Result<Next, ProviderError> {
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
            Err(mailbox_error(MailboxRole::Room, DOING, error))
        }
    }
}

/// What a page tells: finished changes, and series that must be read.
#[derive(Default)]
pub(super) struct Told {
    changes: Vec<EventChange>,
    series_ids: BTreeSet<String>,
    removed: Vec<String>,
    /// Events whose times cannot be read, or only in part.
    unclear: usize,
    changed_at: Vec<Instant>,
}

impl Told {
    pub(super) fn sort(events: impl IntoIterator<Item = Event>) -> Self {
        let mut told = Self::default();
        for event in events {
            if event.id.is_empty() {
                told.unclear += 1;
                continue;
            }
            let is_master = event.kind == Some(EventType::SeriesMaster);
            let changed_at = event.last_modified_date_time.map(instant);
            told.changed_at.extend(changed_at);
            if event.removed.is_some() {
                // Of a series that is named besides, its instances know better.
                told.removed.push(event.id.clone());
                told.changes.push(EventChange::Gone { event_id: event.id });
            } else if is_master {
                told.series_ids.insert(event.id);
            } else if let Some(master) = event.series_master_id.filter(|id| !id.is_empty()) {
                told.series_ids.insert(master);
            } else {
                told.take(Event {
                    series_master_id: None,
                    ..event
                });
            }
        }
        told
    }

    /// Takes in a single event. Of one whose time cannot be read at all, what was known before stays.
    fn take(&mut self, event: Event) {
        self.series_ids.remove(&event.id);
        self.removed.retain(|id| *id != event.id);
        let taken = taken(&event, None);
        self.unclear += usize::from(taken.is_unclear);
        match taken.busy {
            Some((busy, response)) => self.changes.push(EventChange::Busy(busy, response)),
            None if taken.is_unclear => {}
            None => self.changes.push(EventChange::Gone { event_id: event.id }),
        }
    }
}

/// A series that was read, and what of it could not be, in words.
struct Series {
    change: EventChange,
    unclear: Vec<String>,
}

async fn read_series(
    client: &GraphClient,
    room: &MailboxAddress,
    window: TimeRange,
    series_id: String,
) -> Result<Series, ProviderError> {
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
    let pages = match answer {
        Ok(pages) => pages,
        // Deleted between the page and now. A mailbox that is not there says nothing about the series: it would be free
        // until somebody changes it.
        Err(error) if is_gone(&error) => {
            let change = EventChange::Gone {
                event_id: series_id,
            };
            return Ok(Series {
                change,
                unclear: Vec::new(),
            });
        }
        Err(error) => return Err(mailbox_error(MailboxRole::Room, DOING, error)),
    };
    let mut occurrences = Vec::new();
    let mut unclear_of_all = Vec::new();
    for page in pages {
        let events = page.body.iter();
        let told = events.map(|event| taken(&event.0, Some(&series_id)));
        let told: Vec<Taken> = told.collect();
        let unreadable = told.iter().filter(|one| one.is_unclear).count();
        unclear_of_all.extend(unclear(unreadable, page.request_id.as_deref()));
        occurrences.extend(told.into_iter().filter_map(|one| one.busy));
    }
    Ok(Series {
        change: EventChange::Series {
            series_id,
            occurrences,
        },
        unclear: unclear_of_all,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(json: &str) -> Told {
        let events: Vec<Event> = serde_json::from_str(json).unwrap();
        Told::sort(events)
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
    fn a_removed_master_is_gone_unless_its_instances_say_otherwise() {
        let told = told(
            r#"[{"id":"m1","type":"seriesMaster"},{"id":"m1","@removed":{"reason":"deleted"}}]"#,
        );
        assert_eq!(told.series_ids.into_iter().collect::<Vec<_>>(), ["m1"]);
        assert_eq!(told.removed, ["m1"]);
        let gone = EventChange::Gone {
            event_id: "m1".to_owned(),
        };
        assert_eq!(told.changes, [gone]);
    }

    #[test]
    fn what_is_a_single_event_by_the_last_word_is_no_series_to_be_read() {
        let told = told(
            r#"[{"id":"m1","type":"seriesMaster"},{"id":"m1","@removed":{"reason":"deleted"}},
                {"id":"m1","type":"singleInstance","showAs":"free"}]"#,
        );
        assert!(told.series_ids.is_empty() && told.removed.is_empty());
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
