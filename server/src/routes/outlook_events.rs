//! What Outlook loads to run our handler of its events: a page, a script, and the list of scripts that may call us.
//!
//! Their addresses stand in the manifest, so they never change and carry no hash. Outlook on the web, the new Outlook and
//! the Mac load the page; the classic Outlook for Windows runs the script alone.
//! <https://learn.microsoft.com/office/dev/add-ins/develop/event-based-activation>

use app::shell::{OUTLOOK_ORIGINS, origins_of};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse};
use serde_json::json;

use crate::state::AppState;

/// Works as it stands for the local https origin, as the manifest does; that literal is replaced and nothing else.
const SCRIPT: &str = include_str!("../../../frontend/js/outlook_events.js");
const ORIGIN: &str = "https://localhost:3000";
/// Where the script is.
pub const SCRIPT_PATH: &str = "/outlook_events.js";
/// Outlook loads it again after so long, so that a newer one is soon in use.
const KEPT: &str = "public, max-age=300";

/// `GET /outlook_events`: nothing to see; it loads Office.js and the script.
pub async fn page(State(state): State<AppState>) -> impl IntoResponse {
    let office: Vec<String> = state
        .config
        .microsoft
        .office_js_urls
        .iter()
        .map(ToString::to_string)
        .collect();
    let scripts: String = office
        .iter()
        .map(String::as_str)
        .chain([SCRIPT_PATH])
        .map(|url| format!("<script src=\"{}\"></script>", url.replace('"', "%22")))
        .collect();
    let further = state.config.http.frame_ancestors.iter();
    let further: Vec<String> = further
        .map(|url| url.origin().ascii_serialization())
        .collect();
    let office = origins_of(&office).join(" ");
    let policy = format!(
        "default-src 'none'; script-src 'self' {office}; connect-src 'self' {office}; base-uri 'none'; \
         form-action 'none'; frame-ancestors {OUTLOOK_ORIGINS} {}",
        further.join(" ")
    );
    let html = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Etage</title>{scripts}</head>\
         <body></body></html>"
    );
    (
        [
            (header::CONTENT_SECURITY_POLICY, policy),
            (header::CACHE_CONTROL, KEPT.to_owned()),
        ],
        Html(html),
    )
}

/// `GET /outlook_events.js`: the handler.
pub async fn script(State(state): State<AppState>) -> impl IntoResponse {
    let origin = state.config.http.origin.origin().ascii_serialization();
    (
        [
            (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
            (header::CACHE_CONTROL, KEPT),
        ],
        SCRIPT.replace(ORIGIN, &origin),
    )
}

/// `GET /.well-known/microsoft-officeaddins-allowed.json`: lets the script, where it runs alone, call this server.
/// <https://learn.microsoft.com/office/dev/add-ins/develop/use-sso-in-event-based-activation>
pub async fn allowed(State(state): State<AppState>) -> impl IntoResponse {
    let origin = state.config.http.origin.origin().ascii_serialization();
    Json(json!({ "allowed": [format!("{origin}{SCRIPT_PATH}")] }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Outlook gives it to load: nothing may be split off, and nothing compiled.
    const SCRIPT_BYTES_MAX: usize = 15 * 1024;
    const MANIFEST: &str = include_str!("../../../manifest.xml");

    #[test]
    fn the_handler_is_one_small_plain_script_that_knows_where_we_are() {
        assert!(SCRIPT.len() <= SCRIPT_BYTES_MAX, "{} bytes", SCRIPT.len());
        let begins = |word: &str| {
            SCRIPT
                .lines()
                .any(|line| line.trim_start().starts_with(word))
        };
        for word in ["import ", "import(", "export "] {
            assert!(!begins(word), "the handler has {word}");
        }
        assert_eq!(SCRIPT.matches(ORIGIN).count(), 1);
    }

    /// A name that differs by a letter, and Outlook sends without asking anybody.
    #[test]
    fn the_manifest_names_the_functions_the_script_and_the_page_that_there_are() {
        for (event, function) in [
            ("OnAppointmentSend", "onAppointmentSend"),
            ("OnAppointmentTimeChanged", "onAppointmentTimeChanged"),
        ] {
            let named = format!("Type=\"{event}\" FunctionName=\"{function}\"");
            assert!(MANIFEST.contains(&named), "{named}");
            let associated = format!("Office.actions.associate(\"{function}\", {function})");
            assert!(SCRIPT.contains(&associated), "{associated}");
        }
        assert!(MANIFEST.contains("SendMode=\"SoftBlock\""));
        assert!(MANIFEST.contains(&format!("\"{ORIGIN}{SCRIPT_PATH}\"")));
        assert!(MANIFEST.contains(&format!("\"{ORIGIN}/outlook_events\"")));
        // The button that an alert leads to.
        assert!(SCRIPT.contains("\"organizerOpen\"") && MANIFEST.contains("id=\"organizerOpen\""));
    }
}
