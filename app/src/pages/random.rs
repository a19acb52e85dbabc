//! Randomness for ids that the browser draws.

use uuid::Uuid;

/// A random id. `None` on the server, and in a browser without `crypto` (a page that is neither
/// on https nor on localhost).
#[cfg(feature = "hydrate")]
pub fn uuid() -> Option<Uuid> {
    use wasm_bindgen::{JsCast, JsValue};

    let get = |of: &JsValue, key: &str| js_sys::Reflect::get(of, &JsValue::from_str(key)).ok();
    let crypto = get(&js_sys::global(), "crypto")?;
    let draw: js_sys::Function = get(&crypto, "randomUUID")?.dyn_into().ok()?;
    draw.call0(&crypto).ok()?.as_string()?.parse().ok()
}

/// A random id. `None` on the server, and in a browser without `crypto` (a page that is neither
/// on https nor on localhost).
#[cfg(not(feature = "hydrate"))]
pub const fn uuid() -> Option<Uuid> {
    None
}
