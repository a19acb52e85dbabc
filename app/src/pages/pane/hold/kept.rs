//! What the pane keeps with the draft: the key of its hold, and the ticket with which it is asked about when it is sent.
//!
//! `frontend/js/outlook_events.js` reads the same text.

use booking::ids::DraftKey;
use uuid::Uuid;

use super::super::office;
use super::super::office_call::OfficeError;

const NAME: &str = "etage";

/// Keeps both with the draft.
///
/// # Errors
/// [`OfficeError`] where this Outlook keeps nothing.
pub(super) async fn keep(draft: DraftKey, ticket: &str) -> Result<(), OfficeError> {
    office::keep(NAME, &format!("{} {ticket}", draft.0)).await
}

/// The key under which an earlier pane has held a room for this draft. `None`: none has.
pub(in crate::pages::pane) async fn key() -> Option<DraftKey> {
    let kept = office::kept(NAME).await?;
    let key = kept.split(' ').next()?;
    Uuid::parse_str(key).ok().map(DraftKey)
}
