//! Events of the organizer's own: read whole, and changed as long as they are still what was read.

use booking::event::EventRef;
use booking::provider::{
    EventEdit, EventVersion, Invited, InvitedAs, LocationLine, OwnEvent, ProviderError,
};

use super::convert::{When, timestamp, when};
use super::failure::{incomplete, is_gone, mailbox_error, provider_error, whose};
use crate::access::Identity;
use crate::client::GraphClient;
use crate::error::GraphError;
use crate::operation::Mailbox;
use crate::ops::change_event::ChangeEvent;
use crate::ops::events::GetEvent;
use crate::types::{
    Attendee, AttendeeKind, AttendeeType, DateTimeTimeZone, DraftAddress, DraftAttendee, Event,
    EventPatch, EventType, PatchLocation,
};

const READING: &str = "reading an event before it is changed";
const CHANGING: &str = "changing an event";

const FIELDS: &str =
    "id,type,start,end,isAllDay,originalStartTimeZone,isCancelled,location,attendees";

pub(super) async fn own_event(
    client: &GraphClient,
    who: &Identity,
    mailbox: Mailbox,
    event: &EventRef,
) -> Result<Option<OwnEvent>, ProviderError> {
    let whose = whose(who, &mailbox);
    let operation = GetEvent {
        mailbox,
        id: event.event_id.clone(),
        select: FIELDS,
    };
    match client.send(who, &operation).await {
        Ok(event) if event.is_cancelled == Some(true) => Ok(None),
        Ok(event) => own(event).map(Some),
        Err(error) if is_gone(&error) => Ok(None),
        Err(error) => Err(mailbox_error(whose, READING, error)),
    }
}

pub(super) fn own(event: Event) -> Result<OwnEvent, ProviderError> {
    let range = match when(&event) {
        When::Known(range) => range,
        When::InPart(_) => None,
    };
    let etag = event.etag.ok_or_else(|| incomplete(READING, "etag"))?;
    let location = event.location.and_then(|line| line.display_name);
    let attendees = event.attendees.into_iter().flatten();
    Ok(OwnEvent {
        version: EventVersion(etag),
        range,
        is_series: event.kind == Some(EventType::SeriesMaster),
        location: location.unwrap_or_default(),
        invited: attendees.map(invited).collect::<Result<_, _>>()?,
    })
}

/// Whoever cannot be written back would be uninvited, so nobody is left out.
fn invited(attendee: Attendee) -> Result<Invited, ProviderError> {
    let email = attendee.email_address.unwrap_or_default();
    let address = email.address.filter(|address| !address.is_empty());
    Ok(Invited {
        address: address.ok_or_else(|| incomplete(READING, "address of an attendee"))?,
        name: email.name.filter(|name| !name.is_empty()),
        role: match attendee.kind {
            Some(AttendeeKind::Optional) => InvitedAs::Optional,
            Some(AttendeeKind::Resource) => InvitedAs::Resource,
            Some(AttendeeKind::Required | AttendeeKind::Unknown) | None => InvitedAs::Required,
        },
    })
}

pub(super) async fn edit(
    client: &GraphClient,
    who: &Identity,
    mailbox: Mailbox,
    event: &EventRef,
    version: &EventVersion,
    edit: &EventEdit,
) -> Result<(), ProviderError> {
    let whose = whose(who, &mailbox);
    let operation = ChangeEvent {
        mailbox,
        id: event.event_id.clone(),
        etag: version.0.clone(),
        patch: patch(edit).map_err(|error| provider_error(CHANGING, error))?,
    };
    let changed = client.send(who, &operation).await;
    changed
        .map(|_| ())
        .map_err(|error| mailbox_error(whose, CHANGING, error))
}

fn patch(edit: &EventEdit) -> Result<EventPatch, GraphError> {
    let (start, end) = match &edit.times {
        Some((range, zone)) => (
            Some(DateTimeTimeZone::local(timestamp(range.start()), &zone.0)?),
            Some(DateTimeTimeZone::local(timestamp(range.end()), &zone.0)?),
        ),
        None => (None, None),
    };
    let invited = edit.invited.as_ref();
    Ok(EventPatch {
        start,
        end,
        location: edit.location.as_ref().map(location),
        attendees: invited.map(|list| list.iter().map(attendee).collect()),
    })
}

fn location(line: &LocationLine) -> PatchLocation {
    match line {
        LocationLine::Empty => PatchLocation {
            display_name: String::new(),
            location_email_address: None,
        },
        LocationLine::Words(words) => PatchLocation {
            display_name: words.clone(),
            location_email_address: None,
        },
        LocationLine::Room { name, mailbox } => PatchLocation {
            display_name: name.clone(),
            location_email_address: Some(mailbox.to_string()),
        },
    }
}

fn attendee(invited: &Invited) -> DraftAttendee {
    DraftAttendee {
        kind: match invited.role {
            InvitedAs::Required => AttendeeType::Required,
            InvitedAs::Optional => AttendeeType::Optional,
            InvitedAs::Resource => AttendeeType::Resource,
        },
        email_address: DraftAddress {
            address: invited.address.clone(),
            name: invited.name.clone(),
        },
    }
}
