//! Which mailbox cannot be worked with, and why.

use std::fmt;

/// Whose mailbox it is, as far as those who ask are concerned.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MailboxRole {
    /// The person's own, in whose name something is written.
    Person,
    /// That of somebody else, for whom the person writes.
    Owner,
    /// A room's.
    Room,
    /// The booking mailbox.
    Booking,
}

impl fmt::Display for MailboxRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Person => "the person's mailbox",
            Self::Owner => "the mailbox of whom the person writes for",
            Self::Room => "the room's mailbox",
            Self::Booking => "the booking mailbox",
        })
    }
}

/// What is wrong with a mailbox.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MailboxFault {
    /// A policy of the tenant keeps the application out of it.
    KeptOut,
    /// Whoever writes or reads was given no right in it.
    NotGranted,
    /// Its account has no mailbox in the cloud, for want of a licence as a rule.
    Missing,
    /// It is switched off, or not in the cloud: the calendar system says no more than that.
    Elsewhere,
    /// Nobody has this address.
    Unknown,
}

impl MailboxFault {
    const ALL: [Self; 5] = [
        Self::KeptOut,
        Self::NotGranted,
        Self::Missing,
        Self::Elsewhere,
        Self::Unknown,
    ];

    /// Whether somebody has to let the application in.
    pub const fn is_denial(self) -> bool {
        matches!(self, Self::KeptOut | Self::NotGranted)
    }

    /// Which of them a [`ProviderError`](super::ProviderError) that was kept as its words speaks of. `None`: none.
    pub fn told_in(words: &str) -> Option<Self> {
        let told = |fault: &Self| words.starts_with(fault.words());
        Self::ALL.into_iter().find(told)
    }

    /// In front of whose mailbox it is.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::KeptOut => "a policy of the tenant keeps the application out of",
            Self::NotGranted => "no right was given in",
            Self::Missing => "there is no mailbox in the cloud for",
            Self::Elsewhere => "switched off, or not in the cloud, is",
            Self::Unknown => "the calendar system does not know the address of",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::ProviderError;

    #[test]
    fn a_fault_is_known_again_by_the_words_that_were_kept_of_it() {
        for fault in MailboxFault::ALL {
            let error = ProviderError::Mailbox {
                whose: MailboxRole::Room,
                fault,
                context: "testing: 403 (request id r-1)".to_owned(),
            };
            assert_eq!(MailboxFault::told_in(&error.to_string()), Some(fault));
        }
        assert_eq!(MailboxFault::told_in("the sync cursor has expired"), None);
    }
}
