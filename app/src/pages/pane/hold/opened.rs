//! The meeting as it was when the pane opened: what a room has answered is for that time, and for no other.

use booking::ids::{MailboxAddress, RoomId};
use booking::provider::RoomResponse;
use booking::rules::Refusal;
use booking::time::TimeRange;
use leptos::prelude::*;

use super::super::draft::Draft;
use super::{Holder, InDraft};

/// When the meeting was as the pane opened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Opened {
    /// Its time in the form.
    pub(super) range: Option<TimeRange>,
    /// That of all its meetings.
    pub(super) ranges: Vec<TimeRange>,
    /// What a room has answered for it, as far as anybody has told.
    pub(super) answered: Option<InDraft>,
}

impl Holder {
    /// Takes over which room is in the draft, and what it has answered.
    pub(in crate::pages::pane) fn take_in(self, is: Option<InDraft>) {
        if let Some(answered) = is.filter(|is| is.response != RoomResponse::None) {
            self.opened
                .update_value(|opened| opened.answered = Some(answered));
        }
        self.in_draft.set(is);
    }

    /// What the room has answered: for the time at which the draft was opened, and for no other.
    pub(super) fn response(
        self,
        draft: &Draft,
        address: &MailboxAddress,
        room: RoomId,
    ) -> RoomResponse {
        if !self.is_as_opened(draft.range) {
            return RoomResponse::None;
        }
        let told = self.opened.with_value(|opened| opened.answered);
        match draft.response(address) {
            // What the reservations told counts where Outlook tells nothing.
            RoomResponse::None => told
                .filter(|told| told.room == room)
                .map_or(RoomResponse::None, |told| told.response),
            response => response,
        }
    }

    /// Whether what is asked for is the time at which the draft was opened.
    pub(in crate::pages::pane) fn asks_as_opened(self) -> bool {
        let asked = self.range();
        self.opened
            .with_value(|opened| opened.ranges.first().copied() == asked)
    }

    fn is_as_opened(self, range: Option<TimeRange>) -> bool {
        self.opened.with_value(|opened| opened.range == range)
    }

    /// Whether nothing but the meeting itself, as it was opened, keeps the room from it.
    pub(super) fn is_in_its_own_way(self, room: RoomId, refusals: &[Refusal]) -> bool {
        use RoomResponse::{Accepted, Tentative};
        let mut against = refusals.iter().filter(|it| it.forbids()).peekable();
        against.peek().is_some()
            && self.opened.with_value(|opened| {
                let has_it = |it: InDraft| {
                    it.room == room && matches!(it.response, Accepted | Tentative)
                };
                let is_own = |refusal: &Refusal| {
                    matches!(refusal, Refusal::Taken { range, .. } if opened.ranges.contains(range))
                };
                opened.answered.is_some_and(has_it) && against.all(is_own)
            })
    }
}
