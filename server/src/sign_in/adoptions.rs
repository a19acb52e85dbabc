//! When a person's pane token was last made a lasting permission, and when that is due again.

use booking::person::PersonId;
use booking::time::{HOUR_MS, Instant, MINUTE_MS};
use moka::ops::compute::{CompResult, Op};

/// So often a permission is made anew, in case it was lost or taken back meanwhile.
const ANEW_MS: i64 = HOUR_MS;
/// What failed is tried again after so long: a pane sends many requests, and asks with each.
const AGAIN_MS: i64 = 5 * MINUTE_MS;
const PEOPLE_MAX: u64 = 50_000;

/// From when on each person's token is to be adopted again. Bounded: whoever is forgotten is
/// adopted once more, which does no harm.
pub(super) struct Adoptions(moka::sync::Cache<PersonId, Instant>);

impl Adoptions {
    pub(super) fn new() -> Self {
        Self(moka::sync::Cache::new(PEOPLE_MAX))
    }

    /// Whether it is due now; of several who ask at once, one is told so.
    pub(super) fn begin(&self, person: PersonId, now: Instant) -> bool {
        let outcome = self.0.entry(person).and_compute_with(|due_at| {
            if due_at.is_some_and(|due_at| due_at.into_value() > now) {
                Op::Nop
            } else {
                Op::Put(now.plus_ms(ANEW_MS))
            }
        });
        matches!(
            outcome,
            CompResult::Inserted(_) | CompResult::ReplacedWith(_)
        )
    }

    /// It came to nothing.
    pub(super) fn failed(&self, person: PersonId, now: Instant) {
        self.0.insert(person, now.plus_ms(AGAIN_MS));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_permission_is_made_once_an_hour_and_sooner_only_where_that_failed() {
        let adoptions = Adoptions::new();
        let [ada, ben] = [1, 2].map(|object| PersonId {
            tenant: Uuid::from_u128(0x7e),
            object: Uuid::from_u128(object),
        });
        let at = |minutes: i64| Instant(1_800_000_000_000 + minutes * MINUTE_MS);
        assert!(adoptions.begin(ada, at(0)));
        assert!(!adoptions.begin(ada, at(59)));
        assert!(adoptions.begin(ben, at(0)));
        assert!(adoptions.begin(ada, at(60)));
        adoptions.failed(ada, at(60));
        assert!(!adoptions.begin(ada, at(64)));
        assert!(adoptions.begin(ada, at(65)));
        assert!(!adoptions.begin(ada, at(66)));
    }
}
