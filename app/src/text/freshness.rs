//! How old an answer is, and whose word it is.

use booking::search::found::Source;
use booking::time::{Instant, ZoneName};

use super::clock;

/// Nothing has been read yet.
pub const NEVER_READ: &str = "Not yet read from Exchange";
/// The answer is on its way.
pub const CHECKING: &str = "Checking with Exchange";
/// The server is not reached.
pub const OFFLINE: &str = "Not connected. What you see may have changed.";

/// Changes do not reach the page: `Not live since 14:32. What you see may have changed.`
pub fn not_live(since: Instant, zone: &ZoneName) -> String {
    format!(
        "Not live since {}. What you see may have changed.",
        clock::time(since, zone)
    )
}

/// `3 s ago`, `4 min ago`, `2 h ago`, `3 days ago`.
pub fn age(ms: i64) -> String {
    let seconds = (ms / 1_000).max(0);
    match seconds {
        0..=1 => "just now".to_owned(),
        2..=59 => format!("{seconds} s ago"),
        60..=3_599 => format!("{} min ago", seconds / 60),
        3_600..=86_399 => format!("{} h ago", seconds / 3_600),
        86_400..=172_799 => "yesterday".to_owned(),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

/// `Checked with Exchange 3 s ago`, or the age of the mirror.
pub fn source(source: &Source, now: Instant) -> String {
    match source {
        Source::Exchange { at } => format!("Checked with Exchange {}", age(now.since_ms(*at))),
        Source::Mirror { as_of: Some(at) } => {
            format!(
                "Exchange has not confirmed this. Read from it {}.",
                age(now.since_ms(*at))
            )
        }
        Source::Mirror { as_of: None } => NEVER_READ.to_owned(),
    }
}

/// `Read from Exchange 4 min ago`: the first answer, before Exchange was asked.
pub fn mirror(as_of: Option<Instant>, now: Instant) -> String {
    as_of.map_or_else(
        || NEVER_READ.to_owned(),
        |at| format!("Read from Exchange {}", age(now.since_ms(at))),
    )
}

/// `Last heard from its calendar 14 min ago`: beside Exchange's word for one time, where all else the page shows of the
/// room is older than it should be.
pub fn heard(at: Instant, now: Instant) -> String {
    format!("Last heard from its calendar {}", age(now.since_ms(at)))
}

#[cfg(test)]
mod tests {
    use super::age;

    #[test]
    fn ages_are_told_in_the_largest_unit_that_fits() {
        let told: Vec<String> = [-5_000, 3_000, 240_000, 7_200_000, 90_000_000, 260_000_000]
            .map(age)
            .to_vec();
        assert_eq!(
            told,
            [
                "just now",
                "3 s ago",
                "4 min ago",
                "2 h ago",
                "yesterday",
                "3 days ago"
            ]
        );
    }
}
