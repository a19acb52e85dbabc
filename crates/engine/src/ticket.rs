//! What a draft in Outlook carries of its room: enough for it to be asked about while no pane is open and nobody is signed
//! in.
//!
//! Sealed and not only signed: the draft's data stands in Outlook, and nobody who reads it there need learn who holds which
//! room. Whoever has a ticket learns of one room whether it is free, and may move the hold of one draft; nothing else opens
//! with it.

use booking::ids::{DraftKey, RoomId};
use booking::person::Person;
use booking::random::Random;
use booking::time::{HOUR_MS, Instant};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use store::{SealError, SealingKey, StoreError};

use crate::{Engine, Error};

/// How long a ticket is good, in hours. Every hold that the pane makes gives a new one; a draft that was left open for longer
/// is sent without a check.
pub const TICKET_HOURS_MAX: i64 = 12;

/// Nothing else that is sealed here opens as this.
const PURPOSE: &str = "draft-ticket";

/// A draft's room, and whose it is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Ticket {
    pub(crate) draft: DraftKey,
    pub(crate) room: RoomId,
    pub(crate) person: Person,
    made_at: Instant,
}

impl Ticket {
    /// Whose draft it is.
    pub const fn person(&self) -> &Person {
        &self.person
    }

    fn seal(&self, key: &SealingKey, random: &dyn Random) -> Result<String, SealError> {
        let text = serde_json::to_string(self).map_err(|_| SealError::Close)?;
        key.seal(&SecretString::from(text), PURPOSE, random)
    }

    /// `None`: it was not made here, or too long ago.
    fn open(text: &str, key: &SealingKey, now: Instant) -> Option<Self> {
        let opened = key.unseal(text, PURPOSE).ok()?;
        let ticket: Self = serde_json::from_str(opened.expose_secret()).ok()?;
        let age_ms = now.since_ms(ticket.made_at);
        (age_ms <= TICKET_HOURS_MAX * HOUR_MS).then_some(ticket)
    }
}

impl Engine {
    /// A ticket for this person's draft and its room, to be kept with the draft.
    ///
    /// # Errors
    /// When it cannot be sealed.
    pub fn ticket(&self, person: &Person, draft: DraftKey, room: RoomId) -> Result<String, Error> {
        let ticket = Ticket {
            draft,
            room,
            person: person.clone(),
            made_at: self.clock.now(),
        };
        let sealed = ticket.seal(self.store.sealing_key(), self.random.as_ref());
        Ok(sealed.map_err(StoreError::from)?)
    }

    /// Reads a ticket. `None`: it was not made here, or is older than [`TICKET_HOURS_MAX`].
    pub fn read_ticket(&self, text: &str) -> Option<Ticket> {
        Ticket::open(text, self.store.sealing_key(), self.clock.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use booking::ids::MailboxAddress;
    use booking::person::PersonId;
    use booking::random::SeededRandom;
    use uuid::Uuid;

    const MADE_AT: Instant = Instant(1_800_000_000_000);

    fn ticket() -> Ticket {
        Ticket {
            draft: DraftKey(Uuid::from_u128(1)),
            room: RoomId(Uuid::from_u128(2)),
            person: Person {
                id: PersonId {
                    tenant: Uuid::from_u128(3),
                    object: Uuid::from_u128(4),
                },
                display_name: "Ada Holm".to_owned(),
                address: MailboxAddress::parse("ada.holm@contoso.com").unwrap(),
            },
            made_at: MADE_AT,
        }
    }

    #[test]
    fn a_ticket_opens_only_where_it_was_made_as_it_was_made_and_not_for_long() {
        let key = SealingKey::new(&[1; 32]);
        let random = SeededRandom::new(7);
        let text = ticket().seal(&key, &random).unwrap();
        let last = MADE_AT.plus_ms(TICKET_HOURS_MAX * HOUR_MS);
        assert_eq!(Ticket::open(&text, &key, last), Some(ticket()));
        assert_eq!(Ticket::open(&text, &key, last.plus_ms(1)), None, "too old");

        let other = SealingKey::new(&[2; 32]);
        assert_eq!(Ticket::open(&text, &other, MADE_AT), None, "another key");
        let plain = serde_json::to_string(&ticket()).unwrap();
        assert_eq!(Ticket::open(&plain, &key, MADE_AT), None, "not sealed");
        let elsewhere = key
            .seal(&SecretString::from(plain), "sign-in", &random)
            .unwrap();
        assert_eq!(Ticket::open(&elsewhere, &key, MADE_AT), None, "no ticket");
        for at in [3, text.len() / 2, text.len() - 5] {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(Ticket::open(&changed, &key, MADE_AT), None, "byte {at}");
        }
        for cut in [0, 1, text.len() / 2, text.len() - 1] {
            assert_eq!(
                Ticket::open(&text[..cut], &key, MADE_AT),
                None,
                "{cut} bytes"
            );
        }
    }

    #[test]
    fn a_ticket_names_nobody_to_who_cannot_open_it() {
        let text = ticket()
            .seal(&SealingKey::new(&[1; 32]), &SeededRandom::new(7))
            .unwrap();
        assert!(!text.contains("ada") && !text.contains("contoso"), "{text}");
    }
}
