//! There is nothing to show, and what to do about it.

use leptos::prelude::*;

/// What stands where something would be.
#[component]
pub fn EmptyState(
    /// Says what is.
    #[prop(into)]
    title: String,
    /// Says what to do. Empty: nothing can be done.
    #[prop(optional, into)]
    hint: String,
    /// The act that helps.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty-state">
            <h2>{title}</h2>
            <p>{hint}</p>
            {children.map(|children| children())}
        </div>
    }
}
