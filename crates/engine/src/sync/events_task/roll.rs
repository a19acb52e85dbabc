//! When a room's fixed window is rolled: at night where the room is, each room at its own minute.

use booking::room::Room;
use booking::time::{DAY_MS, HOUR_MS, Instant, TimeRange};
use jiff::{Span, Timestamp};

use crate::when::time_zone;

/// A window that is younger is never rolled.
const AGE_MS_MIN: i64 = 6 * HOUR_MS;
/// The first hour of the night in which windows are rolled.
const NIGHT_HOUR: i8 = 1;
/// Over so many minutes from then on they are spread.
const NIGHT_MINUTES: u64 = 240;

/// When everything is read anew. A window begins a day before it was read, and reaches two days further than anybody may
/// book, so that even one that is rolled late covers what is booked.
pub(super) fn roll_at(window: TimeRange, room: &Room) -> Instant {
    let earliest = window.start().plus_ms(DAY_MS + AGE_MS_MIN);
    // Where the calendar cannot be reckoned with, a day is a day.
    night_after(earliest, room).unwrap_or_else(|| earliest.plus_ms(DAY_MS - AGE_MS_MIN))
}

fn night_after(earliest: Instant, room: &Room) -> Option<Instant> {
    let zone = time_zone(&room.zone);
    let from = Timestamp::from_millisecond(earliest.0).ok()?.to_zoned(zone);
    let minute = i64::try_from(own_minute(room)).ok()?;
    for days in 0..=2 {
        let day = from.date().checked_add(Span::new().days(days)).ok()?;
        let night = day.at(NIGHT_HOUR, 0, 0, 0);
        // An hour that the clocks skip is the one after; what follows is counted in minutes that pass.
        let night = night.to_zoned(from.time_zone().clone()).ok()?;
        let at = night.checked_add(Span::new().minutes(minute)).ok()?;
        let at = Instant(at.timestamp().as_millisecond());
        if at >= earliest {
            return Some(at);
        }
    }
    None
}

/// The room's minute of the night; as good as chance, and always the same.
fn own_minute(room: &Room) -> u64 {
    let bytes = room.id.0.into_bytes();
    let mixed = bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    (mixed >> 16) % NIGHT_MINUTES
}

#[cfg(test)]
mod tests {
    use super::*;
    use booking::ids::{BuildingId, FloorId, RoomId};
    use booking::room::EquipmentSet;
    use booking::time::{MINUTE_MS, ZoneName};
    use uuid::Uuid;

    fn room(number: u128, zone: &str) -> Room {
        Room {
            id: RoomId(Uuid::from_u128(number)),
            building: BuildingId(Uuid::nil()),
            floor: FloorId(Uuid::nil()),
            number: String::new(),
            name: String::new(),
            seats: None,
            equipment: EquipmentSet::EMPTY,
            step_free: None,
            link: None,
            shape: None,
            zone: ZoneName(zone.to_owned()),
        }
    }

    /// The window of a room that was read then.
    fn read_at(at: &str) -> TimeRange {
        let at = Instant(at.parse::<Timestamp>().unwrap().as_millisecond());
        TimeRange::new(at.plus_ms(-DAY_MS), at.plus_ms(402 * DAY_MS)).unwrap()
    }

    #[test]
    fn a_window_is_rolled_between_one_and_five_at_night_where_the_room_is() {
        for (zone, read, night) in [
            (
                "Europe/Helsinki",
                "2026-11-24T08:00:00Z",
                "2026-11-24T23:00:00Z",
            ),
            (
                "America/New_York",
                "2026-11-24T08:00:00Z",
                "2026-11-25T06:00:00Z",
            ),
            // Read in the night itself: rolled in the next.
            (
                "Europe/Helsinki",
                "2026-11-24T00:30:00Z",
                "2026-11-24T23:00:00Z",
            ),
            // The clocks skip the second hour, and have it twice.
            (
                "Europe/Berlin",
                "2027-03-27T12:00:00Z",
                "2027-03-28T00:00:00Z",
            ),
            (
                "Europe/Berlin",
                "2026-10-24T12:00:00Z",
                "2026-10-24T23:00:00Z",
            ),
        ] {
            let night = Instant(night.parse::<Timestamp>().unwrap().as_millisecond());
            for number in 0..200 {
                let at = roll_at(read_at(read), &room(number, zone));
                let minutes = at.since_ms(night) / MINUTE_MS;
                assert!((0..240).contains(&minutes), "{zone} {read}: {minutes}");
            }
        }
    }

    #[test]
    fn no_minute_of_the_night_has_many_rooms_and_no_window_waits_for_two_days() {
        let mut rooms_at = std::collections::HashMap::new();
        let window = read_at("2026-11-24T08:00:00Z");
        for number in 0..1_000 {
            let at = roll_at(window, &room(number * 7_919, "Europe/Helsinki"));
            assert!(at.since_ms(window.start()) < 3 * DAY_MS - AGE_MS_MIN);
            *rooms_at.entry(at).or_insert(0) += 1;
        }
        assert!(rooms_at.values().all(|rooms| *rooms <= 20), "{rooms_at:?}");
    }
}
