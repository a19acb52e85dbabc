//! Every route.

use std::sync::Arc;
use std::time::Duration;

use app::api::ApiError;
use app::api::session::PaneConfig;
use app::shell::{PageContext, shell};
use app::text::problem;
use axum::extract::DefaultBodyLimit;
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version, header};
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};
use axum::{Json, Router};
use leptos::prelude::provide_context;
use leptos_axum::{LeptosRoutes, generate_route_list};
use tower::ServiceBuilder;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, Predicate};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use crate::routes::{graph_notifications, health, live, manifest, sign_in};
use crate::sign_in::{PANE_SCOPE, identify};
use crate::site;
use crate::state::AppState;

/// No request of ours is larger.
const BODY_BYTES_MAX: usize = 512 * 1024;
/// No answer but the live stream takes longer.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(30);

/// Of 11 for brotli, of 9 for gzip: beyond it, a page takes longer to compress than to make.
const COMPRESSION_QUALITY: i32 = 4;

/// The whole surface of the process.
pub fn router(state: AppState) -> Router {
    let context = page_context(&state);
    let options = state.leptos.clone();
    let pages = Router::new()
        .leptos_routes_with_context(&state, generate_route_list(app::App), context, move || {
            shell(options.clone())
        })
        .layer(compression());
    let answered = Router::new()
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
        // The server functions themselves are registered with the pages.
        .route("/api/{*function}", any(unknown_function))
        .merge(pages)
        .fallback(site::serve)
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            ANSWER_TIME_MAX,
        ));
    // Outermost first; as one layer, because the router puts each of its own into a box.
    let around = ServiceBuilder::new()
        .layer(CatchPanicLayer::new())
        .layer(header_layer(
            header::REFERRER_POLICY,
            "strict-origin-when-cross-origin",
        ))
        .layer(header_layer(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn_with_state(state.clone(), identify));
    Router::new()
        .route("/api/live", get(live::live))
        .merge(answered)
        .layer(around)
        .with_state(state)
}

/// What a call gets that no server function answers to.
async fn unknown_function() -> (StatusCode, Json<ApiError>) {
    let error = ApiError {
        code: "not_found".to_owned(),
        message: problem::NO_SUCH_CALL.to_owned(),
        refusals: Vec::new(),
        incident: None,
    };
    (StatusCode::NOT_FOUND, Json(error))
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

fn header_layer(
    name: header::HeaderName,
    value: &'static str,
) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// What pages and server functions find in their context.
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
        pane_module: state.site.module("pane"),
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
