//! A calendar as its owner sees it: some days of it, series expanded, in the mailbox's own time.

use std::sync::Arc;

use http::StatusCode;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Weekday};
use serde::Serialize;
use serde_json::{Value, json};

use super::mailboxes::mailbox;
use super::{Outcome, Refusal};
use crate::graph::occurrence_id::occurrence_id;
use crate::message::{Call, Reply};
use crate::random::immutable_id;
use crate::shared::Shared;
use crate::time_zone::known;
use crate::world::item::Item;
use crate::world::occurrence::Occurrence;
use crate::world::{EventView, Mailbox};

const DAYS_DEFAULT: i64 = 7;
const DAYS_MAX: i64 = 62;

/// One appearance of an event.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(flatten)]
    event: EventView,
    /// Start in the mailbox's zone; of an all-day event in its own.
    local_start: DateTime,
    local_end: DateTime,
    is_all_day: bool,
    /// The locations as Graph has them, not by name alone.
    places: Arc<[Value]>,
}

/// `GET /_sim/mailboxes/{address}/calendar?from=2026-11-23&days=7`. Left out, `from` is this week's Monday.
pub(super) fn show(shared: &Shared, address: &str, call: &Call) -> Outcome {
    let world = shared.world();
    let mailbox = mailbox(&world, address)?;
    let zone = known(&mailbox.time_zone);
    let now = world.clock.now().to_zoned(zone.clone()).datetime();
    let (from, days) = (first_day(call, now.date())?, days(call)?);
    let to = from.saturating_add(days.days());
    let midnight = |date: Date| {
        date.to_zoned(zone.clone())
            .map(|zoned| zoned.timestamp())
            .map_err(|_| Refusal::bad_request("from is too far away"))
    };
    let (start, end) = (midnight(from)?, midnight(to)?);
    let mut entries: Vec<Entry> = mailbox
        .items
        .values()
        .flat_map(|item| {
            item.occurrences(start, end)
                .map(move |occurrence| entry(mailbox, item, &occurrence))
        })
        .collect();
    entries.sort_by(|left, right| {
        (left.local_start, &left.event.id).cmp(&(right.local_start, &right.event.id))
    });
    let body = json!({
        "address": mailbox.address, "displayName": mailbox.display_name, "timeZone": mailbox.time_zone,
        "isRoom": mailbox.room().is_some(), "state": mailbox.state, "from": from, "to": to, "now": now,
        "value": entries,
    });
    Ok(Reply::json(StatusCode::OK, &body))
}

fn first_day(call: &Call, today: Date) -> Result<Date, Refusal> {
    match call.query_value("from") {
        Some(text) => text
            .parse()
            .map_err(|_| Refusal::bad_request(format!("from is a date, not {text:?}"))),
        None if today.weekday() == Weekday::Monday => Ok(today),
        None => today
            .nth_weekday(-1, Weekday::Monday)
            .map_err(|_| Refusal::bad_request("the clock is at the beginning of time")),
    }
}

fn days(call: &Call) -> Result<i64, Refusal> {
    let Some(text) = call.query_value("days") else {
        return Ok(DAYS_DEFAULT);
    };
    let days = text.parse().ok();
    days.filter(|days| (1..=DAYS_MAX).contains(days))
        .ok_or_else(|| {
            Refusal::bad_request(format!(
                "days is a number from 1 to {DAYS_MAX}, not {text:?}"
            ))
        })
}

fn entry(mailbox: &Mailbox, item: &Item, occurrence: &Occurrence) -> Entry {
    let shown = item.at_appearance(occurrence);
    let mut event = EventView::from(&*shown);
    if let Some(date) = occurrence.date {
        event.id = occurrence_id(&item.id, date);
        event.immutable_id = immutable_id(&event.id);
        event.is_series = true;
    }
    (event.start, event.end) = (occurrence.start.at, occurrence.end.at);
    let is_all_day = shown.content.is_all_day;
    let local = |moment: &crate::time_zone::Moment| {
        if is_all_day {
            moment.zoned().datetime()
        } else {
            moment.at.to_zoned(known(&mailbox.time_zone)).datetime()
        }
    };
    Entry {
        local_start: local(&occurrence.start),
        local_end: local(&occurrence.end),
        is_all_day,
        places: Arc::clone(&shown.content.locations),
        event,
    }
}
