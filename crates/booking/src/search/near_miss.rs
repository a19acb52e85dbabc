//! Rooms that would do if the question were changed a little, smallest change first.

use serde::{Deserialize, Serialize};

use super::bits::RoomSet;
use super::change::Change;
use super::index::SearchIndex;
use super::rank::{Preference, top};
use super::{RoomAnswer, Wanted};
use crate::ids::RoomId;
use crate::time::{Instant, MINUTE_MS};

/// The start is moved in steps of this many milliseconds.
pub const SHIFT_STEP_MS: i64 = 15 * MINUTE_MS;

/// Most steps by which the start is moved either way: two hours.
pub const SHIFT_STEPS_MAX: i64 = 8;

/// Most people that are left out.
pub const FEWER_PEOPLE_MAX: u32 = 8;

/// A room that is not to be had as asked, and the change with which it is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NearMiss {
    /// The room.
    pub room: RoomId,
    /// With this it is free and fits.
    pub change: Change,
    /// The answer to the question as asked: what stands in the way, with that change as its remedy.
    pub answer: RoomAnswer,
}

/// At most `n` rooms that are not free or do not fit as asked, each with its smallest change.
///
/// One step of the start counts as much as one person. Among equal changes later comes before
/// earlier, because people are more often held up than early, and rooms come in the order of
/// [`top`].
pub fn near_misses(index: &SearchIndex, wanted: &Wanted, now: Instant, n: usize) -> Vec<NearMiss> {
    let mut seen = index.free(wanted, now);
    let mut free = RoomSet::default();
    let mut found = Vec::new();
    for change in changes(wanted) {
        if found.len() >= n {
            break;
        }
        let changed = change.applied(wanted);
        index.free_into(&changed, now, &mut free);
        free.remove_all(&seen);
        let wanting = n - found.len();
        let hits = top(index, &free, &changed, &Preference::default(), wanting);
        found.extend(hits.into_iter().filter_map(|hit| {
            let mut answer = index.answer(hit.room, wanted, now)?;
            answer.remedy = vec![change];
            Some(NearMiss {
                room: hit.room,
                change,
                answer,
            })
        }));
        seen.add_all(&free);
    }
    found
}

/// Every change that is tried, smallest first.
fn changes(wanted: &Wanted) -> impl Iterator<Item = Change> + '_ {
    let asked = wanted.ranges.first().map(|range| range.start());
    let moved = move |steps: i64| {
        asked.map(|asked| Change::FreeAt {
            start: asked.plus_ms(steps * SHIFT_STEP_MS),
        })
    };
    let fewer = |by: u32| {
        let people = wanted.people.checked_sub(by).filter(|people| *people > 0);
        people.map(|people| Change::ForFewer { people })
    };
    let steps = SHIFT_STEPS_MAX.max(i64::from(FEWER_PEOPLE_MAX));
    (1..=steps).flat_map(move |step| {
        let in_time = step <= SHIFT_STEPS_MAX;
        let in_people = step <= i64::from(FEWER_PEOPLE_MAX);
        [
            moved(step).filter(|_| in_time),
            moved(-step).filter(|_| in_time),
            fewer(step as u32).filter(|_| in_people),
        ]
        .into_iter()
        .flatten()
    })
}
