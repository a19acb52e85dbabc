//! Every reason against a room, as a sentence.

use booking::event::BusyKind;
use booking::rules::Refusal;
use booking::time::{TimeRange, ZoneName};

use super::{clock, room};

/// Most conflicts of a series that are told one by one.
const CONFLICTS_TOLD_MAX: usize = 3;

/// How a time is told.
type Span = fn(TimeRange, &ZoneName) -> String;

/// The reason, in the building's time.
pub fn refusal(refusal: &Refusal, zone: &ZoneName) -> String {
    told(refusal, zone, clock::span)
}

fn told(refusal: &Refusal, zone: &ZoneName, span: Span) -> String {
    match refusal {
        Refusal::NotLinked => "Not linked to a calendar, so it cannot be booked".to_owned(),
        Refusal::InThePast => "That time is over. Choose a later one".to_owned(),
        Refusal::TooFarAhead { days_max } => {
            format!("Only {days_max} days ahead can be booked")
        }
        Refusal::TooLong { days_max } => {
            format!("A reservation can last {days_max} days at most")
        }
        Refusal::Taken {
            range,
            kind: BusyKind::Busy,
        } => {
            format!("Busy {}", span(*range, zone))
        }
        Refusal::Taken {
            range,
            kind: BusyKind::Tentative,
        } => {
            format!("Asked for {}, not confirmed", span(*range, zone))
        }
        Refusal::Held { range } => {
            format!("Someone is booking it now for {}", span(*range, zone))
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
    sentences(all.iter().map(|one| refusal(one, zone)))
}

/// As [`refusals`], against several times: each conflict with its day, and of many the first few.
pub fn refusals_of_series(all: &[Refusal], zone: &ZoneName) -> String {
    let is_conflict = |one: &&Refusal| matches!(one, Refusal::Taken { .. } | Refusal::Held { .. });
    let (conflicts, others): (Vec<&Refusal>, Vec<&Refusal>) = all.iter().partition(is_conflict);
    let more = conflicts.len().saturating_sub(CONFLICTS_TOLD_MAX);
    let first = conflicts.iter().take(CONFLICTS_TOLD_MAX);
    sentences(
        first
            .map(|one| told(one, zone, clock::dated_span))
            .chain((more > 0).then(|| format!("Taken {more} more times")))
            .chain(others.iter().map(|one| refusal(one, zone))),
    )
}

fn sentences(all: impl Iterator<Item = String>) -> String {
    let mut sentences = String::new();
    for one in all {
        if !sentences.is_empty() {
            sentences.push(' ');
        }
        sentences.push_str(&one);
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

    #[test]
    fn every_reason_names_its_fact() {
        let half_past_two = Instant(14 * HOUR_MS + HOUR_MS / 2);
        let range = TimeRange::new(half_past_two, Instant(15 * HOUR_MS)).unwrap();
        let kind = BusyKind::Tentative;
        let all = [
            Refusal::NotLinked,
            Refusal::Taken { range, kind },
            Refusal::TooFarAhead { days_max: 400 },
            Refusal::TooLong { days_max: 60 },
            Refusal::InThePast,
            Refusal::NotStepFree,
            Refusal::ScheduleUnreadable,
        ];
        assert_eq!(
            refusals(&all, &ZoneName::utc()),
            "Not linked to a calendar, so it cannot be booked. \
             Asked for 14:30–15:00, not confirmed. Only 400 days ahead can be booked. \
             A reservation can last 60 days at most. That time is over. Choose a later one. \
             Not known to be step-free. Its calendar cannot be read right now."
        );
    }

    #[test]
    fn the_conflicts_of_a_series_are_told_with_their_days_and_many_in_short() {
        let busy = |day: i64| {
            let start = Instant((24 * day + 10) * HOUR_MS);
            Refusal::Taken {
                range: TimeRange::new(start, start.plus_ms(HOUR_MS)).unwrap(),
                kind: BusyKind::Busy,
            }
        };
        let small = Refusal::TooSmall {
            seats: 6,
            people: 8,
        };
        let two = [busy(0), busy(7), small.clone()];
        assert_eq!(
            refusals_of_series(&two, &ZoneName::utc()),
            "Busy Thu 1 Jan, 10:00–11:00. Busy Thu 8 Jan, 10:00–11:00. Seats 6, you are 8."
        );
        let many: Vec<Refusal> = (0..9).map(busy).chain([small]).collect();
        assert!(
            refusals_of_series(&many, &ZoneName::utc())
                .ends_with("Busy Sat 3 Jan, 10:00–11:00. Taken 6 more times. Seats 6, you are 8.")
        );
    }
}
