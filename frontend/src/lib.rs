//! The browser's entry point, and nothing else.
//!
//! It is compiled once for each surface, by feature, so that nobody loads the other's code.

// Views are types, and a page of them is a deep one.
#![recursion_limit = "512"]

use leptos::mount::hydrate_body;
use wasm_bindgen::prelude::wasm_bindgen;

/// Whether this module is of one surface only; known when it is compiled, so that the others leave no code in it.
const IS_OF_ONE: bool = cfg!(feature = "admin") as u8
    + cfg!(feature = "booking") as u8
    + cfg!(feature = "pane") as u8
    + cfg!(feature = "portal") as u8
    == 1;

/// Brings the server's HTML to life. Called once by the page's shell.
#[wasm_bindgen]
pub fn hydrate() {
    if cfg!(feature = "pane") && (IS_OF_ONE || is_below("/pane")) {
        hydrate_body(app::Pane);
    } else if cfg!(feature = "admin") && (IS_OF_ONE || is_below("/admin")) {
        hydrate_body(app::Admin);
    } else if cfg!(feature = "booking")
        && (IS_OF_ONE || is_below("/reservation") || is_below("/series"))
    {
        hydrate_body(app::Booking);
    } else {
        hydrate_body(app::Portal);
    }
}

/// Whether the page is the one at that path, or lies below it.
fn is_below(path: &str) -> bool {
    let here = leptos::prelude::location().pathname().unwrap_or_default();
    here.strip_prefix(path)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
