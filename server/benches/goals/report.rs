//! The lines that are printed:
//! `bench <name> | ours <value> | reference <what> <value> | ratio <r> | goal <…> | ok`, or `SHORT`
//! where the goal is missed, or `-` where there is none.

use std::time::Duration;

/// Whether a goal was reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    Reached,
    Missed,
    /// There is none.
    NoGoal,
}

impl Verdict {
    pub(crate) const fn of(reached: bool) -> Self {
        if reached { Self::Reached } else { Self::Missed }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Reached => "ok",
            Self::Missed => "SHORT",
            Self::NoGoal => "-",
        }
    }
}

/// One line.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) ours: String,
    /// What it is held against, with its value.
    pub(crate) reference: String,
    /// Ours by the reference. `None`: they are not of one kind.
    pub(crate) ratio: Option<f64>,
    pub(crate) goal: String,
    pub(crate) verdict: Verdict,
}

impl Line {
    pub(crate) fn print(&self) {
        let ratio = self
            .ratio
            .map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"));
        println!(
            "bench {} | ours {} | reference {} | ratio {ratio} | goal {} | {}",
            self.name,
            self.ours,
            self.reference,
            self.goal,
            self.verdict.word()
        );
    }
}

/// Ours may take so many times what the reference takes.
pub(crate) fn at_most_times(
    name: impl Into<String>,
    ours: Duration,
    what: &str,
    reference: Duration,
    goal: f64,
) {
    let ratio = ours.as_secs_f64() / reference.as_secs_f64();
    Line {
        name: name.into(),
        ours: duration(ours),
        reference: format!("{what} {}", duration(reference)),
        ratio: Some(ratio),
        goal: format!("<= {goal}"),
        verdict: Verdict::of(ratio <= goal),
    }
    .print();
}

/// Ours must do at least this part of what the reference does in a second.
pub(crate) fn at_least_part(
    name: impl Into<String>,
    ours: f64,
    what: &str,
    reference: f64,
    goal: f64,
) {
    let ratio = ours / reference;
    Line {
        name: name.into(),
        ours: format!("{ours:.0}/s"),
        reference: format!("{what} {reference:.0}/s"),
        ratio: Some(ratio),
        goal: format!(">= {goal}"),
        verdict: Verdict::of(ratio >= goal),
    }
    .print();
}

/// A value that may not be larger than a limit.
pub(crate) fn within(name: impl Into<String>, ours: f64, limit: f64, unit: &str) {
    Line {
        name: name.into(),
        ours: format!("{ours:.2} {unit}"),
        reference: format!("limit {limit} {unit}"),
        ratio: Some(ours / limit),
        goal: "<= 1".to_owned(),
        verdict: Verdict::of(ours <= limit),
    }
    .print();
}

/// A value without a goal.
pub(crate) fn own(name: impl Into<String>, ours: impl Into<String>) {
    Line {
        name: name.into(),
        ours: ours.into(),
        reference: "none -".to_owned(),
        ratio: None,
        goal: "none yet".to_owned(),
        verdict: Verdict::NoGoal,
    }
    .print();
}

pub(crate) fn duration(duration: Duration) -> String {
    match duration.as_secs_f64() {
        s if s >= 1.0 => format!("{s:.2} s"),
        s if s >= 1e-3 => format!("{:.2} ms", s * 1e3),
        s => format!("{:.1} us", s * 1e6),
    }
}
