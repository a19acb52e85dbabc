//! The browser's entry point, and nothing else.
//!
//! It is compiled once for each surface, by feature, so that nobody loads the other's code.

// Views are types, and a page of them is a deep one.
#![recursion_limit = "512"]

use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the server's HTML to life. Called once by the page's shell.
#[wasm_bindgen]
pub fn hydrate() {
    let has_both = cfg!(all(feature = "pane", feature = "portal"));
    if cfg!(feature = "pane") && (!has_both || is_pane()) {
        leptos::mount::hydrate_body(app::Pane);
    } else {
        leptos::mount::hydrate_body(app::Portal);
    }
}

/// Whether this is the page that Outlook shows.
fn is_pane() -> bool {
    let path = leptos::prelude::location().pathname();
    path.is_ok_and(|path| path.trim_end_matches('/') == "/pane")
}
