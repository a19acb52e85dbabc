//! What a use-case can fail with.

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
    },
    /// The database could not do it.
    #[error("the store failed")]
    Store(#[from] StoreError),
}

impl Error {
    /// Wraps a provider's error with what was being attempted.
    pub(crate) fn while_doing(doing: &'static str) -> impl FnOnce(ProviderError) -> Self {
        move |source| Self::Provider { doing, source }
    }

    /// A stable word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Booking(error) => error.code(),
            Self::Provider { source, .. } => match source {
                ProviderError::SignInBroken { .. } => "sign_in_needed",
                ProviderError::Retry { .. } => "exchange_slow",
                ProviderError::Denied { .. }
                | ProviderError::ApplicationRefused { .. }
                | ProviderError::ServiceAccountSignedOut { .. } => "exchange_denied",
                _ => "exchange_failed",
            },
            Self::Store(_) => "unexpected",
        }
    }

    /// What a person is told: what is, then what to do.
    pub fn sentence(&self) -> String {
        match self {
            Self::Booking(error) => error.to_string(),
            Self::Provider { source, .. } => match source {
                ProviderError::SignInBroken { .. } => {
                    "Microsoft no longer lets us act for you. Sign in again; nothing was lost."
                }
                ProviderError::Retry { .. } => {
                    "Exchange does not answer at the moment. Try again in a minute; nothing was lost."
                }
                ProviderError::ApplicationRefused { .. } => {
                    "Microsoft no longer lets Etage in. Give your administrator the incident number: Etage's own secret or permission has to be renewed."
                }
                ProviderError::ServiceAccountSignedOut { .. } => {
                    "Microsoft no longer lets Etage book in its own name. Ask your administrator to sign Etage's booking account in again."
                }
                ProviderError::Denied { .. } => {
                    "Exchange does not allow this. Ask your administrator to check the permissions Etage was given."
                }
                _ => {
                    "Exchange could not do this. Try again; if it happens again, give your administrator the incident number."
                }
            }
            .to_owned(),
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
