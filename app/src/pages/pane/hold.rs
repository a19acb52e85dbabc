//! The room in the draft: added, kept while the pane is open, moved with the draft, given up.
//!
//! A hold is a courtesy among people who use this product: Exchange never sees it, and the word
//! “reserved” is never used for it. Outlook's draft is the truth; this follows it.

use std::collections::HashSet;
use std::time::Duration;

use booking::ids::{DraftKey, MailboxAddress, RoomId};
use booking::provider::RoomResponse;
use booking::room::Room;
use booking::search::{RoomAnswer, When};
use booking::time::TimeRange;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::draft::Draft;
use super::{boot, office};
use crate::api::ApiError;
use crate::api::reservations::{HoldRequest, drop_hold, hold, keep_hold};
use crate::api::rooms::check_availability;
use crate::components::MessageKind;
use crate::pages::finder::{Finder, describe};
use crate::pages::random;
use crate::text::{page::pane as words, refusal, room as room_words};

/// Holds last two to three minutes: this keeps them well alive.
const KEEP_EVERY: Duration = Duration::from_secs(45);

/// The room in the draft.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct InDraft {
    /// The room.
    pub(super) room: RoomId,
    /// How it answered; `None` before the invitation was sent.
    pub(super) response: RoomResponse,
}

/// The draft and what this pane does with it. Copies share the same draft.
#[derive(Clone, Copy)]
pub(super) struct Holder {
    finder: Finder,
    /// Drawn once for each pane. `None`: the browser draws no ids, so nothing is held.
    key: Option<DraftKey>,
    mailboxes: StoredValue<HashSet<MailboxAddress>>,
    /// The room in the draft.
    pub(super) in_draft: RwSignal<Option<InDraft>>,
    /// The room that is being added.
    pub(super) adding: RwSignal<Option<RoomId>>,
    /// What there is to say.
    pub(super) message: RwSignal<Option<(MessageKind, String)>>,
    /// The person has said how many: the draft no longer does.
    pub(super) people_are_set: RwSignal<bool>,
}

impl Holder {
    /// Takes over a draft as it was read at the start.
    pub(super) fn new(finder: Finder, draft: &Draft) -> Self {
        let mailboxes = finder
            .catalogue
            .with_untracked(|catalogue| boot::mailboxes(catalogue));
        let holder = Self {
            finder,
            key: random::uuid().map(DraftKey),
            mailboxes: StoredValue::new(mailboxes),
            in_draft: RwSignal::new(None),
            adding: RwSignal::new(None),
            message: RwSignal::new(None),
            people_are_set: RwSignal::new(false),
        };
        holder.in_draft.set(holder.room_in(draft));
        holder.tell_answer();
        holder
    }

    /// Follows the draft and keeps the hold, for the life of the pane.
    pub(super) fn start(self) {
        spawn_local(office::on_change(move || {
            spawn_local(async move {
                if let Ok(draft) = office::read_draft().await {
                    self.follow(&draft).await;
                }
            });
        }));
        let timer = set_interval_with_handle(move || spawn_local(self.keep()), KEEP_EVERY);
        if let Ok(timer) = timer {
            on_cleanup(move || timer.clear());
        }
    }

    /// Re-checks the room with Exchange, holds it, and puts it into the draft.
    pub(super) fn add(self, id: RoomId) {
        if self.adding.get_untracked().is_some() {
            return;
        }
        self.adding.set(Some(id));
        self.message.set(None);
        spawn_local(async move {
            let outcome = self.add_now(id).await;
            self.adding.try_set(None);
            if let Err(sentence) = outcome {
                self.message.try_set(Some((MessageKind::Warning, sentence)));
                self.finder.ask_again();
            }
        });
    }

    async fn add_now(self, id: RoomId) -> Result<(), String> {
        let room = untrack(|| self.finder.room(id)).ok_or_else(|| words::ADD_FAILED.to_owned())?;
        let link = room
            .link
            .clone()
            .ok_or_else(|| words::ADD_FAILED.to_owned())?;
        let range = self.range().ok_or_else(|| words::NO_TIME.to_owned())?;
        self.must_be_free(&room).await?;
        self.hold(id, range)
            .await
            .map_err(|problem| self.sentence(&room, &problem))?;
        let before = self
            .in_draft
            .get_untracked()
            .filter(|before| before.room != id);
        if office::add_room(&link.mailbox, &room.name).await.is_err() {
            self.give_up().await;
            return Err(words::ADD_FAILED.to_owned());
        }
        self.in_draft.set(Some(InDraft {
            room: id,
            response: RoomResponse::None,
        }));
        if let Some(old) = before.and_then(|before| self.mailbox(before.room)) {
            // It stays beside the new one where Outlook refuses; the person sees it in the form.
            let _removed = office::remove_room(&old).await;
        }
        Ok(())
    }

    /// Takes the room out of the draft.
    pub(super) fn remove(self, id: RoomId) {
        spawn_local(async move {
            if let Some(mailbox) = self.mailbox(id)
                && office::remove_room(&mailbox).await.is_ok()
            {
                self.in_draft.try_set(None);
                self.give_up().await;
            }
        });
    }

    async fn must_be_free(self, room: &Room) -> Result<(), String> {
        let query = self.finder.query.get_untracked();
        // Exchange's silence does not stop a person: the room itself answers after sending.
        let Ok(checked) = check_availability(query, vec![room.id]).await else {
            return Ok(());
        };
        let answer = checked.rooms.first().map(|one| one.answer.clone());
        self.finder.take_checked(checked);
        match answer {
            Some(answer) if !answer.state.is_open() => Err(words::just_taken(
                &room_words::name(&room.number),
                &self.reasons(&answer),
            )),
            _ => Ok(()),
        }
    }

    async fn hold(self, room: RoomId, range: TimeRange) -> Result<(), ApiError> {
        let Some(draft) = self.key else { return Ok(()) };
        hold(HoldRequest { draft, room, range }).await.map(|_| ())
    }

    /// Keeps the hold; one that has lapsed meanwhile is made again.
    async fn keep(self) {
        let (Some(key), Some(in_draft)) = (self.key, self.in_draft.get_untracked()) else {
            return;
        };
        if in_draft.response == RoomResponse::None
            && let Ok(None) = keep_hold(key).await
            && let Some(range) = self.range()
        {
            // Somebody else may hold it by now; Exchange decides in the end.
            let _held = self.hold(in_draft.room, range).await;
        }
    }

    async fn give_up(self) {
        if let Some(key) = self.key {
            // It lapses by itself where this does not arrive.
            let _dropped = drop_hold(key).await;
        }
    }

    /// Takes over what the person changed in Outlook's form.
    async fn follow(self, draft: &Draft) {
        let people = draft.people(|address| self.is_room(address));
        let before = self.range();
        self.finder.query.update(|query| {
            if let Some(range) = draft.range {
                query.when = When::Exact {
                    ranges: vec![range],
                };
            }
            if !self.people_are_set.get_untracked() {
                query.people = people;
            }
        });
        let (was, is) = (self.in_draft.get_untracked(), self.room_in(draft));
        if was != is {
            self.in_draft.set(is);
            self.tell_answer();
        }
        match is {
            None if was.is_some() => self.give_up().await,
            Some(is) if draft.range != before && is.response == RoomResponse::None => {
                self.move_hold(is.room).await;
            }
            _ => {}
        }
    }

    /// The draft's time has changed: the hold goes with it, or the person is told.
    async fn move_hold(self, id: RoomId) {
        let Some(room) = untrack(|| self.finder.room(id)) else {
            return;
        };
        let Some(range) = self.range() else { return };
        let query = self.finder.query.get_untracked();
        let answer = check_availability(query, vec![id])
            .await
            .ok()
            .and_then(|checked| {
                let answer = checked.rooms.first().map(|one| one.answer.clone());
                self.finder.take_checked(checked);
                answer
            });
        match answer {
            Some(answer) if !answer.state.is_open() => {
                self.give_up().await;
                let reasons = self.reasons(&answer);
                let sentence = words::moved_away(&room_words::name(&room.number), &reasons);
                self.message.try_set(Some((MessageKind::Warning, sentence)));
            }
            _ => {
                self.message.try_set(None);
                let _held = self.hold(id, range).await;
            }
        }
    }

    /// Says so when the room has said no, with the next best one.
    fn tell_answer(self) {
        let Some(InDraft {
            room,
            response: RoomResponse::Declined,
        }) = self.in_draft.get_untracked()
        else {
            return;
        };
        let number = |id| untrack(|| self.finder.room(id)).map(|room| room.number);
        let next = self.finder.found.with_untracked(|found| {
            found
                .hits
                .iter()
                .find(|hit| hit.room != room)
                .and_then(|hit| number(hit.room))
        });
        let name = room_words::name(&number(room).unwrap_or_default());
        let sentence = words::declined(&name, next.as_deref());
        self.message.set(Some((MessageKind::Warning, sentence)));
    }

    fn room_in(self, draft: &Draft) -> Option<InDraft> {
        let address = draft.room(|address| self.is_room(address))?;
        let room = self.finder.catalogue.with_untracked(|catalogue| {
            let linked = |room: &&Room| room.link.as_ref().is_some_and(|it| it.mailbox == *address);
            catalogue.rooms.iter().find(linked).map(|room| room.id)
        })?;
        Some(InDraft {
            room,
            response: draft.response(address),
        })
    }

    fn is_room(self, address: &MailboxAddress) -> bool {
        self.mailboxes
            .with_value(|mailboxes| mailboxes.contains(address))
    }

    fn mailbox(self, id: RoomId) -> Option<MailboxAddress> {
        untrack(|| self.finder.room(id))
            .and_then(|room| room.link)
            .map(|link| link.mailbox)
    }

    fn range(self) -> Option<TimeRange> {
        self.finder.query.with_untracked(|query| match &query.when {
            When::Exact { ranges } => ranges.first().copied(),
            When::Local { .. } => None,
        })
    }

    fn reasons(self, answer: &RoomAnswer) -> String {
        describe::answer(answer, &self.finder.found.get_untracked())
    }

    fn sentence(self, room: &Room, problem: &ApiError) -> String {
        if problem.refusals.is_empty() {
            return problem.message.clone();
        }
        let zone = self.finder.found.with_untracked(|found| found.zone.clone());
        let reasons = refusal::refusals(&problem.refusals, &zone);
        words::just_taken(&room_words::name(&room.number), &reasons)
    }
}
