//! Secrets that were handed out and stop working by themselves: what they stand for, for as long as that matters.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;

/// How many of those that ended are still told from those that never were. Older ones are simply unknown.
const ENDED_MAX: usize = 1_000;

/// Things with an end, by their secret. What ended is forgotten but for the last of them.
#[derive(Debug, Clone)]
pub(crate) struct Expiring<T> {
    current: BTreeMap<String, Current<T>>,
    /// The same, the first to end in front.
    by_end: BTreeSet<(Timestamp, String)>,
    /// The newest last.
    ended: VecDeque<(String, T, Ending)>,
}

#[derive(Debug, Clone)]
struct Current<T> {
    value: T,
    ends: Timestamp,
}

/// Why something is not good any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Used,
    Expired,
}

/// A secret that is not good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Bad<T> {
    Unknown,
    Ended(Box<T>, Ending),
}

impl<T> Default for Expiring<T> {
    fn default() -> Self {
        Self {
            current: BTreeMap::new(),
            by_end: BTreeSet::new(),
            ended: VecDeque::new(),
        }
    }
}

impl<T: Clone> Expiring<T> {
    /// Keeps something until it ends.
    pub(crate) fn add(&mut self, secret: String, value: T, ends: Timestamp, now: Timestamp) {
        self.end_expired(now);
        self.by_end.insert((ends, secret.clone()));
        self.current.insert(secret, Current { value, ends });
    }

    /// What a secret stands for.
    pub(crate) fn get(&mut self, secret: &str, now: Timestamp) -> Result<&T, Bad<T>> {
        self.end_expired(now);
        match self.current.get(secret) {
            Some(current) => Ok(&current.value),
            None => Err(self.bad(secret)),
        }
    }

    /// The same, for the only time.
    pub(crate) fn take(&mut self, secret: &str, now: Timestamp) -> Result<T, Bad<T>> {
        self.end_expired(now);
        match self.end(secret, Ending::Used) {
            Some(value) => Ok(value),
            None => Err(self.bad(secret)),
        }
    }

    /// Everything that is good, to be changed.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.current.values_mut().map(|current| &mut current.value)
    }

    /// Forgets what is not to be kept.
    pub(crate) fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        self.current.retain(|_, current| keep(&current.value));
        let current = &self.current;
        self.by_end
            .retain(|(_, secret)| current.contains_key(secret));
    }

    fn end_expired(&mut self, now: Timestamp) {
        while let Some((ends, secret)) = self.by_end.first().cloned()
            && ends <= now
        {
            self.end(&secret, Ending::Expired);
        }
    }

    fn end(&mut self, secret: &str, ending: Ending) -> Option<T> {
        let Current { value, ends } = self.current.remove(secret)?;
        self.by_end.remove(&(ends, secret.to_owned()));
        self.ended
            .push_back((secret.to_owned(), value.clone(), ending));
        if self.ended.len() > ENDED_MAX {
            self.ended.pop_front();
        }
        Some(value)
    }

    fn bad(&self, secret: &str) -> Bad<T> {
        let known = self.ended.iter().find(|(ended, ..)| ended == secret);
        known.map_or(Bad::Unknown, |(_, value, ending)| {
            Bad::Ended(Box::new(value.clone()), *ending)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn what_nobody_uses_is_forgotten_when_it_ends() {
        let mut kept = Expiring::default();
        for number in 0..3_000_i64 {
            kept.add(format!("{number}"), number, at(number + 10), at(number));
        }
        assert_eq!((kept.current.len(), kept.by_end.len()), (10, 10));
        assert_eq!(kept.ended.len(), ENDED_MAX);
        let now = at(2_999);
        assert_eq!(kept.get("2999", now), Ok(&2_999));
        assert_eq!(
            kept.get("2989", now),
            Err(Bad::Ended(Box::new(2_989), Ending::Expired))
        );
        assert_eq!(kept.get("0", now), Err(Bad::Unknown));
    }

    #[test]
    fn what_was_taken_is_told_from_what_never_was() {
        let mut kept = Expiring::default();
        kept.add("one".to_owned(), 1, at(10), at(0));
        assert_eq!(kept.take("one", at(1)), Ok(1));
        assert_eq!(
            kept.take("one", at(1)),
            Err(Bad::Ended(Box::new(1), Ending::Used))
        );
        assert_eq!(kept.take("two", at(1)), Err(Bad::Unknown));
        kept.add("three".to_owned(), 3, at(10), at(2));
        kept.retain(|value| *value != 3);
        assert_eq!(kept.take("three", at(2)), Err(Bad::Unknown));
        assert!(kept.by_end.is_empty());
    }
}
