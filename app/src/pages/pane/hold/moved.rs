//! The draft is moved, or has moved: what becomes of its room.

use booking::ids::RoomId;
use booking::room::Room;
use booking::rules::Refusal;
use booking::search::{RoomQuery, When};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::office;
use super::{Holder, ranges};
use crate::api::ApiError;
use crate::api::rooms::check_availability;
use crate::components::MessageKind;
use crate::text::page::pane as words;
use crate::text::room as room_words;

impl Holder {
    /// Asks a changed question; another time is the draft's, so it is given to Outlook's form.
    pub(in crate::pages::pane) fn ask(self, changed: RoomQuery) {
        let asked = self.finder.query.get_untracked();
        if changed.people != asked.people {
            self.people_are_set.set(true);
        }
        let to = ranges(&changed.when).first().copied();
        let when = asked.when;
        self.finder.query.set(RoomQuery { when, ..changed });
        let Some(range) = to.filter(|_| to != self.range()) else {
            return;
        };
        spawn_local(async move {
            if office::set_time(range).await.is_err() {
                let sentence = words::MOVE_FAILED.to_owned();
                self.message.try_set(Some((MessageKind::Warning, sentence)));
            }
            // Not every Outlook tells of what an add-in changed.
            self.read_again().await;
        });
    }

    /// The draft's time has changed: the hold goes with it, or the person is told.
    pub(super) async fn move_hold(self, id: RoomId) {
        let Some(room) = untrack(|| self.finder.room(id)) else {
            return;
        };
        let Some(range) = self.range() else { return };
        // The room is not asked for first: where the new time is part of the old one, the answer
        // would be that the person has it already.
        let outcome = match self.hold(id, range).await {
            Ok(()) => self.later_are_free(&room).await,
            Err(problem) if self.is_in_its_own_way(id, &problem.refusals) => {
                self.later_are_free(&room).await
            }
            Err(problem) => Err(self.moved_away(&room, &problem)),
        };
        // It was moved once more meanwhile, and whatever did that sees to the hold.
        if self.range() != Some(range) {
            return;
        }
        match outcome {
            Ok(()) => {
                self.message.try_set(None);
            }
            Err(sentence) => {
                self.give_up().await;
                self.message.try_set(Some((MessageKind::Warning, sentence)));
            }
        }
    }

    /// The hold is for the first meeting of a series; the others are asked for apart.
    async fn later_are_free(self, room: &Room) -> Result<(), String> {
        let mut query = self.finder.query.get_untracked();
        let When::Exact { ranges } = &mut query.when else {
            return Ok(());
        };
        if ranges.len() < 2 {
            return Ok(());
        }
        ranges.remove(0);
        // Exchange's silence about them stops nobody: the room itself answers after sending.
        let Ok(checked) = check_availability(query, vec![room.id]).await else {
            return Ok(());
        };
        let answer = checked.rooms.into_iter().next().map(|one| one.answer);
        match answer {
            Some(answer)
                if answer.refusals.iter().any(Refusal::forbids)
                    && !self.is_in_its_own_way(room.id, &answer.refusals) =>
            {
                let reasons = self.reasons(&answer);
                Err(words::moved_away(&room_words::name(&room.number), &reasons))
            }
            _ => Ok(()),
        }
    }

    fn moved_away(self, room: &Room, problem: &ApiError) -> String {
        self.refusals(problem).map_or_else(
            || problem.sentence(),
            |reasons| words::moved_away(&room_words::name(&room.number), &reasons),
        )
    }
}
