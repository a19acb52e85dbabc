//! Words about rooms.

use booking::room::{Equipment, EquipmentSet, Seats};
use booking::room_day::{Meeting, MeetingKind, Who};
use booking::search::RoomState;
use booking::search::rank::RankReason;

/// A way that needs no steps.
pub const STEP_FREE: &str = "step-free";
/// Nobody told how many it seats.
pub const SEATS_UNKNOWN: &str = "seats not known";

/// The word for a state, as in the legend.
pub const fn state(state: RoomState) -> &'static str {
    match state {
        RoomState::Free => "Free",
        RoomState::FreeNotFitting => "Free, does not fit",
        RoomState::Busy => "Busy",
        RoomState::Held => "Being booked now",
        RoomState::Tentative => "Not confirmed",
        RoomState::Yours => "Yours",
        RoomState::NotBookable => "Not bookable",
        RoomState::Unknown => "Not known",
    }
}

/// The word for a state in `data-state` attributes; never translated.
pub const fn state_key(state: RoomState) -> &'static str {
    match state {
        RoomState::Free => "free",
        RoomState::FreeNotFitting => "free_not_fitting",
        RoomState::Busy => "busy",
        RoomState::Held => "held",
        RoomState::Tentative => "tentative",
        RoomState::Yours => "yours",
        RoomState::NotBookable => "not_bookable",
        RoomState::Unknown => "unknown",
    }
}

/// The word for a piece of equipment.
pub const fn equipment(equipment: Equipment) -> &'static str {
    match equipment {
        Equipment::Video => "Video",
        Equipment::Audio => "Speaker phone",
        Equipment::Screen => "Screen",
        Equipment::Whiteboard => "Whiteboard",
        Equipment::HearingLoop => "Hearing loop",
        Equipment::Daylight => "Daylight",
    }
}

/// `Video, whiteboard`; empty for nothing.
pub fn equipment_list(set: EquipmentSet) -> String {
    let words: Vec<&str> = set.iter().map(equipment).collect();
    sentence_list(&words)
}

/// Joins words with commas; only the first keeps its capital.
fn sentence_list(words: &[&str]) -> String {
    let mut list = String::new();
    for (index, word) in words.iter().enumerate() {
        if index == 0 {
            list.push_str(word);
        } else {
            list.push_str(", ");
            list.push_str(&word.to_lowercase());
        }
    }
    list
}

/// `11 seats`, `about 11 seats` where they were guessed from the area.
pub fn seats(seats: Option<Seats>) -> String {
    match seats {
        Some(Seats { count, guessed }) => {
            let about = if guessed { "about " } else { "" };
            format!("{about}{}", seat_count(count))
        }
        None => SEATS_UNKNOWN.to_owned(),
    }
}

/// `11 seats`.
pub fn seat_count(count: u32) -> String {
    if count == 1 {
        "1 seat".to_owned()
    } else {
        format!("{count} seats")
    }
}

/// `6 people`.
pub fn people(count: u32) -> String {
    if count == 1 {
        "1 person".to_owned()
    } else {
        format!("{count} people")
    }
}

/// `2 remote`.
pub fn remote(count: u32) -> String {
    format!("{count} remote")
}

/// `16 rooms`.
pub fn rooms(count: u32) -> String {
    match count {
        0 => "no room".to_owned(),
        1 => "1 room".to_owned(),
        _ => format!("{count} rooms"),
    }
}

/// `until 14:30`, as on the plan.
pub fn until(time: &str) -> String {
    format!("until {time}")
}

/// `Free until 12:30`.
pub fn free_until(time: &str) -> String {
    format!("Free until {time}")
}

/// Free and nothing follows.
pub const FREE_OPEN_END: &str = "Free for the rest of the day";

/// Why a room stands before the next one. `None`: for no reason worth a word.
pub const fn rank_reason(reason: RankReason) -> Option<&'static str> {
    match reason {
        RankReason::SmallestThatFits => Some("Smallest that fits"),
        RankReason::OnYourFloor => Some("On this floor"),
        RankReason::FreeAllDay => Some(FREE_OPEN_END),
        RankReason::SeatsKnown
        | RankReason::FreeLonger
        | RankReason::ByNumber
        | RankReason::LastOne => None,
    }
}

/// Said of a day on which a room is not taken.
pub const NO_MEETINGS: &str = "Nothing booked on this day";

/// Who has a room of whose organizer the calendar says nothing.
pub const SOMEBODY: &str = "Somebody in Outlook";

/// Said of a room whose events cannot be read; so with mailboxes that are not in Exchange Online.
pub const FREE_BUSY_ONLY: &str =
    "Only free and busy is known of this room: its calendar does not say who has it.";

/// Who has a room: `You`, a name, somebody, or how it stands where nobody is told.
pub fn who(meeting: &Meeting) -> String {
    let who = match &meeting.who {
        Who::You => "You".to_owned(),
        Who::Named(name) => name.clone(),
        Who::Unknown => SOMEBODY.to_owned(),
        Who::NotTold => return state(state_of(meeting.kind)).to_owned(),
    };
    match meeting.kind {
        MeetingKind::Accepted => who,
        kind => format!("{who} · {}", state(state_of(kind)).to_lowercase()),
    }
}

const fn state_of(kind: MeetingKind) -> RoomState {
    match kind {
        MeetingKind::Accepted => RoomState::Busy,
        MeetingKind::Tentative => RoomState::Tentative,
        MeetingKind::Held => RoomState::Held,
    }
}

/// `Room 1066`.
pub fn name(number: &str) -> String {
    if number.is_empty() {
        "Room without a number".to_owned()
    } else {
        format!("Room {number}")
    }
}

/// `Floor 1`.
pub fn floor(label: &str) -> String {
    format!("Floor {label}")
}

/// What a screen reader says of a room on the plan: `Room 1066, 11 seats, free until 12:30`.
pub fn spoken(
    number: &str,
    seats: Option<u32>,
    room_state: RoomState,
    until: Option<&str>,
) -> String {
    let mut spoken = name(number);
    if let Some(count) = seats {
        spoken.push_str(", ");
        spoken.push_str(&seat_count(count));
    }
    spoken.push_str(", ");
    spoken.push_str(&state(room_state).to_lowercase());
    if let Some(until) = until.filter(|_| room_state.is_open()) {
        spoken.push(' ');
        spoken.push_str(until);
    }
    spoken
}

#[cfg(test)]
mod tests {
    use booking::time::{Instant, TimeRange};

    use super::*;

    #[test]
    fn a_room_is_read_out_with_its_number_seats_and_state() {
        assert_eq!(
            spoken("1066", Some(11), RoomState::Free, Some("until 12:30")),
            "Room 1066, 11 seats, free until 12:30"
        );
        assert_eq!(
            spoken("1070", None, RoomState::Busy, Some("until 12:30")),
            "Room 1070, busy"
        );
    }

    #[test]
    fn who_has_a_room_is_told_by_name_as_somebody_or_not_at_all() {
        let range = TimeRange::new(Instant(0), Instant(1)).unwrap();
        let told = |by, kind| {
            who(&Meeting {
                range,
                kind,
                who: by,
            })
        };
        let named = Who::Named("Ada".to_owned());
        assert_eq!(told(named, MeetingKind::Accepted), "Ada");
        assert_eq!(
            told(Who::Unknown, MeetingKind::Accepted),
            "Somebody in Outlook"
        );
        assert_eq!(
            told(Who::Unknown, MeetingKind::Tentative),
            "Somebody in Outlook · not confirmed"
        );
        assert_eq!(told(Who::NotTold, MeetingKind::Accepted), "Busy");
        assert_eq!(told(Who::You, MeetingKind::Held), "You · being booked now");
    }

    #[test]
    fn equipment_is_listed_as_a_sentence() {
        let set = EquipmentSet::EMPTY
            .with(Equipment::Whiteboard)
            .with(Equipment::Video);
        assert_eq!(equipment_list(set), "Video, whiteboard");
    }
}
