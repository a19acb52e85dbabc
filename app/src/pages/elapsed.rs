//! How time passes for a page: its timers stand still while the machine sleeps and hardly run in a hidden tab, and what it
//! shows grows older all the same.

use std::cell::Cell;

use booking::time::Instant;

/// Counts the time from one look to the next.
pub(crate) struct Elapsed {
    last: Cell<Instant>,
}

impl Elapsed {
    /// Counts from now on.
    pub(crate) fn begin() -> Self {
        Self {
            last: Cell::new(device_now()),
        }
    }

    /// Milliseconds since the last look; none where the device's clock was set back meanwhile.
    pub(crate) fn since_last_ms(&self) -> i64 {
        let now = device_now();
        now.since_ms(self.last.replace(now)).max(0)
    }
}

fn device_now() -> Instant {
    Instant(js_sys::Date::now() as i64)
}
