//! The surfaces: the portal, one's own reservation and series, the Outlook pane, the admin area, and a page that shows every component.

pub mod admin;
pub mod booking;
#[cfg(feature = "hydrate")]
mod elapsed;
pub mod finder;
mod live_notice;
pub mod pane;
pub mod portal;
pub mod random;
#[cfg(feature = "ssr")]
pub mod review;

use leptos::prelude::*;

use crate::components::EmptyState;
use crate::text::page;

/// There is no such page.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <main id="content">
            <EmptyState title=page::NOT_FOUND>
                <a href="/">{page::FIND_A_ROOM}</a>
            </EmptyState>
        </main>
    }
}

/// Says on the root element that the page is alive; what tests wait for.
pub fn mark_hydrated() {
    #[cfg(feature = "hydrate")]
    Effect::new(|_| {
        let root = document().document_element();
        if let Some(root) = root {
            // It fails only for names that are no attribute names.
            let _marked = root.set_attribute("data-hydrated", "true");
        }
    });
}
