//! The Graph provider of one process, behind the process's gate.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use booking::event::EventRef;
use booking::ids::{MailboxAddress, SeriesId};
use booking::person::PersonId;
use booking::provider::{
    Actor, CalendarProvider, Capabilities, ChangePage, EventDraft, EventEdit, EventVersion, Letter,
    NotificationTarget, OrganizerCopy, OwnDate, OwnEvent, PageToken, Posted, ProviderError,
    RoomBusyTimes, RoomPage, RoomResponse, SeriesDraft, SeriesRead, Subscription, SubscriptionId,
    SyncCursor, Which, WholeCalendar,
};
use booking::time::{Instant, TimeRange};
use graph::GraphProvider;
use secrecy::SecretString;

use crate::gate::Gate;

/// A provider that can be stopped before it asks, and before it tells what it was answered.
pub(crate) struct GatedProvider {
    inner: GraphProvider,
    gate: Arc<Gate>,
}

impl GatedProvider {
    pub(crate) const fn new(inner: GraphProvider, gate: Arc<Gate>) -> Self {
        Self { inner, gate }
    }

    async fn through<T>(&self, call: impl Future<Output = T>) -> T {
        self.gate.pass().await;
        let answer = call.await;
        self.gate.pass_with_answer().await;
        answer
    }
}

#[async_trait]
impl CalendarProvider for GatedProvider {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    fn application(&self) -> Option<String> {
        self.inner.application()
    }

    fn asked_to_wait(&self, mailbox: &MailboxAddress) -> Option<Duration> {
        self.inner.asked_to_wait(mailbox)
    }

    async fn rooms(&self, page: Option<PageToken>) -> Result<RoomPage, ProviderError> {
        self.through(self.inner.rooms(page)).await
    }

    async fn changes(
        &self,
        room: &MailboxAddress,
        window: TimeRange,
        since: Option<&SyncCursor>,
    ) -> Result<ChangePage, ProviderError> {
        self.through(self.inner.changes(room, window, since)).await
    }

    async fn series(
        &self,
        room: &MailboxAddress,
        window: TimeRange,
        ids: &[String],
    ) -> Result<SeriesRead, ProviderError> {
        self.through(self.inner.series(room, window, ids)).await
    }

    async fn whole_calendar(
        &self,
        room: &MailboxAddress,
        window: TimeRange,
    ) -> Result<WholeCalendar, ProviderError> {
        self.through(self.inner.whole_calendar(room, window)).await
    }

    async fn busy_times(
        &self,
        rooms: &[MailboxAddress],
        window: TimeRange,
    ) -> Result<Vec<RoomBusyTimes>, ProviderError> {
        self.through(self.inner.busy_times(rooms, window)).await
    }

    async fn knows(&self, actor: &Actor) -> Result<(), ProviderError> {
        self.through(self.inner.knows(actor)).await
    }

    async fn preflight(&self, actor: &Actor) -> Result<(), ProviderError> {
        self.through(self.inner.preflight(actor)).await
    }

    async fn create_event(
        &self,
        actor: &Actor,
        draft: &EventDraft,
    ) -> Result<EventRef, ProviderError> {
        self.through(self.inner.create_event(actor, draft)).await
    }

    async fn room_answer(
        &self,
        actor: &Actor,
        event: &EventRef,
        room: &MailboxAddress,
    ) -> Result<OrganizerCopy, ProviderError> {
        self.through(self.inner.room_answer(actor, event, room))
            .await
    }

    async fn find_event(
        &self,
        actor: &Actor,
        room: &MailboxAddress,
        range: TimeRange,
        which: Which,
    ) -> Result<Option<(EventRef, RoomResponse)>, ProviderError> {
        self.through(self.inner.find_event(actor, room, range, which))
            .await
    }

    async fn own_event(
        &self,
        actor: &Actor,
        event: &EventRef,
    ) -> Result<Option<OwnEvent>, ProviderError> {
        self.through(self.inner.own_event(actor, event)).await
    }

    async fn edit_event(
        &self,
        actor: &Actor,
        event: &EventRef,
        version: &EventVersion,
        edit: &EventEdit,
    ) -> Result<(), ProviderError> {
        self.through(self.inner.edit_event(actor, event, version, edit))
            .await
    }

    async fn cancel_event(
        &self,
        actor: &Actor,
        event: &EventRef,
        note: &str,
    ) -> Result<(), ProviderError> {
        self.through(self.inner.cancel_event(actor, event, note))
            .await
    }

    async fn create_series(
        &self,
        actor: &Actor,
        draft: &SeriesDraft,
    ) -> Result<EventRef, ProviderError> {
        self.through(self.inner.create_series(actor, draft)).await
    }

    async fn find_series(
        &self,
        actor: &Actor,
        series: SeriesId,
        window: TimeRange,
    ) -> Result<Option<EventRef>, ProviderError> {
        self.through(self.inner.find_series(actor, series, window))
            .await
    }

    async fn series_dates(
        &self,
        actor: &Actor,
        series: &EventRef,
        window: TimeRange,
    ) -> Result<Option<Vec<OwnDate>>, ProviderError> {
        self.through(self.inner.series_dates(actor, series, window))
            .await
    }

    async fn delete_event(&self, actor: &Actor, event: &EventRef) -> Result<(), ProviderError> {
        self.through(self.inner.delete_event(actor, event)).await
    }

    async fn decline_as_room(
        &self,
        room: &MailboxAddress,
        event: &EventRef,
        range: TimeRange,
    ) -> Result<(), ProviderError> {
        self.through(self.inner.decline_as_room(room, event, range))
            .await
    }

    async fn subscribe(
        &self,
        room: &MailboxAddress,
        target: &NotificationTarget,
    ) -> Result<Subscription, ProviderError> {
        self.through(self.inner.subscribe(room, target)).await
    }

    async fn renew(
        &self,
        id: &SubscriptionId,
        until: Instant,
    ) -> Result<Subscription, ProviderError> {
        self.through(self.inner.renew(id, until)).await
    }

    async fn renew_all(
        &self,
        ids: &[SubscriptionId],
        until: Instant,
    ) -> Vec<Result<Subscription, ProviderError>> {
        self.through(self.inner.renew_all(ids, until)).await
    }

    async fn unsubscribe(&self, id: &SubscriptionId) -> Result<(), ProviderError> {
        self.through(self.inner.unsubscribe(id)).await
    }

    async fn send_letter(&self, letter: &Letter) -> Result<Posted, ProviderError> {
        self.through(self.inner.send_letter(letter)).await
    }

    async fn check_letters(&self) -> Result<(), ProviderError> {
        self.through(self.inner.check_letters()).await
    }

    async fn adopt_assertion(
        &self,
        person: &PersonId,
        assertion: &SecretString,
    ) -> Result<(), ProviderError> {
        self.through(self.inner.adopt_assertion(person, assertion))
            .await
    }
}
