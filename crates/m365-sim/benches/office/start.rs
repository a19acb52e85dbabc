//! How soon the program answers after it was started with the small office.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::http::Connection;
use crate::{Result, row};

/// Starts; the median counts.
const STARTS: usize = 7;
const LIMIT_MS: f64 = 200.0;

pub(crate) fn run() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut taken = Vec::new();
    for _ in 0..STARTS {
        taken.push(once(&runtime)?);
    }
    taken.sort_by(f64::total_cmp);
    row(
        "start of the small office, to the first answer",
        (taken[STARTS / 2], "ms"),
        ("limit", LIMIT_MS),
        1.0,
    );
    Ok(())
}

/// Milliseconds from starting the program to its first answer.
fn once(runtime: &tokio::runtime::Runtime) -> Result<f64> {
    let started = Instant::now();
    let mut program = Command::new(env!("CARGO_BIN_EXE_m365-sim"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let output = program.stdout.take().ok_or("a piped output is there")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    let answered = line.trim().rsplit_once("http://").map(|(_, address)| {
        runtime.block_on(async {
            let address = address.parse()?;
            let request = format!("GET /_sim/world HTTP/1.1\r\nhost: {address}\r\n\r\n");
            let mut connection = Connection::open(address).await?;
            connection.exchange(request.as_bytes()).await?;
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
        })
    });
    let took = started.elapsed().as_secs_f64() * 1e3;
    program.kill()?;
    program.wait()?;
    answered.ok_or("the program did not say where it listens")??;
    Ok(took)
}
