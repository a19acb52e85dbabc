//! What every story needs: an office, times in it, and what people see of its rooms.

use booking::ids::MailboxAddress;
use booking::search::found::{FoundRooms, Source};
use booking::search::{RoomQuery, RoomState};
use booking::time::{DAY_MS, HOUR_MS, Instant, MINUTE_MS, TimeRange};
use days::outlook::Outlook;
use days::{MONDAY, Plan, RoomKind, World};
use jiff::civil::Date;

/// An office whose rooms answer so, with two Etage processes.
pub(crate) async fn office(rooms: &[RoomKind]) -> World {
    office_from(0, rooms).await
}

/// The same, so many days later.
pub(crate) async fn office_from(day: i64, rooms: &[RoomKind]) -> World {
    World::open(Plan {
        start: MONDAY.plus_ms(day * DAY_MS),
        rooms: rooms.to_vec(),
        processes: 2,
        ..Plan::default()
    })
    .await
}

/// So many days after the first Monday, from this hour on, for so many minutes. Hours are UTC's; the office's clocks show
/// one more in winter and two in summer.
pub(crate) fn at(day: i64, hour: i64, minutes: i64) -> TimeRange {
    let midnight = MONDAY.plus_ms(-8 * HOUR_MS);
    let start = midnight.plus_ms(day * DAY_MS + hour * HOUR_MS);
    TimeRange::new(start, start.plus_ms(minutes * MINUTE_MS)).unwrap()
}

/// So many days after the first Monday, as a date.
pub(crate) fn date(day: i64) -> Date {
    Date::constant(2026, 11, 23)
        .checked_add(jiff::Span::new().days(day))
        .unwrap()
}

/// Whether Etage has learnt without any time passing: rooms answer, Microsoft tells of it, every process does its work.
pub(crate) async fn at_once(world: &mut World) {
    world.turn().await;
}

/// Lets days pass, and comes to rest.
pub(crate) async fn days_later(world: &mut World, days: i64) {
    world.advance_ms(days * DAY_MS);
    world.settle().await;
}

/// How the rooms stand at that time for somebody who has nothing to do with them: a letter for each, `f` free, `b` busy,
/// `t` asked for. The plan and the list of every process and Exchange itself have to say the same.
pub(crate) async fn plan(world: &World, range: TimeRange) -> String {
    let exchange = by_exchange(world, range).await;
    for process in 0..world.processes.len() {
        let mirror = by_mirror(world, process, range);
        assert_eq!(
            mirror, exchange,
            "process {process} and Exchange, {range:?}"
        );
    }
    exchange
}

/// The same at several times.
pub(crate) async fn plans<const N: usize>(world: &World, ranges: [TimeRange; N]) -> [String; N] {
    let mut shown = ranges.map(|_| String::new());
    for (shown, range) in shown.iter_mut().zip(ranges) {
        *shown = plan(world, range).await;
    }
    shown
}

/// What a process paints at once, out of memory.
pub(crate) fn by_mirror(world: &World, process: usize, range: TimeRange) -> String {
    let engine = world.processes[process].engine();
    let found = engine
        .find_rooms(&world.people[2], &RoomQuery::any_room(range), None)
        .unwrap();
    assert_list_is_as_plan(world, &found);
    found.states
}

fn assert_list_is_as_plan(world: &World, found: &FoundRooms) {
    for (room, state) in world.rooms.iter().zip(found.states.bytes()) {
        let is_listed = found.hits.iter().any(|hit| hit.room == room.id);
        assert_eq!(
            is_listed,
            RoomState::from_byte(state) == RoomState::Free,
            "{}",
            room.name
        );
    }
}

async fn by_exchange(world: &World, range: TimeRange) -> String {
    let rooms: Vec<_> = world.rooms.iter().map(|room| room.id).collect();
    let checked = world.processes[0]
        .engine()
        .check_availability(&world.people[2], &RoomQuery::any_room(range), &rooms)
        .await
        .unwrap();
    let state = |one: &booking::search::found::CheckedRoom| {
        assert!(matches!(one.source, Source::Exchange { .. }), "{one:?}");
        char::from(one.answer.state.byte())
    };
    checked.rooms.iter().map(state).collect()
}

/// When the mirror has a room taken from now on, in order. Rooms count from 1.
pub(crate) async fn taken(world: &World, room: usize) -> Vec<TimeRange> {
    let all = TimeRange::new(world.now(), Instant(i64::MAX)).unwrap();
    let busy = world.store().busy_times_of(world.rooms[room - 1].id, all);
    let mut taken: Vec<TimeRange> = busy.await.unwrap().iter().map(|one| one.range).collect();
    taken.sort_by_key(|range| (range.start(), range.end()));
    taken
}

/// The id of the meeting of a series that starts then in that calendar.
pub(crate) async fn occurrence(outlook: &Outlook, mailbox: &str, start: Instant) -> String {
    let from = jiff::Timestamp::from_millisecond(start.plus_ms(-DAY_MS).0).unwrap();
    let from = from.to_zoned(jiff::tz::TimeZone::UTC).date();
    let shown = outlook.calendar(mailbox, from, 3).await;
    let one = shown.into_iter().find(|one| one.start == start);
    one.expect("a meeting of the series starts then").id
}

/// The id of the only event in a room's calendar that is not cancelled.
pub(crate) fn copy_in(world: &World, room: &MailboxAddress) -> String {
    let events = world.sim.events(room.as_str()).unwrap();
    let mut standing = events.into_iter().filter(|event| !event.is_cancelled);
    let only = standing.next().expect("an event in the room's calendar");
    assert_eq!(standing.next(), None);
    only.id
}

/// Comes to rest: all that Etage keeps and shows is what the calendars hold.
pub(crate) async fn finish(mut world: World) {
    world.settle().await;
    world.assert_all_is_well().await;
    world.end().await;
}
