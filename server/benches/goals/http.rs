//! A client that costs next to nothing: requests are written out beforehand, answers are read to
//! their announced end and not decoded. What it costs, it costs ours and the reference alike.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection that is kept open.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// Where an answer's body lies.
struct Head {
    body_start: usize,
    body_len: usize,
    status: u16,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(64 * 1024),
        })
    }

    /// Sends a request and gives the answer's body; anything but success is an error.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Result<&[u8]> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            self.read_more().await?;
            if let Some(head) = read_head(&self.buffer)? {
                break head;
            }
        };
        let end = head.body_start + head.body_len;
        while self.buffer.len() < end {
            self.read_more().await?;
        }
        let body = &self.buffer[head.body_start..end];
        let text = || String::from_utf8_lossy(body).into_owned();
        ensure!(
            (200..300).contains(&head.status),
            "{} {}",
            head.status,
            text()
        );
        Ok(body)
    }

    async fn read_more(&mut self) -> Result<()> {
        let read = self.stream.read_buf(&mut self.buffer).await?;
        ensure!(read > 0, "the server closed the connection");
        Ok(())
    }
}

/// `None`: it has not all come yet.
fn read_head(bytes: &[u8]) -> Result<Option<Head>> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = std::str::from_utf8(&bytes[..end])?;
    let status = head
        .get(9..12)
        .and_then(|status| status.parse().ok())
        .context("no status")?;
    let body_len = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .context("no content-length; this client reads no other answers")?;
    Ok(Some(Head {
        body_start: end + 4,
        body_len,
        status,
    }))
}

/// A GET of the front page with nothing in it that need not be.
pub(crate) fn get(address: SocketAddr) -> Vec<u8> {
    format!("GET / HTTP/1.1\r\nhost: {address}\r\n\r\n").into_bytes()
}

/// A POST of JSON with these further header lines, each as `name: value`.
pub(crate) fn post(
    address: SocketAddr,
    path: &str,
    headers: &[String],
    body: &serde_json::Value,
) -> Vec<u8> {
    let body = body.to_string();
    let mut headers = headers.join("\r\n");
    if !headers.is_empty() {
        headers.push_str("\r\n");
    }
    format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         accept: application/json\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
