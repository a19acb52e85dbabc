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

#[cfg(any(feature = "ssr", feature = "hydrate"))]
use {
    leptos::prelude::*,
    leptos_meta::provide_meta_context,
    leptos_router::components::{FlatRoutes, Route, Router},
    leptos_router::path,
};

/// Every page and its path; what the server renders.
#[cfg(feature = "ssr")]
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <FlatRoutes fallback=pages::NotFound>
                <Route path=path!("/") view=pages::portal::SearchPage />
                <Route path=path!("/reservations") view=pages::portal::MyReservationsPage />
                <Route path=path!("/reservation/:id") view=pages::booking::ReservationPage />
                <Route path=path!("/series") view=pages::booking::SeriesPage />
                <Route path=path!("/series/mine") view=pages::booking::MySeriesPage />
                <Route path=path!("/pane") view=pages::pane::PanePage />
                <Route path=path!("/admin/link") view=pages::admin::LinkPage />
                <Route path=path!("/admin/sync") view=pages::admin::SyncPage />
                // For eyes and checkers only: no browser's module knows it.
                <Route path=path!("/review") view=pages::review::ReviewPage />
            </FlatRoutes>
        </Router>
    }
}

/// The portal in the browser: every page of [`App`] that one walks between.
#[cfg(feature = "hydrate")]
#[component]
pub fn Portal() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <FlatRoutes fallback=pages::NotFound>
                <Route path=path!("/") view=pages::portal::SearchPage />
                <Route path=path!("/reservations") view=pages::portal::MyReservationsPage />
            </FlatRoutes>
        </Router>
    }
}

/// One's own reservation and series in the browser; apart, so that nobody who searches loads them.
#[cfg(feature = "hydrate")]
#[component]
pub fn Booking() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <FlatRoutes fallback=pages::NotFound>
                <Route path=path!("/reservation/:id") view=pages::booking::ReservationPage />
                <Route path=path!("/series") view=pages::booking::SeriesPage />
                <Route path=path!("/series/mine") view=pages::booking::MySeriesPage />
            </FlatRoutes>
        </Router>
    }
}

/// The admin area in the browser; apart, so that nobody who only books loads it.
#[cfg(feature = "hydrate")]
#[component]
pub fn Admin() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <FlatRoutes fallback=pages::NotFound>
                <Route path=path!("/admin/link") view=pages::admin::LinkPage />
                <Route path=path!("/admin/sync") view=pages::admin::SyncPage />
            </FlatRoutes>
        </Router>
    }
}

/// The pane in Outlook: one page, and nowhere else to go.
#[cfg(feature = "hydrate")]
#[component]
pub fn Pane() -> impl IntoView {
    provide_meta_context();
    view! { <pages::pane::PanePage /> }
}
