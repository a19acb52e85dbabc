//! The calendar system that the fake is.

use async_trait::async_trait;
use secrecy::SecretString;

use super::series::series_of;
use super::world::{blocks, busy_time, event_id, event_ref, kind, number_of};
use super::{Call, FakeEvent, FakeProvider};
use crate::event::EventRef;
use crate::ids::{MailboxAddress, SeriesId};
use crate::person::PersonId;
use crate::provider::{
    Actor, CalendarProvider, Capabilities, ChangePage, EventChange, EventDraft, EventEdit,
    EventVersion, Letter, MailboxFault, Next, NotificationTarget, OrganizerCopy, OwnDate, OwnEvent,
    PageToken, Posted, ProviderError, RoomBusyTimes, RoomPage, RoomResponse, ScheduleError,
    ScheduleItem, SeriesDraft, SeriesRead, Subscription, SubscriptionId, SyncCursor, Which,
    WholeCalendar,
};
use crate::time::{Instant, TimeRange};

#[async_trait]
impl CalendarProvider for FakeProvider {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            push: self.world().push,
            place_hierarchy: false,
            cursor_window_fixed: false,
            events_readable: true,
            rooms_per_schedule: 20,
        }
    }

    async fn rooms(&self, page: Option<PageToken>) -> Result<RoomPage, ProviderError> {
        let mut world = self.world();
        let answer = world.begin(Call::Rooms, &"")?;
        answer.bring(RoomPage {
            rooms: world.rooms.clone(),
            next: world.link_after(page.as_ref()),
        })
    }

    async fn changes(
        &self,
        room: &MailboxAddress,
        window: TimeRange,
        since: Option<&SyncCursor>,
    ) -> Result<ChangePage, ProviderError> {
        let mut world = self.world();
        let answer = world.begin(Call::Changes, room)?;
        world.in_cloud(room)?;
        let seen: Option<u64> = since.and_then(|cursor| cursor.0.parse().ok());
        let words = world.unclear.remove(room);
        let illegible = world.illegible_in(room).count();
        let found = (illegible > 0).then(|| format!("{illegible} events cannot be read"));
        let changes = world
            .events
            .iter()
            .filter(|(number, event)| {
                event.room == *room
                    && !world.illegible.contains(number)
                    && seen.is_none_or(|seen| event.changed > seen)
                    && event.range.overlaps(window)
            })
            .map(|(number, event)| {
                let busy = busy_time(*number, event);
                if blocks(event) {
                    EventChange::Busy(busy, event.response)
                } else {
                    EventChange::Gone {
                        event_id: busy.event_id,
                    }
                }
            })
            .chain(world.left(room, seen))
            .collect();
        answer.bring(ChangePage {
            changes,
            series: Vec::new(),
            removed: Vec::new(),
            unclear: words.into_iter().chain(found).collect(),
            changed_at: Vec::new(),
            next: Next::Done(SyncCursor(world.change.to_string())),
        })
    }

    async fn series(
        &self,
        _room: &MailboxAddress,
        _window: TimeRange,
        _ids: &[String],
    ) -> Result<SeriesRead, ProviderError> {
        Ok(SeriesRead::default())
    }

    async fn whole_calendar(
        &self,
        room: &MailboxAddress,
        window: TimeRange,
    ) -> Result<WholeCalendar, ProviderError> {
        let mut world = self.world();
        let answer = world.begin(Call::WholeCalendar, room)?;
        world.in_cloud(room)?;
        let taking = world.events.iter().filter(|(number, event)| {
            event.room == *room
                && !world.illegible.contains(number)
                && blocks(event)
                && event.range.overlaps(window)
        });
        answer.bring(WholeCalendar {
            busy: taking
                .map(|(number, event)| busy_time(*number, event))
                .collect(),
            unclear: world.illegible_in(room).map(event_id).collect(),
            has_nameless: false,
        })
    }

    async fn busy_times(
        &self,
        rooms: &[MailboxAddress],
        window: TimeRange,
    ) -> Result<Vec<RoomBusyTimes>, ProviderError> {
        let mut world = self.world();
        let answer = world.begin(Call::BusyTimes, &first(rooms))?;
        let told = rooms
            .iter()
            .map(|room| RoomBusyTimes {
                room: room.clone(),
                schedule: if world.unreadable.contains(room) {
                    Err(ScheduleError {
                        code: "5009".to_owned(),
                        message: "Unable to resolve e-mail address".to_owned(),
                        fault: Some(MailboxFault::Unknown),
                    })
                } else {
                    Ok(world
                        .events
                        .values()
                        .filter(|event| {
                            event.room == *room && blocks(event) && event.range.overlaps(window)
                        })
                        .map(|event| ScheduleItem {
                            range: event.range,
                            kind: kind(event),
                        })
                        .collect())
                },
            })
            .collect();
        answer.bring(told)
    }

    async fn knows(&self, actor: &Actor) -> Result<(), ProviderError> {
        let mut world = self.world();
        world.organizer(actor)?;
        let answer = world.begin(Call::Preflight, &"knows")?;
        answer.bring(())
    }

    async fn preflight(&self, actor: &Actor) -> Result<(), ProviderError> {
        self.knows(actor).await
    }

    async fn create_event(
        &self,
        actor: &Actor,
        draft: &EventDraft,
    ) -> Result<EventRef, ProviderError> {
        let mut world = self.world();
        let answer = world.begin(Call::CreateEvent, &draft.reservation)?;
        let organizer = world.organizer(actor)?;
        let known = world
            .events
            .iter()
            .find(|(_, event)| event.reservation == Some(draft.reservation))
            .map(|(number, _)| *number);
        let number = known.unwrap_or_else(|| {
            world.add(
                Some(draft.reservation),
                organizer,
                draft.room.clone(),
                draft.range,
                RoomResponse::None,
            )
        });
        if let Some(event) = world.events.get_mut(&number).filter(|_| known.is_none()) {
            event.location.clone_from(&draft.room_name);
        }
        answer.bring(event_ref(number, &world.events[&number]))
    }

    async fn room_answer(
        &self,
        _actor: &Actor,
        event: &EventRef,
        room: &MailboxAddress,
    ) -> Result<OrganizerCopy, ProviderError> {
        let mut world = self.world();
        let answer = world.begin(Call::RoomAnswer, &event.ical_uid)?;
        let told = number_of(event)
            .and_then(|number| world.events.get(&number))
            .filter(|event| event.invites(room))
            .map(|event| OrganizerCopy {
                response: event.response,
                range: Some(event.range),
            })
            .ok_or_else(|| ProviderError::NotFound {
                context: "event".to_owned(),
            })?;
        answer.bring(told)
    }

    async fn find_event(
        &self,
        actor: &Actor,
        room: &MailboxAddress,
        range: TimeRange,
        which: Which,
    ) -> Result<Option<(EventRef, RoomResponse)>, ProviderError> {
        let mut world = self.world();
        let answer = world.begin(Call::FindEvent, room)?;
        let organizer = world.organizer(actor)?;
        let found = world
            .events
            .iter()
            .find(|(_, event)| {
                event.invites(room)
                    && event.organizer == organizer
                    && event.range == range
                    && match which {
                        Which::WrittenFor(id) => event.reservation == Some(id),
                        Which::SentByPerson => event.reservation.is_none(),
                    }
            })
            .map(|(number, event)| (event_ref(*number, event), event.response));
        answer.bring(found)
    }

    async fn own_event(
        &self,
        _actor: &Actor,
        event: &EventRef,
    ) -> Result<Option<OwnEvent>, ProviderError> {
        let mut world = self.world();
        let answer = world.begin(Call::OwnEvent, &event.ical_uid)?;
        if let Some(series) = series_of(event) {
            return answer.bring(world.own_series(series));
        }
        let number = number_of(event);
        let known = number.and_then(|number| world.events.get(&number));
        let known = known.filter(|event| !event.gone);
        answer.bring(known.map(FakeEvent::as_own))
    }

    async fn edit_event(
        &self,
        _actor: &Actor,
        event: &EventRef,
        version: &EventVersion,
        edit: &EventEdit,
    ) -> Result<(), ProviderError> {
        let mut world = self.world();
        let answer = world.begin(Call::EditEvent, &event.ical_uid)?;
        if !world.forgetful {
            world.edit(event, version, edit)?;
        }
        answer.bring(())
    }

    async fn cancel_event(
        &self,
        _actor: &Actor,
        event: &EventRef,
        _note: &str,
    ) -> Result<(), ProviderError> {
        let mut world = self.world();
        let answer = world.begin(Call::CancelEvent, &event.ical_uid)?;
        world.remove_event(event);
        answer.bring(())
    }

    async fn create_series(
        &self,
        actor: &Actor,
        draft: &SeriesDraft,
    ) -> Result<EventRef, ProviderError> {
        let mut world = self.world();
        let answer = world.begin(Call::CreateSeries, &draft.series)?;
        let organizer = world.organizer(actor)?;
        let created = world.create_series(organizer, draft)?;
        answer.bring(created)
    }

    async fn find_series(
        &self,
        _actor: &Actor,
        series: SeriesId,
        _window: TimeRange,
    ) -> Result<Option<EventRef>, ProviderError> {
        let mut world = self.world();
        let answer = world.begin(Call::FindSeries, &series)?;
        answer.bring(world.find_series(series))
    }

    async fn series_dates(
        &self,
        _actor: &Actor,
        series: &EventRef,
        window: TimeRange,
    ) -> Result<Option<Vec<OwnDate>>, ProviderError> {
        let mut world = self.world();
        let answer = world.begin(Call::SeriesDates, &series.ical_uid)?;
        answer.bring(world.dates_of(series, window))
    }

    async fn delete_event(&self, _actor: &Actor, event: &EventRef) -> Result<(), ProviderError> {
        let mut world = self.world();
        let answer = world.begin(Call::DeleteEvent, &event.ical_uid)?;
        world.remove_event(event);
        answer.bring(())
    }

    async fn subscribe(
        &self,
        room: &MailboxAddress,
        target: &NotificationTarget,
    ) -> Result<Subscription, ProviderError> {
        let mut world = self.world();
        let answer = world.begin(Call::Subscribe, room)?;
        world.in_cloud(room)?;
        if !world.push {
            return Err(ProviderError::Unsupported {
                context: "subscriptions",
            });
        }
        answer.bring(world.subscribe(room, target))
    }

    async fn renew(
        &self,
        id: &SubscriptionId,
        until: Instant,
    ) -> Result<Subscription, ProviderError> {
        let mut world = self.world();
        let answer = world.begin(Call::Renew, &id.0)?;
        if !world.subscriptions.iter().any(|(one, ..)| one == id) {
            return Err(ProviderError::NotFound {
                context: "subscription".to_owned(),
            });
        }
        let id = id.clone();
        answer.bring(Subscription { id, until })
    }

    async fn unsubscribe(&self, id: &SubscriptionId) -> Result<(), ProviderError> {
        let mut world = self.world();
        let answer = world.begin(Call::Unsubscribe, &id.0)?;
        world.subscriptions.retain(|(one, ..)| one != id);
        answer.bring(())
    }

    async fn decline_as_room(
        &self,
        room: &MailboxAddress,
        event: &EventRef,
        _range: TimeRange,
    ) -> Result<(), ProviderError> {
        let mut world = self.world();
        let answer = world.begin(Call::DeclineAsRoom, room)?;
        world.decline_for(room, event)?;
        answer.bring(())
    }

    async fn send_letter(&self, letter: &Letter) -> Result<Posted, ProviderError> {
        let mut world = self.world();
        let answer = world.begin(Call::SendLetter, &letter.to)?;
        world.letters.push(letter.clone());
        if world.unheard_letters > 0 {
            world.unheard_letters -= 1;
            return Ok(Posted::Unclear);
        }
        Ok(answer.bring(Posted::Taken).unwrap_or(Posted::Unclear))
    }

    async fn adopt_assertion(
        &self,
        _person: &PersonId,
        _assertion: &SecretString,
    ) -> Result<(), ProviderError> {
        Ok(())
    }
}

/// Stands for all of them where chance is drawn.
fn first(rooms: &[MailboxAddress]) -> String {
    rooms.first().map(ToString::to_string).unwrap_or_default()
}
