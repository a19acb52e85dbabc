//! How often each person's drafts may be asked about, by whoever has their tickets.

use std::collections::HashMap;

use booking::person::PersonId;
use booking::time::{Instant, MINUTE_MS};
use parking_lot::Mutex;

/// Most questions about one person's drafts in a minute: far above what anybody sends and moves, and each may cost one
/// question to Exchange.
pub const CHECKS_PER_MINUTE_MAX: u32 = 30;

/// The questions of the minute that is running. Holds no more people than have asked in it, each with a ticket of ours.
#[derive(Default, Debug)]
pub struct Checks(Mutex<Minute>);

#[derive(Default, Debug)]
struct Minute {
    number: i64,
    asked: HashMap<PersonId, u32>,
}

impl Checks {
    /// Counts one more. `false`: the person's drafts were asked about too often.
    pub fn allow(&self, person: PersonId, now: Instant) -> bool {
        let number = now.0.div_euclid(MINUTE_MS);
        let mut minute = self.0.lock();
        if minute.number != number {
            *minute = Minute {
                number,
                asked: HashMap::new(),
            };
        }
        let asked = minute.asked.entry(person).or_default();
        *asked = asked.saturating_add(1);
        *asked <= CHECKS_PER_MINUTE_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn each_person_has_so_many_questions_a_minute_whatever_others_ask() {
        let checks = Checks::default();
        let [ada, ben] = [1, 2].map(|object| PersonId {
            tenant: Uuid::from_u128(0x7e),
            object: Uuid::from_u128(object),
        });
        let now = Instant(1_800_000_000_000);
        for _ in 0..CHECKS_PER_MINUTE_MAX {
            assert!(checks.allow(ada, now));
        }
        assert!(!checks.allow(ada, now));
        assert!(checks.allow(ben, now));
        assert!(checks.allow(ada, now.plus_ms(MINUTE_MS)));
    }
}
