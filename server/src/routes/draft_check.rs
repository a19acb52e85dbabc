//! `POST /outlook/draft_check`: Outlook's event handler asks whether a draft's room is still free, or has moved the draft.
//!
//! Nobody is signed in where that handler runs, so a stranger may call: whoever has no ticket of ours learns nothing and
//! costs nothing, and a ticket is worth one room and some questions a minute. No answer names anybody.

use app::text::send as words;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use booking::ids::MailboxAddress;
use booking::time::{Instant, TimeRange};
use engine::check_draft::{DraftCheck, DraftNow};
use serde::{Deserialize, Serialize};

use crate::state::AppState;

/// No question is larger: a ticket, two times and the rooms of one appointment.
pub const QUESTION_BYTES_MAX: usize = 8 * 1024;

/// What the handler asks.
#[derive(Debug, Deserialize)]
struct Question {
    ticket: String,
    event: Event,
    /// Milliseconds since 1970, as is `end`.
    start: i64,
    end: i64,
    /// Addresses of the rooms in the draft.
    rooms: Vec<String>,
    /// People who will come, the organizer included.
    people: u32,
}

/// What happens to the draft.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Event {
    /// It is being sent.
    Send,
    /// Its time was changed.
    TimeChanged,
}

/// What the handler is told.
#[derive(Debug, Serialize)]
struct Told {
    verdict: Verdict,
    /// A sentence for the person; empty where there is nothing to tell.
    text: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    /// It may be sent.
    Free,
    /// There was nothing to ask; it may be sent.
    NothingToAsk,
    /// The person is to know that nothing was checked, and may send.
    Unknown,
    /// It should not be sent like this.
    Taken,
}

/// Answers the handler.
pub async fn check(State(state): State<AppState>, body: Result<Bytes, BytesRejection>) -> Response {
    let question = match body.map(|body| serde_json::from_slice::<Question>(&body)) {
        Ok(Ok(question)) => question,
        Ok(Err(error)) => return unknown(StatusCode::BAD_REQUEST, &error.to_string()),
        Err(rejected) => return unknown(rejected.status(), &rejected.body_text()),
    };
    let Some(ticket) = state.engine.read_ticket(&question.ticket) else {
        return unknown(StatusCode::FORBIDDEN, words::TICKET_WORTHLESS);
    };
    let now = state.engine.clock().now();
    if !state.checks.allow(ticket.person().id, now) {
        return unknown(StatusCode::TOO_MANY_REQUESTS, words::TOO_OFTEN);
    }
    let Some(draft) = draft_now(&question) else {
        let wrong = "end must be after start, both in milliseconds since 1970";
        return unknown(StatusCode::BAD_REQUEST, wrong);
    };
    let told = match question.event {
        Event::Send => state.engine.check_draft(&ticket, &draft).await,
        Event::TimeChanged => state.engine.move_draft(&ticket, &draft).await,
    };
    match told {
        Ok(told) => answer(StatusCode::OK, &tell(&told, question.event)),
        Err(error) => {
            tracing::error!(
                incident = engine::incident(),
                error = &error as &dyn std::error::Error,
                "a draft could not be checked; its sender was told so"
            );
            unknown(StatusCode::SERVICE_UNAVAILABLE, words::NOT_CHECKED)
        }
    }
}

/// Lets the handler ask from wherever an Outlook runs it. A ticket is the only proof: no cookie is ever looked at here.
pub async fn preflight() -> impl IntoResponse {
    (
        StatusCode::NO_CONTENT,
        [
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (header::ACCESS_CONTROL_ALLOW_METHODS, "POST"),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
            (header::ACCESS_CONTROL_MAX_AGE, "86400"),
        ],
    )
}

/// `None`: its end is not after its start. What is no address is no room of ours either.
fn draft_now(question: &Question) -> Option<DraftNow> {
    let range = TimeRange::new(Instant(question.start), Instant(question.end)).ok()?;
    let rooms = question.rooms.iter();
    Some(DraftNow {
        range,
        rooms: rooms
            .filter_map(|one| MailboxAddress::parse(one).ok())
            .collect(),
        people: question.people.max(1),
    })
}

fn tell(told: &DraftCheck, event: Event) -> Told {
    let (verdict, text) = match told {
        DraftCheck::Free => (Verdict::Free, String::new()),
        DraftCheck::NothingToAsk => (Verdict::NothingToAsk, String::new()),
        DraftCheck::Unknown => (Verdict::Unknown, words::NOT_CHECKED.to_owned()),
        DraftCheck::PerhapsOwn { room, refusals } => {
            (Verdict::Unknown, words::perhaps_own(room, refusals))
        }
        DraftCheck::Taken {
            room,
            refusals,
            instead,
        } => {
            let sentence = match event {
                Event::Send => words::taken,
                Event::TimeChanged => words::moved,
            };
            (Verdict::Taken, sentence(room, refusals, instead))
        }
    };
    Told { verdict, text }
}

fn unknown(status: StatusCode, text: &str) -> Response {
    let told = Told {
        verdict: Verdict::Unknown,
        text: text.to_owned(),
    };
    answer(status, &told)
}

fn answer(status: StatusCode, told: &Told) -> Response {
    (
        status,
        [
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (header::CACHE_CONTROL, "no-store"),
        ],
        Json(told),
    )
        .into_response()
}
