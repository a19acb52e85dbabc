//! A day of an office, with notifications as late as Microsoft documents: for how long colours are
//! wrong, and what is asked of Graph for it.
//!
//! `cargo bench -p days --bench day --profile fast`. Only the clocks move: how quick the machine is does
//! not matter, and the same seed gives the same day. The day is lived three times: with notifications,
//! with some of them lost, and without any.

#![expect(
    clippy::unwrap_used,
    reason = "a day that cannot be lived to its end has no figures"
)]

mod delivery;
mod lived;
mod mirror;
mod people;
mod requests;

// The lines of the server's benches.
#[path = "../../../../server/benches/goals/report.rs"]
#[expect(dead_code, reason = "the server's benches use more of it")]
mod report;

use lived::{BUSY, Figures, Push, ROOMS};
use report::{Line, Verdict};

/// An idle room may be asked about once in ten minutes.
const IDLE_REQUESTS_MAX: f64 = 144.0;

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let live = |push| runtime.block_on(lived::live(push));
    let pushed = live(Push::Delivered);
    let lossy = live(Push::Lossy { lost_percent: 30 });
    let polled = live(Push::Never);
    let days = [
        ("notified", &pushed),
        ("notified, 30 % of it lost", &lossy),
        ("polled only", &polled),
    ];
    for (name, day) in days {
        print_colours(name, day, &polled);
    }
    for (name, day) in days {
        print_requests(name, day, &polled);
    }
}

fn print_colours(name: &str, day: &Figures, polled: &Figures) {
    let of_rooms = |seconds: f64| seconds / BUSY as f64;
    let pairs = [
        ("the colour of now", day.wrong_now_s, polled.wrong_now_s),
        (
            "any colour of the next days",
            day.wrong_anywhere_s,
            polled.wrong_anywhere_s,
        ),
    ];
    for (what, ours, other) in pairs {
        Line {
            name: format!("wrong-colour seconds a busy room and day, {what}, {name}"),
            ours: format!("{:.1} s", of_rooms(ours)),
            reference: format!("polled only {:.1} s", of_rooms(other)),
            ratio: Some(ours / other),
            goal: "none, falls".to_owned(),
            verdict: Verdict::NoGoal,
        }
        .print();
    }
    let changes = day.changes as f64;
    report::own(
        format!("seconds that a change of a calendar is not shown, mean of {changes}, {name}"),
        format!("{:.1} s", day.wrong_anywhere_s / changes),
    );
}

fn print_requests(name: &str, day: &Figures, polled: &Figures) {
    let busy = |day: &Figures| day.requests.busy as f64 / BUSY as f64;
    let idle = |day: &Figures| day.requests.idle as f64 / (ROOMS - BUSY) as f64;
    Line {
        name: format!("Graph requests an idle room and day, {name}"),
        ours: format!("{:.1}", idle(day)),
        reference: format!("one in ten minutes {IDLE_REQUESTS_MAX:.0}"),
        ratio: Some(idle(day) / IDLE_REQUESTS_MAX),
        goal: "<= 1".to_owned(),
        // Where nothing notifies, a room cannot be idle.
        verdict: match name {
            "polled only" => Verdict::NoGoal,
            _ => Verdict::of(idle(day) <= IDLE_REQUESTS_MAX),
        },
    }
    .print();
    Line {
        name: format!("Graph requests a busy room and day, {name}"),
        ours: format!("{:.1}", busy(day)),
        reference: format!("polled only {:.1}", busy(polled)),
        ratio: Some(busy(day) / busy(polled)),
        goal: "none yet".to_owned(),
        verdict: Verdict::NoGoal,
    }
    .print();
    let more = (busy(day) - idle(day)) * BUSY as f64;
    report::own(
        format!("Graph requests a change beyond those of idle rooms, {name}"),
        format!("{:.2}", more / day.changes as f64),
    );
    report::own(
        format!("requests of the day to no room, such as tokens, {name}"),
        format!(
            "{}, answered 429: {}",
            day.requests.others, day.requests.throttled
        ),
    );
}
