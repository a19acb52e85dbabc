//! What every process answers searches with, held against what the database holds.

use booking::event::{BusyKind, BusyTime};
use booking::ids::RoomId;
use booking::person::{Person, PersonId};
use booking::search::{RoomQuery, RoomState};
use booking::time::{MINUTE_MS, TimeRange};
use m365_sim::Scenario;

use super::promises::reservations;
use super::readable;
use crate::office::{MEGAN, address};
use crate::world::World;

/// As many times of each room are asked about.
const ASKED_MAX: usize = 6;

pub(super) async fn findings(world: &World) -> Vec<String> {
    let mut findings = Vec::new();
    let open: Vec<(RoomId, TimeRange)> = reservations(world)
        .await
        .into_iter()
        .filter(|one| one.state.is_open())
        .map(|one| (one.room, one.range))
        .collect();
    for room in readable(world) {
        let now = world.now();
        let horizon = TimeRange::new(
            now.plus_ms(MINUTE_MS),
            now.plus_ms(30 * 24 * 60 * MINUTE_MS),
        )
        .unwrap();
        let busy = world.store().busy_times_of(room.id, horizon).await.unwrap();
        let coming = busy.iter().filter(|one| one.range.start() > now);
        for asked in coming.take(ASKED_MAX).flat_map(|one| around(one.range)) {
            let is_promised = |(promised, range): &(RoomId, TimeRange)| {
                *promised == room.id && range.overlaps(asked)
            };
            if asked.start() <= now || open.iter().any(is_promised) {
                continue;
            }
            let expected = state_of(&busy, asked);
            for (number, process) in world.processes.iter().enumerate() {
                if !process.is_up() {
                    continue;
                }
                let answers = process
                    .engine()
                    .explain(&nobody(), &RoomQuery::any_room(asked), &[room.id])
                    .unwrap();
                let told = answers.rooms.first().map(|one| one.answer.state);
                if told != Some(expected) {
                    findings.push(format!(
                        "{}: process {number} says {told:?} where the database says {expected:?}, {asked:?}",
                        room.name
                    ));
                }
            }
        }
    }
    findings
}

/// The time itself and the five minutes after it.
fn around(range: TimeRange) -> [TimeRange; 2] {
    let end = range.end();
    let after = TimeRange::new(end, end.plus_ms(5 * MINUTE_MS)).unwrap();
    [range, after]
}

fn state_of(busy: &[BusyTime], asked: TimeRange) -> RoomState {
    let strongest = busy
        .iter()
        .filter(|one| one.range.overlaps(asked))
        .map(|one| one.kind)
        .max();
    match strongest {
        None => RoomState::Free,
        Some(BusyKind::Tentative) => RoomState::Tentative,
        Some(BusyKind::Busy) => RoomState::Busy,
    }
}

/// Somebody who has reserved nothing.
fn nobody() -> Person {
    Person {
        id: PersonId {
            tenant: Scenario::CONTOSO_TENANT_ID,
            object: uuid::Uuid::from_u128(0x0b),
        },
        display_name: "Nobody".to_owned(),
        address: address(MEGAN),
    }
}
