//! The body of an event, as Graph shows it. <https://learn.microsoft.com/graph/api/resources/itembody>

use serde_json::{Value, json};

use crate::world::item::Content;

/// How much of a body a preview shows.
const PREVIEW_CHARS: usize = 255;

/// The beginning of the text.
pub(super) fn preview(content: &Content) -> String {
    plain(&content.body).chars().take(PREVIEW_CHARS).collect()
}

/// The text alone.
pub(super) fn as_text(content: &Content) -> Value {
    json!({ "contentType": "text", "content": plain(&content.body) })
}

/// The document that Exchange keeps, whatever fragment the client sent.
pub(super) fn as_html(content: &Content) -> Value {
    let inner = match content.body_type {
        "text" => content
            .body
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('\n', "<br>\n"),
        _ => content.body.clone(),
    };
    let document = if inner.is_empty() || inner.to_lowercase().contains("<html") {
        inner
    } else {
        format!(
            "<html>\r\n<head>\r\n<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">\r\n\
             </head>\r\n<body>\r\n{inner}\r\n</body>\r\n</html>\r\n"
        )
    };
    json!({ "contentType": "html", "content": document })
}

/// Text without its markup.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut in_tag = false;
    for character in text.chars() {
        match character {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            _ if !in_tag => plain.push(character),
            _ => {}
        }
    }
    plain.trim().to_owned()
}
