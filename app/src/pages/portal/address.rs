//! The whole state of the search in the page's address, so that a link shows what one saw.

use booking::ids::{FloorId, RoomId};
use booking::room::{Equipment, EquipmentSet};
use booking::search::{RoomQuery, When};
use booking::time::{Instant, MINUTE_MS, TimeRange, ZoneName};
use leptos_router::params::ParamsMap;

use crate::api::rooms::Catalogue;
use crate::components::time_range_picker::DayTimes;
use crate::text::clock::{self, WallTime};

/// People asked for where the address does not say.
const PEOPLE_DEFAULT: u32 = 4;
/// Length of a meeting where the address does not say, in minutes.
const LENGTH_DEFAULT: u16 = 60;
/// A meeting is assumed to start at the next multiple of so many minutes.
const START_STEP: i64 = 30;

/// What the address says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Address {
    /// The question.
    pub query: RoomQuery,
    /// The floor on screen. `None`: that of the best hit.
    pub floor: Option<FloorId>,
    /// The room that is chosen.
    pub room: Option<RoomId>,
}

impl Address {
    /// Reads an address; what is missing or makes no sense becomes what most people want.
    pub(super) fn read(params: &ParamsMap, catalogue: &Catalogue) -> Self {
        let floor = params.get_str("floor").and_then(|id| id.parse().ok());
        Self {
            query: RoomQuery {
                building: catalogue.building,
                floor: floor.filter(|_| params.get_str("only_floor").is_some()),
                when: when(times_asked(params, catalogue)),
                people: people_asked(params),
                equipment: equipment_asked(params),
                step_free: params.get_str("step_free").is_some(),
            },
            floor,
            room: params.get_str("room").and_then(|id| id.parse().ok()),
        }
    }

    /// Writes the address, starting with `?`.
    pub(super) fn write(&self) -> String {
        let mut written = Written::new();
        if let Some(building) = self.query.building {
            written.push("building", &building.to_string());
        }
        if let When::Local { date, from, to } = &self.query.when {
            written.push("date", date);
            written.push("from", from);
            written.push("to", to);
        }
        written.push("people", &self.query.people.to_string());
        written.push_equipment(self.query.equipment);
        if self.query.step_free {
            written.push("step_free", "1");
        }
        if let Some(floor) = self.floor {
            written.push("floor", &floor.to_string());
        }
        if self.query.floor.is_some() {
            written.push("only_floor", "1");
        }
        if let Some(room) = self.room {
            written.push("room", &room.to_string());
        }
        written.0
    }
}

/// An address's query while it is written.
pub(crate) struct Written(pub(crate) String);

impl Written {
    pub(crate) fn new() -> Self {
        Self(String::from("?"))
    }

    /// `value` is written as it is.
    pub(crate) fn push(&mut self, key: &str, value: &str) {
        if self.0.len() > 1 {
            self.0.push('&');
        }
        self.0.push_str(key);
        self.0.push('=');
        self.0.push_str(value);
    }

    /// Nothing for no equipment.
    pub(crate) fn push_equipment(&mut self, set: EquipmentSet) {
        let words: Vec<&str> = set.iter().map(word_of_equipment).collect();
        if !words.is_empty() {
            self.push("equipment", &words.join(","));
        }
    }
}

/// The times that are asked for; what is missing becomes the next half hour.
pub(crate) fn times_asked(params: &ParamsMap, catalogue: &Catalogue) -> DayTimes {
    let otherwise = default_times(catalogue.now, catalogue.utc_offset_minutes);
    times(params, otherwise)
}

/// How many people are asked for.
pub(crate) fn people_asked(params: &ParamsMap) -> u32 {
    params
        .get_str("people")
        .and_then(|people| people.parse().ok())
        .filter(|people| (1..=999).contains(people))
        .unwrap_or(PEOPLE_DEFAULT)
}

/// What has to be in the room.
pub(crate) fn equipment_asked(params: &ParamsMap) -> EquipmentSet {
    let words = params.get_str("equipment").unwrap_or_default();
    words.split(',').filter_map(equipment_of_word).collect()
}

/// Times as a question has them.
pub(crate) fn when(times: DayTimes) -> When {
    let DayTimes { date, from, to } = times;
    When::Local { date, from, to }
}

/// Times of a question in fields; the portal never asks in exact ranges.
pub(super) fn times_of(when: &When) -> DayTimes {
    match when {
        When::Local { date, from, to } => DayTimes {
            date: date.clone(),
            from: from.clone(),
            to: to.clone(),
        },
        When::Exact { .. } => DayTimes {
            date: String::new(),
            from: String::new(),
            to: String::new(),
        },
    }
}

/// A time as the fields hold it. `None`: it is not within one day of the building's clock.
pub(crate) fn day_times(range: TimeRange, zone: &ZoneName) -> Option<DayTimes> {
    let from = WallTime::of(range.start(), zone);
    let to = WallTime::of(range.end(), zone);
    (from.same_day(to) && from < to).then(|| DayTimes {
        date: from.date_field(),
        from: from.time_field(),
        to: to.time_field(),
    })
}

fn times(params: &ParamsMap, otherwise: DayTimes) -> DayTimes {
    let time = |key: &str| {
        params
            .get_str(key)
            .and_then(clock::minute_of_day)
            .map(clock::time_of_minute)
    };
    let date = params
        .get_str("date")
        .filter(|date| date.len() == 10 && date.bytes().all(|b| b.is_ascii_digit() || b == b'-'));
    let from = time("from");
    let to = time("to").filter(|_| from.is_some());
    let mut times = DayTimes {
        date: date.map_or(otherwise.date, str::to_owned),
        ..otherwise
    };
    if let Some(from) = from {
        times = times.starting(&from);
    }
    if let Some(to) = to {
        times.to = to;
    }
    times
}

/// The next half hour; the first morning hour of tomorrow when today is over.
fn default_times(now: Instant, utc_offset_minutes: i32) -> DayTimes {
    let step_ms = START_STEP * MINUTE_MS;
    let start = Instant((now.0 / step_ms + 1) * step_ms);
    let mut wall = WallTime::with_offset(start, utc_offset_minutes);
    let mut from = u16::from(wall.hour) * 60 + u16::from(wall.minute);
    if from + LENGTH_DEFAULT >= 24 * 60 {
        wall = WallTime::with_offset(
            start.plus_ms(2 * booking::time::HOUR_MS),
            utc_offset_minutes,
        );
        from = 9 * 60;
    }
    DayTimes {
        date: wall.date_field(),
        from: clock::time_of_minute(from),
        to: clock::time_of_minute(from + LENGTH_DEFAULT),
    }
}

const fn word_of_equipment(equipment: Equipment) -> &'static str {
    match equipment {
        Equipment::Video => "video",
        Equipment::Audio => "audio",
        Equipment::Screen => "screen",
        Equipment::Whiteboard => "whiteboard",
        Equipment::HearingLoop => "hearing_loop",
        Equipment::Daylight => "daylight",
    }
}

fn equipment_of_word(word: &str) -> Option<Equipment> {
    Equipment::ALL
        .into_iter()
        .find(|one| word_of_equipment(*one) == word)
}

/// The equipment of a question with one kind turned over.
pub(crate) fn turned(set: EquipmentSet, kind: Equipment) -> EquipmentSet {
    if set.has(kind) {
        set.without(kind)
    } else {
        set.with(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue() -> Catalogue {
        Catalogue {
            buildings: Vec::new(),
            building: None,
            rooms: Vec::new(),
            // 2026-11-24T08:10:00Z
            now: Instant(1_795_507_800_000),
            utc_offset_minutes: 120,
        }
    }

    #[test]
    fn an_empty_address_asks_for_the_next_half_hour() {
        let address = Address::read(&ParamsMap::new(), &catalogue());
        assert_eq!(
            address.write(),
            "?date=2026-11-24&from=10:30&to=11:30&people=4"
        );
    }

    #[test]
    fn an_address_is_read_as_it_was_written() {
        let mut params = ParamsMap::new();
        for (key, value) in [
            ("date", "2026-12-01"),
            ("from", "09:00"),
            ("to", "09:45"),
            ("people", "8"),
            ("equipment", "video,whiteboard"),
            ("step_free", "1"),
            ("room", "00000000-0000-0000-0000-000000000007"),
        ] {
            params.insert(key.to_owned(), value.to_owned());
        }
        assert_eq!(
            Address::read(&params, &catalogue()).write(),
            "?date=2026-12-01&from=09:00&to=09:45&people=8&equipment=video,whiteboard\
             &step_free=1&room=00000000-0000-0000-0000-000000000007"
        );
    }

    #[test]
    fn nonsense_in_an_address_does_no_harm() {
        let mut params = ParamsMap::new();
        for (key, value) in [
            ("date", "<b>"),
            ("from", "25:00"),
            ("people", "0"),
            ("room", "x"),
        ] {
            params.insert(key.to_owned(), value.to_owned());
        }
        assert_eq!(
            Address::read(&params, &catalogue()).write(),
            "?date=2026-11-24&from=10:30&to=11:30&people=4"
        );
    }

    #[test]
    fn a_time_over_midnight_is_none_of_one_day() {
        // 21:00 to 22:00 UTC on 24 November.
        let start = Instant(1_795_554_000_000);
        let range = TimeRange::new(start, start.plus_ms(booking::time::HOUR_MS)).unwrap();
        let utc = day_times(range, &ZoneName::utc()).unwrap();
        assert_eq!(
            (utc.date.as_str(), utc.from.as_str(), utc.to.as_str()),
            ("2026-11-24", "21:00", "22:00")
        );
        let later = range.shifted_ms(2 * booking::time::HOUR_MS + 1);
        assert!(day_times(later, &ZoneName::utc()).is_none());
    }

    #[test]
    fn late_in_the_evening_tomorrow_morning_is_meant() {
        // 21:10 UTC is 23:10 in the building.
        let times = default_times(Instant(1_795_554_600_000), 120);
        assert_eq!(
            (times.date.as_str(), times.from.as_str()),
            ("2026-11-25", "09:00")
        );
    }
}
