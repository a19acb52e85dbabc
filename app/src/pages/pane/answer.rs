//! What the room in the draft said, and what to do when it said no.

use booking::ids::RoomId;
use booking::provider::RoomResponse;
use booking::reservation::ReservationState;
use booking::room::Room;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::hold::{Holder, InDraft};
use crate::api::reservations::mine;
use crate::components::MessageKind;
use crate::text::{page::pane as words, room as room_words};

impl Holder {
    /// Says so when the room has said no, with the next best one.
    pub(super) fn tell_answer(self) {
        let declined = self
            .in_draft
            .get_untracked()
            .filter(|it| it.response == RoomResponse::Declined);
        let Some(InDraft { room, .. }) = declined else {
            self.offer.set(None);
            return;
        };
        let Some(room) = untrack(|| self.finder.room(room)) else {
            return;
        };
        let next = self.next_best(&room);
        let name = next.as_ref().map(|next| {
            let floor =
                (next.floor != room.floor).then(|| untrack(|| self.finder.floor_label(next.floor)));
            words::next_room(&next.number, floor.as_deref())
        });
        let sentence = words::declined(&room_words::name(&room.number), name.as_deref());
        self.message.set(Some((MessageKind::Warning, sentence)));
        self.offer.set(next.map(|next| next.id));
    }

    /// The best room but this one; one of the same floor before all others.
    fn next_best(self, room: &Room) -> Option<Room> {
        let hits: Vec<RoomId> = self.finder.found.with_untracked(|found| {
            let others = found.hits.iter().map(|hit| hit.room);
            others.filter(|id| *id != room.id).collect()
        });
        let rooms = hits
            .into_iter()
            .filter_map(|id| untrack(|| self.finder.room(id)));
        let rooms: Vec<Room> = rooms.collect();
        let near = rooms.iter().find(|one| one.floor == room.floor);
        near.or(rooms.first()).cloned()
    }

    /// The person's own reservations know the room's answer too, and sooner than Outlook's copy:
    /// asked at the start, and while the answer is out whenever rooms move.
    pub(super) fn follow_answer(self) {
        let revision = Memo::new(move |_| self.finder.found.with(|found| found.revision));
        Effect::new(move |earlier: Option<()>| {
            // Read and not only tracked: a memo that nobody reads follows nothing.
            let _revision = revision.get();
            let Some(in_draft) = self.in_draft.get_untracked() else {
                return;
            };
            let is_open = match in_draft.response {
                RoomResponse::None => earlier.is_none(),
                RoomResponse::Tentative => true,
                RoomResponse::Accepted | RoomResponse::Declined => false,
            };
            if is_open {
                spawn_local(self.ask_reservations(in_draft));
            }
        });
    }

    async fn ask_reservations(self, asked: InDraft) {
        // Without an answer Outlook's word stays.
        let Ok(mine) = mine().await else { return };
        let range = self.range();
        let known = mine
            .iter()
            .map(|one| &one.reservation)
            .filter(|one| one.room == asked.room && Some(one.range) == range)
            .max_by_key(|one| one.changed_at)
            .map(|one| response_of(one.state));
        if let Some(response) = known
            && response != RoomResponse::None
            && response != asked.response
            && self.in_draft.try_get_untracked() == Some(Some(asked))
            && self.asks_as_opened()
        {
            self.take_in(Some(InDraft { response, ..asked }));
            self.tell_answer();
        }
    }
}

/// A room's answer, as a reservation's state tells it.
const fn response_of(state: ReservationState) -> RoomResponse {
    match state {
        ReservationState::Confirmed | ReservationState::CheckedIn => RoomResponse::Accepted,
        ReservationState::Submitted => RoomResponse::Tentative,
        ReservationState::Declined => RoomResponse::Declined,
        _ => RoomResponse::None,
    }
}
