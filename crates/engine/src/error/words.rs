//! What a calendar system's failure is called, and what a person is told of it: what is, then what to do.

use std::time::Duration;

use booking::provider::{MailboxFault, MailboxRole, ProviderError};

const ASK_ADMINISTRATOR: &str = "Give your administrator the incident number.";

/// A stable word for programs.
pub(super) const fn code(source: &ProviderError) -> &'static str {
    match source {
        ProviderError::SignInBroken { .. } => "sign_in_needed",
        ProviderError::Retry { after: Some(_), .. } => "throttled",
        ProviderError::Retry { after: None, .. } => "exchange_slow",
        ProviderError::Mailbox { fault, .. } => match fault {
            MailboxFault::KeptOut | MailboxFault::NotGranted => "mailbox_blocked",
            MailboxFault::Missing => "no_mailbox",
            MailboxFault::Elsewhere => "mailbox_elsewhere",
            MailboxFault::Unknown => "unknown_address",
        },
        ProviderError::TenantGone { .. } => "tenant_gone",
        ProviderError::Denied { .. }
        | ProviderError::ApplicationRefused { .. }
        | ProviderError::ServiceAccountSignedOut { .. } => "exchange_denied",
        ProviderError::LimitReached { .. }
        | ProviderError::NotFound { .. }
        | ProviderError::Conflict { .. }
        | ProviderError::CursorExpired
        | ProviderError::Unsupported { .. }
        | ProviderError::Bug { .. } => "exchange_failed",
    }
}

/// `what_to_run`: how an administrator mends it, who is told that in place of being sent to themself.
pub(super) fn sentence(source: &ProviderError, what_to_run: Option<&str>) -> String {
    match source {
        ProviderError::SignInBroken { .. } => {
            "Microsoft no longer lets us act for you. Sign in again; nothing was lost."
        }
        ProviderError::Retry { after: Some(after), .. } => return asked_to_wait(*after),
        ProviderError::Retry { after: None, .. } => {
            "Exchange does not answer at the moment. Try again in a minute; nothing was lost."
        }
        ProviderError::Mailbox { whose, fault, .. } => {
            return format!(
                "{} {}",
                mailbox(*whose, *fault),
                what_to_run.unwrap_or_else(|| instead(*whose, *fault))
            );
        }
        ProviderError::TenantGone { .. } => {
            "Microsoft knows Etage no more in your organisation: it was taken out, or the organisation was closed. Give your administrator the incident number: Etage has to be connected again (etage connect)."
        }
        ProviderError::ApplicationRefused { .. } => {
            "Microsoft no longer lets Etage in. Give your administrator the incident number: Etage's own secret or permission has to be renewed."
        }
        ProviderError::ServiceAccountSignedOut { .. } => {
            "Microsoft no longer lets Etage book in its own name. Ask your administrator to sign Etage's booking account in again."
        }
        ProviderError::Denied { .. } => {
            "Exchange does not allow this. Ask your administrator to check the permissions Etage was given."
        }
        ProviderError::LimitReached { .. }
        | ProviderError::NotFound { .. }
        | ProviderError::Conflict { .. }
        | ProviderError::CursorExpired
        | ProviderError::Unsupported { .. }
        | ProviderError::Bug { .. } => {
            "Exchange could not do this. Try again; if it happens again, give your administrator the incident number."
        }
    }
    .to_owned()
}

/// What is wrong, and with whose mailbox.
fn mailbox(whose: MailboxRole, fault: MailboxFault) -> String {
    let of = match whose {
        MailboxRole::Person => "your mailbox",
        MailboxRole::Owner => "the mailbox of whom you book for",
        MailboxRole::Room => "this room's mailbox",
        MailboxRole::Booking => "Etage's booking mailbox",
    };
    match fault {
        MailboxFault::KeptOut => {
            format!("A policy of your organisation keeps Etage out of {of}.")
        }
        MailboxFault::NotGranted if whose == MailboxRole::Owner => {
            "You have no right to book in the calendar of whom you book for.".to_owned()
        }
        MailboxFault::NotGranted => format!("Etage was given no right to look into {of}."),
        MailboxFault::Missing => {
            format!("Exchange Online has no mailbox here: a licence for {of} is missing.")
        }
        MailboxFault::Elsewhere => format!(
            "Exchange Online does not serve {of}: it is switched off, has lost its licence, or is on your organisation's own servers."
        ),
        MailboxFault::Unknown => format!("Exchange does not know the address of {of}."),
    }
}

/// What a person can do who mends no mailboxes.
const fn instead(whose: MailboxRole, fault: MailboxFault) -> &'static str {
    match (whose, fault) {
        (MailboxRole::Person | MailboxRole::Owner, MailboxFault::Elsewhere) => {
            "Invite the room in Outlook instead, or give your administrator the incident number."
        }
        (MailboxRole::Owner, MailboxFault::NotGranted) => {
            "Ask them to share it with you in Outlook, so that you can edit it."
        }
        (MailboxRole::Room, _) => {
            "Choose another room, or invite this one in Outlook; and give your administrator the incident number."
        }
        (MailboxRole::Person | MailboxRole::Owner | MailboxRole::Booking, _) => ASK_ADMINISTRATOR,
    }
}

/// Until when nothing is to be had. Said as a span, which is true in every time zone.
fn asked_to_wait(after: Duration) -> String {
    let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
    let (count, unit) = match seconds {
        0..=90 => (seconds.max(1), "second"),
        91..=5_400 => (seconds.div_ceil(60), "minute"),
        _ => (seconds.div_ceil(3_600), "hour"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!(
        "Microsoft takes no more requests from Etage for now. Try again in {count} {unit}{plural}; nothing was lost."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_asked_to_wait_is_told_no_shorter_time_than_microsoft_named() {
        let told = |seconds: f64| asked_to_wait(Duration::from_secs_f64(seconds));
        for (seconds, words) in [
            (0.0, "in 1 second;"),
            (2.128, "in 3 seconds;"),
            (90.0, "in 90 seconds;"),
            (91.0, "in 2 minutes;"),
            (600.0, "in 10 minutes;"),
            (5_401.0, "in 2 hours;"),
        ] {
            assert!(told(seconds).contains(words), "{}", told(seconds));
        }
    }

    #[test]
    fn each_mailbox_and_fault_is_told_in_a_sentence_of_its_own() {
        use MailboxFault::{Elsewhere, KeptOut, Missing, NotGranted, Unknown};
        let mut told = std::collections::BTreeSet::new();
        for whose in [
            MailboxRole::Person,
            MailboxRole::Owner,
            MailboxRole::Room,
            MailboxRole::Booking,
        ] {
            for fault in [KeptOut, NotGranted, Missing, Elsewhere, Unknown] {
                let source = ProviderError::Mailbox {
                    whose,
                    fault,
                    context: "403 ErrorAccessDenied".to_owned(),
                };
                let words = sentence(&source, None);
                assert!(!words.contains("403"), "{words}");
                assert!(told.insert(words.clone()), "said twice: {words}");
                let run = sentence(&source, Some("Run this."));
                assert!(run.ends_with(" Run this."), "{run}");
            }
        }
    }
}
