//! Every route.

use std::sync::Arc;

use app::api::session::PaneConfig;
use app::shell::{PageContext, shell};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Extensions, HeaderMap, StatusCode, Version, header};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use leptos::prelude::provide_context;
use leptos_axum::{LeptosRoutes, generate_route_list_with_exclusions};
use tower_http::CompressionLevel;
use tower_http::compression::{CompressionLayer, Predicate};

use crate::around::around;
use crate::routes::{
    calendar_file, calls, draft_check, graph_notifications, health, live, manifest, outlook_events,
    rooms_file, sign_in,
};
use crate::sign_in::PANE_SCOPE;
use crate::site;
use crate::state::AppState;

/// Of 11 for brotli, of 9 for gzip: beyond it, a page takes longer to compress than to make.
const COMPRESSION_QUALITY: i32 = 4;

/// The whole surface of the process.
pub fn router(state: AppState) -> Router {
    Router::new()
        .route("/health", get(health::health))
        .route("/manifest.xml", get(manifest::manifest))
        .route("/sign-in", get(sign_in::start))
        .route("/sign-in/callback", get(sign_in::callback))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/notifications/graph", post(graph_notifications::receive))
        .route(
            "/notifications/graph/lifecycle",
            post(graph_notifications::receive),
        )
        .route("/admin/sync.csv", get(rooms_file::rooms_file))
        .route(
            "/reservation/{id}/calendar.ics",
            get(calendar_file::calendar_file),
        )
        .route("/api/live", get(live::live))
        .merge(outlook())
        .merge(calls::calls())
        .merge(pages(&state))
        .fallback(site::serve)
        .layer(from_fn_with_state(state.clone(), around))
        .with_state(state)
}

/// What Outlook runs while no pane is open.
fn outlook() -> Router<AppState> {
    let check = post(draft_check::check)
        .options(draft_check::preflight)
        .layer(DefaultBodyLimit::max(draft_check::QUESTION_BYTES_MAX));
    Router::new()
        .route("/outlook_events", get(outlook_events::page))
        .route(outlook_events::SCRIPT_PATH, get(outlook_events::script))
        .route(
            "/.well-known/microsoft-officeaddins-allowed.json",
            get(outlook_events::allowed),
        )
        .route("/outlook/draft_check", check)
}

fn pages(state: &AppState) -> Router<AppState> {
    let options = state.leptos.clone();
    // Leptos would serve the calls too.
    let calls = calls::paths().map(str::to_owned).collect();
    let pages = generate_route_list_with_exclusions(app::App, Some(calls));
    Router::new()
        .leptos_routes_with_context(state, pages, page_context(state), move || {
            shell(options.clone())
        })
        .layer(compression())
}

/// A page with a plan on it is mostly coordinates: a tenth is left of it. Only pages, because
/// assets were compressed when they were built and other answers are small.
fn compression() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new()
        .br(true)
        .gzip(true)
        .quality(CompressionLevel::Precise(COMPRESSION_QUALITY))
        .compress_when(
            |_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions| {
                headers
                    .get(header::CONTENT_TYPE)
                    .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
            },
        )
}

/// What pages find in their context, and the server functions that they call while they are rendered.
fn page_context(state: &AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    let engine = Arc::clone(&state.engine);
    let page = Arc::new(page_of(state));
    move || {
        provide_context(Arc::clone(&engine));
        provide_context(Arc::clone(&page));
    }
}

/// What the shell writes into every page.
fn page_of(state: &AppState) -> PageContext {
    let tenant = state.sign_in.first_tenant();
    let client_id = tenant.map(|tenant| tenant.client_id.clone());
    let login = state.config.microsoft.login_url.as_str();
    PageContext {
        css: state.site.asset("etage.css"),
        portal: state.site.module("portal"),
        booking: state.site.module("booking"),
        pane_module: state.site.module("pane"),
        admin: state.site.module("admin"),
        booking_css: state.site.asset("booking.css"),
        admin_css: state.site.asset("admin.css"),
        frame_ancestors: state
            .config
            .http
            .frame_ancestors
            .iter()
            .map(|url| url.origin().ascii_serialization())
            .collect(),
        pane: PaneConfig {
            authority: tenant.map_or_else(String::new, |tenant| {
                format!("{}/{}", login.trim_end_matches('/'), tenant.tenant)
            }),
            scope: client_id
                .as_ref()
                .map_or_else(String::new, |id| format!("{id}/{PANE_SCOPE}")),
            client_id: client_id.unwrap_or_default(),
            auth_script: state.site.asset("pane_auth.js"),
            office_scripts: state
                .config
                .microsoft
                .office_js_urls
                .iter()
                .map(ToString::to_string)
                .collect(),
        },
    }
}
