//! When rooms are taken, by Exchange's own word.

use std::collections::HashMap;

use booking::event::BusyKind;
use booking::ids::MailboxAddress;
use booking::provider::{ProviderError, RoomBusyTimes, ScheduleError, ScheduleItem};
use booking::time::{DAY_MS, MINUTE_MS, TimeRange};

use super::convert::{instant, kind_of, timestamp};
use super::{mailbox, provider_error};
use crate::access::Identity;
use crate::answer::Answered;
use crate::client::GraphClient;
use crate::error::GraphError;
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
    let schedules: Result<HashMap<_, _>, _> = told.read(|told| {
        let told = told.into_iter().map(|information| {
            let address = information.schedule_id.to_lowercase();
            Ok((address, schedule(information, window)?))
        });
        told.collect()
    });
    let schedules = schedules.map_err(|error| provider_error(DOING, error))?;
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
    for asker in rooms.iter().take(ASKERS_MAX).chain(booking_mailbox) {
        let operation = GetSchedule {
            mailbox: mailbox(asker),
            schedules: schedules.clone(),
            start: timestamp(window.start()),
            end: timestamp(window.end()),
            interval_min: INTERVAL_MIN,
        };
        let answer = client.answer_to(&Identity::Application, &operation).await;
        match answer.map_err(|error| provider_error(DOING, error)) {
            Ok(Answered { body, request_id }) => {
                return Ok(Answered {
                    body: body.value,
                    request_id,
                });
            }
            // What a room that is there was told says more than that another is not.
            Err(error @ ProviderError::NotFound { .. }) => {
                failure.get_or_insert(error);
            }
            Err(error @ (ProviderError::Denied { .. } | ProviderError::Retry { .. })) => {
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
) -> Result<Schedule, GraphError> {
    if let Some(error) = information.error {
        return Ok(Err(ScheduleError {
            code: error.response_code.unwrap_or_default(),
            message: error.message.unwrap_or_default(),
        }));
    }
    let items = match (information.schedule_items, information.availability_view) {
        (Some(items), _) => {
            let items: Result<Vec<_>, _> = items.iter().map(item).collect();
            items?.into_iter().flatten().collect()
        }
        (None, Some(view)) => from_view(&view, window),
        (None, None) => return Ok(left_out()),
    };
    Ok(Ok(items))
}

fn item(item: &crate::types::ScheduleItem) -> Result<Option<ScheduleItem>, GraphError> {
    let Some(kind) = kind_of(item.status) else {
        return Ok(None);
    };
    let (start, end) = (item.start.instant()?, item.end.instant()?);
    let range = TimeRange::new(instant(start), instant(end)).ok();
    Ok(range.map(|range| ScheduleItem { range, kind }))
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

fn left_out() -> Schedule {
    Err(ScheduleError {
        code: "noAnswer".to_owned(),
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
