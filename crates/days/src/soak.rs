//! Many days, one after the other and on several threads.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::day::{Log, Setup, Tally, live};

/// How often a long run says how far it is.
const TELLS_EVERY: Duration = Duration::from_secs(10);

/// Which days.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    /// The first; each later one has the next seed.
    pub first: Setup,
    /// How many. `None`: as many as there is time for.
    pub count: Option<u64>,
    /// How long, in minutes. `None`: until all are lived.
    pub minutes: Option<f64>,
    /// How many at the same time.
    pub threads: usize,
}

/// What came of them.
#[derive(Debug, Default)]
pub struct Lived {
    /// Days lived, failed ones included.
    pub days: u64,
    /// What they held, failed ones left out.
    pub tally: Tally,
    /// How long it took.
    pub took: Duration,
    /// What was found on days that failed, each with its seed and steps.
    pub failed: Vec<String>,
}

impl std::fmt::Display for Lived {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Tally {
            steps,
            faults,
            kills,
            judgements,
        } = self.tally;
        let seconds = self.took.as_secs_f64();
        write!(
            f,
            "{} days in {seconds:.1} s ({:.1} a second): {steps} steps, {faults} faults, {kills} kills, {judgements} judgements, {} failed",
            self.days,
            self.days as f64 / seconds.max(0.001),
            self.failed.len()
        )
    }
}

/// Lives them. The first that fails ends the run.
pub fn run(days: &Days) -> Lived {
    let began = now();
    let next = AtomicU64::new(0);
    let stop = AtomicBool::new(false);
    let lived = Mutex::new(Lived::default());
    let told = Mutex::new(began);
    let is_over = |number: u64| {
        stop.load(Ordering::Relaxed)
            || days.count.is_some_and(|count| number >= count)
            || days
                .minutes
                .is_some_and(|minutes| began.elapsed().as_secs_f64() > minutes * 60.0)
    };
    std::thread::scope(|scope| {
        for _ in 0..days.threads.max(1) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if is_over(number) {
                        return;
                    }
                    let setup = Setup {
                        seed: days.first.seed + number,
                        ..days.first
                    };
                    let outcome = one(setup);
                    let mut lived = lived.lock();
                    lived.days += 1;
                    match outcome {
                        Ok(tally) => lived.tally += tally,
                        Err(text) => {
                            lived.failed.push(text);
                            stop.store(true, Ordering::Relaxed);
                        }
                    }
                    let mut told = told.lock();
                    if days.minutes.is_some() && told.elapsed() > TELLS_EVERY {
                        *told = now();
                        lived.took = began.elapsed();
                        println!("{lived}");
                    }
                }
            });
        }
    });
    let mut lived = lived.into_inner();
    lived.took = began.elapsed();
    lived
}

/// One day on a runtime of its own; in words, what was found.
fn one(setup: Setup) -> Result<Tally, String> {
    let log = Log::default();
    let day = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let lived = runtime.block_on(live(setup, &log));
        runtime.shutdown_background();
        lived
    };
    let findings = match std::panic::catch_unwind(AssertUnwindSafe(day)) {
        Ok(Ok(tally)) => return Ok(tally),
        Ok(Err(findings)) => findings,
        Err(panic) => vec![format!("it panicked: {}", said(panic.as_ref()))],
    };
    Err(format!(
        "{setup:?}\n{}\n\nFOUND on seed {} after {} steps:\n{}\n\nAgain: DAYS_SEED={} cargo test -p days --test seeds",
        log.text(),
        setup.seed,
        log.len(),
        findings.join("\n"),
        setup.seed
    ))
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default()
}

/// How long a run takes is the one thing that is measured on the machine's clock.
fn now() -> Instant {
    Instant::now()
}
