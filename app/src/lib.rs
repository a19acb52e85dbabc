//! What people see: pages, the components they are made of, and the doors into the engine.

// Views are types, and a page of them is a deep one.
#![recursion_limit = "512"]

pub mod api;
pub mod components;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod text;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

/// Every page and its path.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Routes fallback=pages::NotFound>
                <Route path=path!("/") view=pages::portal::SearchPage />
                <Route path=path!("/reservations") view=pages::portal::MyReservationsPage />
                <Route path=path!("/pane") view=pages::pane::PanePage />
                <Route path=path!("/review") view=pages::review::ReviewPage />
            </Routes>
        </Router>
    }
}
