//! `GET /admin/sync.csv`: the rooms that the page's address asks for, all pages of it, as a file for spreadsheets.

use std::collections::HashMap;
use std::convert::Infallible;
use std::iter;
use std::sync::Arc;

use app::api::ApiError;
use app::api::caller::{self, Call};
use app::text::admin::sync as words;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use booking::person::Caller;
use booking::rooms_overview::OverviewQuery;
use booking::time::Instant;
use bytes::Bytes;
use engine::rooms_overview::RoomsTable;
use futures::stream;
use jiff::Timestamp;

use crate::csv;
use crate::state::AppState;

/// Lines written before any are sent.
const LINES_AT_ONCE: usize = 500;

/// To administrators only. Written as it is sent, so that it takes no more memory the more rooms there are.
pub async fn rooms_file(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<HashMap<String, String>>,
) -> Response {
    let query = OverviewQuery::read(|key| asked.get(key).map(String::as_str));
    let call = Call::new(Arc::clone(&state.engine), caller);
    let find = async {
        let person = caller::person()?;
        Ok::<RoomsTable, ApiError>(caller::engine().rooms_table(&person, &query).await?)
    };
    match call.run(find).await {
        (Ok(table), _) => file(table),
        (Err(problem), status) => {
            let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, problem.sentence()).into_response()
        }
    }
}

fn file(table: RoomsTable) -> Response {
    let name = time(table.read_at(), "%Y-%m-%dT%H-%M-%SZ");
    let lines = (0..table.len())
        .step_by(LINES_AT_ONCE)
        .map(move |skip| lines(&table, skip));
    let parts = iter::once(head())
        .chain(lines)
        .map(|part| Ok::<_, Infallible>(Bytes::from(part)));
    (
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"etage-rooms-{name}.csv\""),
            ),
            (header::CACHE_CONTROL, "no-store".to_owned()),
        ],
        Body::from_stream(stream::iter(parts)),
    )
        .into_response()
}

fn head() -> String {
    let mut text = csv::BYTE_ORDER_MARK.to_owned();
    csv::push_line(&mut text, words::HEAD);
    text
}

fn lines(table: &RoomsTable, skip: usize) -> String {
    let mut text = String::new();
    for (building, room) in table.rooms(skip, LINES_AT_ONCE) {
        let values = words::line(building, room, |at| time(at, "%Y-%m-%d %H:%M:%S"));
        csv::push_line(&mut text, values.iter().map(String::as_str));
    }
    text
}

/// Empty for what no calendar has.
fn time(at: Instant, form: &str) -> String {
    Timestamp::from_millisecond(at.0)
        .map_or_else(|_| String::new(), |at| at.strftime(form).to_string())
}
