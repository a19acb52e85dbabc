//! Randomness for ids that the browser draws.

use uuid::Uuid;

use crate::api::ApiError;

/// A random id, from the browser's own source of randomness.
///
/// # Errors
/// A sentence for the person where there is none: on the server, or in a browser too old for
/// [`getRandomValues`](https://developer.mozilla.org/docs/Web/API/Crypto/getRandomValues). (Its
/// `randomUUID` would be shorter, but does not exist on pages that come over plain http.)
pub fn uuid() -> Result<Uuid, ApiError> {
    bytes()
        .map(|bytes| uuid::Builder::from_random_bytes(bytes).into_uuid())
        .ok_or_else(ApiError::no_randomness)
}

#[cfg(feature = "hydrate")]
fn bytes() -> Option<[u8; 16]> {
    use wasm_bindgen::{JsCast, JsValue};

    let get = |of: &JsValue, key: &str| js_sys::Reflect::get(of, &JsValue::from_str(key)).ok();
    let crypto = get(&js_sys::global(), "crypto")?;
    let draw: js_sys::Function = get(&crypto, "getRandomValues")?.dyn_into().ok()?;
    let drawn = js_sys::Uint8Array::new_with_length(16);
    draw.call1(&crypto, &drawn).ok()?;
    let mut bytes = [0; 16];
    drawn.copy_to(&mut bytes);
    Some(bytes)
}

#[cfg(not(feature = "hydrate"))]
const fn bytes() -> Option<[u8; 16]> {
    None
}
