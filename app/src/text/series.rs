//! Words about series: a meeting that repeats, and the rooms it gets.

pub mod outcome;
pub mod pattern;

use super::{clock, room};

/// Heading and title of the page.
pub const PLAN: &str = "Plan a series";
/// The link that leads there from the search.
pub const REPEATS: &str = "It repeats: plan a series";
/// What the page is for.
pub const HINT: &str = "You see the room of every date before anything is booked.";

/// Field: the first day.
pub const FIRST_DAY: &str = "First day";
/// Field: how it repeats.
pub const PATTERN: &str = "Repeats";
/// Field: on which weekdays.
pub const ON_DAYS: &str = "On";
/// Field: how it ends.
pub const ENDS: &str = "Ends";
/// Choice of that field.
pub const AFTER_DATES: &str = "After";
/// Choice of that field.
pub const ON_A_DAY: &str = "On a day";
/// Field: after how many dates it ends.
pub const DATES: &str = "Dates";
/// Field: the last day on which it may have a date.
pub const LAST_DAY: &str = "Last day";

/// A plan is on its way and nothing is shown yet.
pub const PLANNING: &str = "Looking for rooms on every date";
/// A plan is on its way for what was just changed.
pub const PLANNING_AGAIN: &str = "Planning again";
/// The plan is too old to be believed.
pub const OLD: &str = "This plan is more than a minute old. Asking again.";
/// The plan is too old, and nobody has touched the page for long.
pub const OLD_AND_LEFT: &str = "This plan is old. Plan again to see what is free now.";
/// The button that asks again.
pub const PLAN_AGAIN: &str = "Plan again";
/// Undoes what was chosen for all dates.
pub const UNDO_ALL: &str = "Undo what you chose for single dates";
/// Some rooms were taken between seeing the plan and booking it.
pub const REFUSED: &str = "Nothing was booked: rooms have been taken meanwhile. The plan is made anew; look at the dates that changed, then book.";
/// A field holds what makes no sense.
pub const INCOMPLETE: &str = "Give a first day, and an end that comes after the start.";
/// Exchange did not answer in time.
pub const NOT_ASKED: &str =
    "Exchange did not answer in time. Which rooms are free is what it said last.";

/// Names the strip.
pub const STRIP: &str = "Dates and their rooms";
/// Said with the strip, for those who steer by keyboard.
pub const STRIP_HINT: &str = "Choose a date to leave it out, give it another room, or move it.";
/// The list with the same content.
pub const AS_LIST: &str = "All dates as a list";
/// Names the rooms that are used.
pub const ROOMS_USED: &str = "Rooms";
/// Names the dates that have no room.
pub const WITHOUT_ROOM: &str = "Dates without a room";

/// In a date of the strip that has no room.
pub const NO_ROOM: &str = "No room";
/// In a date of the strip that does not take place.
pub const LEFT_OUT: &str = "Left out";
/// At a date in another room than the one before.
pub const CHANGE_OF_ROOM: &str = "change of room";
/// At a date for which the person has chosen something.
pub const CHOSEN: &str = "chosen by you";
/// At a date that is not at the time of the others.
pub const MOVED: &str = "moved";
/// In the strip: another room than on the date before.
pub const MARK_CHANGE: &str = "change";
/// In the strip: the person chose its room.
pub const MARK_CHOSEN: &str = "your choice";
/// No room is free on a date.
pub const NONE_FREE: &str = "No room that fits is free then.";

/// Leaves a date out.
pub const LEAVE_OUT: &str = "Leave this date out";
/// Said of a date that is left out.
pub const IS_LEFT_OUT: &str = "This date is left out.";
/// Has a date take place that was left out.
pub const TAKE_BACK_IN: &str = "Take it in again";
/// Undoes what was chosen for a date.
pub const UNDO: &str = "Undo what you chose";
/// Field: the room of a date.
pub const ROOM: &str = "Room on this date";
/// Choice of that field: none in particular.
pub const ANY_ROOM: &str = "Whatever suits the series";
/// Heading of the reasons against the others.
pub const OTHERS: &str = "Why not another room";
/// The reasons are on their way.
pub const LOOKING: &str = "Looking at the other rooms";
/// Opens the fields that move a date.
pub const MOVE: &str = "Move this date";
/// The button that moves it.
pub const MOVE_THERE: &str = "Move it there";
/// Closes the choices of a date.
pub const CLOSE: &str = "Done with this date";

/// Heading of the list of one's own series.
pub const MINE: &str = "My series";
/// There are none.
pub const NONE: &str = "You have no series.";
/// What to do then.
pub const NONE_HINT: &str = "Plan one: you see the room of every date before anything is booked.";

/// The button while it works.
pub const BOOKING: &str = "Booking";
/// Nothing can be booked.
pub const NOTHING_TO_BOOK: &str = "No date has a room, so there is nothing to book. Change what is asked for, or choose for each date.";

/// `12 dates`.
pub fn dates(count: usize) -> String {
    match count {
        0 => "no date".to_owned(),
        1 => "1 date".to_owned(),
        _ => format!("{count} dates"),
    }
}

/// How a plan turned out, counted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Counted {
    /// Dates of the series.
    pub dates: usize,
    /// Dates that have a room.
    pub placed: usize,
    /// Dates that the person left out.
    pub left_out: usize,
    /// Changes of room.
    pub changes: u32,
    /// Dates in another room than that of most.
    pub elsewhere: u32,
    /// The room of most dates. `None`: no date has one.
    pub majority: Option<String>,
}

/// The heading over the strip: `A room on 10 of 12 dates`.
pub fn headline(of: &Counted) -> String {
    let wanted = of.dates - of.left_out;
    match (of.placed, wanted) {
        (_, 0) => "Every date is left out".to_owned(),
        (0, 1) => "No room on that date".to_owned(),
        (0, wanted) => format!("No room on any of {}", dates(wanted)),
        (1, 1) => "A room on that date".to_owned(),
        (placed, wanted) if placed == wanted => format!("A room on all {}", dates(wanted)),
        (placed, wanted) => format!("A room on {placed} of {}", dates(wanted)),
    }
}

/// What is to be told of the rooms: `Room 1.08 on most, another room on 2 dates. One change of room.`
pub fn story(of: &Counted) -> String {
    let Some(majority) = of.majority.as_deref().filter(|_| of.placed > 1) else {
        return left_out(of.left_out);
    };
    let name = room::name(majority);
    let rooms = match of.elsewhere {
        0 => format!("Always {name}."),
        elsewhere => format!(
            "{name} on {}, another room on {elsewhere}.",
            dates(of.placed - elsewhere as usize)
        ),
    };
    [rooms, changes(of.changes), left_out(of.left_out)]
        .into_iter()
        .filter(|sentence| !sentence.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// `One change of room.`
fn changes(count: u32) -> String {
    match count {
        0 => String::new(),
        1 => "One change of room.".to_owned(),
        _ => format!("{count} changes of room."),
    }
}

fn left_out(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "1 date is left out.".to_owned(),
        _ => format!("{count} dates are left out."),
    }
}

/// Why a date has no room: the one that was chosen is taken.
pub fn chosen_taken(number: &str, reasons: &str) -> String {
    let name = room::name(number);
    if reasons.is_empty() {
        format!("{name}, which you chose, is not free then.")
    } else {
        format!("{name}, which you chose, is not free then. {reasons}")
    }
}

/// In the strip, at a date that has lost its room: `was 1.08`.
pub fn was_in(number: &str) -> String {
    format!("was {number}")
}

/// The same, read out: `Room 1.08 was taken meanwhile`.
pub fn lost(number: &str, is_taken: bool) -> String {
    let name = room::name(number);
    if is_taken {
        format!("{name} was taken meanwhile")
    } else {
        format!("it was {name} before")
    }
}

/// Said above the strip when dates lost their rooms, each with its day, its room, and whether that was taken:
/// `Meanwhile a room was taken: Room 1.08 on Tue 8 Dec. The rest is as it was.` Empty for none.
pub fn losses(all: &[(String, String, bool)]) -> String {
    let taken: Vec<String> = all
        .iter()
        .filter(|(_, _, is_taken)| *is_taken)
        .map(|(day, room, _)| format!("{room} on {day}"))
        .collect();
    let moved_on = all.len() - taken.len();
    let what = match (taken.len(), moved_on) {
        (0, 0) => return String::new(),
        (0, _) => "Meanwhile the plan has changed.".to_owned(),
        (1, _) => format!("Meanwhile a room was taken: {}.", taken[0]),
        _ => format!("Meanwhile rooms were taken: {}.", taken.join(", ")),
    };
    let others = match moved_on {
        0 => "",
        1 => " Another date has a new room for that.",
        _ => " Other dates have a new room for that.",
    };
    format!("{what}{others} The rest is as it was.")
}

/// A room that is used, with on how many dates: `6 seats · floor 1 · 8 dates`.
pub fn room_used(seats: &str, floor: &str, count: u32) -> String {
    format!(
        "{seats} · {} · {}",
        room::floor(floor).to_lowercase(),
        dates(count as usize)
    )
}

/// A room in the field of a date: `1.08, 6 seats, floor 1`.
pub fn room_choice(number: &str, seats: &str, floor: &str) -> String {
    format!("{number}, {seats}, {}", room::floor(floor).to_lowercase())
}

/// When a series is: `Tue 15 Dec to Tue 2 Mar`.
pub fn from_to(first: &str, last: &str) -> String {
    format!("{first} to {last}")
}

/// Rooms have been found for dates that have none. Empty for none.
pub fn offered(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "A room was found for 1 date that has none.".to_owned(),
        _ => format!("Rooms were found for {count} dates that have none."),
    }
}

/// Takes a room that does not suit in every way: `Take it anyway`.
pub const TAKE_ANYWAY: &str = "Take it anyway";

/// The same, for screen readers: `Take Room 1.08 anyway`.
pub fn take_anyway(name: &str) -> String {
    format!("Take {name} anyway")
}

/// Takes a room: `Take Room 1.08`.
pub fn take(name: &str) -> String {
    format!("Take {name}")
}

/// Why a date cannot be moved there: `Choose a day from Wed 25 Nov to Mon 14 Dec: a date stays between its neighbours.`
/// Days are counted from 1970-01-01. `None`: there is no neighbour on that side.
pub fn only_between(first: Option<i64>, last: Option<i64>) -> String {
    let (first, last) = (first.map(clock::short_day), last.map(clock::short_day));
    let days = match (first, last) {
        (Some(first), Some(last)) if first == last => first,
        (Some(first), Some(last)) => format!("a day from {first} to {last}"),
        (Some(first), None) => format!("{first} or a later day"),
        (None, Some(last)) => format!("{last} or an earlier day"),
        (None, None) => "another day".to_owned(),
    };
    format!("Choose {days}: a date stays between its neighbours.")
}

/// The series goes on for longer than can be booked ahead.
pub fn ends_early(last: &str, days_max: u32) -> String {
    format!(
        "Rooms can be booked {days_max} days ahead, so the series ends on {last} here. Book the rest later."
    )
}

/// Dates whose rooms will probably say no because they are so far ahead. `first`: the first of them.
pub fn beyond_window(first: &str, count: u32, days: u32, is_assumed: bool) -> String {
    let which = match count {
        1 => format!("The date on {first} lies"),
        _ => format!("From {first} on, {} lie", dates(count as usize)),
    };
    let window = if is_assumed {
        "nobody has told us how far ahead these rooms let themselves be booked, and Exchange’s default is assumed"
    } else {
        "these rooms let themselves be booked no further ahead"
    };
    format!("{which} more than {days} days ahead, and may be declined: {window}.")
}

/// The button that opens the choices of a date, for screen readers.
pub fn choose_for(day: &str) -> String {
    format!("Choose for {day}")
}

/// The same in short.
pub const CHOOSE: &str = "Choose";

/// The button that books: `Book 10 dates`.
pub fn book(count: usize) -> String {
    format!("Book {}", dates(count))
}

/// What pressing it does not book, but looks for rooms for. Empty for nothing.
pub fn watched(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => {
            "1 date without a free room is watched: a room is offered when there is one.".to_owned()
        }
        _ => format!(
            "{} without a free room are watched: rooms are offered when there are any.",
            dates(count)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted() -> Counted {
        Counted {
            dates: 12,
            placed: 12,
            majority: Some("1.08".to_owned()),
            ..Counted::default()
        }
    }

    #[test]
    fn a_plan_is_told_by_its_rooms_its_changes_and_what_has_none() {
        let told = |of: &Counted| format!("{} / {}", headline(of), story(of));
        assert_eq!(
            told(&counted()),
            "A room on all 12 dates / Always Room 1.08."
        );
        let two_elsewhere = Counted {
            elsewhere: 2,
            changes: 1,
            placed: 10,
            ..counted()
        };
        assert_eq!(
            told(&two_elsewhere),
            "A room on 10 of 12 dates / Room 1.08 on 8 dates, another room on 2. One change of room."
        );
        let left_out = Counted {
            left_out: 2,
            placed: 10,
            ..counted()
        };
        assert_eq!(
            told(&left_out),
            "A room on all 10 dates / Always Room 1.08. 2 dates are left out."
        );
        let none = Counted {
            dates: 12,
            ..Counted::default()
        };
        assert_eq!(told(&none), "No room on any of 12 dates / ");
    }
}
