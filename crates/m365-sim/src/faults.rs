//! Faults that clients must live with: throttling, errors, slow answers, closed connections, and single mailboxes that
//! fail inside a free/busy answer. A fault fires on matching requests until its count is used up; how often it fired
//! stays readable, so a test can prove that its fault was met.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::message::Call;

/// A rule: which requests, what happens to them, how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// Which requests a fault is for. All conditions must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct FaultMatch {
    /// The HTTP method.
    pub method: Option<String>,
    /// The path without query, in any case: a prefix, or a pattern in which `*` stands for anything.
    pub path: Option<String>,
    /// The address of a mailbox named in the path (also by id) or in a free/busy query.
    pub mailbox: Option<String>,
}

/// What a fault does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields,
    tag = "kind"
)]
pub enum FaultAction {
    /// Answers with this status and error code instead.
    Status {
        /// The HTTP status.
        status: u16,
        /// The error code in the body, such as `TooManyRequests`.
        code: String,
        /// The message in the body; `None` is a neutral sentence.
        #[serde(default)]
        message: Option<String>,
        /// The `Retry-After` header, in seconds; `None` leaves it out.
        #[serde(default)]
        retry_after_seconds: Option<u32>,
    },
    /// Answers as usual, later.
    Delay {
        /// By how much.
        delay_ms: u64,
    },
    /// Closes the connection without an answer.
    DropConnection,
    /// In a free/busy answer, puts an error in the place of each mailbox matched.
    ScheduleError {
        /// Exchange's response code, such as `5006`.
        response_code: String,
        /// The text beside it.
        message: String,
    },
}

/// A fault and how often it fired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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

/// The faults of a simulator.
#[derive(Debug, Default)]
pub struct Faults(Mutex<Vec<FaultReport>>);

impl Faults {
    /// Adds a fault and returns its id. Of several that match, the oldest with firings left is used.
    pub fn add(&self, fault: Fault) -> u64 {
        let mut faults = self.lock();
        let id = faults.last().map_or(1, |last| last.id + 1);
        faults.push(FaultReport {
            id,
            fault,
            fired: 0,
        });
        id
    }

    /// Answers the next `count` requests to paths matching `path` with 429 and this `Retry-After`.
    pub fn throttle(&self, path: &str, count: u32, retry_after_seconds: u32) -> u64 {
        self.add(Fault {
            matches: FaultMatch {
                path: Some(path.to_owned()),
                ..FaultMatch::default()
            },
            action: FaultAction::Status {
                status: 429,
                code: "TooManyRequests".to_owned(),
                message: Some("Application is over its MailboxConcurrency limit.".to_owned()),
                retry_after_seconds: Some(retry_after_seconds),
            },
            count: Some(count),
        })
    }

    /// All faults, also those used up.
    #[must_use]
    pub fn all(&self) -> Vec<FaultReport> {
        self.lock().clone()
    }

    /// Removes all faults.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// Removes one fault; false when there is none of this id.
    pub fn remove(&self, id: u64) -> bool {
        let mut faults = self.lock();
        let before = faults.len();
        faults.retain(|fault| fault.id != id);
        faults.len() < before
    }

    /// The action for this request, counted as fired. `mailboxes` is asked only when a rule names one.
    pub(crate) fn fire(
        &self,
        call: &Call,
        mailboxes: impl Fn() -> Vec<String>,
    ) -> Option<FaultAction> {
        let mut faults = self.lock();
        let fault = faults
            .iter_mut()
            .filter(|fault| !matches!(fault.fault.action, FaultAction::ScheduleError { .. }))
            .find(|fault| {
                fault.is_left()
                    && fault.fault.matches.request(call)
                    && fault
                        .fault
                        .matches
                        .mailbox
                        .as_ref()
                        .is_none_or(|wanted| contains(&mailboxes(), wanted))
            })?;
        fault.fired += 1;
        Some(fault.fault.action.clone())
    }

    /// The error to put in the place of this mailbox in a free/busy answer, counted as fired: response code, message.
    pub(crate) fn schedule_error(&self, call: &Call, mailbox: &str) -> Option<(String, String)> {
        let mut faults = self.lock();
        faults.iter_mut().find_map(|fault| {
            let FaultAction::ScheduleError {
                response_code,
                message,
            } = &fault.fault.action
            else {
                return None;
            };
            let wanted = fault.fault.matches.mailbox.as_deref();
            let is_meant = wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(mailbox));
            if !(is_meant && fault.is_left() && fault.fault.matches.request(call)) {
                return None;
            }
            let error = (response_code.clone(), message.clone());
            fault.fired += 1;
            Some(error)
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<FaultReport>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FaultReport {
    fn is_left(&self) -> bool {
        self.fault.count.is_none_or(|count| self.fired < count)
    }
}

impl FaultMatch {
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
    fn a_path_is_matched_by_prefix_or_pattern() {
        let path = "/v1.0/users/room1@contoso.com/calendar/getSchedule";
        assert!(path_matches("/v1.0/users", path));
        assert!(path_matches("/v1.0/users/*/getschedule", path));
        assert!(path_matches("*calendar*", path));
        assert!(!path_matches("/v1.0/users/*/events", path));
        assert!(!path_matches("/v1.0/places", path));
    }
}
