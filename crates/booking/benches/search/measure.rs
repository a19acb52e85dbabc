//! Timing two things against each other on a machine that is not quiet.

use std::time::Instant;

/// Rounds of each measurement. Enough for a steady quartile, few enough to end within a second.
const ROUNDS: usize = 201;

/// Nanoseconds that one call of each takes. `each` calls are made in a row; the two take turns, so
/// that whatever disturbs the machine disturbs both.
pub(crate) fn paired(
    each: usize,
    ours: impl FnMut(usize),
    reference: impl FnMut(usize),
) -> (f64, f64) {
    paired_for(ROUNDS, each, ours, reference)
}

/// As [`paired`], for calls so long that fewer rounds have to do.
pub(crate) fn paired_for(
    rounds: usize,
    each: usize,
    mut ours: impl FnMut(usize),
    mut reference: impl FnMut(usize),
) -> (f64, f64) {
    let mut ours_ns = Vec::with_capacity(rounds);
    let mut reference_ns = Vec::with_capacity(rounds);
    // The first round warms caches and draws the days, and does not count.
    for round in 0..=rounds {
        let (one, other) = (timed(each, &mut ours), timed(each, &mut reference));
        if round > 0 {
            ours_ns.push(one);
            reference_ns.push(other);
        }
    }
    (quartile(ours_ns), quartile(reference_ns))
}

/// Nanoseconds that one call takes.
pub(crate) fn alone(each: usize, ours: impl FnMut(usize)) -> f64 {
    paired(each, ours, |_| ()).0
}

fn timed(each: usize, call: &mut impl FnMut(usize)) -> f64 {
    let start = Instant::now();
    for at in 0..each {
        call(at);
    }
    start.elapsed().as_nanos() as f64 / each as f64
}

/// The lower quartile: neighbours on the machine only ever add time.
fn quartile(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 4]
}
