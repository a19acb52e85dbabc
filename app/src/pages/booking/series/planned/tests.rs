use booking::ids::BuildingId;
use booking::time::{DAY_MS, HOUR_MS, TimeRange, ZoneName};
use uuid::Uuid;

use super::*;

const WEEK_MS: i64 = 7 * DAY_MS;
/// 2026-11-24T10:00:00Z, a Tuesday.
const FIRST: Instant = Instant(1_795_514_400_000);

pub(in super::super) fn room(id: u128) -> RoomId {
    RoomId(Uuid::from_u128(id))
}

fn numbers() -> Numbers {
    [(room(8), "1.08"), (room(10), "1.10")]
        .map(|(room, number)| (room, number.to_owned()))
        .into()
}

/// A date a week, from the first one on.
pub(in super::super) fn planned(assigned: &[(Assigned, Choice)]) -> PlannedSeries {
    let date = |(week, (assigned, choice)): (usize, &(Assigned, Choice))| {
        let start = FIRST.plus_ms(week as i64 * WEEK_MS);
        let original = TimeRange::new(start, start.plus_ms(HOUR_MS)).unwrap();
        PlannedDate {
            number: week as u32 + 1,
            original,
            range: match choice {
                Choice::Moved { range, .. } => *range,
                _ => original,
            },
            utc_offset_minutes: 0,
            choice: *choice,
            assigned: *assigned,
            against: Vec::new(),
            free: 0,
            others: Vec::new(),
            source: None,
        }
    };
    PlannedSeries {
        building: BuildingId(Uuid::nil()),
        zone: ZoneName::utc(),
        dates: assigned.iter().enumerate().map(date).collect(),
        changes: 1,
        majority: Some(room(8)),
        elsewhere: 1,
        rooms: Vec::new(),
        warnings: Vec::new(),
        as_of: None,
        now: FIRST,
    }
}

pub(in super::super) fn auto(assigned: Assigned) -> (Assigned, Choice) {
    (assigned, Choice::Auto)
}

fn spoken(planned: &Planned) -> Vec<String> {
    let strip = planned.strip(&numbers()).into_iter();
    strip.map(|date| date.spoken).collect()
}

#[test]
fn the_strip_says_of_every_date_which_room_it_has_and_where_it_changes() {
    let planned = Planned::new(planned(&[
        auto(Assigned::Room(room(8))),
        auto(Assigned::NoneFree),
        auto(Assigned::Room(room(8))),
        (Assigned::Skipped, Choice::Skip),
        auto(Assigned::Room(room(10))),
        (Assigned::Room(room(10)), Choice::Room(room(10))),
    ]));
    assert_eq!(
        spoken(&planned),
        [
            "Tue 24 Nov, 10:00–11:00: Room 1.08",
            "Tue 1 Dec, 10:00–11:00: No room",
            "Tue 8 Dec, 10:00–11:00: Room 1.08",
            "Tue 15 Dec, 10:00–11:00: Left out",
            "Tue 22 Dec, 10:00–11:00: Room 1.10, change of room",
            "Tue 29 Dec, 10:00–11:00: Room 1.10, chosen by you",
        ]
    );
    let strip = planned.strip(&numbers());
    let tones: Vec<u8> = strip.iter().map(|date| date.tone).collect();
    assert_eq!(tones, [0, 0, 0, 0, 1, 1]);
    assert_eq!(planned.placed(), 4);
    assert_eq!(planned.without_room().len(), 1);
}

#[test]
fn a_date_that_was_moved_shows_when_it_takes_place_and_keeps_its_name() {
    let start = FIRST.plus_ms(DAY_MS);
    let range = TimeRange::new(start, start.plus_ms(HOUR_MS)).unwrap();
    let moved = Choice::Moved { range, room: None };
    let planned = Planned::new(planned(&[(Assigned::Room(room(8)), moved)]));
    let strip = planned.strip(&numbers());
    assert_eq!(
        [&strip[0].key, &strip[0].day, &strip[0].moved],
        ["2026-11-24", "Wed 25 Nov", "10:00–11:00"]
    );
    assert_eq!(
        spoken(&planned),
        ["Wed 25 Nov, 10:00–11:00: Room 1.08, moved"]
    );
}

#[test]
fn a_date_without_a_room_says_why() {
    let planned = Planned::new(planned(&[
        auto(Assigned::NoneFree),
        (Assigned::ChosenTaken(room(10)), Choice::Room(room(10))),
        auto(Assigned::Room(room(8))),
    ]));
    let dates = planned.series.dates.iter();
    let reasons: Vec<String> = dates.map(|date| planned.reason(date, &numbers())).collect();
    assert_eq!(
        reasons,
        [
            "No room that fits is free then.",
            "Room 1.10, which you chose, is not free then.",
            "",
        ]
    );
}

#[test]
fn what_was_taken_meanwhile_is_named_on_its_date_until_something_else_is_asked() {
    let [eight, ten] = [8, 10].map(|id| auto(Assigned::Room(room(id))));
    let first = Planned::new(planned(&[eight, eight, ten]));
    let mut moved_on = planned(&[eight, ten, ten]);
    moved_on.dates[2].others = vec![room(8)];
    let again = Planned::again(moved_on.clone(), &first, &[]);
    assert_eq!(
        spoken(&again),
        [
            "Tue 24 Nov, 10:00–11:00: Room 1.08",
            "Tue 1 Dec, 10:00–11:00: Room 1.10, change of room, Room 1.08 was taken meanwhile",
            "Tue 8 Dec, 10:00–11:00: Room 1.10",
        ]
    );
    // A third answer keeps it, and a room that comes back is none that was lost.
    let third = Planned::again(moved_on, &again, &[]);
    assert_eq!(third.lost, again.lost);
    let back = Planned::again(planned(&[eight, eight, ten]), &third, &[]);
    assert!(back.lost.is_empty());
}

#[test]
fn a_room_that_is_free_still_is_not_called_taken() {
    let [eight, ten] = [8, 10].map(|id| auto(Assigned::Room(room(id))));
    let first = Planned::new(planned(&[eight, eight]));
    let mut answer = planned(&[ten, ten]);
    answer.dates[0].others = vec![room(8)];
    let refused = RefusedDate {
        number: 2,
        range: answer.dates[1].range,
        room: room(8),
        refusals: Vec::new(),
    };
    answer.dates[1].others = (20..20 + OTHERS_MAX as u128).map(room).collect();
    let again = Planned::again(answer, &first, &[refused]);
    let taken: Vec<bool> = again.lost.values().map(|lost| lost.is_taken).collect();
    assert_eq!(taken, [false, true]);
    assert_eq!(
        again.losses(&numbers()),
        "Meanwhile a room was taken: Room 1.08 on Tue 1 Dec. Another date has a new room for that. The rest is as it was."
    );
}
