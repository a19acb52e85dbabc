//! What can go wrong between us and a calendar system.

mod mailbox;

use std::sync::Arc;
use std::time::Duration;

pub use self::mailbox::{MailboxFault, MailboxRole};

/// What went wrong, by what the caller should do next.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ProviderError {
    /// Try again later; nothing is known to be wrong.
    #[error("the calendar system asks to try again later ({context})")]
    Retry {
        /// How long it asked us to wait. `None`: it did not say.
        after: Option<Duration>,
        /// What happened, without addresses or tokens.
        context: String,
    },
    /// The permission to act is lost: sign in, or consent, again.
    #[error("the permission to act is lost: {context}")]
    SignInBroken {
        /// What the identity provider said.
        context: String,
    },
    /// The application itself is not taken, for whomever it acts: its secret, its registration or
    /// its consent. An administrator must mend that; nobody's signing in does.
    #[error("the application itself is refused: {context}")]
    ApplicationRefused {
        /// What the identity provider, or the calendar system, said.
        context: String,
    },
    /// The account that the booking mailbox acts as has given no permission, or it was lost: an administrator must sign
    /// that account in again; nobody else's signing in helps.
    #[error("the booking mailbox's service account must be signed in again: {context}")]
    ServiceAccountSignedOut {
        /// What the identity provider, or the calendar system, said.
        context: String,
    },
    /// The tenant is not there any more, or no longer knows the application: it has to be connected anew.
    #[error("the tenant is gone, or knows the application no more: {context}")]
    TenantGone {
        /// What the identity provider said.
        context: String,
    },
    /// One mailbox cannot be worked with, whatever is asked of it, and asking again will not help. Who can mend that
    /// depends on whose it is and what is wrong.
    #[error("{} {whose}: {context}", fault.words())]
    Mailbox {
        /// Whose mailbox.
        whose: MailboxRole,
        /// What is wrong with it.
        fault: MailboxFault,
        /// What the calendar system said, without addresses.
        context: String,
    },
    /// Not allowed, and asking again will not help.
    #[error("the calendar system denies this: {context}")]
    Denied {
        /// What it said.
        context: String,
    },
    /// There are as many of these as the calendar system keeps; fewer are needed before it takes another.
    #[error("the calendar system keeps no more of these: {context}")]
    LimitReached {
        /// What it said.
        context: String,
    },
    /// The mailbox, event or subscription is not there.
    #[error("the calendar system knows no such thing: {context}")]
    NotFound {
        /// What it said.
        context: String,
    },
    /// Somebody changed it meanwhile: read again, then decide.
    #[error("it was changed meanwhile: {context}")]
    Conflict {
        /// What it said.
        context: String,
    },
    /// The cursor is worth nothing any more: start a new round.
    #[error("the sync cursor has expired")]
    CursorExpired,
    /// This provider cannot do that.
    #[error("this connection cannot do that: {context}")]
    Unsupported {
        /// What was asked.
        context: &'static str,
    },
    /// It answered what its contract does not allow, or we asked nonsense: a fault to be mended.
    #[error("unexpected answer: {context}")]
    Bug {
        /// What was being attempted, with the provider's request id.
        context: String,
        /// The fault itself.
        #[source]
        source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    },
}

impl ProviderError {
    /// Whose mailbox cannot be worked with, and why. `None`: it is something else.
    pub const fn mailbox_fault(&self) -> Option<(MailboxRole, MailboxFault)> {
        match self {
            Self::Mailbox { whose, fault, .. } => Some((*whose, *fault)),
            _ => None,
        }
    }
}
