//! The reference: the same organisation as plain structs, and a bare hyper server that looks through them.

use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use serde::Deserialize;
use tokio::net::TcpListener;

use crate::{EVENTS_PER_ROOM, ROOMS, Result};

/// Everything a copy of a meeting has to know, as long as the simulator's and no cleverer.
#[expect(dead_code, reason = "only their size counts, but for the times")]
pub(crate) struct PlainCopy {
    id: String,
    ical_uid: String,
    change: u64,
    created: Timestamp,
    modified: Timestamp,
    subject: String,
    body: String,
    start: Timestamp,
    start_zone: String,
    end: Timestamp,
    end_zone: String,
    organizer_name: String,
    organizer_address: String,
    room_name: String,
    room_address: String,
    room_response: u8,
    room_answered: Option<Timestamp>,
    location_name: String,
    location_address: String,
    response: u8,
    answered: Option<Timestamp>,
    show_as: u8,
}

/// The copies in each mailbox, by address.
pub(crate) type Mailboxes = HashMap<String, Vec<PlainCopy>>;

/// The day the meetings begin at.
pub(crate) const FIRST: &str = "2026-11-23T07:00:00Z";
const DAY_SECONDS: i64 = 86_400;

/// As many copies as the campus has: each meeting in its room and with its organizer.
pub(crate) fn mailboxes() -> Result<Mailboxes> {
    let first: Timestamp = FIRST.parse()?;
    let mut mailboxes = Mailboxes::new();
    for room in 0..ROOMS {
        for number in 0..EVENTS_PER_ROOM {
            let person = (room * EVENTS_PER_ROOM + number) % (2 * ROOMS);
            let day = i64::try_from(number / 2)? + 2 * (i64::try_from(number / 10)?);
            let hour = 1 + 4 * i64::try_from(number % 2)?;
            let start =
                Timestamp::from_second(first.as_second() + day * DAY_SECONDS + hour * 3_600)?;
            for owner in [room_address(room), person_address(person)] {
                let copy = copy(room, person, start)?;
                mailboxes.entry(owner).or_default().push(copy);
            }
        }
    }
    Ok(mailboxes)
}

pub(crate) fn room_address(number: usize) -> String {
    format!("room{:04}@contoso.com", number + 1)
}

fn person_address(number: usize) -> String {
    format!("person{:04}@contoso.com", number + 1)
}

fn copy(room: usize, person: usize, start: Timestamp) -> Result<PlainCopy> {
    let zone = || "W. Europe Standard Time".to_owned();
    let name = format!("Dmitri Sokolov {person}");
    let room_name = format!("Room {}.{}.{:02}", room / 100, room / 10 % 10, room % 10);
    Ok(PlainCopy {
        id: format!("AAMkA{:060}AAA=", room * 10_000 + person),
        ical_uid: format!("040000008200E00074C5B7101A82E008{person:048X}"),
        change: 1,
        created: start,
        modified: start,
        subject: name.clone(),
        body: String::new(),
        start,
        start_zone: zone(),
        end: Timestamp::from_second(start.as_second() + 3_600)?,
        end_zone: zone(),
        organizer_name: name,
        organizer_address: person_address(person),
        room_name: room_name.clone(),
        room_address: room_address(room),
        room_response: 1,
        room_answered: Some(start),
        location_name: room_name,
        location_address: room_address(room),
        response: 1,
        answered: Some(start),
        show_as: 1,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    schedules: Vec<String>,
    start_time: Moment,
    end_time: Moment,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Moment {
    date_time: String,
}

/// Answers like `getSchedule`, at any path.
pub(crate) async fn serve(mailboxes: Mailboxes) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let mailboxes = Arc::new(mailboxes);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(stream.set_nodelay(true));
            let mailboxes = Arc::clone(&mailboxes);
            let service = service_fn(move |request| answer(Arc::clone(&mailboxes), request));
            tokio::spawn(
                hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service),
            );
        }
    });
    Ok(address)
}

async fn answer(
    mailboxes: Arc<Mailboxes>,
    request: Request<Incoming>,
) -> std::result::Result<Response<Full<Bytes>>, Infallible> {
    let body = request.into_body().collect().await;
    let body = body
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default();
    let text = serde_json::from_slice::<Asked>(&body)
        .ok()
        .and_then(|asked| schedules(&mailboxes, &asked))
        .unwrap_or_default();
    Ok(Response::new(Full::new(Bytes::from(text))))
}

fn schedules(mailboxes: &Mailboxes, asked: &Asked) -> Option<String> {
    let at = |moment: &Moment| format!("{}Z", moment.date_time).parse::<Timestamp>().ok();
    let (from, to) = (at(&asked.start_time)?, at(&asked.end_time)?);
    let mut text = String::from(r#"{"value":["#);
    for address in &asked.schedules {
        let taken: Vec<&PlainCopy> = mailboxes
            .get(address)?
            .iter()
            .filter(|copy| copy.start < to && copy.end > from)
            .collect();
        if !text.ends_with('[') {
            text.push(',');
        }
        write!(text, r#"{{"scheduleId":"{address}","availabilityView":""#).ok()?;
        let mut slot = from.as_second();
        while slot < to.as_second() {
            let end = slot + 1_800;
            let is_taken = taken
                .iter()
                .any(|copy| copy.start.as_second() < end && copy.end.as_second() > slot);
            text.push(if is_taken { '2' } else { '0' });
            slot = end;
        }
        text.push_str(r#"","scheduleItems":["#);
        for copy in taken {
            if !text.ends_with('[') {
                text.push(',');
            }
            write!(
                text,
                r#"{{"status":"busy","start":{{"dateTime":"{}","timeZone":"UTC"}},"end":{{"dateTime":"{}","timeZone":"UTC"}},"isPrivate":false,"subject":{:?},"location":{:?}}}"#,
                copy.start, copy.end, copy.subject, copy.location_name
            )
            .ok()?;
        }
        text.push_str(r#"],"workingHours":{"daysOfWeek":["monday","tuesday","wednesday","thursday","friday"],"startTime":"08:00:00.0000000","endTime":"17:00:00.0000000","timeZone":{"name":"W. Europe Standard Time"}}}"#);
    }
    text.push_str("]}");
    Some(text)
}
