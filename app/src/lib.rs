//! What people see: pages, the components they are made of, and the doors into the engine.

// Views are types, and a page of them is a deep one.
#![recursion_limit = "512"]

// Documentation is built without these flags, and runs nowhere.
#[cfg(not(any(erase_components, doc)))]
compile_error!(
    "build with the flags of .cargo/config.toml: RUSTFLAGS in the environment hides them"
);

pub mod api;
pub mod components;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod text;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

/// Every page and its path.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    // For eyes and checkers only, so the browser's module goes without it.
    #[cfg(feature = "ssr")]
    let review = pages::review::ReviewPage;
    #[cfg(not(feature = "ssr"))]
    let review = pages::NotFound;
    view! {
        <Router>
            <FlatRoutes fallback=pages::NotFound>
                <Route path=path!("/") view=pages::portal::SearchPage />
                <Route path=path!("/reservations") view=pages::portal::MyReservationsPage />
                <Route path=path!("/pane") view=pages::pane::PanePage />
                <Route path=path!("/review") view=review />
            </FlatRoutes>
        </Router>
    }
}
