//! The solver. Its order of plans and how it works are told in [`series`](super).

use super::candidate::Candidate;
use super::cost::{CHANGE, Cost, NEVER, of_a_date};
use super::date::{Choice, SeriesDate};
use super::free_table::FreeTable;
use super::plan::{Assigned, Plan};
use crate::search::OCCURRENCES_MAX;
use crate::search::bits::RoomSet;

/// The best plan there is.
///
/// `dates` are in order of their numbers, at most [`OCCURRENCES_MAX`]; `free` has a set for each. Positions in these
/// sets count in `rooms`, which are those of the index that the table was asked of.
pub fn solve(dates: &[SeriesDate], rooms: &[Candidate], free: &FreeTable) -> Plan {
    debug_assert!(dates.len() <= OCCURRENCES_MAX, "costs would overflow");
    let mut assigned = Vec::with_capacity(dates.len());
    let mut stops = Vec::new();
    for (at, date) in dates.iter().enumerate() {
        match open_on(date, free.on(at), rooms) {
            Ok(open) => {
                stops.push(Stop { date: at, open });
                // Until it has a room.
                assigned.push(Assigned::NoneFree);
            }
            Err(without) => assigned.push(without),
        }
    }
    for (stop, position) in stops.iter().zip(course(&stops, rooms)) {
        assigned[stop.date] = Assigned::Room(rooms[position].room);
    }
    Plan::of(assigned, rooms)
}

/// A date that can have a room.
struct Stop {
    date: usize,
    /// Its rooms; at least one.
    open: RoomSet,
}

/// The rooms that a date may have; never none.
///
/// # Errors
/// What becomes of a date that can have no room.
fn open_on(
    date: &SeriesDate,
    free: Option<&RoomSet>,
    rooms: &[Candidate],
) -> Result<RoomSet, Assigned> {
    if date.choice == Choice::Skip {
        return Err(Assigned::Skipped);
    }
    let Some(chosen) = date.chosen_room() else {
        let free = free.filter(|free| known(free, rooms).next().is_some());
        return free.cloned().ok_or(Assigned::NoneFree);
    };
    let position = rooms.iter().position(|one| one.room == chosen);
    let free = position.filter(|position| free.is_some_and(|free| free.contains(*position)));
    let position = free.ok_or(Assigned::ChosenTaken(chosen))?;
    let mut only = RoomSet::for_rooms(rooms.len());
    only.insert(position);
    Ok(only)
}

/// The positions in the set at which there is a room.
fn known<'a>(set: &'a RoomSet, rooms: &'a [Candidate]) -> impl Iterator<Item = usize> + 'a {
    set.iter().take_while(|position| *position < rooms.len())
}

/// How to go on from a stop.
struct Onward {
    /// The best room of this stop, for those who come from another one.
    best: usize,
    /// The rooms of this stop out of which it is best to stay at the next one.
    stays: RoomSet,
}

/// The position of the best room for each stop, in their order.
fn course(stops: &[Stop], rooms: &[Candidate]) -> Vec<usize> {
    let onward = backwards(stops, rooms);
    let mut course: Vec<usize> = Vec::with_capacity(onward.len());
    for (at, here) in onward.iter().enumerate() {
        let before = course.last().copied();
        let stayed = before.filter(|position| onward[at - 1].stays.contains(*position));
        course.push(stayed.unwrap_or(here.best));
    }
    course
}

/// How to go on from each stop, in their order.
fn backwards(stops: &[Stop], rooms: &[Candidate]) -> Vec<Onward> {
    let costs: Vec<Cost> = rooms.iter().map(of_a_date).collect();
    // What it costs from a stop on, by its room: of the stop that is looked at, and of the one after.
    let (mut here, mut after) = (vec![NEVER; rooms.len()], vec![NEVER; rooms.len()]);
    let mut best_after: Option<Best> = None;
    let mut onward = Vec::with_capacity(stops.len());
    for stop in stops.iter().rev() {
        here.fill(NEVER);
        let mut stays = RoomSet::for_rooms(rooms.len());
        let mut best: Option<Best> = None;
        for position in known(&stop.open, rooms) {
            let order = rooms[position].order;
            let rest = best_after.map_or(0, |best| {
                let change = best.cost + CHANGE;
                let stay = after[position];
                // Where both cost the same, the room that comes first, as everywhere.
                if (stay, order) < (change, best.order) {
                    stays.insert(position);
                    stay
                } else {
                    change
                }
            });
            here[position] = costs[position] + rest;
            let this = Best {
                cost: here[position],
                order,
                position,
            };
            best = Some(best.map_or(this, |best| best.min(this)));
        }
        onward.extend(best.map(|best| Onward {
            best: best.position,
            stays,
        }));
        best_after = best;
        std::mem::swap(&mut here, &mut after);
    }
    onward.reverse();
    onward
}

/// The cheapest room of a stop; of several the first in natural order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Best {
    cost: Cost,
    order: u32,
    position: usize,
}

#[cfg(test)]
mod tests;
