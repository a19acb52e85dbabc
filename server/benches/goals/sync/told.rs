//! A Graph that has its answers ready: written out beforehand, and sent from a runtime of its own.
//! What it costs is next to nothing, so that what is measured is ours.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context, Result};
use booking::event::BusyTime;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

use super::calendars::event;

/// A running one; it ends with this.
pub(super) struct Told {
    address: SocketAddr,
    _runtime: Runtime,
}

/// What is answered.
struct Answers {
    token: Vec<u8>,
    /// Whole calendars, each on one page.
    calendars: Vec<Vec<u8>>,
    /// What is said to whoever goes on from there: nothing has changed.
    unchanged: Vec<u8>,
}

impl Told {
    /// Room 7 has calendar 7, and once those are used up, the first again.
    pub(super) fn start(calendars: &[Vec<BusyTime>]) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let address = listener.local_addr()?;
        let answers = Arc::new(Answers::new(address, calendars));
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let answers = Arc::clone(&answers);
                // Whoever leaves in the middle is not missed.
                tokio::spawn(async move { serve(stream, &answers).await.ok() });
            }
        });
        Ok(Self {
            address,
            _runtime: runtime,
        })
    }

    pub(super) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Answers {
    fn new(address: SocketAddr, calendars: &[Vec<BusyTime>]) -> Self {
        let next = format!("http://{address}/v1.0/users/any/calendarView/delta?$deltatoken=next");
        let page = |events: Vec<Value>| {
            answer(&json!({
                "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#Collection(event)",
                "value": events,
                "@odata.deltaLink": next,
            }))
        };
        let calendars = calendars.iter();
        Self {
            token: answer(&json!({
                "token_type": "Bearer", "expires_in": 3_599, "ext_expires_in": 3_599,
                "access_token": "bench",
            })),
            calendars: calendars
                .map(|one| page(one.iter().map(event).collect()))
                .collect(),
            unchanged: page(Vec::new()),
        }
    }

    fn to(&self, request: &str) -> Result<&[u8]> {
        if request.starts_with("POST ") {
            return Ok(&self.token);
        }
        let Some((before, _)) = request.split_once("/calendarView/delta?startDateTime") else {
            return Ok(&self.unchanged);
        };
        let mailbox = before.rsplit('/').next().unwrap_or_default();
        let digits = mailbox.trim_start_matches(|one: char| !one.is_ascii_digit());
        let end = digits.find(|one: char| !one.is_ascii_digit());
        let room: usize = digits[..end.unwrap_or(digits.len())]
            .parse()
            .with_context(|| format!("{mailbox} is no room of the bench office"))?;
        Ok(&self.calendars[room % self.calendars.len()])
    }
}

fn answer(body: &Value) -> Vec<u8> {
    let body = body.to_string();
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nrequest-id: bench\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Answers one request after the other.
async fn serve(mut stream: TcpStream, answers: &Answers) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut read = Vec::with_capacity(8 * 1024);
    loop {
        let end = loop {
            if let Some(end) = request_end(&read) {
                break end;
            }
            if stream.read_buf(&mut read).await? == 0 {
                return Ok(());
            }
        };
        let request = std::str::from_utf8(&read[..end])?;
        stream.write_all(answers.to(request)?).await?;
        read.drain(..end);
    }
}

/// Where the first request in these bytes ends. `None`: it has not all come yet.
fn request_end(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let lines = std::str::from_utf8(&bytes[..head]).ok()?.lines();
    let body = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(Some(0), |(_, value)| value.trim().parse().ok())?;
    let end = head + body;
    (bytes.len() >= end).then_some(end)
}
