//! What a room looks like on the plan.

use std::collections::HashMap;

use booking::ids::ShapeId;
use booking::plan::PlanShape;
use booking::search::RoomState;

use crate::text::room;

/// How each room of a floor looks now.
pub type PlanLooks = HashMap<ShapeId, RoomLook>;

/// How one room looks now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoomLook {
    /// How it stands.
    pub state: RoomState,
    /// The number at its door.
    pub number: String,
    /// Seats. `None`: not known, or not worth a line.
    pub seats: Option<u32>,
    /// Until when it is free, in words such as `until 12:30`. `None`: not said.
    pub until: Option<String>,
}

impl RoomLook {
    /// A shape that no room of ours stands for.
    pub fn not_bookable(shape: &PlanShape) -> Self {
        Self {
            state: RoomState::NotBookable,
            number: shape.number.clone().unwrap_or_default(),
            seats: None,
            until: None,
        }
    }

    /// The lines of its label, most important first.
    pub fn lines(&self) -> Vec<String> {
        let number = match self.state {
            RoomState::Yours => format!("✓ {}", self.number),
            _ => self.number.clone(),
        };
        let seats = self
            .seats
            .filter(|_| self.state.is_open())
            .map(room::seat_count);
        let until = self.until.clone().filter(|_| self.state.is_open());
        [Some(number), seats, until].into_iter().flatten().collect()
    }

    /// What a screen reader says.
    pub fn spoken(&self) -> String {
        room::spoken(&self.number, self.seats, self.state, self.until.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rooms_that_can_be_had_show_seats_and_until_when() {
        let mut look = RoomLook {
            state: RoomState::Free,
            number: "1066".to_owned(),
            seats: Some(11),
            until: Some("until 12:30".to_owned()),
        };
        assert_eq!(look.lines(), ["1066", "11 seats", "until 12:30"]);
        look.state = RoomState::Busy;
        assert_eq!(look.lines(), ["1066"]);
        look.state = RoomState::Yours;
        assert_eq!(look.lines(), ["✓ 1066"]);
    }
}
