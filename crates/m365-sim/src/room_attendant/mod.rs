//! The part of a room mailbox that answers meeting requests, obeying the settings of `Set-CalendarProcessing`.
//! <https://learn.microsoft.com/powershell/module/exchangepowershell/set-calendarprocessing>
//!
//! It looks at one request at a time, in the order of arrival. Requests nobody has decided yet do not count as
//! conflicts, so of two that overlap the earlier one wins. Accepting takes two steps: the answer, and a moment later the
//! rewriting of what the room's calendar shows, each of which subscribers hear of.

mod judge;
mod release;

use jiff::civil::Date;

use crate::scenario::Processing;
use crate::stepping::Step;
use crate::world::item::{Item, Response};
use crate::world::recurrence::Range;
use crate::world::responses::Tell;
use crate::world::{Mailbox, Part, World};
use judge::{Hearing, Verdict};
pub(crate) use release::release_unclaimed;

/// What the attendant made of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Accept,
    Decline,
    /// A delegate has to decide.
    Pend,
}

/// Decides one request and tells its organizer. Returns `None` when there is nothing left to decide.
pub(crate) fn decide(world: &mut World, request: &Part) -> Option<Decision> {
    let mailbox = world.mailbox(&request.at.mailbox)?;
    let processing = mailbox.room()?.processing.clone();
    let item = world.shown(request)?;
    if item.is_cancelled || item.response != Response::NotResponded {
        return None;
    }
    let organizer = world.mailbox(&item.organizer.address);
    let verdict = judge::judge(&Hearing {
        mailbox,
        item: &item,
        processing: &processing,
        is_external: organizer.is_none_or(|organizer| organizer.tenant != mailbox.tenant),
        now: world.clock.now(),
    });
    match verdict {
        Verdict::Accept { until, without } => {
            accept(world, request, item, until, &without)?;
            Some(Decision::Accept)
        }
        Verdict::Decline => {
            world
                .respond(request, Response::Declined, Tell::Organizer)
                .ok()?;
            Some(Decision::Decline)
        }
        Verdict::Pend => {
            pend(world, request, processing.tentative_pending_approval)?;
            Some(Decision::Pend)
        }
    }
}

/// Accepts a request as it was sent, up to `until` and but for the occurrences of the dates in `without`. What the
/// calendar shows of it is rewritten in a step of its own.
fn accept(
    world: &mut World,
    request: &Part,
    item: Item,
    until: Option<Date>,
    without: &[Date],
) -> Option<()> {
    let mut copy = item.clone();
    if let (Some(until), Some(recurrence)) = (until, &mut copy.content.recurrence) {
        recurrence.range = Range::EndDate(until);
        copy.drop_stray_overrides();
    }
    for date in without {
        copy.take_out(*date);
    }
    copy.response = Response::Accepted;
    copy.answered = Some(world.clock.now());
    copy.show_as = copy.content.show_as;
    world.write(request, copy).ok()?;
    let room = &request.at.mailbox;
    world.note_answer(&item, room, Response::Accepted);
    for declined in without.iter().filter_map(|date| item.at(*date)) {
        world.note_answer(&declined, room, Response::Declined);
    }
    world.steps.push(Step::Rewrite(request.clone()));
    Some(())
}

/// Leaves a request to a delegate, who answers it in the room's calendar.
fn pend(world: &mut World, request: &Part, is_tentative: bool) -> Option<()> {
    if is_tentative {
        let tentative = Response::TentativelyAccepted;
        return world.respond(request, tentative, Tell::Organizer).ok();
    }
    world.edit(request, |item| item.show_as = "free").ok()
}

/// Rewrites what a room's calendar shows of a meeting it accepted; nothing happens when that changes nothing.
pub(crate) fn tidy(world: &mut World, part: &Part) {
    let room = world.mailbox(&part.at.mailbox).and_then(Mailbox::room);
    let Some(processing) = room.map(|room| room.processing.clone()) else {
        return;
    };
    let accepted = world
        .shown(part)
        .filter(|item| item.response == Response::Accepted && !item.is_cancelled);
    let Some(mut item) = accepted else {
        return;
    };
    let before = item.content.clone();
    rewrite(&mut item, &processing);
    if item.content != before {
        // Shown some lines above, so it is there.
        let _ = world.write(part, item);
    }
}

/// Makes the room's copy say who booked instead of why, in the exceptions that came with a series too.
pub(crate) fn rewrite(item: &mut Item, processing: &Processing) {
    let exceptions: Vec<_> = item
        .overrides
        .keys()
        .filter_map(|date| Some((*date, item.at(*date)?)))
        .filter(|(_, exception)| !exception.is_cancelled)
        .collect();
    rewrite_alone(item, processing);
    for (date, mut exception) in exceptions {
        rewrite_alone(&mut exception, processing);
        item.put(date, &exception);
    }
}

/// The same without exceptions: those that differ were rewritten when they came, the others follow.
pub(crate) fn rewrite_alone(item: &mut Item, processing: &Processing) {
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
