//! Everything that is left to chance comes from here.

use booking::random::SeededRandom;

/// Draws from one seed.
pub(crate) struct Draw(SeededRandom);

impl Draw {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(SeededRandom::new(seed))
    }

    /// From 0 up to, but not including, `end`; 0 when that is nothing.
    pub(crate) fn below(&self, end: u64) -> u64 {
        self.0.next_u64().checked_rem(end).unwrap_or(0)
    }

    /// From `first` to `last`, both included.
    pub(crate) fn between(&self, first: i64, last: i64) -> i64 {
        let span = u64::try_from(last - first + 1).unwrap_or(0);
        first + i64::try_from(self.below(span)).unwrap_or(0)
    }

    pub(crate) fn percent(&self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of them. `None`: there is none.
    pub(crate) fn pick<'a, T>(&self, from: &'a [T]) -> Option<&'a T> {
        let at = usize::try_from(self.below(from.len() as u64)).ok()?;
        from.get(at)
    }

    /// One of them; there is at least one.
    pub(crate) fn one_of<T: Copy>(&self, from: &[T]) -> T {
        *self.pick(from).expect("there is something to draw from")
    }

    pub(crate) fn uuid(&self) -> uuid::Uuid {
        let high = u128::from(self.0.next_u64()) << 64;
        uuid::Builder::from_random_bytes((high | u128::from(self.0.next_u64())).to_be_bytes())
            .into_uuid()
    }
}
