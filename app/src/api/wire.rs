//! How answers travel: as JSON.
//!
//! The server reads and writes it with serde_json. So does the browser where it writes; what it
//! reads, its own `JSON.parse` reads first, because serde_json's reader is compiled anew for every
//! type and would be a twentieth of the module that the browser has to load.

use leptos::server::codee::{Decoder, Encoder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use server_fn::codec::Post;
use server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};

/// What server functions answer in.
pub type Answer = Post<Wire>;

/// Room for an answer before it is written: a search's is somewhat smaller, and few are larger. Letting the text grow
/// would copy it again and again.
const ANSWER_BYTES: usize = 4 * 1024;

/// For a page's resource: its HTML waits for the first answer.
pub const BLOCKING: bool = true;

/// JSON, as each side reads and writes it.
#[derive(Debug)]
pub struct Wire;

/// A text cannot be read as what was expected.
#[cfg(feature = "hydrate")]
pub type Unreadable = serde_wasm_bindgen::Error;

/// A text cannot be read as what was expected.
#[cfg(not(feature = "hydrate"))]
pub type Unreadable = serde_json::Error;

/// Reads JSON. In the browser whole numbers beyond 2⁵³ are not exact; none of ours is so large.
///
/// # Errors
/// When the text is no JSON, or is not that of a `T`.
#[cfg(feature = "hydrate")]
pub fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, Unreadable> {
    let text = String::from_utf8_lossy(text);
    serde_wasm_bindgen::from_value(js_sys::JSON::parse(&text)?)
}

/// Reads JSON.
///
/// # Errors
/// When the text is no JSON, or is not that of a `T`.
#[cfg(not(feature = "hydrate"))]
pub fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, Unreadable> {
    serde_json::from_slice(text)
}

impl ContentType for Wire {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for Wire {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for Wire {
    type Error = serde_json::Error;

    fn encode(value: &T) -> Result<Bytes, Self::Error> {
        let mut text = Vec::with_capacity(ANSWER_BYTES);
        serde_json::to_writer(&mut text, value)?;
        Ok(Bytes::from(text))
    }
}

impl<T: DeserializeOwned> Decodes<T> for Wire {
    type Error = Unreadable;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        read(&bytes)
    }
}

/// For what a page starts with, which the server writes into its HTML.
impl<T: Serialize> Encoder<T> for Wire {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<Self::Encoded, Self::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Wire {
    type Error = Unreadable;
    type Encoded = str;

    fn decode(text: &Self::Encoded) -> Result<T, Self::Error> {
        read(text.as_bytes())
    }
}
