//! The part of a room mailbox that answers meeting requests, obeying the settings of `Set-CalendarProcessing`.
//! <https://learn.microsoft.com/powershell/module/exchange/set-calendarprocessing>
//!
//! It looks at one request at a time, in the order of arrival. Requests nobody has decided yet do not count as
//! conflicts, so of two that overlap the earlier one wins.

use jiff::{Timestamp, ToSpan};

use crate::scenario::Processing;
use crate::world::item::{Item, Response};
use crate::world::responses::Tell;
use crate::world::{Mailbox, Part, World};

/// How far ahead conflicts are looked for: the longest `BookingWindowInDays` there is.
const HORIZON_DAYS: i64 = 1_080;

/// What the attendant makes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Accept,
    Decline,
    /// A delegate has to decide; the request stays tentative.
    Pend,
}

/// Decides one request and tells its organizer. Returns `None` when there is nothing left to decide.
pub(crate) fn decide(world: &mut World, request: &Part) -> Option<Decision> {
    let mailbox = world.mailbox(&request.at.mailbox)?;
    let processing = mailbox.room()?.processing.clone();
    let mut item = world.shown(request)?;
    if item.is_cancelled || item.response != Response::NotResponded {
        return None;
    }
    let decision = judge(mailbox, &item, &processing, world.clock.now());
    match decision {
        Decision::Pend => {}
        Decision::Decline => world
            .respond(request, Response::Declined, Tell::Organizer)
            .ok()?,
        Decision::Accept => {
            rewrite(&mut item, &processing);
            item.response = Response::Accepted;
            item.answered = Some(world.clock.now());
            item.show_as = item.content.show_as;
            world.write(request, item.clone()).ok()?;
            world.note_answer(&item, &request.at.mailbox, Response::Accepted);
        }
    }
    Some(decision)
}

fn judge(mailbox: &Mailbox, item: &Item, processing: &Processing, now: Timestamp) -> Decision {
    if exceeds_limits(item, processing, now)
        || (!processing.allow_conflicts && conflicts(mailbox, item, now))
    {
        return Decision::Decline;
    }
    let organizer = &item.organizer.address;
    let may_book = processing.all_book_in_policy
        || processing
            .book_in_policy
            .iter()
            .any(|address| address.eq_ignore_ascii_case(organizer));
    match (may_book, processing.all_request_in_policy) {
        (true, _) => Decision::Accept,
        (false, true) => Decision::Pend,
        (false, false) => Decision::Decline,
    }
}

fn exceeds_limits(item: &Item, processing: &Processing, now: Timestamp) -> bool {
    let content = &item.content;
    let window_hours = i64::from(processing.booking_window_in_days) * 24;
    let window_end = now
        .checked_add(window_hours.hours())
        .unwrap_or(Timestamp::MAX);
    let minutes = content.end.at.duration_since(content.start.at).as_mins();
    let is_too_long = processing.maximum_duration_in_minutes != 0
        && minutes > i64::from(processing.maximum_duration_in_minutes);
    let is_series_refused = content.recurrence.as_ref().is_some_and(|recurrence| {
        let first = content.series_date(content.start.at);
        let runs_past = match recurrence.last_date(first) {
            Some(last) => item
                .original_start(last)
                .is_none_or(|last| last.at > window_end),
            None => true,
        };
        !processing.allow_recurring_meetings || (processing.enforce_scheduling_horizon && runs_past)
    });
    content.start.at > window_end || is_too_long || is_series_refused
}

/// Whether anything already decided overlaps the request. Exchange's default tolerates no conflicting occurrence of a
/// series either (`ConflictPercentageAllowed` 0).
fn conflicts(mailbox: &Mailbox, item: &Item, now: Timestamp) -> bool {
    let horizon = now
        .checked_add((HORIZON_DAYS * 24).hours())
        .unwrap_or(Timestamp::MAX);
    let until = horizon.max(item.content.end.at);
    let requested = mailbox.blocks_of(item, Timestamp::MIN, until);
    let (Some(first), Some(last)) = (requested.first(), requested.last()) else {
        return false;
    };
    mailbox
        .busy_blocks(first.start, last.end)
        .iter()
        .filter(|block| block.item.id != item.id && block.item.response != Response::NotResponded)
        .any(|block| {
            requested
                .iter()
                .any(|wanted| wanted.start < block.end && wanted.end > block.start)
        })
}

/// Makes the room's copy say who booked instead of why.
pub(crate) fn rewrite(item: &mut Item, processing: &Processing) {
    let content = &mut item.content;
    if processing.delete_subject {
        content.subject.clear();
    }
    if processing.add_organizer_to_subject {
        content.subject = format!("{} {}", item.organizer.name, content.subject)
            .trim()
            .to_owned();
    }
    if processing.delete_comments {
        content.body.clear();
    }
    if processing.remove_private_property && content.sensitivity == "private" {
        content.sensitivity = "normal";
    }
}
