//! Ordering of hits, and why each stands where it does.
//!
//! In this order: how well the room's size suits the number of people, the preferred floor, the
//! exact number of seats left over, how long the room stays free afterwards, its number as people
//! read it. Size comes in classes first, so that a room on one's own floor is not passed over for
//! one seat less on another; without a preferred floor the classes change nothing.

mod front;

use std::cmp::Ordering;
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
    let place = |position| Place::of(index, fit(position), position, meeting_end);
    // One more than asked for, so that the last hit too has something to be better than.
    let kept = n.saturating_add(1);
    let mut places: Vec<Place> = match front(index, free, wanted.people, preference.floor, kept) {
        Some(front) => front.iter().map(place).collect(),
        None => first_by_fit(free, kept, |position| fit(position).key())
            .map(place)
            .collect(),
    };
    if places.len() > kept {
        places.select_nth_unstable_by_key(n, |place| place.order);
        places.truncate(kept);
    }
    places.sort_unstable_by_key(|place| place.order);
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

/// Those that can be among the first `kept`: all that are equal to the last of them are in it.
///
/// A heap of the best so far turns nearly every room away after one comparison.
fn first_by_fit(
    free: &RoomSet,
    kept: usize,
    fit: impl Fn(usize) -> u64,
) -> impl Iterator<Item = usize> {
    let fits: Vec<(u64, usize)> = free.iter().map(|at| (fit(at), at)).collect();
    let first = fits.len().min(kept);
    let mut best: BinaryHeap<u64> = fits[..first].iter().map(|(fit, _)| *fit).collect();
    for (fit, _) in &fits[first..] {
        if best.peek().is_some_and(|worst| fit < worst) {
            best.pop();
            best.push(*fit);
        }
    }
    let worst = best.peek().copied().unwrap_or(u64::MAX);
    fits.into_iter()
        .filter(move |(fit, _)| *fit <= worst)
        .map(|(_, at)| at)
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

/// A room and what decides its place.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// All of it in one number, smaller is better: the fit, how long it stays free, its number. Fields
    /// compared one after the other are slow to sort by.
    order: u128,
    fit: Fit,
    /// How long it stays free after the meeting, in milliseconds, up to [`FREE_MS_MAX`].
    free_ms: u64,
    position: usize,
}

/// Stands for “not taken again”. Together with the fit and the number it has place in 128 bits.
const FREE_MS_MAX: u64 = (1 << 60) - 1;

impl Place {
    fn of(index: &SearchIndex, fit: Fit, position: usize, meeting_end: Option<Instant>) -> Self {
        let free_ms = meeting_end
            .and_then(|end| Some(index.taken_again_at(position, end)?.since_ms(end)))
            .and_then(|free_ms| u64::try_from(free_ms).ok())
            .map_or(FREE_MS_MAX, |free_ms| free_ms.min(FREE_MS_MAX));
        let number_rank = index.rank_facts(position).number_rank;
        Self {
            order: u128::from(fit.key()) << 92
                | u128::from(FREE_MS_MAX - free_ms) << 32
                | u128::from(number_rank),
            fit,
            free_ms,
            position,
        }
    }

    fn hit(&self, index: &SearchIndex, next: Option<&Self>, meeting_end: Option<Instant>) -> Hit {
        let is_taken_again = self.free_ms < FREE_MS_MAX;
        let until = |end: Instant| end.plus_ms(self.free_ms as i64);
        Hit {
            room: index.rooms()[self.position].id,
            free_until: meeting_end.filter(|_| is_taken_again).map(until),
            reason: next.map_or(RankReason::LastOne, |next| self.reason(next)),
        }
    }

    fn reason(&self, next: &Self) -> RankReason {
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
        if self.free_ms == next.free_ms {
            return RankReason::ByNumber;
        }
        if self.free_ms >= REST_OF_DAY_MS as u64 {
            RankReason::FreeAllDay
        } else {
            RankReason::FreeLonger
        }
    }
}

#[cfg(test)]
mod tests;
