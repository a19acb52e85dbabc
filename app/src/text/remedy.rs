//! What would have a room that is not to be had.

use booking::search::change::Change;
use booking::time::{TimeRange, ZoneName};

use super::clock::{self, WallTime};
use super::room;

/// `Free at 11:00 for 6 people without video`; `None` where nothing would help, or nothing has to.
/// `asked`: the first time that is asked for.
pub fn remedy(changes: &[Change], asked: TimeRange, zone: &ZoneName) -> Option<String> {
    if changes.is_empty() {
        return None;
    }
    let is_of_question = changes.iter().all(|change| change.is_of_question());
    let mut words = String::from(if is_of_question { "Free" } else { "Bookable" });
    words.push_str(&time(changes, asked, zone));
    for change in changes {
        match *change {
            Change::FreeAt { .. } | Change::Shorter { .. } => {}
            Change::ForFewer { people } => {
                words.push_str(" for ");
                words.push_str(&room::people(people));
            }
            Change::Without { equipment } => {
                words.push_str(" without ");
                words.push_str(&room::equipment_list(equipment).to_lowercase());
            }
            Change::WithSteps => words.push_str(" if it need not be step-free"),
            Change::Linked => {
                words.push_str(" once an administrator has linked it to a calendar");
            }
            Change::ReadAgain => words.push_str(" once its calendar can be read again"),
        }
    }
    Some(words)
}

/// ` at 11:00`, ` on Wed 25 Nov at 10:00` or ` 10:00–10:45`; empty where the time stays.
fn time(changes: &[Change], asked: TimeRange, zone: &ZoneName) -> String {
    let part = changes.iter().find_map(|change| match change {
        Change::Shorter { range } => Some(*range),
        _ => None,
    });
    let start = changes.iter().find_map(|change| match change {
        Change::FreeAt { start } => Some(*start),
        _ => None,
    });
    let (range, start) = match (part, start) {
        (None, None) => return String::new(),
        (Some(part), None) => return format!(" {}", clock::span(part, zone)),
        (Some(part), Some(start)) => (part, start),
        (None, Some(start)) => {
            let there = WallTime::of(start, zone);
            if there.same_day(WallTime::of(asked.start(), zone)) {
                return format!(" at {}", there.time());
            }
            return format!(" on {} at {}", there.short_date(), there.time());
        }
    };
    let moved = range.shifted_ms(start.since_ms(range.start()));
    format!(" {}", clock::dated_span(moved, zone))
}

#[cfg(test)]
mod tests {
    use booking::room::{Equipment, EquipmentSet};
    use booking::time::{DAY_MS, HOUR_MS, Instant, MINUTE_MS};

    use super::*;

    fn range(from_ms: i64, to_ms: i64) -> TimeRange {
        TimeRange::new(Instant(from_ms), Instant(to_ms)).unwrap()
    }

    #[test]
    fn a_remedy_says_all_that_would_have_to_be_otherwise() {
        let asked = range(10 * HOUR_MS, 11 * HOUR_MS);
        let free_at = |ms: i64| Change::FreeAt { start: Instant(ms) };
        let part = Change::Shorter {
            range: range(10 * HOUR_MS, 11 * HOUR_MS - 15 * MINUTE_MS),
        };
        let video = EquipmentSet::EMPTY.with(Equipment::Video);
        let told = |changes: &[Change]| remedy(changes, asked, &ZoneName::utc()).unwrap();
        for (changes, words) in [
            (vec![free_at(11 * HOUR_MS)], "Free at 11:00"),
            (
                vec![free_at(DAY_MS + 10 * HOUR_MS)],
                "Free on Fri 2 Jan at 10:00",
            ),
            (vec![part], "Free 10:00–10:45"),
            (
                vec![part, free_at(13 * HOUR_MS)],
                "Free Thu 1 Jan, 13:00–13:45",
            ),
            (vec![Change::ForFewer { people: 1 }], "Free for 1 person"),
            (
                vec![
                    free_at(11 * HOUR_MS),
                    Change::ForFewer { people: 6 },
                    Change::Without { equipment: video },
                    Change::WithSteps,
                ],
                "Free at 11:00 for 6 people without video if it need not be step-free",
            ),
            (
                vec![Change::Linked],
                "Bookable once an administrator has linked it to a calendar",
            ),
            (
                vec![Change::ReadAgain],
                "Bookable once its calendar can be read again",
            ),
        ] {
            assert_eq!(told(&changes), words);
        }
        assert_eq!(remedy(&[], asked, &ZoneName::utc()), None);
    }
}
