//! What the server logs, for tests that look into it. One of them to a process: nextest gives each test its own.

use std::io::Write;
use std::sync::{Arc, Mutex};

/// The first line of the log.
const LISTENING: &str = "somebody reads along";

/// All that our own crates log, at its finest.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    pub fn start() -> Self {
        let log = Self::default();
        let writer = log.clone();
        tracing_subscriber::fmt()
            .with_env_filter(
                "off,booking=trace,store=trace,engine=trace,graph=trace,app=trace,server=trace",
            )
            .with_writer(move || writer.clone())
            .with_ansi(false)
            .init();
        tracing::trace!(target: "server", "{LISTENING}");
        log
    }

    /// All of it so far.
    pub fn text(&self) -> String {
        let text = String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned();
        assert!(text.contains(LISTENING), "nobody looks at the log");
        text
    }

    /// The line that has the incident whose number this sentence ends with.
    pub fn line_of_incident(&self, sentence: &str) -> String {
        let (_, number) = sentence.rsplit_once("(Incident ").unwrap();
        let number = number.trim_end_matches(')');
        let text = self.text();
        let mut lines = text.lines().filter(|line| line.contains(number));
        let line = lines.next();
        line.unwrap_or_else(|| panic!("{sentence}: {text}"))
            .to_owned()
    }
}
