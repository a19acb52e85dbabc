//! Where a client is in a round of changes, as the opaque text it carries around.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::graph::calendar_view::WINDOW_DAYS_MAX;
use crate::world::{Mailbox, World};

/// A place in a round. The window is in it and cannot be changed: another window is another first round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Token {
    pub(super) epoch: Uuid,
    pub(super) mailbox: Uuid,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    /// Changes up to this number were reported in earlier rounds; `None` is a first round.
    pub(super) since: Option<u64>,
    /// The number of the last change before this round began.
    pub(super) started: u64,
    /// The change number to go on with in this round, and how many rows of it were reported.
    pub(super) reported: (u64, usize),
    /// The number of the change that the last row reported belongs to.
    pub(super) last: Option<u64>,
    /// Which of the mailbox's delta links it is; `None` is a link to a next page.
    pub(super) serial: Option<u64>,
}

impl Token {
    /// The beginning of a first round.
    pub(super) fn first(world: &World, mailbox: &Mailbox, from: Timestamp, to: Timestamp) -> Self {
        Self {
            epoch: world.sync.epoch,
            mailbox: mailbox.id,
            from,
            to,
            since: None,
            started: world.change,
            reported: (0, 0),
            last: None,
            serial: None,
        }
    }

    /// Whether the service still knows what this token stands for.
    pub(super) fn is_good(&self, world: &World, mailbox: &Mailbox) -> bool {
        world
            .sync
            .knows(self.epoch, self.started.max(self.reported.0))
            && self.mailbox == mailbox.id
            && self.since.unwrap_or(self.started) >= mailbox.removed.forgotten
            && self
                .serial
                .is_none_or(|serial| mailbox.delta_serials.contains(&serial))
    }

    pub(super) fn write(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// `None` when no token looks so: one that somebody wrote may have a window that no first round is given.
    pub(super) fn read(text: &str) -> Option<Self> {
        let token: Self = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let days = token.to.duration_since(token.from).as_hours() / 24;
        (token.from <= token.to && days <= WINDOW_DAYS_MAX).then_some(token)
    }

    /// Whether something that happens to `percent` of all pages happens to the one after this token: always the same for
    /// the same token.
    pub(super) fn falls_among(&self, percent: u8) -> bool {
        let digest = Sha256::digest(self.write());
        u16::from_be_bytes([digest[0], digest[1]]) % 100 < u16::from(percent)
    }
}
