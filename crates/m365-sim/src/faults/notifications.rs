//! Faults that notifications meet on their way.

use super::{FaultAction, Faults, Rules};

/// What happens to a notification of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Disturbance {
    Lost,
    Doubled,
    /// Overtaken by the next one.
    Overtaken,
}

impl Faults {
    /// The fault that a notification about this mailbox meets, counted as fired: its id, and what it does. It can be
    /// overtaken only where another one `is_followed`.
    pub(crate) fn disturb(&self, mailbox: &str, is_followed: bool) -> Option<(u64, Disturbance)> {
        let Rules { rules, chance, .. } = &mut *self.lock();
        rules.iter_mut().find_map(|rule| {
            let disturbance = match rule.fault.action {
                FaultAction::LoseNotification => Disturbance::Lost,
                FaultAction::DuplicateNotification => Disturbance::Doubled,
                FaultAction::DelayNotification if is_followed => Disturbance::Overtaken,
                _ => return None,
            };
            let wanted = rule.fault.matches.mailbox.as_deref();
            let is_meant = wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(mailbox));
            let is_struck = is_meant && rule.is_left() && rule.fault.strikes(chance);
            is_struck.then(|| {
                rule.fired += 1;
                (rule.id, disturbance)
            })
        })
    }
}
