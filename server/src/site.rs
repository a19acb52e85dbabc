//! The built site: part of the program in a release build, a folder during development.
//!
//! Everything under `/pkg/` carries a hash in its name and never changes, so browsers may keep it
//! for good. Brotli copies are made at build time and served to whoever takes them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use app::shell::Module;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::state::AppState;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/site"]
#[allow_missing = true]
struct Embedded;

/// Where the site's files come from, and the real names of its assets.
#[derive(Clone, Debug)]
pub struct Site {
    folder: Option<Arc<PathBuf>>,
    assets: Arc<HashMap<String, String>>,
}

impl Site {
    /// The site in `folder`, or the one in the program.
    pub fn open(folder: Option<PathBuf>) -> Self {
        let mut site = Self {
            folder: folder.map(Arc::new),
            assets: Arc::default(),
        };
        let assets = site
            .read("assets.json")
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        site.assets = Arc::new(assets.unwrap_or_default());
        if site.assets.is_empty() {
            tracing::warn!(
                "the site is not built: pages show without style and script; run `cargo xtask site`"
            );
        }
        site
    }

    /// The path under which an asset such as `etage.css` is served.
    pub fn asset(&self, name: &str) -> String {
        self.assets
            .get(name)
            .cloned()
            .unwrap_or_else(|| format!("/pkg/{name}"))
    }

    /// A surface's code. Where it has none of its own, as in a site that cargo-leptos built, that
    /// of all surfaces together.
    pub fn module(&self, surface: &str) -> Module {
        let script = format!("{surface}.js");
        let name = if self.assets.contains_key(&script) {
            surface
        } else {
            "etage"
        };
        Module {
            js: self.asset(&format!("{name}.js")),
            wasm: self.asset(&format!("{name}.wasm")),
        }
    }

    fn read(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        match &self.folder {
            None => Embedded::get(path).map(|file| file.data),
            Some(folder) => std::fs::read(folder.join(path)).ok().map(Cow::Owned),
        }
    }
}

/// Serves a file of the site; for everything that no route knows.
pub async fn serve(State(state): State<AppState>, request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let outside = path
        .split('/')
        .any(|part| part.is_empty() || part.starts_with('.'));
    if outside || path.contains('\\') {
        return StatusCode::NOT_FOUND.into_response();
    }
    let takes_brotli = request
        .headers()
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|one| one.trim().starts_with("br")));
    let compressed = takes_brotli
        .then(|| state.site.read(&format!("{path}.br")))
        .flatten();
    let is_compressed = compressed.is_some();
    match compressed.or_else(|| state.site.read(path)) {
        Some(bytes) => file(path, bytes, is_compressed),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn file(path: &str, bytes: Cow<'static, [u8]>, is_compressed: bool) -> Response {
    let body = match bytes {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let kept = if path.starts_with("pkg/") {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=3600"
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(kind.as_ref()) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if is_compressed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    response
}
