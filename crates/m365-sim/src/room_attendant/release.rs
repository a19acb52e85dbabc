//! Giving back rooms that nobody has come to.
//! <https://learn.microsoft.com/powershell/module/exchangepowershell/set-calendarprocessing>

use jiff::{SignedDuration, Timestamp};

use crate::scenario::Processing;
use crate::world::item::Response;
use crate::world::responses::Tell;
use crate::world::{BusyBlock, ItemRef, Mailbox, Part, World};

/// Gives back every room whose meeting runs without anybody having checked in for too long. The room declines after all:
/// its time is free again, and the organizer sees it.
pub(crate) fn release_unclaimed(world: &mut World) {
    let now = world.clock.now();
    let unclaimed: Vec<Part> = world
        .mailboxes
        .values()
        .flat_map(|mailbox| unclaimed(mailbox, now))
        .collect();
    for part in unclaimed {
        // Found a line above, and its response says that it is not the organizer's.
        let _ = world.respond(&part, Response::Declined, Tell::Organizer);
    }
}

fn unclaimed(mailbox: &Mailbox, now: Timestamp) -> Vec<Part> {
    let Some(processing) = mailbox
        .room()
        .map(|room| &room.processing)
        .filter(|processing| processing.enable_auto_release)
    else {
        return Vec::new();
    };
    let until = now
        .saturating_add(SignedDuration::from_secs(1))
        .unwrap_or(now);
    let running = mailbox.busy_blocks(now, until).into_iter();
    running
        .filter(|block| is_overdue(block, processing, now))
        .filter(|block| {
            let uid = block.ical_uid();
            !mailbox.check_ins.iter().any(|claim| claim.event == uid)
        })
        .map(|block| Part {
            at: ItemRef {
                mailbox: mailbox.address.to_lowercase(),
                id: block.item.id.clone(),
            },
            date: block.occurrence.date,
        })
        .collect()
}

/// Whether people had their time to check in. It counts from the acceptance of a meeting that began before.
fn is_overdue(block: &BusyBlock<'_>, processing: &Processing, now: Timestamp) -> bool {
    let minutes = i64::from(processing.post_reservation_max_claim_time_in_minutes);
    let accepted = block
        .item
        .answered
        .filter(|_| block.item.response == Response::Accepted);
    accepted
        .map(|accepted| accepted.max(block.start))
        .and_then(|from| from.checked_add(SignedDuration::from_mins(minutes)).ok())
        .is_some_and(|latest| latest <= now)
}
