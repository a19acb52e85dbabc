//! The text of `level` and `repeat_on`: `0`, `-1;0`, `0-3`, `-1-3`, `0.5`.
//!
//! See <https://wiki.openstreetmap.org/wiki/Key:level>.

use super::{FLOORS_MAX, LEVEL_ABS_MAX};

/// The floors a text names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Levels {
    /// In ascending order, each once; never empty.
    pub(super) floors: Vec<i32>,
    /// Some stood between two floors and were put on the lower one.
    pub(super) between: bool,
}

/// Reads a list of levels and ranges. `None`: not understood.
pub(super) fn parse(text: &str) -> Option<Levels> {
    let mut floors = Vec::new();
    let mut between = false;
    for part in text.split([';', ',']) {
        let (low, high) = range(part.trim())?;
        between |= low.fract() != 0.0 || high.fract() != 0.0;
        let (low, high) = (floor(low)?, floor(high)?);
        if high < low || floors.len() + (high - low) as usize >= FLOORS_MAX {
            return None;
        }
        floors.extend(low..=high);
    }
    floors.sort_unstable();
    floors.dedup();
    Some(Levels { floors, between })
}

/// `a`, or `a-b` where either may be negative.
fn range(part: &str) -> Option<(f64, f64)> {
    if let Some(one) = number(part) {
        return Some((one, one));
    }
    // A minus at the very start is a sign; the first one after it separates.
    let hyphen = part.char_indices().skip(1).find(|(_, c)| *c == '-')?.0;
    Some((number(&part[..hyphen])?, number(&part[hyphen + 1..])?))
}

/// Only digits, a sign and a full stop: `inf` and `1e9` are no floors.
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let plain = text
        .chars()
        .all(|c| c.is_ascii_digit() || c == '.' || c == '-');
    if plain { text.parse().ok() } else { None }
}

fn floor(level: f64) -> Option<i32> {
    let level = level.floor();
    (level.abs() <= f64::from(LEVEL_ABS_MAX)).then_some(level as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_ranges_name_every_floor_once() {
        let cases: [(&str, &[i32]); 8] = [
            ("2", &[2]),
            ("-1;0", &[-1, 0]),
            ("0-3", &[0, 1, 2, 3]),
            ("-1-3", &[-1, 0, 1, 2, 3]),
            ("-3--1", &[-3, -2, -1]),
            (" 1 ; 0 ;1", &[0, 1]),
            ("0.5", &[0]),
            ("0;2-3", &[0, 2, 3]),
        ];
        for (text, floors) in cases {
            assert_eq!(parse(text).unwrap().floors, floors, "{text}");
        }
        assert!(parse("-0.5").unwrap().between);
    }

    #[test]
    fn what_is_no_level_is_not_guessed() {
        for text in [
            "",
            "EG",
            "1-",
            "3-1",
            "1e9",
            "inf",
            "0-100000",
            "é-é",
            "99999999999",
            ";",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
