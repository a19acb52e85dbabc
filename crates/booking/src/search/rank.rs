//! Ordering of hits, and why each stands where it does.
//!
//! In this order: how well the room's size suits the number of people, the preferred floor, the
//! exact number of seats left over, how long the room stays free afterwards, its number as people
//! read it. Size comes in classes first, so that a room on one's own floor is not passed over for
//! one seat less on another; without a preferred floor the classes change nothing.

mod front;

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use serde::{Deserialize, Serialize};

pub(in crate::search) use self::front::Level;
use self::front::front;
use super::Wanted;
use super::bits::RoomSet;
use super::index::{RankFacts, SearchIndex};
use crate::ids::{FloorId, RoomId};
use crate::time::{HOUR_MS, Instant};

/// How long a room must stay free after the meeting to count as free for the rest of the day.
///
/// The day's end on the building's wall is not known here (the table of zones is too large for
/// the browser); half a day reaches past any evening.
pub const REST_OF_DAY_MS: i64 = 12 * HOUR_MS;

/// What the person asking would rather have, all else being equal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Preference {
    /// A floor to stay on. `None`: any.
    pub floor: Option<FloorId>,
}

/// One room in its place among the hits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Hit {
    /// The room.
    pub room: RoomId,
    /// First instant after the first range at which it is taken again. `None`: none is known.
    pub free_until: Option<Instant>,
    /// Why it stands before the next one.
    pub reason: RankReason,
}

/// The first thing in which a hit is better than the one after it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RankReason {
    /// It leaves fewer seats empty.
    SmallestThatFits,
    /// Its seats are known to be enough, the next one's are not known.
    SeatsKnown,
    /// It lies on the preferred floor.
    OnYourFloor,
    /// Nothing else is in its calendar for [`REST_OF_DAY_MS`] after the meeting.
    FreeAllDay,
    /// It stays free longer.
    FreeLonger,
    /// Nothing but its number comes first.
    ByNumber,
    /// No other room is after it.
    LastOne,
}

/// The best `n` of the rooms in `free`, best first.
///
/// Only as many rooms are put in full order as are asked for.
pub fn top(
    index: &SearchIndex,
    free: &RoomSet,
    wanted: &Wanted,
    preference: &Preference,
    n: usize,
) -> Vec<Hit> {
    let meeting_end = wanted.ranges.first().map(|range| range.end());
    let floor = preference.floor.and_then(|floor| index.floor_place(floor));
    let fit = |position| Fit::of(index.rank_facts(position), wanted.people, floor);
    // One more than asked for, so that the last hit too has something to be better than.
    let kept = n.saturating_add(1);
    let front = front(index, free, wanted.people, preference.floor, kept);
    let among = front.as_ref().unwrap_or(free);
    let mut fits: Vec<(u64, u32)> = Vec::with_capacity(among.count());
    fits.extend(
        among
            .iter()
            .map(|position| (fit(position).key(), position as u32)),
    );
    keep_first(&mut fits, kept);
    let mut places: Vec<Place> = fits
        .into_iter()
        .map(|(_, position)| position as usize)
        .map(|position| Place::of(index, fit(position), position, meeting_end))
        .collect();
    if places.len() > kept {
        places.select_nth_unstable(n);
        places.truncate(kept);
    }
    places.sort_unstable();
    (0..places.len().min(n))
        .map(|at| places[at].hit(index, places.get(at + 1), meeting_end))
        .collect()
}

/// Compares as people read: runs of digits by their value, letters without regard to case.
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut a_rest, mut b_rest) = (a, b);
    loop {
        let (Some(a_next), Some(b_next)) = (a_rest.chars().next(), b_rest.chars().next()) else {
            // Equal so far: the shorter one first, and the texts themselves as the last resort.
            return a_rest.len().cmp(&b_rest.len()).then_with(|| a.cmp(b));
        };
        let order = if a_next.is_ascii_digit() && b_next.is_ascii_digit() {
            let (a_digits, b_digits) = (take_digits(&mut a_rest), take_digits(&mut b_rest));
            a_digits
                .len()
                .cmp(&b_digits.len())
                .then_with(|| a_digits.cmp(b_digits))
        } else {
            a_rest = &a_rest[a_next.len_utf8()..];
            b_rest = &b_rest[b_next.len_utf8()..];
            a_next.to_lowercase().cmp(b_next.to_lowercase())
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Cuts the leading digits off; gives them without leading zeros.
fn take_digits<'a>(text: &mut &'a str) -> &'a str {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    *text = rest;
    digits.trim_start_matches('0')
}

/// Keeps those that can be among the first `kept`: all that are equal to the last of them stay.
///
/// A heap of the best so far turns nearly every room away after one comparison.
fn keep_first(fits: &mut Vec<(u64, u32)>, kept: usize) {
    if fits.len() <= kept {
        return;
    }
    let mut best: BinaryHeap<u64> = fits[..kept].iter().map(|(fit, _)| *fit).collect();
    let mut worst = best.peek().copied().unwrap_or(u64::MAX);
    for (fit, _) in &fits[kept..] {
        if *fit < worst {
            best.pop();
            best.push(*fit);
            worst = best.peek().copied().unwrap_or(u64::MAX);
        }
    }
    fits.retain(|(fit, _)| *fit <= worst);
}

/// How a room's size suits the number of people.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Size {
    /// At most half as many seats again as people, or two more.
    Snug,
    /// At most three times as many seats as people, or six more.
    Roomy,
    /// Larger still.
    Vast,
    /// Nobody told its seats.
    Untold,
    /// Fewer seats than people.
    TooSmall,
}

/// What can be said of a room without looking at its calendar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Fit {
    size: Size,
    off_floor: bool,
    spare_seats: u32,
}

impl Fit {
    /// `floor`: the preferred one. If no room lies on it, none is off it either.
    fn of(room: RankFacts, people: u32, floor: Option<u32>) -> Self {
        let (size, spare_seats) = room
            .seats
            .map_or((Size::Untold, 0), |seats| size_for(seats, people));
        Self {
            size,
            off_floor: floor.is_some_and(|floor| floor != room.floor),
            spare_seats,
        }
    }

    /// The same order in one number: the fields one by one are slow to compare by the thousand.
    fn key(self) -> u64 {
        (self.size as u64) << 33 | u64::from(self.off_floor) << 32 | u64::from(self.spare_seats)
    }
}

fn size_for(seats: u32, people: u32) -> (Size, u32) {
    let Some(spare) = seats.checked_sub(people) else {
        // Of rooms that are too small, the one that lacks the fewest seats comes first.
        return (Size::TooSmall, people - seats);
    };
    let size = if spare <= (people / 2).max(2) {
        Size::Snug
    } else if spare <= people.saturating_mul(2).max(6) {
        Size::Roomy
    } else {
        Size::Vast
    };
    (size, spare)
}

/// Everything that decides a room's place, in the order in which it decides.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Place {
    fit: Fit,
    free_until: Reverse<Instant>,
    number_rank: u32,
    position: usize,
}

/// Stands for “not taken again”.
const NEVER: Instant = Instant(i64::MAX);

impl Place {
    fn of(index: &SearchIndex, fit: Fit, position: usize, meeting_end: Option<Instant>) -> Self {
        let taken_again = meeting_end.and_then(|end| index.taken_again_at(position, end));
        Self {
            fit,
            free_until: Reverse(taken_again.unwrap_or(NEVER)),
            number_rank: index.rank_facts(position).number_rank,
            position,
        }
    }

    fn hit(&self, index: &SearchIndex, next: Option<&Self>, meeting_end: Option<Instant>) -> Hit {
        let until = self.free_until.0;
        Hit {
            room: index.rooms()[self.position].id,
            free_until: (until != NEVER).then_some(until),
            reason: next.map_or(RankReason::LastOne, |next| self.reason(next, meeting_end)),
        }
    }

    fn reason(&self, next: &Self, meeting_end: Option<Instant>) -> RankReason {
        if self.fit.size != next.fit.size {
            return match next.fit.size {
                Size::Untold => RankReason::SeatsKnown,
                _ => RankReason::SmallestThatFits,
            };
        }
        if self.fit.off_floor != next.fit.off_floor {
            return RankReason::OnYourFloor;
        }
        if self.fit.spare_seats != next.fit.spare_seats {
            return RankReason::SmallestThatFits;
        }
        if self.free_until == next.free_until {
            return RankReason::ByNumber;
        }
        let free_ms = meeting_end.map_or(0, |end| self.free_until.0.since_ms(end));
        if free_ms >= REST_OF_DAY_MS {
            RankReason::FreeAllDay
        } else {
            RankReason::FreeLonger
        }
    }
}

#[cfg(test)]
mod tests;
