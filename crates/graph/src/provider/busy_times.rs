//! When rooms are taken, by Exchange's own word.

use std::collections::HashMap;

use booking::event::BusyKind;
use booking::ids::MailboxAddress;
use booking::provider::{MailboxRole, ProviderError, RoomBusyTimes, ScheduleError, ScheduleItem};
use booking::time::{DAY_MS, MINUTE_MS, TimeRange};

use super::convert::{When, between, kind_of, timestamp};
use super::failure::{mailbox_error, schedule_fault};
use super::mailbox;
use crate::access::Identity;
use crate::answer::Answered;
use crate::client::GraphClient;
use crate::error::{excerpt, sentence};
use crate::ops::schedule::{GetSchedule, MAILBOXES_MAX, WINDOW_DAYS_MAX};
use crate::types::ScheduleInformation;

const DOING: &str = "asking for schedules";
/// Minutes per digit of the availability view, which is read only where the exact intervals are not shown to us.
const INTERVAL_MIN: u32 = 15;
/// Rooms through whose eyes it is tried to look, before those of the booking mailbox.
const ASKERS_MAX: usize = 3;

pub(super) type Schedule = Result<Vec<ScheduleItem>, ScheduleError>;

pub(super) async fn read(
    client: &GraphClient,
    booking_mailbox: Option<&MailboxAddress>,
    rooms: &[MailboxAddress],
    window: TimeRange,
) -> Result<Vec<RoomBusyTimes>, ProviderError> {
    if rooms.len() > MAILBOXES_MAX {
        return Err(ProviderError::Unsupported {
            context: "schedules of more than 20 rooms at once",
        });
    }
    if window.duration_ms() >= WINDOW_DAYS_MAX * DAY_MS {
        return Err(ProviderError::Unsupported {
            context: "schedules of 62 days or more at once",
        });
    }
    if rooms.is_empty() {
        return Ok(Vec::new());
    }
    let told = ask(client, booking_mailbox, rooms, window).await?;
    let request_id = told.request_id.as_deref();
    let schedules = told.body.into_iter().map(|information| {
        let address = information.schedule_id.to_lowercase();
        (address, schedule(information, window, request_id))
    });
    let schedules: HashMap<_, _> = schedules.collect();
    let answered = rooms.iter().map(|room| RoomBusyTimes {
        room: room.clone(),
        schedule: schedules
            .get(room.as_str())
            .cloned()
            .unwrap_or_else(left_out),
    });
    Ok(answered.collect())
}

/// Asks through the eyes of one of the rooms, so that questions spread over the limits of many mailboxes. A room that
/// does not exist, that we may not ask through or that is throttled must not decide for the others: the next one is
/// tried, a few in all, and the booking mailbox last.
async fn ask(
    client: &GraphClient,
    booking_mailbox: Option<&MailboxAddress>,
    rooms: &[MailboxAddress],
    window: TimeRange,
) -> Result<Answered<Vec<ScheduleInformation>>, ProviderError> {
    let schedules: Vec<String> = rooms.iter().map(ToString::to_string).collect();
    let mut failure = None;
    let rooms = rooms.iter().take(ASKERS_MAX);
    let askers = rooms.map(|room| (room, MailboxRole::Room));
    let last = booking_mailbox.map(|mailbox| (mailbox, MailboxRole::Booking));
    for (asker, whose) in askers.chain(last) {
        let operation = GetSchedule {
            mailbox: mailbox(asker),
            schedules: schedules.clone(),
            start: timestamp(window.start()),
            end: timestamp(window.end()),
            interval_min: INTERVAL_MIN,
        };
        let answer = client.answer_to(&Identity::Application, &operation).await;
        match answer.map_err(|error| mailbox_error(whose, DOING, error)) {
            Ok(Answered { body, request_id }) => {
                return Ok(Answered {
                    body: body.value,
                    request_id,
                });
            }
            // What is wrong with the rooms' own mailboxes says more than that the booking mailbox helps no further.
            Err(
                error @ ProviderError::Mailbox {
                    whose: MailboxRole::Booking,
                    ..
                },
            ) => {
                failure.get_or_insert(error);
            }
            // What a room that is there was told says more than that another is not.
            Err(error @ ProviderError::Mailbox { fault, .. }) if !fault.is_denial() => {
                failure.get_or_insert(error);
            }
            Err(error @ ProviderError::NotFound { .. }) => {
                failure.get_or_insert(error);
            }
            Err(
                error @ (ProviderError::Mailbox { .. }
                | ProviderError::Denied { .. }
                | ProviderError::Retry { .. }),
            ) => {
                failure = Some(error);
            }
            Err(error) => return Err(error),
        }
    }
    match failure {
        Some(error) => Err(error),
        None => Ok(Answered {
            body: Vec::new(),
            request_id: None,
        }),
    }
}

pub(super) fn schedule(
    information: ScheduleInformation,
    window: TimeRange,
    request_id: Option<&str>,
) -> Schedule {
    if let Some(error) = information.error {
        let code = error.response_code.unwrap_or_default();
        return Err(ScheduleError {
            fault: schedule_fault(&code),
            code: excerpt(&code),
            message: sentence(&error.message.unwrap_or_default()),
        });
    }
    let view = information.availability_view;
    let view = view.filter(|view| !view.is_empty());
    match (information.schedule_items, view) {
        (Some(items), view) => {
            let items = items.iter().map(|item| &item.0);
            let (taken, is_clear) = from_items(items);
            match view {
                // Coarser, but it has what cannot be read here too.
                Some(view) if !is_clear => Ok(from_view(&view, window)),
                None if !is_clear => Err(unreadable(request_id)),
                _ => Ok(taken),
            }
        }
        (None, Some(view)) => Ok(from_view(&view, window)),
        (None, None) => left_out(),
    }
}

/// What the intervals take, and whether all of them can be read.
fn from_items<'i>(
    items: impl Iterator<Item = &'i crate::types::ScheduleItem>,
) -> (Vec<ScheduleItem>, bool) {
    let mut taken = Vec::new();
    let mut is_clear = true;
    for item in items {
        let Some(kind) = kind_of(item.status) else {
            continue;
        };
        match between(item.start.as_ref(), item.end.as_ref(), None) {
            When::Known(range) => taken.extend(range.map(|range| ScheduleItem { range, kind })),
            When::InPart(_) => is_clear = false,
        }
    }
    (taken, is_clear)
}

/// Reads the digits of an availability view; neighbours of one kind become one interval.
pub(super) fn from_view(view: &str, window: TimeRange) -> Vec<ScheduleItem> {
    let step_ms = i64::from(INTERVAL_MIN) * MINUTE_MS;
    let mut items: Vec<ScheduleItem> = Vec::new();
    let mut start = window.start();
    for digit in view.chars() {
        let end = start.plus_ms(step_ms);
        let kind = match digit {
            '0' | '4' => None,
            '1' => Some(BusyKind::Tentative),
            _ => Some(BusyKind::Busy),
        };
        if let (Some(kind), Ok(range)) = (kind, TimeRange::new(start, end)) {
            match items.last_mut() {
                Some(last) if last.kind == kind && last.range.end() == start => {
                    last.range = TimeRange::new(last.range.start(), end).unwrap_or(range);
                }
                _ => items.push(ScheduleItem { range, kind }),
            }
        }
        start = end;
    }
    items
}

fn unreadable(request_id: Option<&str>) -> ScheduleError {
    let request_id = request_id.unwrap_or("none");
    ScheduleError {
        code: "unreadable".to_owned(),
        fault: None,
        message: format!("The times in its answer cannot be read (request id {request_id})."),
    }
}

fn left_out() -> Schedule {
    Err(ScheduleError {
        code: "noAnswer".to_owned(),
        fault: None,
        message: "The calendar system said nothing about this room.".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use booking::time::Instant;

    #[test]
    fn an_availability_view_becomes_intervals_where_there_is_nothing_better() {
        let window = TimeRange::new(Instant(0), Instant(6 * 15 * MINUTE_MS)).unwrap();
        let intervals: Vec<_> = from_view("022104", window)
            .into_iter()
            .map(|item| {
                (
                    item.range.start().0 / MINUTE_MS,
                    item.range.end().0 / MINUTE_MS,
                    item.kind,
                )
            })
            .collect();
        assert_eq!(
            intervals,
            [(15, 45, BusyKind::Busy), (45, 60, BusyKind::Tentative)]
        );
    }
}
