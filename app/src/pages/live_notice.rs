//! What a page says above its content when the server refuses it the stream of changes.

use leptos::prelude::*;

use crate::api::live::{Liveness, Refusal};
use crate::components::{MessageBar, MessageKind};

/// The server's own sentence. That nobody is signed in any more each page says in its own way.
#[component]
pub(crate) fn LiveNotice(
    /// Whether changes reach the page.
    live: RwSignal<Liveness>,
) -> impl IntoView {
    let said = Memo::new(move |_| match live.get().refusal {
        Some(Refusal::Says(sentence)) => Some(sentence),
        Some(Refusal::SignedOut) | None => None,
    });
    move || {
        said.get()
            .map(|said| view! { <MessageBar kind=MessageKind::Warning text=said /> })
    }
}

/// Whether the server says that nobody is signed in any more.
pub(crate) fn is_signed_out(live: RwSignal<Liveness>) -> Memo<bool> {
    Memo::new(move |_| live.with(|live| live.refusal == Some(Refusal::SignedOut)))
}
