//! What Outlook says about a draft's room while the draft is being sent or moved.

use booking::room::Room;
use booking::rules::Refusal;

use super::page::pane;
use super::{refusal, room as room_words};

/// Most reasons told: Outlook's alert has room for some 250 letters.
const REASONS_MAX: usize = 2;

/// Nobody said in time. The handler says the same where it does not reach us.
pub const NOT_CHECKED: &str = "Etage could not check in time whether the room is still free. You can send all the same: \
    the room answers by itself.";
/// The ticket was made elsewhere, was changed, or is old.
pub const TICKET_WORTHLESS: &str = "Etage no longer knows this draft, so its room was not checked. Open Etage in the \
    appointment to have it checked, or send all the same: the room answers by itself.";
/// More questions than anybody who writes invitations asks.
pub const TOO_OFTEN: &str =
    "The room was not checked: Etage was asked too often. Wait a minute, or send all the same.";

/// The draft cannot be sent like this: `Room 1066 is no longer free. Busy 10:00–11:00. Free then: Room 1070. …`
pub fn taken(room: &Room, refusals: &[Refusal], instead: &[Room]) -> String {
    let told = pane::just_taken(&room_words::name(&room.number), &reasons(room, refusals));
    format!(
        "{told}{} Open Etage to take another, or remove the room from the meeting.",
        free_then(instead)
    )
}

/// The room is taken, perhaps by this very meeting.
pub fn perhaps_own(room: &Room, refusals: &[Refusal]) -> String {
    format!(
        "{} is not free. {} Its calendar does not say who has it. If that is this meeting, send all the same.",
        room_words::name(&room.number),
        reasons(room, refusals)
    )
}

/// The draft was moved to where its room is not free. Outlook shows some 150 letters of it.
pub fn moved(room: &Room, refusals: &[Refusal], instead: &[Room]) -> String {
    let told = pane::moved_away(&room_words::name(&room.number), &reasons(room, refusals));
    format!("{told}{}", free_then(instead))
}

fn reasons(room: &Room, refusals: &[Refusal]) -> String {
    let told = &refusals[..refusals.len().min(REASONS_MAX)];
    refusal::refusals(told, &room.zone)
}

fn free_then(instead: &[Room]) -> String {
    if instead.is_empty() {
        return String::new();
    }
    let names: Vec<String> = instead
        .iter()
        .map(|one| room_words::name(&one.number))
        .collect();
    format!(" Free then: {}.", names.join(", "))
}

#[cfg(test)]
mod tests {
    use booking::event::BusyKind;
    use booking::ids::{BuildingId, FloorId, RoomId};
    use booking::room::EquipmentSet;
    use booking::time::{HOUR_MS, Instant, TimeRange, ZoneName};
    use uuid::Uuid;

    use super::*;

    fn room(number: &str) -> Room {
        Room {
            id: RoomId(Uuid::nil()),
            building: BuildingId(Uuid::nil()),
            floor: FloorId(Uuid::nil()),
            number: number.to_owned(),
            name: String::new(),
            seats: None,
            equipment: EquipmentSet::EMPTY,
            step_free: None,
            link: None,
            shape: None,
            zone: ZoneName::utc(),
        }
    }

    #[test]
    fn a_taken_room_is_told_with_its_reason_and_the_way_out_within_what_outlook_shows() {
        let busy = |hour: i64| Refusal::Taken {
            range: TimeRange::new(Instant(hour * HOUR_MS), Instant((hour + 1) * HOUR_MS)).unwrap(),
            kind: BusyKind::Busy,
        };
        let [one, two, three] = ["1066", "1070", "1072"].map(room);
        assert_eq!(
            taken(&one, &[busy(10)], &[two.clone(), three.clone()]),
            "Room 1066 is no longer free. Busy 10:00–11:00. Free then: Room 1070, Room 1072. \
             Open Etage to take another, or remove the room from the meeting."
        );
        assert_eq!(
            moved(&one, &[busy(10)], &[]),
            "At the new time Room 1066 is not free. Busy 10:00–11:00."
        );
        assert_eq!(
            perhaps_own(&one, &[busy(10)]),
            "Room 1066 is not free. Busy 10:00–11:00. Its calendar does not say who has it. \
             If that is this meeting, send all the same."
        );
        let many: Vec<Refusal> = (10..20).map(busy).collect();
        assert!(
            taken(&one, &many, &[two.clone(), three.clone()])
                .chars()
                .count()
                <= 250
        );
        assert!(moved(&one, &many, &[two, three]).chars().count() <= 150);
    }
}
