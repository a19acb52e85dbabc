//! How far a reservation placed in Etage has come, for whoever looks into it.

use std::fmt;

/// The steps from a request to the room's calendar, in the order in which they are taken.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Step {
    /// Somebody asked for the room.
    Requested,
    /// The tenant knows the person, and lets us act for them.
    PersonKnown,
    /// The calendar system says that the room is free. It is left out where it does not say: then the room decides.
    RoomFree,
    /// The event stands in the person's calendar.
    InPersonCalendar,
    /// The same event stands in the room's calendar, which has accepted it.
    InRoomCalendar,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [
        Self::Requested,
        Self::PersonKnown,
        Self::RoomFree,
        Self::InPersonCalendar,
        Self::InRoomCalendar,
    ];

    /// The word used in the database and in logs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::PersonKnown => "person_known",
            Self::RoomFree => "room_free",
            Self::InPersonCalendar => "in_person_calendar",
            Self::InRoomCalendar => "in_room_calendar",
        }
    }

    /// The step this word stands for. `None`: no such word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.word() == word)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_found_again_by_its_word_and_they_are_in_order() {
        for step in Step::ALL {
            assert_eq!(Step::from_word(step.word()), Some(step));
        }
        assert!(Step::ALL.is_sorted());
    }
}
