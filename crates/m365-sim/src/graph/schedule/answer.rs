//! What `getSchedule` answers, written as it is read from the calendars: nothing is copied on the way.
//! <https://learn.microsoft.com/graph/api/resources/scheduleinformation>

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Serialize;

use super::{Query, Sight};
use crate::graph::event_output::{EventForm, ZonedTime};
use crate::time_zone::graph_time;
use crate::world::item::Content;
use crate::world::occurrence::Shown;
use crate::world::{BusyBlock, Mailbox};

/// The whole answer.
#[derive(Debug, Serialize)]
pub(super) struct Schedules<'a> {
    #[serde(rename = "@odata.context")]
    pub(super) metadata: String,
    pub(super) value: Vec<Schedule<'a>>,
}

/// What there is to say of one mailbox.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Schedule<'a> {
    Known(KnownSchedule<'a>),
    Failed(FailedSchedule<'a>),
}

/// When a mailbox is taken.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KnownSchedule<'a> {
    schedule_id: &'a str,
    availability_view: String,
    schedule_items: Vec<ScheduleItem<'a>>,
    working_hours: WorkingHours<'a>,
}

/// Why nothing is known of a mailbox.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FailedSchedule<'a> {
    schedule_id: &'a str,
    error: ScheduleError,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ScheduleError {
    message: String,
    response_code: String,
}

/// <https://learn.microsoft.com/graph/api/resources/scheduleitem>
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ScheduleItem<'a> {
    status: &'static str,
    start: ZonedTime<'a>,
    end: ZonedTime<'a>,
    /// This, and what follows, is for those who may read the calendar.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_private: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Cow<'a, str>>,
}

/// <https://learn.microsoft.com/graph/api/resources/workinghours>
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::graph) struct WorkingHours<'a> {
    days_of_week: &'a [String],
    start_time: String,
    end_time: String,
    time_zone: Zone<'a>,
}

#[derive(Debug, Serialize)]
struct Zone<'a> {
    name: &'a str,
}

impl<'a> Schedule<'a> {
    /// What a mailbox that is there shows.
    pub(super) fn of(
        form: &'a EventForm,
        query: &'a Query,
        address: &'a str,
        mailbox: &'a Mailbox,
        sight: Sight,
    ) -> Self {
        let blocks = mailbox.busy_blocks(query.from, query.to);
        let availability_view = availability_view(query, &blocks);
        let items = blocks.into_iter();
        Self::Known(KnownSchedule {
            schedule_id: address,
            availability_view,
            schedule_items: items
                .map(|block| ScheduleItem::of(form, block, sight))
                .collect(),
            working_hours: WorkingHours::of(mailbox),
        })
    }

    pub(super) fn failed(address: &'a str, response_code: String, message: String) -> Self {
        Self::Failed(FailedSchedule {
            schedule_id: address,
            error: ScheduleError {
                message,
                response_code,
            },
        })
    }
}

impl<'a> ScheduleItem<'a> {
    fn of(form: &'a EventForm, block: BusyBlock<'a>, sight: Sight) -> Self {
        let mut item = Self {
            status: block.item.show_as,
            start: form.zoned_time(block.start),
            end: form.zoned_time(block.end),
            is_private: None,
            subject: None,
            location: None,
        };
        if sight != Sight::Details {
            return item;
        }
        let content = &block.item.content;
        let is_private = ["private", "confidential"].contains(&content.sensitivity);
        item.is_private = Some(is_private);
        if !is_private {
            let (subject, location) = match block.item {
                Shown::Kept(item) => (
                    Cow::Borrowed(item.content.subject.as_str()),
                    Cow::Borrowed(place(&item.content)),
                ),
                Shown::Exception(item) => {
                    let location = place(&item.content).to_owned();
                    (Cow::Owned(item.content.subject), Cow::Owned(location))
                }
            };
            (item.subject, item.location) = (Some(subject), Some(location));
        }
        item
    }
}

/// Where an event is, by name: the first place.
fn place(content: &Content) -> &str {
    let first = content.locations.first();
    let name = first.and_then(|location| location["displayName"].as_str());
    name.unwrap_or_default()
}

impl<'a> WorkingHours<'a> {
    /// Those of a mailbox.
    pub(in crate::graph) fn of(mailbox: &'a Mailbox) -> Self {
        let hours = &mailbox.working_hours;
        Self {
            days_of_week: &hours.days_of_week,
            start_time: graph_time(hours.start),
            end_time: graph_time(hours.end),
            time_zone: Zone {
                name: hours.time_zone.as_ref().unwrap_or(&mailbox.time_zone),
            },
        }
    }
}

/// One digit per interval: the most taken state in it.
fn availability_view(query: &Query, blocks: &[BusyBlock<'_>]) -> String {
    // The window is short enough for its nanoseconds to fit; what reaches out of it is cut first.
    let interval = query.interval_minutes.unsigned_abs() * 60_000_000_000;
    let since_start = |at: Timestamp| {
        let nanoseconds = at.min(query.to).duration_since(query.from).as_nanos();
        u64::try_from(nanoseconds).unwrap_or(0)
    };
    let position = |intervals: u64| usize::try_from(intervals).unwrap_or(usize::MAX);
    let mut view = vec![b'0'; position(since_start(query.to).div_ceil(interval))];
    for block in blocks {
        let first = position(since_start(block.start) / interval);
        let end = position(since_start(block.end).div_ceil(interval));
        let digit = b'0' + weight(block.item.show_as, query.elsewhere_digit);
        for taken in view.get_mut(first..end).into_iter().flatten() {
            *taken = digit.max(*taken);
        }
    }
    String::from_utf8(view).unwrap_or_default()
}

fn weight(show_as: &str, elsewhere_digit: u8) -> u8 {
    match show_as {
        "tentative" => 1,
        "busy" | "unknown" => 2,
        "oof" => 3,
        "workingElsewhere" => elsewhere_digit,
        _ => 0,
    }
}
