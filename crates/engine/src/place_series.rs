//! A series is placed: all its dates at once, or none.
//!
//! As for a single reservation: rules, Exchange's own word asked for now, the store's guard, and every promise in one
//! transaction with the job that tells Exchange. What the person saw is what is placed: no date gets another room unasked.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use booking::BookingError;
use booking::ids::{ReservationId, RoomId, SeriesId};
use booking::person::Person;
use booking::reservation::Origin;
use booking::room::Room;
use booking::rules::{self, Refusal};
use booking::search::Wanted;
use booking::series::{
    BadSeries, Choice, PlacedSeries, RefusedDate, SeriesDate, SeriesPolicy, SeriesWish, Shape, Way,
    way,
};
use booking::time::Instant;
use store::outbox::JobKind;
use store::reservations::{FirstSteps, NewReservation};
use store::series::{KeptSeries, NewDate, NewSeries, SeriesOutcome};

use crate::check_availability::{Freshness, Word};
use crate::place_reservation::{LONG_AGO, SUBJECT_CHARS_MAX};
use crate::plan_series::{ROOMS_ASKED_MAX, SeriesQuestion, against, refused};
use crate::sync::outbox_task::WriteSeries;
use crate::{Engine, Error};

impl Engine {
    /// Places a series as the person, each date in the room given for it; dates without one are left out.
    ///
    /// `key` ties retries together: a second call with the same key gives the first series. `rooms` are those of the plan
    /// that the person saw, by number.
    ///
    /// # Errors
    /// [`BookingError::SeriesRefused`] naming the dates whose room is not to be had, and why; nothing is placed then.
    /// [`BookingError::BadRequest`] for a series that is none, or a plan that is not its own; [`BookingError::NotFound`];
    /// [`BookingError::NotYours`] when the key is somebody else's.
    pub async fn place_series(
        self: &Arc<Self>,
        person: &Person,
        key: SeriesId,
        wish: &SeriesWish,
        rooms: &[Option<RoomId>],
        subject: &str,
    ) -> Result<PlacedSeries, Error> {
        if let Some(kept) = self.store.series(key).await? {
            return self.own_series(person, kept);
        }
        let question = self.series_question(wish)?;
        let rooms = self.seen_rooms(&question, rooms)?;
        let words = self.obey_and_ask(&question, &rooms).await?;
        let new = self.new_series(person, key, wish, &question, (&rooms, &words), subject)?;
        match self.store.hold_series(&new).await? {
            SeriesOutcome::Held => self.nudges.outbox.notify_one(),
            SeriesOutcome::Known => {}
            SeriesOutcome::Refused(conflicts) => {
                let range = |number| conflicts.iter().find(|(one, _)| *one == number);
                let dates = dates_with(&question, &rooms).filter_map(|(date, room)| {
                    let (_, conflict) = range(date.number)?;
                    let range = conflict.range;
                    Some(refused_date(date, room, vec![Refusal::Held { range }]))
                });
                return Err(BookingError::SeriesRefused(dates.collect()).into());
            }
        }
        for room in rooms.iter().flatten() {
            self.availability.forget(room.id);
        }
        let kept = self.store.series(key).await?;
        let kept = kept.ok_or(BookingError::NotFound { what: "series" })?;
        self.own_series(person, kept)
    }

    /// The series as its person is shown it.
    ///
    /// # Errors
    /// [`BookingError::NotYours`].
    pub(crate) fn own_series(
        &self,
        person: &Person,
        kept: KeptSeries,
    ) -> Result<PlacedSeries, Error> {
        if kept.person.id != person.id {
            return Err(BookingError::NotYours.into());
        }
        Ok(self.describe_series(&kept))
    }

    /// The room of each date, if the plan is one of this series.
    fn seen_rooms(
        &self,
        question: &SeriesQuestion,
        rooms: &[Option<RoomId>],
    ) -> Result<Vec<Option<Room>>, Error> {
        if rooms.len() != question.dates.len() {
            let count = |length| u32::try_from(length).unwrap_or(u32::MAX);
            return Err(refused(BadSeries::OtherPlan {
                seen: count(rooms.len()),
                dates: count(question.dates.len()),
            }));
        }
        let mut found: BTreeMap<RoomId, Room> = BTreeMap::new();
        for id in rooms.iter().flatten() {
            if !found.contains_key(id) {
                let room = self.offered_room(*id)?;
                if room.building != question.building {
                    return Err(BookingError::NotFound { what: "room" }.into());
                }
                found.insert(*id, room);
            }
        }
        for (date, room) in question.dates.iter().zip(rooms) {
            let is_other = match (date.choice, date.chosen_room()) {
                (Choice::Skip, _) => room.is_some(),
                (_, Some(chosen)) => room.is_some_and(|room| room != chosen),
                (_, None) => false,
            };
            if is_other {
                let number = date.number;
                return Err(refused(BadSeries::OtherRoom { number }));
            }
        }
        let mut connections = found.values().filter_map(|room| room.link.as_ref());
        let first = connections.next().map(|link| link.connection);
        if connections.any(|link| Some(link.connection) != first) {
            return Err(refused(BadSeries::OtherTenant));
        }
        if found.is_empty() {
            return Err(refused(BadSeries::NoRooms));
        }
        let room_of = |id: &Option<RoomId>| id.and_then(|id| found.get(&id).cloned());
        Ok(rooms.iter().map(room_of).collect())
    }

    /// What the rules and Exchange have against any date, asked now; gives Exchange's words. Of a room that it says nothing
    /// of there is none: the room's own answer then decides.
    async fn obey_and_ask(
        self: &Arc<Self>,
        question: &SeriesQuestion,
        rooms: &[Option<Room>],
    ) -> Result<HashMap<RoomId, Word>, Error> {
        let now = self.clock.now();
        let by_rules = dates_with(question, rooms).filter_map(|(date, room)| {
            let refusals = rules::refusals(room, date.takes_place(), now);
            (!refusals.is_empty()).then(|| refused_date(date, room, refusals))
        });
        let by_rules: Vec<RefusedDate> = by_rules.collect();
        if !by_rules.is_empty() {
            return Err(BookingError::SeriesRefused(by_rules).into());
        }
        let mut seen = BTreeSet::new();
        let used = rooms.iter().flatten().filter(|room| seen.insert(room.id));
        let used: Vec<Room> = used.take(ROOMS_ASKED_MAX).cloned().collect();
        let patience = self.settings.patience_placing();
        let words = self
            .word_of(&used, &question.ranges(), Freshness::AskNow, patience)
            .await;
        if words.len() < used.len() {
            tracing::warn!(
                incident = crate::error::incident(),
                rooms = used.len() - words.len(),
                "Exchange did not tell whether rooms of a series are free; the rooms' own answers decide"
            );
        }
        let taken = dates_with(question, rooms).filter_map(|(date, room)| {
            let against = against(room, words.get(&room.id)?, date.takes_place(), now);
            (!against.is_empty()).then(|| refused_date(date, room, against))
        });
        let taken: Vec<RefusedDate> = taken.collect();
        if taken.is_empty() {
            Ok(words)
        } else {
            Err(BookingError::SeriesRefused(taken).into())
        }
    }

    /// Everything that is kept of the series.
    fn new_series(
        &self,
        person: &Person,
        key: SeriesId,
        wish: &SeriesWish,
        question: &SeriesQuestion,
        (rooms, words): (&[Option<Room>], &HashMap<RoomId, Word>),
        subject: &str,
    ) -> Result<NewSeries, Error> {
        let now = self.clock.now();
        let subject = subject.trim().chars().take(SUBJECT_CHARS_MAX).collect();
        let mut dates = Vec::with_capacity(question.dates.len());
        for (date, room) in question.dates.iter().zip(rooms) {
            let range = date.takes_place();
            let reservation = room.as_ref().map(|room| NewReservation {
                id: ReservationId(self.random.uuid()),
                room: room.id,
                range,
                origin: Origin::Portal,
                person: person.clone(),
                created_at: now,
                // Where Exchange has shown us nothing, whatever we confirmed ever is in the way.
                asked_at: words.get(&room.id).map_or(LONG_AGO, |word| word.at),
                job: None,
                swap: None,
                on_behalf_of: None,
                steps: FirstSteps {
                    person_known_at: None,
                    room_free_at: words.get(&room.id).map(|_| now),
                },
            });
            dates.push(NewDate {
                number: date.number,
                original_start: date.original_start,
                range,
                is_watched: reservation.is_none() && self.waits_for_room(question, date, now),
                reservation,
            });
        }
        let payload = WriteSeries::new(key, subject);
        Ok(NewSeries {
            id: key,
            building: question.building,
            zone: question.zone.clone(),
            person: person.clone(),
            wish: SeriesWish {
                pattern: question.pattern,
                building: Some(question.building),
                choices: Vec::new(),
                ..wish.clone()
            },
            way: way_of(question, rooms, now),
            dates,
            created_at: now,
            job: self.job(JobKind::WriteSeries, payload.payload()),
        })
    }

    /// Whether a date without a room lacks one because none is free; what a person left out though rooms are free, as on a
    /// holiday, is not looked for again.
    fn waits_for_room(&self, question: &SeriesQuestion, date: &SeriesDate, now: Instant) -> bool {
        if date.choice != Choice::Skip {
            return true;
        }
        let world = self.index.read();
        let Some(building) = world.building(Some(question.building)) else {
            return false;
        };
        let wanted = Wanted {
            ranges: vec![date.range],
            ..question.wanted.clone()
        };
        building.rooms.free(&wanted, now).is_empty()
    }
}

/// The dates that have a room, with it.
fn dates_with<'a>(
    question: &'a SeriesQuestion,
    rooms: &'a [Option<Room>],
) -> impl Iterator<Item = (&'a SeriesDate, &'a Room)> {
    let dates = question.dates.iter().zip(rooms);
    dates.filter_map(|(date, room)| Some((date, room.as_ref()?)))
}

fn refused_date(date: &SeriesDate, room: &Room, refusals: Vec<Refusal>) -> RefusedDate {
    RefusedDate {
        number: date.number,
        range: date.takes_place(),
        room: room.id,
        refusals,
    }
}

fn way_of(question: &SeriesQuestion, rooms: &[Option<Room>], now: Instant) -> Way {
    let mut uses: HashMap<RoomId, u32> = HashMap::new();
    for room in rooms.iter().flatten() {
        *uses.entry(room.id).or_default() += 1;
    }
    let placed: u32 = uses.values().sum();
    let most = uses.values().copied().max().unwrap_or_default();
    let has_moved =
        dates_with(question, rooms).any(|(date, _)| matches!(date.choice, Choice::Moved { .. }));
    let last = question.dates.last().map(|date| date.range.start());
    let shape = Shape {
        placed,
        elsewhere: placed - most,
        has_moved,
        last: last.unwrap_or(now),
    };
    way(shape, SeriesPolicy::ASSUMED, now)
}
