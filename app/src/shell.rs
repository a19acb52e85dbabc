//! The HTML around every page: style, scripts, and what a page may load.

use std::sync::Arc;

use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::App;
use crate::api::session::PaneConfig;

/// Where Outlook's pages are that frame ours, as a content security policy names them.
pub const OUTLOOK_ORIGINS: &str = "https://outlook.office.com https://outlook.office365.com \
    https://outlook.cloud.microsoft https://outlook.live.com";

/// One surface's code for the browser.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// Path of the script.
    pub js: String,
    /// Path of the WASM module.
    pub wasm: String,
}

/// What the server tells the shell.
#[derive(Clone, Debug, Default)]
pub struct PageContext {
    /// Path of the style sheet.
    pub css: String,
    /// The portal in the browser.
    pub portal: Module,
    /// One's own reservation and series in the browser.
    pub booking: Module,
    /// The pane in the browser.
    pub pane_module: Module,
    /// The admin area in the browser.
    pub admin: Module,
    /// Path of what one's own reservation and a series need beyond the style sheet.
    pub booking_css: String,
    /// Path of what the admin area needs beyond the style sheet.
    pub admin_css: String,
    /// Origins that may frame the pane.
    pub frame_ancestors: Vec<String>,
    /// What the pane needs to sign in.
    pub pane: PaneConfig,
}

/// The whole document.
pub fn shell(_options: LeptosOptions) -> impl IntoView {
    let page = use_context::<Arc<PageContext>>().unwrap_or_default();
    let in_pane = is_at("/pane");
    let in_admin = is_below("/admin/");
    let in_booking = is_below("/reservation/") || is_at("/series") || is_below("/series/");
    let module = if in_pane {
        &page.pane_module
    } else if in_admin {
        &page.admin
    } else if in_booking {
        &page.booking
    } else {
        &page.portal
    };
    allow(&page, in_pane);
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=page.css.clone() />
                {in_admin.then(|| view! { <link rel="stylesheet" href=page.admin_css.clone() /> })}
                {(in_booking || is_at("/review")).then(|| view! { <link rel="stylesheet" href=page.booking_css.clone() /> })}
                {in_pane.then(|| office(&page.pane))}
                {(!is_at("/review")).then(|| application(module))}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The module and what starts it; both are fetched before the script that asks for them runs.
fn application(module: &Module) -> impl IntoView + use<> {
    let nonce = use_nonce()
        .map(|nonce| nonce.to_string())
        .unwrap_or_default();
    let start = format!(
        "import init, {{ hydrate }} from '{}'; await init({{ module_or_path: '{}' }}); hydrate();",
        module.js, module.wasm
    );
    view! {
        <link rel="modulepreload" href=module.js.clone() />
        <link
            rel="preload"
            href=module.wasm.clone()
            r#as="fetch"
            r#type="application/wasm"
            crossorigin="anonymous"
        />
        <script type="module" nonce=nonce inner_html=start />
    }
}

/// Office.js takes the history functions that the router needs; the same script before and after
/// it saves and restores them.
fn office(pane: &PaneConfig) -> impl IntoView + use<> {
    let config = serde_json::to_string(pane)
        .unwrap_or_default()
        // The text stands inside a script element, where only this could end it.
        .replace('<', "\\u003c");
    let scripts = pane
        .office_scripts
        .iter()
        .map(|url| view! { <script src=url.clone() /> })
        .collect_view();
    view! {
        <script type="application/json" id="etage-pane-config" inner_html=config />
        <script src="/office_history.js" />
        {scripts}
        <script src="/office_history.js" />
    }
}

/// Whether this is the page that is asked for.
fn is_at(path: &str) -> bool {
    use_context::<http::request::Parts>()
        .is_some_and(|parts| parts.uri.path().trim_end_matches('/') == path)
}

/// Whether a page below this path is asked for.
fn is_below(path: &str) -> bool {
    use_context::<http::request::Parts>().is_some_and(|parts| parts.uri.path().starts_with(path))
}

/// What the page may load and who may frame it.
/// `'wasm-unsafe-eval'` is what browsers call compiling WASM.
fn allow(page: &PageContext, in_pane: bool) {
    let Some(response) = use_context::<leptos_axum::ResponseOptions>() else {
        return;
    };
    let nonce = use_nonce().map_or_else(String::new, |nonce| format!(" 'nonce-{nonce}'"));
    let (scripts, ancestors) = if in_pane {
        (
            format!(" {}", origins_of(&page.pane.office_scripts).join(" ")),
            format!("{OUTLOOK_ORIGINS} {}", page.frame_ancestors.join(" ")),
        )
    } else {
        (String::new(), "'none'".to_owned())
    };
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{nonce}{scripts}; \
         style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'{scripts}; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
    );
    if let Ok(value) = http::HeaderValue::from_str(&policy) {
        response.insert_header(http::header::CONTENT_SECURITY_POLICY, value);
    }
}

/// The origins that these addresses are of, each once, in the form that browsers write.
pub fn origins_of(urls: &[String]) -> Vec<String> {
    let mut origins: Vec<String> = urls
        .iter()
        .filter_map(|url| {
            let parsed: http::Uri = url.parse().ok()?;
            Some(format!(
                "{}://{}",
                parsed.scheme_str()?,
                parsed.authority()?
            ))
        })
        .collect();
    origins.sort();
    origins.dedup();
    origins
}
