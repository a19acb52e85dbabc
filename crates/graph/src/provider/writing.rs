//! Events of ours: written, looked up, and cancelled, in the organizer's calendar.

use booking::event::EventRef;
use booking::ids::{MailboxAddress, ReservationId};
use booking::provider::{EventDraft, ProviderError, RoomResponse, Which};
use booking::time::TimeRange;

use super::convert::{address_of, range, room_response, timestamp};
use super::failure::incomplete;
use super::provider_error;
use crate::access::Identity;
use crate::answer::Answered;
use crate::client::GraphClient;
use crate::error::GraphError;
use crate::operation::{Mailbox, PREFER_UTC};
use crate::ops::calendar_view::CalendarView;
use crate::ops::events::{CancelEvent, CreateEvent, DeleteEvent, GetEvent};
use crate::types::{DateTimeTimeZone, DraftAttendee, DraftEvent, DraftLocation, Event};

const CREATING: &str = "creating an event";
const READING: &str = "reading a room's answer";
const FINDING: &str = "finding an event";
const CANCELLING: &str = "cancelling an event";

/// Events per page when looking for one; more than a person has at one time.
const EVENTS_PER_PAGE: u32 = 50;
const SEARCH_FIELDS: &str = "id,iCalUId,start,end,isAllDay,originalStartTimeZone,isCancelled,isOrganizer,organizer,\
     attendees,transactionId";
/// Graph's code for a transaction id that was used before.
const DUPLICATE: &str = "ErrorDuplicateTransactionId";
/// Graph's code for an event that is not there (any more).
const EVENT_GONE: &str = "ErrorItemNotFound";
/// Graph's codes for a mailbox that is missing, as opposed to an event.
const MAILBOX_CODES: [&str; 4] = [
    "MailboxNotEnabledForRESTAPI",
    "ErrorInvalidUser",
    "ResourceNotFound",
    "Request_ResourceNotFound",
];

pub(super) async fn create(
    client: &GraphClient,
    who: &Identity,
    mailbox: Mailbox,
    draft: &EventDraft,
) -> Result<EventRef, ProviderError> {
    let operation = CreateEvent {
        mailbox,
        draft: wire_draft(draft).map_err(|error| provider_error(CREATING, error))?,
    };
    match client.send(who, &operation).await {
        Ok(event) => event_ref(CREATING, event),
        Err(GraphError::Answer(answer)) if answer.code == DUPLICATE => {
            let ours = operation.draft.transaction_id.as_str();
            let events = events_within(client, who, &operation.mailbox, draft.range).await?;
            let first = events
                .into_iter()
                .flat_map(|page| page.body)
                .find(|event| event.transaction_id.as_deref() == Some(ours));
            match first {
                Some(event) => event_ref(CREATING, event),
                None => Err(provider_error(CREATING, GraphError::Answer(answer))),
            }
        }
        Err(error) => Err(provider_error(CREATING, error)),
    }
}

fn wire_draft(draft: &EventDraft) -> Result<DraftEvent, GraphError> {
    let room = DraftAttendee::room(draft.room.as_str(), &draft.room_name);
    let people = draft
        .attendees
        .iter()
        .map(|person| DraftAttendee::person(person.as_str()));
    Ok(DraftEvent {
        transaction_id: draft.reservation.to_string(),
        subject: draft.subject.clone(),
        start: DateTimeTimeZone::local(timestamp(draft.range.start()), &draft.zone.0)?,
        end: DateTimeTimeZone::local(timestamp(draft.range.end()), &draft.zone.0)?,
        location: DraftLocation {
            display_name: draft.room_name.clone(),
            location_email_address: draft.room.to_string(),
        },
        attendees: std::iter::once(room).chain(people).collect(),
        allow_new_time_proposals: false,
    })
}

pub(super) async fn room_answer(
    client: &GraphClient,
    who: &Identity,
    mailbox: Mailbox,
    event: &EventRef,
    room: &MailboxAddress,
) -> Result<RoomResponse, ProviderError> {
    let operation = GetEvent {
        mailbox,
        id: event.event_id.clone(),
        select: "id,isCancelled,attendees",
    };
    let event = match client.send(who, &operation).await {
        Ok(event) => event,
        // Of the event this says nothing: the mailbox is being moved, or its licence is missing.
        Err(error) if is_mailbox_gone(&error) => {
            return Err(ProviderError::Retry {
                after: None,
                context: format!("{READING}: {error}"),
            });
        }
        Err(error) => return Err(provider_error(READING, error)),
    };
    let response = room_response(&event, room).filter(|_| event.is_cancelled != Some(true));
    response.ok_or_else(|| ProviderError::NotFound {
        context: format!("{READING}: the event is cancelled, or invites the room no longer"),
    })
}

pub(super) async fn find(
    client: &GraphClient,
    who: &Identity,
    mailbox: Mailbox,
    room: &MailboxAddress,
    wanted: TimeRange,
    which: Which,
) -> Result<Option<(EventRef, RoomResponse)>, ProviderError> {
    for page in events_within(client, who, &mailbox, wanted).await? {
        let timed: Result<Vec<_>, _> = page.read(|events| {
            let timed = events.into_iter().map(|event| Ok((range(&event)?, event)));
            timed.collect()
        });
        for (when, event) in timed.map_err(|error| provider_error(FINDING, error))? {
            if when != Some(wanted) || !is_meant(&event, which) {
                continue;
            }
            if let Some(response) = room_response(&event, room) {
                return Ok(Some((event_ref(FINDING, event)?, response)));
            }
        }
    }
    Ok(None)
}

/// Whether it is the organizer's copy of an event that stands, written by whom is asked for.
fn is_meant(event: &Event, which: Which) -> bool {
    // Ours carry the reservation as their transaction; Outlook's own tokens are no such ids.
    let written_for = event
        .transaction_id
        .as_deref()
        .and_then(|text| text.parse::<ReservationId>().ok());
    let meant = match which {
        Which::WrittenFor(id) => written_for == Some(id),
        Which::SentByPerson => written_for.is_none(),
    };
    meant && event.is_organizer == Some(true) && event.is_cancelled != Some(true)
}

async fn events_within(
    client: &GraphClient,
    who: &Identity,
    mailbox: &Mailbox,
    wanted: TimeRange,
) -> Result<Vec<Answered<Vec<Event>>>, ProviderError> {
    let operation = CalendarView {
        mailbox: mailbox.clone(),
        start: timestamp(wanted.start()),
        end: timestamp(wanted.end()),
        select: SEARCH_FIELDS,
        per_page: EVENTS_PER_PAGE,
    };
    let events = client.all_pages(who, &operation, PREFER_UTC).await;
    events.map_err(|error| provider_error(FINDING, error))
}

pub(super) async fn cancel(
    client: &GraphClient,
    who: &Identity,
    mailbox: Mailbox,
    event: &EventRef,
    note: &str,
) -> Result<(), ProviderError> {
    let cancelling = CancelEvent {
        mailbox: mailbox.clone(),
        id: event.event_id.clone(),
        comment: note.to_owned(),
    };
    match client.send(who, &cancelling).await {
        Ok(_) => Ok(()),
        Err(error) if is_gone(&error) => Ok(()),
        // Not a meeting (any more), or not ours: cancelling is then refused, while deleting is not.
        Err(GraphError::Answer(answer)) if answer.status == http::StatusCode::BAD_REQUEST => {
            delete(client, who, mailbox, event).await
        }
        Err(error) => Err(provider_error(CANCELLING, error)),
    }
}

async fn delete(
    client: &GraphClient,
    who: &Identity,
    mailbox: Mailbox,
    event: &EventRef,
) -> Result<(), ProviderError> {
    let deleting = DeleteEvent {
        mailbox,
        id: event.event_id.clone(),
    };
    match client.send(who, &deleting).await {
        Ok(_) => Ok(()),
        Err(error) if is_gone(&error) => Ok(()),
        Err(error) => Err(provider_error(CANCELLING, error)),
    }
}

/// Whether the event is gone, by Exchange's own word: a proxy's 404, a missing mailbox or an id that names nothing (any
/// more) say nothing about it, and taking them for it would leave the room booked.
fn is_gone(error: &GraphError) -> bool {
    not_found(error) == Some(EVENT_GONE)
}

/// Whether the whole mailbox is missing.
fn is_mailbox_gone(error: &GraphError) -> bool {
    not_found(error).is_some_and(|code| MAILBOX_CODES.contains(&code))
}

/// The code of an answer that something is not there. `None`: it is another failure.
fn not_found(error: &GraphError) -> Option<&str> {
    match error {
        GraphError::Answer(answer) if answer.status == http::StatusCode::NOT_FOUND => {
            Some(answer.code.as_str())
        }
        _ => None,
    }
}

fn event_ref(doing: &'static str, event: Event) -> Result<EventRef, ProviderError> {
    let organizer = event.organizer.as_ref().and_then(address_of);
    let ical_uid = event.ical_uid.filter(|uid| !uid.is_empty());
    Ok(EventRef {
        mailbox: organizer.ok_or_else(|| incomplete(doing, "organizer"))?,
        event_id: event.id,
        ical_uid: ical_uid.ok_or_else(|| incomplete(doing, "iCalUId"))?,
    })
}
