//! What is true of a case, and what would be if one thing were otherwise: written apart from the judge and the rules,
//! with their limits as they are promised.

use booking::event::BusyKind;
use booking::ids::{ConnectionId, MailboxAddress};
use booking::room::{Equipment, EquipmentSet, RoomLink, Seats};
use booking::rules::Refusal;
use booking::search::OccupancyKind;
use booking::time::{DAY_MS, MINUTE_MS, TimeRange};
use uuid::Uuid;

use super::office::Case;

const LATE_MS_MAX: i64 = 15 * MINUTE_MS;
const HORIZON_DAYS: u32 = 400;
const LENGTH_DAYS: u32 = 60;

/// Whether the reason is true.
pub fn holds(reason: &Refusal, case: &Case) -> bool {
    let ranges = &case.wanted.ranges;
    let is_there = |kind: OccupancyKind, range: &TimeRange| {
        case.occupancies
            .iter()
            .any(|one| one.kind == kind && one.range == *range)
    };
    match reason {
        Refusal::NotLinked => case.room.link.is_none(),
        Refusal::InThePast => ranges
            .iter()
            .any(|range| range.end().0 <= case.now.0 || case.now.0 - range.start().0 > LATE_MS_MAX),
        Refusal::TooFarAhead { days_max } => {
            *days_max == HORIZON_DAYS
                && ranges
                    .iter()
                    .any(|range| range.end().0 - case.now.0 > days(HORIZON_DAYS))
        }
        Refusal::TooLong { days_max } => {
            *days_max == LENGTH_DAYS
                && ranges
                    .iter()
                    .any(|range| range.end().0 - range.start().0 > days(LENGTH_DAYS))
        }
        Refusal::Taken { range, kind } => {
            is_there(OccupancyKind::Calendar(*kind), range) && meets(*range, ranges)
        }
        Refusal::Held { range } => is_there(OccupancyKind::Held, range) && meets(*range, ranges),
        Refusal::TooSmall { seats, people } => {
            case.room.seats.is_some_and(|told| told.count == *seats)
                && *people == case.wanted.people
                && seats < people
        }
        Refusal::Lacks { equipment } => {
            let lacked =
                |one: &Equipment| case.wanted.equipment.has(*one) && !case.room.equipment.has(*one);
            let lacked: Vec<Equipment> = Equipment::ALL.into_iter().filter(lacked).collect();
            !lacked.is_empty() && equipment.iter().eq(lacked)
        }
        Refusal::NotStepFree => case.wanted.step_free && case.room.step_free != Some(true),
        // Only a server knows that.
        Refusal::ScheduleUnreadable => false,
    }
}

/// Every reason that could be true of the case, each once.
pub fn thinkable(case: &Case) -> Vec<Refusal> {
    let mut thinkable = vec![
        Refusal::NotLinked,
        Refusal::InThePast,
        Refusal::TooFarAhead {
            days_max: HORIZON_DAYS,
        },
        Refusal::TooLong {
            days_max: LENGTH_DAYS,
        },
        Refusal::NotStepFree,
        Refusal::ScheduleUnreadable,
    ];
    for one in &case.occupancies {
        let range = one.range;
        let reason = match one.kind {
            OccupancyKind::Calendar(kind) => Refusal::Taken { range, kind },
            OccupancyKind::Held => Refusal::Held { range },
        };
        if !thinkable.contains(&reason) {
            thinkable.push(reason);
        }
        // As another kind it is there only if something else is.
        let as_free = Refusal::Taken {
            range: range.shifted_ms(1),
            kind: BusyKind::Busy,
        };
        thinkable.push(as_free);
    }
    for seats in 0..14 {
        thinkable.push(Refusal::TooSmall {
            seats,
            people: case.wanted.people,
        });
    }
    thinkable.extend((1..64).map(|bits| Refusal::Lacks {
        equipment: EquipmentSet(bits),
    }));
    thinkable
}

/// The case with one thing otherwise, so that this reason is gone.
pub fn without(reason: &Refusal, case: &Case) -> Case {
    let mut changed = case.clone();
    match *reason {
        Refusal::NotLinked => {
            changed.room.link = Some(RoomLink {
                connection: ConnectionId(Uuid::nil()),
                mailbox: MailboxAddress::parse("linked@contoso.com").unwrap(),
            });
        }
        Refusal::InThePast => {
            let first = case.wanted.ranges.iter().map(|range| range.start()).min();
            changed.now = first.unwrap();
        }
        Refusal::TooFarAhead { days_max } => {
            let last = case.wanted.ranges.iter().map(|range| range.end()).max();
            changed.now = last.unwrap().plus_ms(-days(days_max));
        }
        Refusal::TooLong { days_max } => {
            for range in &mut changed.wanted.ranges {
                let end = range.end().min(range.start().plus_ms(days(days_max)));
                *range = TimeRange::new(range.start(), end).unwrap();
            }
        }
        Refusal::Taken { range, kind } => {
            let kind = OccupancyKind::Calendar(kind);
            changed
                .occupancies
                .retain(|one| one.range != range || one.kind != kind);
        }
        Refusal::Held { range } => changed
            .occupancies
            .retain(|one| one.range != range || one.kind != OccupancyKind::Held),
        Refusal::TooSmall { people, .. } => {
            changed.room.seats = Some(Seats {
                count: people,
                guessed: false,
            });
        }
        Refusal::Lacks { equipment } => {
            changed.room.equipment = case.room.equipment.iter().chain(equipment.iter()).collect();
        }
        Refusal::NotStepFree => changed.room.step_free = Some(true),
        Refusal::ScheduleUnreadable => panic!("no room of these offices is unreadable"),
    }
    changed
}

/// Whether nothing that can be asked otherwise would do: nobody can sit, or a series meets something wherever it may go.
pub fn is_hopeless(case: &Case) -> bool {
    case.room.seats.is_some_and(|seats| seats.count == 0) || case.wanted.ranges.len() > 1
}

fn meets(range: TimeRange, asked: &[TimeRange]) -> bool {
    let shared = |one: &TimeRange| one.start().max(range.start()) < one.end().min(range.end());
    asked.iter().any(shared)
}

fn days(count: u32) -> i64 {
    i64::from(count) * DAY_MS
}
