//! Events that people and Etage write, as their organizer has them.

use crate::ids::{MailboxAddress, ReservationId};
use crate::provider::RoomResponse;
use crate::time::{TimeRange, ZoneName};

/// An event to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EventDraft {
    /// Ties retries together: one event per reservation.
    pub reservation: ReservationId,
    /// Subject; plain text.
    pub subject: String,
    /// When.
    pub range: TimeRange,
    /// The zone the event is written in, so that Outlook shows it in the building's time.
    pub zone: ZoneName,
    /// The room to invite.
    pub room: MailboxAddress,
    /// Its name, for the location line.
    pub room_name: String,
    /// Further people to invite.
    pub attendees: Vec<MailboxAddress>,
}

/// Which event is looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// Only the one we wrote for this reservation, and can prove it.
    WrittenFor(ReservationId),
    /// The one the person sent themself.
    SentByPerson,
}

/// What the organizer's copy of an event says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OrganizerCopy {
    /// How the room answered.
    pub response: RoomResponse,
    /// When the event is. `None`: that cannot be read.
    pub range: Option<TimeRange>,
}

/// An event as its organizer's copy has it, as far as it can be changed here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OwnEvent {
    /// Which version of the event this is: a change is only taken while it is the newest.
    pub version: EventVersion,
    /// When it is; of a series, its first date. `None`: that cannot be read.
    pub range: Option<TimeRange>,
    /// Whether it repeats.
    pub is_series: bool,
    /// What the location line says; may be empty.
    pub location: String,
    /// Who is invited, rooms included.
    pub invited: Vec<Invited>,
}

impl OwnEvent {
    /// Whether this mailbox is invited.
    pub fn invites(&self, mailbox: &MailboxAddress) -> bool {
        self.invited.iter().any(|one| one.is(mailbox))
    }

    /// Who is invited when one room leaves and another comes, everybody else as they are. The room that comes takes the
    /// place of the one that leaves; one that is invited already stays where it is.
    pub fn with_rooms_exchanged(
        &self,
        leaves: &MailboxAddress,
        comes: Option<(&MailboxAddress, &str)>,
    ) -> Vec<Invited> {
        let mut coming = comes
            .filter(|(mailbox, _)| !self.invites(mailbox))
            .map(|(mailbox, name)| Invited::room(mailbox, name));
        let stays = |one: &Invited| comes.is_some_and(|(mailbox, _)| one.is(mailbox));
        let mut invited = Vec::with_capacity(self.invited.len() + 1);
        for one in &self.invited {
            if one.is(leaves) && !stays(one) {
                invited.extend(coming.take());
            } else {
                invited.push(one.clone());
            }
        }
        invited.extend(coming);
        invited
    }
}

/// The mark of one version of an event. Opaque.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EventVersion(pub String);

/// Somebody invited, kept word for word: who is left out of a change is uninvited.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Invited {
    /// The address as the event has it; it need not be one of SMTP.
    pub address: String,
    /// The name shown. `None`: the directory's.
    pub name: Option<String>,
    /// As what.
    pub role: InvitedAs,
}

impl Invited {
    /// A room.
    pub fn room(mailbox: &MailboxAddress, name: &str) -> Self {
        Self {
            address: mailbox.to_string(),
            name: Some(name.to_owned()),
            role: InvitedAs::Resource,
        }
    }

    /// Whether it is this mailbox.
    pub fn is(&self, mailbox: &MailboxAddress) -> bool {
        MailboxAddress::parse(&self.address).is_ok_and(|address| address == *mailbox)
    }
}

/// As what somebody is invited.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InvitedAs {
    /// A person who should come.
    Required,
    /// A person who may.
    Optional,
    /// A room, or another thing. Not every program writes rooms so.
    Resource,
}

/// A change of an event of the organizer's own. What is `None` stays as it is.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct EventEdit {
    /// When it shall be, and in which zone that is written. Everybody is told, and answers anew.
    pub times: Option<(TimeRange, ZoneName)>,
    /// The whole list of who shall be invited. Where nothing else changes, only who comes or leaves is told.
    pub invited: Option<Vec<Invited>>,
    /// What the location line shall say. Everybody is told.
    pub location: Option<LocationLine>,
}

impl EventEdit {
    /// Whether nothing would change.
    pub const fn is_empty(&self) -> bool {
        self.times.is_none() && self.invited.is_none() && self.location.is_none()
    }
}

/// What a location line says; it books nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LocationLine {
    /// Nothing.
    Empty,
    /// A room.
    Room {
        /// Its name.
        name: String,
        /// Its mailbox.
        mailbox: MailboxAddress,
    },
    /// Several rooms, in words.
    Words(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(address: &str, role: InvitedAs) -> Invited {
        Invited {
            address: address.to_owned(),
            name: None,
            role,
        }
    }

    fn mailbox(text: &str) -> MailboxAddress {
        MailboxAddress::parse(text).unwrap()
    }

    fn event(invited: Vec<Invited>) -> OwnEvent {
        OwnEvent {
            version: EventVersion("1".to_owned()),
            range: None,
            is_series: false,
            location: String::new(),
            invited,
        }
    }

    #[test]
    fn a_room_is_exchanged_in_its_place_and_everybody_else_stays_as_they_are() {
        let people = [
            person("Adele@contoso.com", InvitedAs::Required),
            person("/o=Contoso/cn=Megan", InvitedAs::Optional),
        ];
        let (one, two) = (mailbox("room1@contoso.com"), mailbox("room2@contoso.com"));
        let list = |room: Option<Invited>| -> Vec<Invited> {
            let mut list = vec![people[0].clone()];
            list.extend(room);
            list.push(people[1].clone());
            list
        };
        let old = Invited {
            address: "Room1@Contoso.com".to_owned(),
            name: None,
            role: InvitedAs::Required,
        };
        let with_old = event(list(Some(old.clone())));
        let new = Invited::room(&two, "Room 2");
        let exchanged = with_old.with_rooms_exchanged(&one, Some((&two, "Room 2")));
        assert_eq!(exchanged, list(Some(new.clone())));
        assert_eq!(with_old.with_rooms_exchanged(&one, None), list(None));
        assert_eq!(
            with_old.with_rooms_exchanged(&one, Some((&one, "Room 1"))),
            list(Some(old))
        );
        let without = event(list(None));
        let added = without.with_rooms_exchanged(&one, Some((&two, "Room 2")));
        assert_eq!(added, [people.to_vec(), vec![new.clone()]].concat());
        let has_new = event(list(Some(new)));
        let same = has_new.with_rooms_exchanged(&one, Some((&two, "Room 2")));
        assert_eq!(same, has_new.invited);
    }
}
