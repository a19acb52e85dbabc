//! What a use-case can fail with.

mod words;

use std::sync::atomic::{AtomicU64, Ordering};

use booking::BookingError;
use booking::provider::ProviderError;
use store::StoreError;

/// A use-case failed: for a reason of the business, at the calendar system, or in our own store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The person can do something about it.
    #[error(transparent)]
    Booking(#[from] BookingError),
    /// The calendar system could not do it.
    #[error("{doing}")]
    Provider {
        /// What was being attempted.
        doing: &'static str,
        /// Why it failed.
        source: ProviderError,
        /// How an administrator mends it; only where one is told. Names a mailbox, so that it is never logged.
        what_to_run: Option<String>,
    },
    /// The database could not do it.
    #[error("the store failed")]
    Store(#[from] StoreError),
}

impl Error {
    /// Wraps a provider's error with what was being attempted.
    pub(crate) fn while_doing(doing: &'static str) -> impl FnOnce(ProviderError) -> Self {
        move |source| Self::Provider {
            doing,
            source,
            what_to_run: None,
        }
    }

    /// A stable word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Booking(error) => error.code(),
            Self::Provider { source, .. } => words::code(source),
            Self::Store(_) => "unexpected",
        }
    }

    /// What a person is told: what is, then what to do.
    pub fn sentence(&self) -> String {
        match self {
            Self::Booking(error) => error.to_string(),
            Self::Provider {
                source,
                what_to_run,
                ..
            } => words::sentence(source, what_to_run.as_deref()),
            Self::Store(_) => {
                "Something on our side failed. Try again; if it happens again, give your administrator the incident number."
                    .to_owned()
            }
        }
    }
}

/// A fresh incident number, for the person and the log alike.
pub fn incident() -> String {
    let number = INCIDENTS.fetch_add(1, Ordering::Relaxed);
    format!("{:04X}-{:04X}", (number >> 16) & 0xFFFF, number & 0xFFFF)
}

/// Counts on from a random start, so that numbers of two runs do not meet.
static INCIDENTS: AtomicU64 = AtomicU64::new(0);

pub(crate) fn seed_incidents(seed: u32) {
    INCIDENTS.store(u64::from(seed), Ordering::Relaxed);
}
