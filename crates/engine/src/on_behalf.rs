//! Booking for somebody else, in whose calendar the person may write.
//!
//! The right is Exchange's, given by the owner in Outlook; it is looked at before anything is promised, and again by every
//! write. The reservation is the person's who placed it; the event is the owner's.

use std::sync::Arc;

use booking::BookingError;
use booking::ids::MailboxAddress;
use booking::person::Person;
use booking::provider::{Actor, CalendarProvider, MailboxRole, ProviderError};
use booking::reservation::Reservation;

use crate::{Engine, Error};

/// In whose name the event of a reservation is written and read.
pub(crate) fn actor_of(reservation: &Reservation) -> Actor {
    actor(reservation.person.id, reservation.on_behalf_of.clone())
}

/// The person in their own calendar, or in that of this owner.
pub(crate) fn actor(caller: booking::person::PersonId, owner: Option<MailboxAddress>) -> Actor {
    match owner {
        Some(owner) => Actor::OnBehalf { caller, owner },
        None => Actor::Person(caller),
    }
}

impl Engine {
    /// Makes sure that the person may write in the calendar they book for; in their own they may.
    ///
    /// # Errors
    /// [`BookingError::NotDelegate`], whatever is wrong with that calendar: nobody learns here which addresses there are.
    /// [`Error::Provider`] when it cannot be known.
    pub(crate) async fn may_write_for(
        &self,
        provider: &Arc<dyn CalendarProvider>,
        person: &Person,
        owner: Option<&MailboxAddress>,
    ) -> Result<(), Error> {
        const DOING: &str = "looking whether somebody may book for another";
        let Some(owner) = owner else {
            return Ok(());
        };
        let actor = actor(person.id, Some(owner.clone()));
        let patience = self.settings.patience_placing();
        let looked = tokio::time::timeout(patience, provider.preflight(&actor)).await;
        match looked {
            Ok(Ok(())) => Ok(()),
            Ok(Err(ProviderError::Mailbox {
                whose: MailboxRole::Owner,
                ..
            })) => Err(BookingError::NotDelegate.into()),
            Ok(Err(error)) => Err(Error::while_doing(DOING)(error)),
            Err(_late) => Err(Error::while_doing(DOING)(ProviderError::Retry {
                after: None,
                context: "no answer in time".to_owned(),
            })),
        }
    }
}
