//! The room in the draft: added, kept while the pane is open, moved with the draft, given up.
//!
//! A hold is a courtesy among people who use this product: Exchange never sees it, and the word
//! “reserved” is never used for it. Outlook's draft is the truth; this follows it.

pub(super) mod kept;
mod moved;
mod opened;

use std::collections::HashMap;
use std::time::Duration;

use booking::ids::{DraftKey, MailboxAddress, RoomId};
use booking::provider::RoomResponse;
use booking::room::Room;
use booking::search::{RoomAnswer, When};
use booking::time::TimeRange;
use leptos::prelude::*;
use leptos::task::spawn_local;

use self::opened::Opened;
use super::draft::{Asked, Covers, Draft};
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
    pub(super) finder: Finder,
    /// The draft's own where it has one, else drawn by this pane. `None`: the browser draws no ids, so nothing can be held
    /// or added.
    key: Option<DraftKey>,
    /// Every room that was ever on screen, also of buildings looked at before.
    mailboxes: StoredValue<HashMap<MailboxAddress, RoomId>>,
    /// The room in the draft.
    pub(super) in_draft: RwSignal<Option<InDraft>>,
    /// The room that is being added.
    pub(super) adding: RwSignal<Option<RoomId>>,
    /// What there is to say.
    pub(super) message: RwSignal<Option<(MessageKind, String)>>,
    /// The room to take instead of one that said no.
    pub(super) offer: RwSignal<Option<RoomId>>,
    /// How much of the draft is asked for.
    pub(super) covers: RwSignal<Covers>,
    /// The person has said how many: the draft no longer does.
    pub(super) people_are_set: RwSignal<bool>,
    /// The draft ends after it starts. While it does not, what is on screen is for an earlier time.
    pub(super) has_time: RwSignal<bool>,
    /// The time at which the room in the draft was last seen to.
    followed: StoredValue<Option<TimeRange>>,
    /// The draft as it was opened: what the room has answered is for that time.
    opened: StoredValue<Opened>,
}

impl Holder {
    /// Takes over a draft as it was read at the start, and the key that an earlier pane has kept with it.
    pub(super) fn new(finder: Finder, draft: &Draft, key: Option<DraftKey>) -> Self {
        let (mailboxes, asked) = finder.catalogue.with_untracked(|catalogue| {
            let asked = boot::asked(catalogue, draft, catalogue.now);
            (boot::mailboxes(catalogue), asked)
        });
        let holder = Self {
            finder,
            key: key.or_else(|| random::uuid().ok().map(DraftKey)),
            mailboxes: StoredValue::new(mailboxes),
            in_draft: RwSignal::new(None),
            adding: RwSignal::new(None),
            message: RwSignal::new(None),
            offer: RwSignal::new(None),
            covers: RwSignal::new(asked.map_or(Covers::Once, |asked| asked.covers)),
            people_are_set: RwSignal::new(false),
            has_time: RwSignal::new(draft.range.is_some()),
            followed: StoredValue::new(None),
            opened: StoredValue::new(Opened {
                range: draft.range,
                ranges: ranges(&finder.query.get_untracked().when).to_vec(),
                answered: None,
            }),
        };
        holder.followed.set_value(holder.range());
        holder.take_in(holder.room_in(draft));
        holder.tell_answer();
        holder
    }

    /// Follows the draft and keeps the hold, for the life of the pane.
    pub(super) fn start(self) {
        spawn_local(async move {
            office::on_change(move || spawn_local(self.read_again())).await;
            // It may have changed before anybody listened.
            self.read_again().await;
        });
        let catalogue = self.finder.catalogue;
        Effect::new(move |_| {
            let more = catalogue.with(|catalogue| boot::mailboxes(catalogue));
            self.mailboxes.update_value(|known| known.extend(more));
        });
        self.follow_answer();
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
        self.offer.set(None);
        spawn_local(async move {
            let outcome = self.add_now(id).await;
            self.adding.try_set(None);
            if let Err(sentence) = outcome {
                self.message.try_set(Some((MessageKind::Warning, sentence)));
                self.finder.ask_again();
            }
            // What Outlook told meanwhile, also that the draft has moved, was not acted on.
            self.read_again().await;
        });
    }

    async fn add_now(self, id: RoomId) -> Result<(), String> {
        let room = untrack(|| self.finder.room(id)).ok_or_else(|| words::ADD_FAILED.to_owned())?;
        let link = room
            .link
            .clone()
            .ok_or_else(|| words::ADD_FAILED.to_owned())?;
        let range = self
            .range()
            .filter(|_| self.has_time.get_untracked())
            .ok_or_else(|| words::NO_TIME.to_owned())?;
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
        if let Some(old) = before.and_then(|before| self.mailbox(before.room))
            && office::remove_room(&old).await.is_err()
        {
            // It stays beside the new one.
            self.say_not_removed();
        }
        Ok(())
    }

    /// Takes the room out of the draft.
    pub(super) fn remove(self, id: RoomId) {
        spawn_local(async move {
            let Some(mailbox) = self.mailbox(id) else {
                return;
            };
            if office::remove_room(&mailbox).await.is_err() {
                // It is still in the draft, and so is still held.
                self.say_not_removed();
                return;
            }
            self.in_draft.try_set(None);
            self.message.try_set(None);
            self.offer.try_set(None);
            self.give_up().await;
        });
    }

    fn say_not_removed(self) {
        let sentence = words::REMOVE_FAILED.to_owned();
        self.message.try_set(Some((MessageKind::Warning, sentence)));
    }

    /// Asked beside the hold, which looks at the first meeting of a series only and brings no colour
    /// for the plan.
    async fn must_be_free(self, room: &Room) -> Result<(), String> {
        let query = self.finder.query.get_untracked();
        // Without an answer the hold decides, which is refused where Exchange is silent.
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
        let draft = self.key.ok_or_else(ApiError::no_randomness)?;
        let held = hold(HoldRequest { draft, room, range }).await?;
        // Without it the draft is sent unchecked, as in Outlooks that keep nothing.
        let _kept = kept::keep(draft, &held.ticket).await;
        Ok(())
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

    async fn read_again(self) {
        if let Ok(draft) = office::read_draft().await {
            self.follow(&draft).await;
        }
    }

    /// Takes over what the person changed in Outlook's form.
    async fn follow(self, draft: &Draft) {
        let now = self.finder.now.get_untracked();
        let asked = self
            .finder
            .catalogue
            .with_untracked(|catalogue| boot::asked(catalogue, draft, now));
        if self.has_time.get_untracked() != asked.is_some() {
            self.has_time.set(asked.is_some());
        }
        // Everything else is looked at when it has a time again.
        let Some(Asked { when, covers }) = asked else {
            return;
        };
        let people = draft.people(|address| self.is_room(address));
        self.covers.set(covers);
        self.finder.query.update(|query| {
            query.when = when;
            if !self.people_are_set.get_untracked() {
                query.people = people;
            }
        });
        // While one room takes the place of another, both are in the draft.
        if self.adding.get_untracked().is_some() {
            return;
        }
        let range = self.range();
        let moved = self.followed.get_value() != range;
        self.followed.set_value(range);
        let was = self.in_draft.get_untracked();
        let is = self.room_in(draft);
        if was != is {
            self.take_in(is);
            self.tell_answer();
        }
        match is {
            None if was.is_some() => self.give_up().await,
            Some(is) if moved && is.response == RoomResponse::None => {
                self.move_hold(is.room).await;
            }
            Some(is) if moved && is.response != RoomResponse::Declined => {
                // It is back where the room has accepted: what was said of another time is over.
                self.message.try_set(None);
                self.give_up().await;
            }
            _ => {}
        }
    }

    /// The room in the draft. Of two it is the one that was in it before.
    fn room_in(self, draft: &Draft) -> Option<InDraft> {
        let was = self.in_draft.get_untracked();
        let was = was.and_then(|was| self.mailbox(was.room));
        let stays = was.as_ref().and_then(|was| draft.room(|it| it == was));
        let address = stays.or_else(|| draft.room(|address| self.is_room(address)))?;
        let room = self
            .mailboxes
            .with_value(|rooms| rooms.get(address).copied())?;
        Some(InDraft {
            room,
            response: self.response(draft, address, room),
        })
    }

    fn is_room(self, address: &MailboxAddress) -> bool {
        self.mailboxes
            .with_value(|rooms| rooms.contains_key(address))
    }

    fn mailbox(self, id: RoomId) -> Option<MailboxAddress> {
        self.mailboxes.with_value(|rooms| {
            let of_room = rooms.iter().find(|(_, room)| **room == id);
            of_room.map(|(mailbox, _)| mailbox.clone())
        })
    }

    pub(super) fn range(self) -> Option<TimeRange> {
        self.finder
            .query
            .with_untracked(|query| ranges(&query.when).first().copied())
    }

    fn reasons(self, answer: &RoomAnswer) -> String {
        describe::answer(answer, &self.finder.found.get_untracked())
    }

    fn sentence(self, room: &Room, problem: &ApiError) -> String {
        self.refusals(problem).map_or_else(
            || problem.sentence(),
            |reasons| words::just_taken(&room_words::name(&room.number), &reasons),
        )
    }

    /// What the rules have against it. `None`: it failed for another reason.
    fn refusals(self, problem: &ApiError) -> Option<String> {
        if problem.refusals.is_empty() {
            return None;
        }
        let zone = self.finder.found.with_untracked(|found| found.zone.clone());
        Some(refusal::refusals(&problem.refusals, &zone))
    }
}

fn ranges(when: &When) -> &[TimeRange] {
    match when {
        When::Exact { ranges } => ranges,
        When::Local { .. } => &[],
    }
}
