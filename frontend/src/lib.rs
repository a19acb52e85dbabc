//! The browser's entry point, and nothing else.

// Views are types, and a page of them is a deep one.
#![recursion_limit = "512"]

use app::App;
use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the server's HTML to life. Called once by the page's shell.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_body(App);
}
