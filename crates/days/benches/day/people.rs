//! What people do in Outlook on a working day.

use booking::random::SeededRandom;
use booking::time::{DAY_MS, MINUTE_MS, TimeRange};
use days::office::{ADELE, ALEX, DIEGO, PRADEEP};
use days::outlook::{moved_to, with_rooms};
use days::{Meeting, World};

use crate::lived::BUSY;

const ORGANIZERS: [&str; 4] = [ADELE, ALEX, DIEGO, PRADEEP];
/// Meetings of a room before the day begins.
const AHEAD: usize = 8;
const LENGTHS_MIN: [i64; 5] = [30, 30, 45, 60, 90];
const QUARTER_MIN: i64 = 15;
/// Meetings are at most so many days away.
const AHEAD_DAYS: u64 = 9;

/// Meetings that stand, as those who called them know it.
#[derive(Default)]
pub(crate) struct People {
    meetings: Vec<Called>,
}

struct Called {
    organizer: &'static str,
    id: String,
    room: usize,
    range: TimeRange,
}

impl People {
    /// What was booked on the days before: half of it for today.
    pub(crate) async fn book_ahead(&mut self, world: &World, room: usize, random: &SeededRandom) {
        for number in 0..AHEAD {
            let days = match number % 2 {
                0 => 0,
                _ => 1 + random.next_u64() % AHEAD_DAYS,
            };
            // The world begins at midnight.
            let quarters = 8 * 4 + pick(random, 9 * 4);
            let first_min = i64::try_from(days).unwrap() * DAY_MS / MINUTE_MS;
            let range = world.in_minutes(first_min + quarters * QUARTER_MIN, length(random));
            self.call(world, room, whole_minutes(range), random).await;
        }
    }

    /// Somebody changes something about a room; the rooms that hear of it.
    pub(crate) async fn act(
        &mut self,
        world: &World,
        room: usize,
        random: &SeededRandom,
    ) -> Vec<usize> {
        let now = world.now();
        self.meetings.retain(|one| one.range.end() > now);
        let of_room: Vec<usize> = (0..self.meetings.len())
            .filter(|at| self.meetings[*at].room == room)
            .collect();
        let chance = random.next_u64() % 100;
        if of_room.is_empty() || chance < 50 {
            let range = later(world, random);
            self.call(world, room, range, random).await;
            return vec![room];
        }
        let at = of_room[usize::try_from(random.next_u64()).unwrap() % of_room.len()];
        match chance {
            50..70 => self.shift(world, at, later(world, random)).await,
            70..85 => {
                let gone = self.meetings.swap_remove(at);
                let cancelled = world.outlook.act(gone.organizer, &gone.id, "cancel").await;
                cancelled.unwrap();
            }
            85..93 => self.end_early(world, at, random).await,
            _ => {
                let other = self.take_elsewhere(world, at, random).await;
                return vec![room, other];
            }
        }
        vec![room]
    }

    async fn call(&mut self, world: &World, room: usize, range: TimeRange, random: &SeededRandom) {
        let organizer = ORGANIZERS[usize::try_from(random.next_u64() % 4).unwrap()];
        let meeting = Meeting::at(range).inviting(mailbox(world, room));
        let id = world.outlook.send(organizer, &meeting).await.unwrap();
        self.meetings.push(Called {
            organizer,
            id,
            room,
            range,
        });
    }

    async fn shift(&mut self, world: &World, at: usize, range: TimeRange) {
        let meeting = &mut self.meetings[at];
        let change = moved_to(range);
        let outlook = &world.outlook;
        let changed = outlook
            .change(meeting.organizer, &meeting.id, &change)
            .await;
        changed.unwrap();
        meeting.range = range;
    }

    /// A meeting that is under way ends now; another one is put off.
    async fn end_early(&mut self, world: &World, at: usize, random: &SeededRandom) {
        let (now, range) = (world.now(), self.meetings[at].range);
        let rounded = now.plus_ms(MINUTE_MS - now.0.rem_euclid(MINUTE_MS));
        let range = match TimeRange::new(range.start(), rounded) {
            Ok(shorter) if rounded < range.end() => shorter,
            _ => later(world, random),
        };
        self.shift(world, at, range).await;
    }

    /// The other room.
    async fn take_elsewhere(&mut self, world: &World, at: usize, random: &SeededRandom) -> usize {
        let meeting = &mut self.meetings[at];
        meeting.room = usize::try_from(random.next_u64()).unwrap() % BUSY;
        let rooms = [mailbox(world, meeting.room).clone()];
        let change = with_rooms(&rooms);
        let outlook = &world.outlook;
        let changed = outlook
            .change(meeting.organizer, &meeting.id, &change)
            .await;
        changed.unwrap();
        meeting.room
    }
}

pub(crate) fn mailbox(world: &World, room: usize) -> &booking::ids::MailboxAddress {
    let link = world.rooms[room].link.as_ref();
    &link.expect("every room has a mailbox").mailbox
}

/// A time that begins within hours, or on one of the next days.
fn later(world: &World, random: &SeededRandom) -> TimeRange {
    let days = match random.next_u64() % 10 {
        0..7 => 0,
        _ => 1 + random.next_u64() % AHEAD_DAYS,
    };
    let first_min = i64::try_from(days).unwrap() * DAY_MS / MINUTE_MS;
    let into_quarter = (world.now().0 / MINUTE_MS).rem_euclid(QUARTER_MIN);
    let next_quarter = QUARTER_MIN - into_quarter;
    let from = first_min + next_quarter + pick(random, 16) * QUARTER_MIN;
    whole_minutes(world.in_minutes(from, length(random)))
}

/// Clocks stand at any second; meetings begin at full minutes.
fn whole_minutes(range: TimeRange) -> TimeRange {
    range.shifted_ms(-range.start().0.rem_euclid(MINUTE_MS))
}

fn length(random: &SeededRandom) -> i64 {
    LENGTHS_MIN[usize::try_from(random.next_u64()).unwrap() % LENGTHS_MIN.len()]
}

fn pick(random: &SeededRandom, bound: u64) -> i64 {
    i64::try_from(random.next_u64() % bound).unwrap()
}
