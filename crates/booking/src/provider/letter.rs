//! Letters of our own, and what is known of them once they were handed over.

use crate::ids::MailboxAddress;

/// A letter from the booking mailbox to one person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Letter {
    /// To whom.
    pub to: MailboxAddress,
    /// Its subject line.
    pub subject: String,
    /// Plain text; lines end with `\n`.
    pub text: String,
}

/// What is known of a letter that was not refused. Sending knows no key by which a repeat could be recognised, so one that
/// may have gone is not sent again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Posted {
    /// The calendar system has taken it.
    Taken,
    /// No answer says whether it was taken: it may have gone.
    Unclear,
}
