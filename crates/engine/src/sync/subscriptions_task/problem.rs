//! Why a calendar does not notify us, in words for an administrator.

use booking::mirror::{PolledBecause, PushProblem};
use booking::provider::ProviderError;

/// What a refusal to notify us comes down to.
pub(super) fn of(error: &ProviderError) -> PushProblem {
    let because = match error {
        ProviderError::LimitReached { .. } => PolledBecause::Limit,
        ProviderError::Denied { .. } | ProviderError::SignInBroken { .. } => {
            PolledBecause::Permission
        }
        ProviderError::Mailbox { fault, .. } if fault.is_denial() => PolledBecause::Permission,
        ProviderError::Mailbox { .. } => PolledBecause::Hybrid,
        ProviderError::ApplicationRefused { .. } | ProviderError::TenantGone { .. } => {
            PolledBecause::Application
        }
        ProviderError::ServiceAccountSignedOut { .. } => PolledBecause::ServiceAccount,
        ProviderError::NotFound { .. } => PolledBecause::Hybrid,
        ProviderError::Unsupported { .. } => PolledBecause::Unsupported,
        ProviderError::Retry { .. }
        | ProviderError::Conflict { .. }
        | ProviderError::CursorExpired
        | ProviderError::Bug { .. } => PolledBecause::Failing,
    };
    PushProblem {
        because,
        said: error.to_string(),
    }
}
