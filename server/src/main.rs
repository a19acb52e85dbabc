//! The program `etage`.

// Views are types, and a page of them is a deep one.
#![recursion_limit = "512"]

use std::process::ExitCode;

use clap::Parser;
use server::commands::{Arguments, run};

#[tokio::main]
async fn main() -> ExitCode {
    server::telemetry::start();
    // Two providers of cryptography are linked in through dependencies; this is the one we mean.
    let _already = rustls::crypto::aws_lc_rs::default_provider().install_default();
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print_error(&error);
            ExitCode::FAILURE
        }
    }
}

#[expect(
    clippy::print_stderr,
    reason = "the log may be filtered away; the reason must not be"
)]
fn print_error(error: &anyhow::Error) {
    eprintln!("etage: {error:#}");
}
