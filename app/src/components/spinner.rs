//! Something is under way.

use leptos::prelude::*;

/// A turning ring beside the words that say what is awaited. Shows only after 200 ms.
#[component]
pub fn Spinner(
    /// What is awaited.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! {
        <span class="spinner" role="status">
            <span class="spinner-ring" aria-hidden="true"></span>
            <span>{text}</span>
        </span>
    }
}
