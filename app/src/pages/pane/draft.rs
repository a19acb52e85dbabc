//! What the pane knows of the appointment that is being written.

use booking::ids::MailboxAddress;
use booking::provider::RoomResponse;
use booking::time::TimeRange;

/// Somebody invited.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Invited {
    /// Their address.
    pub(super) address: MailboxAddress,
    /// How they answered, as the organizer's copy says.
    pub(super) response: RoomResponse,
}

/// The appointment as Outlook shows it to the pane.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Draft {
    /// When. `None`: the end does not come after the start.
    pub(super) range: Option<TimeRange>,
    /// Everybody invited, without the organizer; rooms may be among them.
    pub(super) invited: Vec<Invited>,
    /// Rooms in the location field.
    pub(super) locations: Vec<MailboxAddress>,
    /// It repeats.
    pub(super) is_series: bool,
}

impl Draft {
    /// People who will come, with the organizer; `is_room` tells rooms among the invited.
    pub(super) fn people(&self, is_room: impl Fn(&MailboxAddress) -> bool) -> u32 {
        let guests = self
            .invited
            .iter()
            .filter(|one| !is_room(&one.address))
            .count();
        u32::try_from(guests).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// The first of these rooms that is in the draft, as location or as attendee.
    pub(super) fn room(
        &self,
        is_room: impl Fn(&MailboxAddress) -> bool,
    ) -> Option<&MailboxAddress> {
        let invited = self.invited.iter().map(|one| &one.address);
        self.locations
            .iter()
            .chain(invited)
            .find(|address| is_room(address))
    }

    /// How that room answered, as far as the organizer's copy says.
    pub(super) fn response(&self, room: &MailboxAddress) -> RoomResponse {
        self.invited
            .iter()
            .find(|one| one.address == *room)
            .map_or(RoomResponse::None, |one| one.response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> MailboxAddress {
        MailboxAddress::parse(text).unwrap()
    }

    #[test]
    fn the_organizer_sits_in_the_room_and_rooms_do_not() {
        let draft = Draft {
            invited: ["ada@contoso.com", "room1@contoso.com", "bo@contoso.com"]
                .map(|text| Invited {
                    address: address(text),
                    response: RoomResponse::None,
                })
                .to_vec(),
            ..Draft::default()
        };
        let is_room = |address: &MailboxAddress| address.as_str().starts_with("room");
        assert_eq!(draft.people(is_room), 3);
        assert_eq!(draft.room(is_room), Some(&address("room1@contoso.com")));
        assert_eq!(
            draft.response(&address("bo@contoso.com")),
            RoomResponse::None
        );
        assert_eq!(Draft::default().people(is_room), 1);
    }
}
