//! Words about a series that was booked, and how far it is.

use super::{dates, left_out};

/// Heading once it is booked.
pub const BOOKED: &str = "Your series";
/// Under the subject of a date that gets a room after all.
pub const AGAIN_HINT: &str =
    "A date that was left out comes back as a meeting of its own. You may leave it empty.";
/// While it is being written and rooms answer.
pub const UNDER_WAY: &str = "Asking the rooms";
/// At the place of a number, for a date that has no room.
pub const NO_ROOM_MARK: &str = "–";
/// Said of a date that is left out because it had no room.
pub const IS_WATCHED: &str = "Left out. A room is offered here when there is one.";
/// Leads to another series.
pub const ANOTHER: &str = "Plan another series";

/// How far a series is that was booked.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// Dates that are not in the calendar yet.
    pub waiting: u32,
    /// Dates whose rooms have not answered.
    pub asked: u32,
    /// Dates whose rooms said yes.
    pub accepted: u32,
    /// Dates whose rooms said no, or that ended otherwise.
    pub declined: u32,
    /// Dates that are left out and for which a room is looked for.
    pub watched: u32,
    /// Dates that are left out on purpose.
    pub left_out: u32,
    /// Everything is written that there is to write.
    pub is_written: bool,
}

impl Progress {
    /// Dates that were to be booked.
    pub const fn booked(&self) -> u32 {
        self.waiting + self.asked + self.accepted + self.declined
    }

    /// Whether something is still to come.
    pub const fn is_under_way(&self) -> bool {
        !self.is_written || self.waiting + self.asked > 0
    }
}

/// While it is being done: `7 of 10 accepted, 2 asked and not answered yet, 1 not sent yet.`
pub fn progress(of: &Progress) -> String {
    let mut parts = vec![format!("{} of {} accepted", of.accepted, of.booked())];
    for (count, what) in [
        (of.declined, "declined"),
        (of.asked, "asked and not answered yet"),
        (of.waiting, "not sent yet"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    format!("{}.", parts.join(", "))
}

/// Once all have answered: exactly what there is.
pub fn outcome(of: &Progress) -> String {
    let booked = dates(of.booked() as usize);
    let mut told = match of.declined {
        0 if of.accepted == 1 => "1 date is booked.".to_owned(),
        0 => format!("All {booked} are booked."),
        1 => format!("{} of {booked} are booked. 1 was declined.", of.accepted),
        declined => format!(
            "{} of {booked} are booked. {declined} were declined.",
            of.accepted
        ),
    };
    match of.watched {
        0 => {}
        1 => told
            .push_str(" 1 date is left out and watched: a room is offered here when there is one."),
        watched => told.push_str(&format!(
            " {watched} dates are left out and watched: rooms are offered here when there are any."
        )),
    }
    if of.left_out > 0 {
        told.push(' ');
        told.push_str(&left_out(of.left_out as usize));
    }
    told
}
