//! Programs that run in the background and are ended by their own id.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

const READY_WITHIN: Duration = Duration::from_secs(60);
const STOP_WITHIN: Duration = Duration::from_secs(8);
const LOOK_EVERY: Duration = Duration::from_millis(50);
const LOG_TAIL_LINES: usize = 20;

/// One running program; it ends when this is dropped.
pub(crate) struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a program, its output in `<log_dir>/<name>.log`, and waits until it prints `ready_text`.
    pub(crate) fn start(
        name: &str,
        command: &mut Command,
        log_dir: &Path,
        ready_text: &str,
    ) -> Result<Self> {
        fs::create_dir_all(log_dir)?;
        let log = log_dir.join(format!("{name}.log"));
        let log_file = File::create(&log).with_context(|| format!("writing {}", log.display()))?;
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log_file.try_clone()?)
            // Ctrl-C is for us alone; we end the programs one after the other.
            .process_group(0)
            .spawn()
            .with_context(|| {
                format!(
                    "starting {name} ({})",
                    command.get_program().to_string_lossy()
                )
            })?;
        let stdout = child
            .stdout
            .take()
            .context("a piped output is always there")?;
        let mut process = Self {
            name: name.to_owned(),
            child,
            log,
        };
        let ready = follow(stdout, log_file, ready_text.to_owned());
        process.wait_until_ready(&ready)?;
        Ok(process)
    }

    /// Whether the program still runs; `Some(text)` says how it ended.
    pub(crate) fn ended(&mut self) -> Result<Option<String>> {
        let Some(status) = self.child.try_wait()? else {
            return Ok(None);
        };
        Ok(Some(format!(
            "{} ended ({status}).\n{}",
            self.name,
            self.log_tail()
        )))
    }

    fn wait_until_ready(&mut self, ready: &mpsc::Receiver<()>) -> Result<()> {
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            match ready.recv_timeout(LOOK_EVERY) {
                Ok(()) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => thread::sleep(LOOK_EVERY),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if let Some(how) = self.ended()? {
                bail!("{how}");
            }
            if Instant::now() > deadline {
                bail!(
                    "{} was not ready within {READY_WITHIN:?}.\n{}",
                    self.name,
                    self.log_tail()
                );
            }
        }
    }

    fn log_tail(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let tail = &lines[lines.len().saturating_sub(LOG_TAIL_LINES)..];
        format!("The end of {}:\n{}", self.log.display(), tail.join("\n"))
    }

    fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if !self.is_running() {
            return;
        }
        // Asked first, so that the server can finish what it has begun; a program that does not listen is ended.
        let asked = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        let deadline = Instant::now() + STOP_WITHIN;
        while asked.is_ok() && self.is_running() && Instant::now() < deadline {
            thread::sleep(LOOK_EVERY);
        }
        if self.is_running() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// Copies a program's output to its log; the receiver hears once when `ready_text` was printed.
fn follow(
    stdout: impl std::io::Read + Send + 'static,
    mut log: File,
    ready_text: String,
) -> mpsc::Receiver<()> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            let _ = writeln!(log, "{line}");
            if line.contains(&ready_text) {
                let _ = sender.send(());
            }
        }
    });
    receiver
}
