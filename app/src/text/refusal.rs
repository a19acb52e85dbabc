//! Every reason against a room, as a sentence.

use booking::event::BusyKind;
use booking::rules::Refusal;
use booking::time::ZoneName;

use super::{clock, room};

/// The reason, in the building's time.
pub fn refusal(refusal: &Refusal, zone: &ZoneName) -> String {
    match refusal {
        Refusal::NotLinked => "Not linked to a calendar, so it cannot be booked".to_owned(),
        Refusal::InThePast => "That time is over. Choose a later one".to_owned(),
        Refusal::TooFarAhead { days_max } => {
            format!("Rooms can be booked up to {days_max} days ahead")
        }
        Refusal::TooLong { days_max } => {
            format!("A reservation can last {days_max} days at most")
        }
        Refusal::Taken {
            range,
            kind: BusyKind::Busy,
        } => {
            format!("Busy {}", clock::span(*range, zone))
        }
        Refusal::Taken {
            range,
            kind: BusyKind::Tentative,
        } => {
            format!("Asked for {}, not confirmed", clock::span(*range, zone))
        }
        Refusal::Held { range } => {
            format!(
                "Someone is booking it now for {}",
                clock::span(*range, zone)
            )
        }
        Refusal::TooSmall { seats, people } => format!("Seats {seats}, you are {people}"),
        Refusal::Lacks { equipment } => {
            format!("Has no {}", room::equipment_list(*equipment).to_lowercase())
        }
        Refusal::NotStepFree => "Not known to be step-free".to_owned(),
        Refusal::ScheduleUnreadable => "Its calendar cannot be read right now".to_owned(),
    }
}

/// All reasons as sentences in a row; empty for none.
pub fn refusals(all: &[Refusal], zone: &ZoneName) -> String {
    let mut sentences = String::new();
    for one in all {
        if !sentences.is_empty() {
            sentences.push(' ');
        }
        sentences.push_str(&refusal(one, zone));
        sentences.push('.');
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;
    use booking::room::{Equipment, EquipmentSet};
    use booking::time::{HOUR_MS, Instant, TimeRange};

    #[test]
    fn every_reason_is_a_sentence_of_its_own() {
        let range = TimeRange::new(Instant(10 * HOUR_MS), Instant(11 * HOUR_MS)).unwrap();
        let all = [
            Refusal::Taken {
                range,
                kind: BusyKind::Busy,
            },
            Refusal::Held { range },
            Refusal::TooSmall {
                seats: 6,
                people: 8,
            },
            Refusal::Lacks {
                equipment: EquipmentSet::EMPTY.with(Equipment::Video),
            },
        ];
        assert_eq!(
            refusals(&all, &ZoneName::utc()),
            "Busy 10:00–11:00. Someone is booking it now for 10:00–11:00. \
             Seats 6, you are 8. Has no video."
        );
    }
}
