//! Events of ours: written, looked up, and cancelled, in the organizer's calendar.

use booking::event::EventRef;
use booking::ids::{MailboxAddress, ReservationId};
use booking::provider::{EventDraft, OrganizerCopy, ProviderError, RoomResponse, Which};
use booking::time::TimeRange;

use super::convert::{When, address_of, room_response, timestamp, when};
use super::failure::{incomplete, is_gone, mailbox_error, mailbox_fault, provider_error, whose};
use crate::access::Identity;
use crate::answer::Answered;
use crate::client::GraphClient;
use crate::error::{ErrorAnswer, GraphError};
use crate::operation::{Mailbox, PREFER_UTC};
use crate::ops::calendar_view::CalendarView;
use crate::ops::events::{CancelEvent, CreateEvent, DeleteEvent, GetEvent};
use crate::types::{DateTimeTimeZone, DraftAttendee, DraftEvent, DraftLocation, Event, Salvaged};

const CREATING: &str = "creating an event";
const READING: &str = "reading a room's answer";
const FINDING: &str = "finding an event";
const CANCELLING: &str = "cancelling an event";

/// Events per page when looking for one; more than a person has at one time.
const EVENTS_PER_PAGE: u32 = 50;
const SEARCH_FIELDS: &str = "id,iCalUId,start,end,isAllDay,originalStartTimeZone,isCancelled,isOrganizer,organizer,\
     attendees,transactionId";
/// Graph's code for a transaction id that was used before.
pub(super) const DUPLICATE: &str = "ErrorDuplicateTransactionId";
/// Graph's code for a request that does not fit the event, and a word of its sentence where that is for want of being the
/// organizer.
const INVALID_REQUEST: &str = "ErrorInvalidRequest";
const ORGANIZER_SIGN: &str = "organizer";
/// Exchange's own code for the same.
const NOT_ORGANIZER: &str = "ErrorCalendarIsNotOrganizer";

pub(super) async fn create(
    client: &GraphClient,
    who: &Identity,
    mailbox: Mailbox,
    draft: &EventDraft,
) -> Result<EventRef, ProviderError> {
    let whose = whose(who, &mailbox);
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
                .map(|event| event.0)
                .find(|event| event.transaction_id.as_deref() == Some(ours));
            match first {
                Some(event) => event_ref(CREATING, event),
                None => Err(provider_error(CREATING, GraphError::Answer(answer))),
            }
        }
        Err(error) => Err(mailbox_error(whose, CREATING, error)),
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
) -> Result<OrganizerCopy, ProviderError> {
    let whose = whose(who, &mailbox);
    let operation = GetEvent {
        mailbox,
        id: event.event_id.clone(),
        select: "id,start,end,isAllDay,originalStartTimeZone,isCancelled,attendees",
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
        Err(error) => return Err(mailbox_error(whose, READING, error)),
    };
    let range = match when(&event) {
        When::Known(range) => range,
        When::InPart(_) => None,
    };
    let response = room_response(&event, room).filter(|_| event.is_cancelled != Some(true));
    let copy = response.map(|response| OrganizerCopy { response, range });
    copy.ok_or_else(|| ProviderError::NotFound {
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
        for Salvaged(event) in page.body {
            // What cannot be read exactly is another event: it must not keep this one from being found.
            if when(&event) != When::Known(Some(wanted)) || !is_meant(&event, which) {
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
) -> Result<Vec<Answered<Vec<Salvaged<Event>>>>, ProviderError> {
    let operation = CalendarView {
        mailbox: mailbox.clone(),
        start: timestamp(wanted.start()),
        end: timestamp(wanted.end()),
        select: SEARCH_FIELDS,
        per_page: EVENTS_PER_PAGE,
    };
    let events = client.all_pages(who, &operation, PREFER_UTC).await;
    events.map_err(|error| mailbox_error(whose(who, mailbox), FINDING, error))
}

pub(super) async fn cancel(
    client: &GraphClient,
    who: &Identity,
    mailbox: Mailbox,
    event: &EventRef,
    note: &str,
) -> Result<(), ProviderError> {
    let whose = whose(who, &mailbox);
    let cancelling = CancelEvent {
        mailbox: mailbox.clone(),
        id: event.event_id.clone(),
        comment: note.to_owned(),
    };
    match client.send(who, &cancelling).await {
        Ok(_) => Ok(()),
        Err(error) if is_gone(&error) => Ok(()),
        Err(GraphError::Answer(answer)) if is_for_organizers(&answer) => {
            delete_own(client, who, mailbox, event, answer).await
        }
        Err(error) => Err(mailbox_error(whose, CANCELLING, error)),
    }
}

/// Whether Graph refuses to cancel what is not a meeting that this mailbox called. Any other refusal says nothing of the
/// event, and deleting it for that could leave the room booked with nobody told.
///
/// See <https://learn.microsoft.com/graph/api/event-cancel>.
fn is_for_organizers(refusal: &ErrorAnswer) -> bool {
    refusal.status == http::StatusCode::BAD_REQUEST
        && (refusal.code == NOT_ORGANIZER
            || refusal.code == INVALID_REQUEST
                && refusal.message.to_lowercase().contains(ORGANIZER_SIGN))
}

/// Deletes an event that is the mailbox's own but not a meeting (any more): cancelling that is refused, deleting is not.
/// Deleting the copy of somebody else's meeting would tell nobody, so that is never done.
async fn delete_own(
    client: &GraphClient,
    who: &Identity,
    mailbox: Mailbox,
    event: &EventRef,
    refusal: Box<ErrorAnswer>,
) -> Result<(), ProviderError> {
    let whose = whose(who, &mailbox);
    let reading = GetEvent {
        mailbox: mailbox.clone(),
        id: event.event_id.clone(),
        select: "id,isOrganizer",
    };
    match client.send(who, &reading).await {
        Ok(own) if own.is_organizer == Some(true) => delete(client, who, mailbox, event).await,
        Ok(_) => Err(ProviderError::Denied {
            context: format!("{CANCELLING}: {refusal}"),
        }),
        Err(error) if is_gone(&error) => Ok(()),
        Err(error) => Err(mailbox_error(whose, CANCELLING, error)),
    }
}

pub(super) async fn delete(
    client: &GraphClient,
    who: &Identity,
    mailbox: Mailbox,
    event: &EventRef,
) -> Result<(), ProviderError> {
    let whose = whose(who, &mailbox);
    let deleting = DeleteEvent {
        mailbox,
        id: event.event_id.clone(),
    };
    match client.send(who, &deleting).await {
        Ok(_) => Ok(()),
        Err(error) if is_gone(&error) => Ok(()),
        Err(error) => Err(mailbox_error(whose, CANCELLING, error)),
    }
}

/// Whether the whole mailbox is missing.
fn is_mailbox_gone(error: &GraphError) -> bool {
    let GraphError::Answer(answer) = error else {
        return false;
    };
    mailbox_fault(answer).is_some_and(|fault| !fault.is_denial())
}

pub(super) fn event_ref(doing: &'static str, event: Event) -> Result<EventRef, ProviderError> {
    let organizer = event.organizer.as_ref().and_then(address_of);
    let ical_uid = event.ical_uid.filter(|uid| !uid.is_empty());
    Ok(EventRef {
        mailbox: organizer.ok_or_else(|| incomplete(doing, "organizer"))?,
        event_id: event.id,
        ical_uid: ical_uid.ok_or_else(|| incomplete(doing, "iCalUId"))?,
    })
}
