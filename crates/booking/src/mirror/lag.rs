//! How long changes take: counted in a few boxes, because every room has its own.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The upper ends of the boxes in milliseconds; a last one takes what is longer.
const BOUNDS_MS: [i64; 22] = [
    100, 200, 300, 500, 700, 1_000, 1_500, 2_000, 3_000, 5_000, 7_000, 10_000, 15_000, 20_000,
    30_000, 60_000, 120_000, 180_000, 300_000, 600_000, 1_200_000, 3_600_000,
];
/// So many samples at most; then all count half, so that what is shown is of late.
const SAMPLES_MAX: u32 = 400;

/// How many changes took how long.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Lag {
    counts: [u32; BOUNDS_MS.len() + 1],
}

/// What of a [`Lag`] is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct LagShown {
    /// Changes that were counted; older ones count less.
    pub samples: u32,
    /// Half of them took at most so long, in milliseconds. `None`: none was counted, or it is more than an hour.
    pub p50_ms: Option<i64>,
    /// Of a hundred, ninety-five took at most so long.
    pub p95_ms: Option<i64>,
}

/// Not a list of counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("lags are kept as whole numbers with commas between them")]
pub struct NoLag;

impl Lag {
    /// Counts a change that took so long; clocks that disagree make it no shorter than nothing.
    pub fn count(&mut self, took_ms: i64) {
        let at = BOUNDS_MS.partition_point(|bound| *bound < took_ms);
        self.counts[at] = self.counts[at].saturating_add(1);
        if self.samples() > SAMPLES_MAX {
            for count in &mut self.counts {
                *count /= 2;
            }
        }
    }

    /// Adds what was counted elsewhere.
    pub fn add(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count = count.saturating_add(more);
        }
    }

    /// What is shown of it.
    pub fn shown(&self) -> LagShown {
        LagShown {
            samples: self.samples(),
            p50_ms: self.percentile(50),
            p95_ms: self.percentile(95),
        }
    }

    fn samples(&self) -> u32 {
        self.counts
            .iter()
            .fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// The upper end of the box in which the rank falls.
    fn percentile(&self, percent: u64) -> Option<i64> {
        let rank = (u64::from(self.samples()) * percent).div_ceil(100);
        let mut seen = 0;
        for (count, bound) in self.counts.iter().zip(BOUNDS_MS) {
            seen += u64::from(*count);
            if rank > 0 && seen >= rank {
                return Some(bound);
            }
        }
        None
    }
}

/// The counts with commas between them, without empty boxes at the end.
impl fmt::Display for Lag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let used = self.counts.iter().rposition(|count| *count > 0);
        for (at, count) in self
            .counts
            .iter()
            .take(used.map_or(0, |at| at + 1))
            .enumerate()
        {
            let comma = if at == 0 { "" } else { "," };
            write!(f, "{comma}{count}")?;
        }
        Ok(())
    }
}

impl FromStr for Lag {
    type Err = NoLag;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut lag = Self::default();
        if text.is_empty() {
            return Ok(lag);
        }
        let mut boxes = lag.counts.iter_mut();
        for count in text.split(',') {
            *boxes.next().ok_or(NoLag)? = count.parse().map_err(|_| NoLag)?;
        }
        Ok(lag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(took_ms: &[i64]) -> Lag {
        let mut lag = Lag::default();
        for one in took_ms {
            lag.count(*one);
        }
        lag
    }

    #[test]
    fn percentiles_are_upper_ends_and_never_flatter() {
        let mut took: Vec<i64> = vec![900; 90];
        took.extend([25_000; 10]);
        let shown = of(&took).shown();
        assert_eq!(
            (shown.samples, shown.p50_ms, shown.p95_ms),
            (100, Some(1_000), Some(30_000))
        );
        assert_eq!(of(&[-50]).shown().p50_ms, Some(100));
        assert_eq!(of(&[]).shown(), LagShown::default());
        assert_eq!(of(&[1 << 40]).shown().p95_ms, None);
    }

    #[test]
    fn what_is_kept_comes_back_and_nonsense_does_not() {
        for lag in [of(&[]), of(&[1, 150, 1 << 40]), of(&[7_000])] {
            assert_eq!(lag.to_string().parse(), Ok(lag));
        }
        assert_eq!(of(&[]).to_string(), "");
        for text in ["1,x", "-1", &"0,".repeat(30)] {
            assert_eq!(text.parse::<Lag>(), Err(NoLag));
        }
    }

    #[test]
    fn what_was_long_ago_counts_less_and_less() {
        let mut lag = of(&[3_000_000; 300]);
        for _ in 0..2_000 {
            lag.count(400);
        }
        assert_eq!(lag.shown().p95_ms, Some(500));
        assert!(lag.shown().samples <= SAMPLES_MAX);
    }
}
