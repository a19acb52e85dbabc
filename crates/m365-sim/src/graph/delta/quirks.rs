//! What rounds of changes do that nobody expects who has only read the reference.

use serde::{Deserialize, Serialize};

/// The habits of `calendarView/delta`; the defaults are what is seen most.
/// <https://learn.microsoft.com/graph/delta-query-overview>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct DeltaQuirks {
    /// Whether a first round begins with a page without rows.
    pub empty_first_page: bool,
    /// How many pages of a hundred begin with the row that the page before, or the round before, ended with.
    pub replay_percent: u8,
    /// Whether the masters of series are among the rows, before their occurrences; otherwise they have to be fetched.
    pub shows_masters: bool,
    /// Whether a series that is touched after its first meeting has left the window is told as removed, like any event
    /// outside, though later meetings are within: the master has the times of the first. A first round shows it all the same.
    pub removes_old_masters: bool,
    /// How many delta links of a mailbox are good at a time. Newer ones push out older ones.
    pub tokens_kept: usize,
}

impl DeltaQuirks {
    /// Whether they can be.
    ///
    /// # Errors
    /// What is wrong, naming the field and its range.
    pub(crate) const fn check(&self) -> Result<(), &'static str> {
        if self.replay_percent > 100 {
            return Err("replayPercent has to be from 0 to 100");
        }
        if self.tokens_kept == 0 {
            return Err("tokensKept has to be at least 1");
        }
        Ok(())
    }
}

impl Default for DeltaQuirks {
    fn default() -> Self {
        Self {
            empty_first_page: true,
            replay_percent: 0,
            shows_masters: true,
            removes_old_masters: false,
            tokens_kept: 64,
        }
    }
}
