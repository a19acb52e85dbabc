//! Mail that was sent: one letter to all whom it names. It is delivered as soon as it is sent, where its address is
//! somebody's; what comes back from elsewhere is not simulated.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde::Serialize;

use super::{Mailbox, World};

/// How many letters are remembered.
const LETTERS_MAX: usize = 10_000;

/// A letter, as the library and `/_sim/mail` show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LetterView {
    /// The address of the mailbox it was sent from.
    pub from: String,
    /// The addresses that everybody sees as those it is meant for.
    pub to: Vec<String>,
    /// Those who get a copy, seen by everybody.
    pub cc: Vec<String>,
    /// Those who get a copy, seen by nobody.
    pub bcc: Vec<String>,
    /// The subject.
    pub subject: String,
    /// `text` or `html`.
    pub content_type: String,
    /// The body as written.
    pub content: String,
    /// The names of what is attached.
    pub attachments: Vec<String>,
    /// When it was sent.
    pub sent: Timestamp,
    /// Whether the sender keeps it in Sent Items.
    pub is_saved: bool,
    /// Addresses in a tenant's own domain that are nobody's: the sender is told that it could not be delivered.
    pub undelivered: Vec<String>,
}

impl LetterView {
    /// Everybody it goes to.
    pub(crate) fn recipients(&self) -> impl Iterator<Item = &String> {
        self.to.iter().chain(&self.cc).chain(&self.bcc)
    }

    /// Whether it is in this mailbox, as the sender's or as one of its recipients'.
    pub(crate) fn concerns(&self, mailbox: &str) -> bool {
        let mut all = self.recipients().chain([&self.from]);
        all.any(|address| address.eq_ignore_ascii_case(mailbox))
    }
}

/// The letters, oldest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Letters(VecDeque<LetterView>);

impl Letters {
    pub(crate) fn all(&self) -> impl Iterator<Item = &LetterView> {
        self.0.iter()
    }

    fn add(&mut self, letter: LetterView) {
        self.0.push_back(letter);
        if self.0.len() > LETTERS_MAX {
            self.0.pop_front();
        }
    }
}

impl World {
    /// Sends a letter; who cannot be reached is noted in it.
    pub(crate) fn send_mail(&mut self, mut letter: LetterView) {
        let undelivered = letter
            .recipients()
            .filter(|address| self.is_nobody(address));
        letter.undelivered = undelivered.cloned().collect();
        self.letters.add(letter);
    }

    /// Whether an address is in the domain of a tenant that has no such mailbox.
    fn is_nobody(&self, address: &str) -> bool {
        let domain = address.rsplit('@').next().unwrap_or_default();
        let is_ours = self
            .tenants
            .iter()
            .any(|tenant| tenant.domain.eq_ignore_ascii_case(domain));
        is_ours && !self.mailbox(address).is_some_and(Mailbox::exists)
    }
}
