//! Faults that clients must live with: throttling, errors, slow answers, closed connections, answers that break off, and
//! single mailboxes that fail inside a free/busy answer, cursors that expire, clocks that differ, notifications that get
//! lost. A fault fires on matching requests, always or by chance, until
//! its count is used up; how often it fired stays readable, so a test can prove that its fault was met.

mod action;
mod notifications;
mod plan;

use std::sync::{Mutex, PoisonError};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde::{Deserialize, Serialize};

use crate::error::SimError;
use crate::message::Call;

pub use action::FaultAction;
pub(crate) use notifications::Disturbance;
pub use plan::FaultPlan;

/// A rule: which requests, what happens to them, how often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// Which requests; everything left out matches all.
    #[serde(rename = "match", default)]
    pub matches: FaultMatch,
    /// What happens.
    pub action: FaultAction,
    /// How often it fires; `None` is for ever.
    #[serde(default = "once")]
    pub count: Option<u32>,
    /// The share of matching requests that it strikes, from 0 to 1; `None` is all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
}

/// Which requests or notifications a fault is for. All conditions must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct FaultMatch {
    /// The HTTP method.
    pub method: Option<String>,
    /// The path without query, in any case: a prefix, or a pattern in which `*` stands for anything.
    pub path: Option<String>,
    /// The address of a mailbox named in the path (also by id) or in a free/busy query, or whose change is told.
    pub mailbox: Option<String>,
}

/// A fault and how often it fired.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FaultReport {
    /// Names the fault.
    pub id: u64,
    /// The rule.
    #[serde(flatten)]
    pub fault: Fault,
    /// How often it fired.
    pub fired: u32,
}

/// What the simulator is asked with.
const METHODS: [&str; 5] = ["GET", "POST", "PATCH", "PUT", "DELETE"];

/// The faults of a simulator.
#[derive(Debug)]
pub struct Faults(Mutex<Rules>);

/// Faults at one moment, and the chance that decides about them.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    rules: Vec<FaultReport>,
    /// Ids are not given twice: the request log names them.
    last_id: u64,
    /// A stream of its own: chance must not shift the ids that the world draws.
    chance: ChaCha8Rng,
}

impl Faults {
    /// Those of a plan.
    ///
    /// # Errors
    /// As of [`Faults::follow`].
    pub(crate) fn new(plan: &FaultPlan) -> Result<Self, SimError> {
        let faults = Self(Mutex::new(Rules {
            rules: Vec::new(),
            last_id: 0,
            chance: ChaCha8Rng::seed_from_u64(plan.seed),
        }));
        faults.follow(plan)?;
        Ok(faults)
    }

    /// Adds those of a plan, and lets its seed decide about chance from now on.
    ///
    /// # Errors
    /// [`SimError::Fault`] when one of them cannot be; none is added then.
    pub fn follow(&self, plan: &FaultPlan) -> Result<(), SimError> {
        plan.check()?;
        let mut rules = self.lock();
        rules.chance = ChaCha8Rng::seed_from_u64(plan.seed);
        for fault in &plan.faults {
            rules.push(fault.clone());
        }
        Ok(())
    }

    /// Adds a fault and returns its id. Of several that match, the oldest with firings left is used; one that strikes by
    /// chance and does not leaves the request to the next.
    ///
    /// # Errors
    /// [`SimError::Fault`] when it cannot be, naming the field and its range.
    pub fn add(&self, fault: Fault) -> Result<u64, SimError> {
        fault.check()?;
        Ok(self.lock().push(fault))
    }

    /// Answers the next `count` requests to paths matching `path` with 429 and this `Retry-After`.
    ///
    /// # Errors
    /// [`SimError::Fault`] when the count is 0, or the wait longer than a year.
    pub fn throttle(
        &self,
        path: &str,
        count: u32,
        retry_after_seconds: u32,
    ) -> Result<u64, SimError> {
        let action = FaultAction::Status {
            status: 429,
            code: "TooManyRequests".to_owned(),
            message: Some("Application is over its MailboxConcurrency limit.".to_owned()),
            retry_after_seconds: Some(f64::from(retry_after_seconds)),
        };
        self.add(Fault::times(count, FaultMatch::path(path), action))
    }

    /// All faults, also those used up.
    #[must_use]
    pub fn all(&self) -> Vec<FaultReport> {
        self.lock().rules.clone()
    }

    /// Removes all faults.
    pub fn clear(&self) {
        self.lock().rules.clear();
    }

    /// Removes one fault; false when there is none of this id.
    pub fn remove(&self, id: u64) -> bool {
        let rules = &mut self.lock().rules;
        let before = rules.len();
        rules.retain(|fault| fault.id != id);
        rules.len() < before
    }

    pub(crate) fn state(&self) -> Rules {
        self.lock().clone()
    }

    pub(crate) fn put_back(&self, rules: Rules) {
        *self.lock() = rules;
    }

    /// The fault for this request and what it does, counted as fired. `mailboxes` is asked only when a rule names one.
    pub(crate) fn fire(
        &self,
        call: &Call,
        mailboxes: impl Fn() -> Vec<String>,
    ) -> Option<(u64, FaultAction)> {
        let Rules { rules, chance, .. } = &mut *self.lock();
        let fault = rules
            .iter_mut()
            .filter(|fault| fault.fault.action.is_for(call))
            .find(|fault| {
                fault.is_left()
                    && fault.fault.matches.request(call)
                    && fault
                        .fault
                        .matches
                        .mailbox
                        .as_ref()
                        .is_none_or(|wanted| contains(&mailboxes(), wanted))
                    && fault.fault.strikes(chance)
            })?;
        fault.fired += 1;
        let mut action = fault.fault.action.clone();
        if let FaultAction::Delay {
            delay_ms,
            jitter_ms,
        } = &mut action
        {
            let more = u64::from(chance.next_u32()) % jitter_ms.saturating_add(1);
            *delay_ms = delay_ms.saturating_add(more);
        }
        Some((fault.id, action))
    }

    /// The error to put in the place of this mailbox in a free/busy answer, counted as fired: response code, message.
    pub(crate) fn schedule_error(&self, call: &Call, mailbox: &str) -> Option<(String, String)> {
        let Rules { rules, chance, .. } = &mut *self.lock();
        rules.iter_mut().find_map(|fault| {
            let FaultAction::ScheduleError {
                response_code,
                message,
            } = &fault.fault.action
            else {
                return None;
            };
            let wanted = fault.fault.matches.mailbox.as_deref();
            let is_meant = wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(mailbox));
            let is_struck = is_meant
                && fault.is_left()
                && fault.fault.matches.request(call)
                && fault.fault.strikes(chance);
            if !is_struck {
                return None;
            }
            let error = (response_code.clone(), message.clone());
            fault.fired += 1;
            Some(error)
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Rules> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rules {
    pub(crate) fn reports(&self) -> &[FaultReport] {
        &self.rules
    }

    /// Adds a fault that can be, and gives its id.
    fn push(&mut self, fault: Fault) -> u64 {
        self.last_id += 1;
        let id = self.last_id;
        self.rules.push(FaultReport {
            id,
            fault,
            fired: 0,
        });
        id
    }
}

impl Fault {
    /// Strikes every matching request, for ever.
    #[must_use]
    pub const fn always(matches: FaultMatch, action: FaultAction) -> Self {
        Self {
            matches,
            action,
            count: None,
            probability: None,
        }
    }

    /// Strikes so many of the next matching requests.
    #[must_use]
    pub const fn times(count: u32, matches: FaultMatch, action: FaultAction) -> Self {
        Self {
            matches,
            action,
            count: Some(count),
            probability: None,
        }
    }

    /// Whether it is a fault that can be.
    ///
    /// # Errors
    /// [`SimError::Fault`], naming the field and its range.
    pub(crate) fn check(&self) -> Result<(), SimError> {
        self.check_fields()
            .map_err(|reason| SimError::Fault { reason })
    }

    fn check_fields(&self) -> Result<(), &'static str> {
        let share = self.probability.unwrap_or(1.0);
        if !(0.0..=1.0).contains(&share) {
            return Err("probability has to be from 0 to 1");
        }
        if self.count == Some(0) {
            return Err("count has to be at least 1, or null for a fault without end");
        }
        let method = self.matches.method.as_deref();
        if method.is_some_and(|method| !METHODS.contains(&method.to_uppercase().as_str())) {
            return Err("method has to be GET, POST, PATCH, PUT or DELETE");
        }
        self.action.check(&self.matches)
    }

    /// Whether chance lets it strike this time.
    fn strikes(&self, chance: &mut ChaCha8Rng) -> bool {
        self.probability
            .is_none_or(|share| f64::from(chance.next_u32()) < share * f64::from(u32::MAX))
    }
}

impl FaultReport {
    fn is_left(&self) -> bool {
        self.fault.count.is_none_or(|count| self.fired < count)
    }
}

impl FaultMatch {
    /// All requests to paths that begin with this, or match it where it has a `*`.
    #[must_use]
    pub fn path(path: impl Into<String>) -> Self {
        Self {
            path: Some(path.into()),
            ..Self::default()
        }
    }

    fn request(&self, call: &Call) -> bool {
        let path = format!("/{}", call.segments().join("/"));
        self.method
            .as_ref()
            .is_none_or(|method| method.eq_ignore_ascii_case(call.method.as_str()))
            && self
                .path
                .as_ref()
                .is_none_or(|pattern| path_matches(pattern, &path))
    }
}

fn contains(mailboxes: &[String], wanted: &str) -> bool {
    mailboxes
        .iter()
        .any(|mailbox| mailbox.eq_ignore_ascii_case(wanted))
}

/// A prefix, or with `*` in it a pattern for the whole path.
fn path_matches(pattern: &str, path: &str) -> bool {
    let (pattern, path) = (pattern.to_lowercase(), path.to_lowercase());
    let Some((head, tail)) = pattern.split_once('*') else {
        return path.starts_with(&pattern);
    };
    let Some(mut rest) = path.strip_prefix(head) else {
        return false;
    };
    let (middle, last) = tail.rsplit_once('*').unwrap_or(("", tail));
    for piece in middle.split('*') {
        let Some(position) = rest.find(piece) else {
            return false;
        };
        rest = &rest[position + piece.len()..];
    }
    rest.ends_with(last)
}

fn once() -> Option<u32> {
    Some(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_strikes_the_share_it_is_told_and_repeats_with_its_seed() {
        let strikes = |seed| -> Vec<bool> {
            let mut chance = ChaCha8Rng::seed_from_u64(seed);
            let fault = Fault {
                matches: FaultMatch::default(),
                action: FaultAction::DropConnection,
                count: None,
                probability: Some(0.1),
            };
            (0..10_000).map(|_| fault.strikes(&mut chance)).collect()
        };
        let one = strikes(7);
        let share = one.iter().filter(|struck| **struck).count();
        assert!((900..1_100).contains(&share), "{share}");
        assert_eq!(one, strikes(7));
        assert_ne!(one, strikes(8));
    }

    #[test]
    fn a_path_is_matched_by_prefix_or_pattern() {
        let path = "/v1.0/users/room1@contoso.com/calendar/getSchedule";
        assert!(path_matches("/v1.0/users", path));
        assert!(path_matches("/v1.0/users/*/getschedule", path));
        assert!(path_matches("*calendar*", path));
        assert!(!path_matches("/v1.0/users/*/events", path));
        assert!(!path_matches("/v1.0/places", path));
    }
}
