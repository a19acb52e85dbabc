//! The shapes that Graph sends and takes, as far as they are read.
//!
//! Fields that are not read are not here; in particular no subject and no body of anybody's event is ever decoded.

pub mod calendar;
pub mod date_time_zone;
pub mod directory;
pub mod event;
pub mod event_draft;
pub mod mail;
pub mod place;
pub mod recurrence;
pub mod salvaged;
pub mod schedule;
pub mod subscription;
pub mod windows_zone;

pub use calendar::Calendar;
pub use date_time_zone::DateTimeTimeZone;
pub use directory::{Organization, User};
pub use event::{
    Attendee, AttendeeKind, EmailAddress, Event, EventType, FreeBusyStatus, Location, Recipient,
    ResponseStatus, ResponseType,
};
pub use event_draft::{
    AttendeeType, DraftAddress, DraftAttendee, DraftEvent, DraftLocation, DraftSeries, EventPatch,
    PatchLocation,
};
pub use mail::{Message, OutgoingMail, TextBody, To};
pub use place::Room;
pub use recurrence::{PatternedRecurrence, RecurrencePattern, RecurrenceRange, Repeating};
pub use salvaged::Salvaged;
pub use schedule::{FreeBusyError, ScheduleInformation, ScheduleItem};
pub use subscription::Subscription;
