//! The product's calendar provider over Graph: the seam's words on one side, operations on the other.
//!
//! This module and its children are the only ones that import `booking`. Reading is done as the application; writing
//! as the person or, for the booking mailbox, as the application or as that mailbox's own account. Nothing here keeps
//! state beyond tokens and limits.

mod adapters;
mod booking_mailbox;
mod busy_times;
mod changes;
mod changing;
mod convert;
mod declining;
mod failure;
mod mail;
mod notice;
mod preflight;
#[cfg(test)]
mod properties;
pub mod recurrence;
mod rooms;
mod series;
mod subscriptions;
mod whole_calendar;
mod writing;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use booking::event::EventRef;
use booking::ids::{MailboxAddress, SeriesId};
use booking::person::PersonId;
use booking::provider::{
    Actor, CalendarProvider, Capabilities, ChangePage, EventDraft, EventEdit, EventVersion,
    GrantKeeper, Letter, NotificationTarget, OrganizerCopy, OwnDate, OwnEvent, PageToken, Posted,
    ProviderError, RoomBusyTimes, RoomPage, RoomResponse, SeriesDraft, SeriesRead, Subscription,
    SubscriptionId, SyncCursor, Which, WholeCalendar,
};
use booking::random::Random;
use booking::time::{Clock, Instant, TimeRange};
use secrecy::SecretString;
use url::Url;

use crate::access::{Credential, GraphAccess, Identity, Registration};
use crate::client::GraphClient;
use crate::cloud::Cloud;
use crate::error::GraphError;
use crate::operation::Mailbox;
use crate::ops::schedule::MAILBOXES_MAX;
use crate::retry::RetryPolicy;

pub use booking_mailbox::{BookingAccess, BookingMailbox};

use adapters::{Keeper, Surroundings, person_key};
use failure::provider_error;

/// What a connection to a tenant needs to know.
#[derive(Clone, Debug)]
pub struct GraphConfig {
    /// Graph's origin, such as `https://graph.microsoft.com`; without the version.
    pub graph_url: Url,
    /// The identity provider's origin, such as `https://login.microsoftonline.com`.
    pub login_url: Url,
    /// The tenant's id or domain.
    pub tenant: String,
    /// The application (client) id.
    pub client_id: String,
    /// What the application proves itself with.
    pub credential: Credential,
    /// The mailbox that books for displays and guests. `None`: nothing can be booked but in people's names.
    pub booking_mailbox: Option<BookingMailbox>,
    /// The origin that names Graph in scopes. `None`: that of the cloud that `graph_url` belongs to, or of the global
    /// cloud when it belongs to none.
    pub resource: Option<String>,
}

impl GraphConfig {
    fn resource(&self) -> String {
        if let Some(resource) = &self.resource {
            return resource.trim_end_matches('/').to_owned();
        }
        resource_of(&self.graph_url)
    }
}

/// The origin that names Graph in scopes: that of the cloud `graph_url` belongs to, or of the global cloud when it
/// belongs to none.
pub fn resource_of(graph_url: &Url) -> String {
    let cloud = Cloud::of_graph(graph_url).unwrap_or(Cloud::Global);
    cloud.graph_url().to_owned()
}

/// One tenant's calendars, over Graph.
#[derive(Debug)]
pub struct GraphProvider {
    client: GraphClient,
    access: Arc<GraphAccess>,
    surroundings: Arc<Surroundings>,
    booking_mailbox: Option<BookingMailbox>,
    client_id: String,
}

impl GraphProvider {
    /// A provider for one connection. Asks nobody anything yet.
    ///
    /// `http` should follow no redirects: neither Graph nor the identity provider sends any, and the application's
    /// credential must not be carried to wherever a forged one leads. Time limits are set on each request here.
    ///
    /// # Errors
    /// [`GraphError::Configuration`] when an address cannot be used.
    pub fn new(
        config: GraphConfig,
        http: reqwest::Client,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        grants: Arc<dyn GrantKeeper>,
    ) -> Result<Self, GraphError> {
        let resource = config.resource();
        let surroundings = Arc::new(Surroundings::new(clock, random));
        let registration = Registration {
            login_url: config.login_url,
            tenant: config.tenant,
            client_id: config.client_id.clone(),
            credential: config.credential,
            resource,
        };
        let access = Arc::new(GraphAccess::new(
            registration,
            http.clone(),
            surroundings.clone(),
            Arc::new(Keeper(grants)),
        )?);
        let mut client = GraphClient::new(
            &config.graph_url,
            http,
            Arc::clone(&access),
            surroundings.clone(),
        )?;
        if let Some(booking) = &config.booking_mailbox
            && let Identity::ServiceAccount(account) = booking.identity()
        {
            client = client.with_address_of(account, booking.address.as_str());
        }
        Ok(Self {
            client,
            access,
            surroundings,
            booking_mailbox: config.booking_mailbox,
            client_id: config.client_id,
        })
    }

    /// The same, spending something else than usual on a call.
    #[must_use]
    pub fn with_policy(mut self, policy: RetryPolicy) -> Self {
        self.client = self.client.with_policy(policy);
        self
    }

    /// The client underneath, for operations that are no part of the seam, such as a check of the connection.
    pub fn client(&self) -> &GraphClient {
        &self.client
    }

    /// Whose token an actor's writes carry, and whose calendar they go to.
    fn acting(&self, actor: &Actor) -> Result<(Identity, Mailbox), ProviderError> {
        match actor {
            Actor::Person(person) => Ok((Identity::Person(person_key(person)), Mailbox::Me)),
            Actor::OnBehalf { caller, owner } => {
                Ok((Identity::Delegate(person_key(caller)), mailbox(owner)))
            }
            Actor::BookingMailbox => match &self.booking_mailbox {
                Some(booking) => Ok((booking.identity(), mailbox(&booking.address))),
                None => Err(ProviderError::Unsupported {
                    context: "booking in nobody's name: no booking mailbox is configured",
                }),
            },
        }
    }
}

impl GraphProvider {
    fn booking_address(&self) -> Result<&MailboxAddress, ProviderError> {
        let booking = self.booking_mailbox.as_ref();
        let booking = booking.ok_or(ProviderError::Unsupported {
            context: "sending letters: no booking mailbox is configured",
        });
        booking.map(|booking| &booking.address)
    }
}

fn mailbox(address: &MailboxAddress) -> Mailbox {
    Mailbox::Address(address.as_str().to_owned())
}

#[async_trait]
impl CalendarProvider for GraphProvider {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            push: true,
            place_hierarchy: true,
            cursor_window_fixed: true,
            events_readable: true,
            rooms_per_schedule: MAILBOXES_MAX as u32,
        }
    }

    fn application(&self) -> Option<String> {
        Some(self.client_id.clone())
    }

    fn asked_to_wait(&self, mailbox: &MailboxAddress) -> Option<Duration> {
        self.client.asked_to_wait(mailbox.as_str())
    }

    async fn rooms(&self, page: Option<PageToken>) -> Result<RoomPage, ProviderError> {
        rooms::read(&self.client, page).await
    }

    async fn changes(
        &self,
        room: &MailboxAddress,
        window: TimeRange,
        since: Option<&SyncCursor>,
    ) -> Result<ChangePage, ProviderError> {
        changes::read(&self.client, room, window, since).await
    }

    async fn series(
        &self,
        room: &MailboxAddress,
        window: TimeRange,
        ids: &[String],
    ) -> Result<SeriesRead, ProviderError> {
        changes::series(&self.client, room, window, ids).await
    }

    async fn whole_calendar(
        &self,
        room: &MailboxAddress,
        window: TimeRange,
    ) -> Result<WholeCalendar, ProviderError> {
        whole_calendar::read(&self.client, room, window).await
    }

    async fn busy_times(
        &self,
        rooms: &[MailboxAddress],
        window: TimeRange,
    ) -> Result<Vec<RoomBusyTimes>, ProviderError> {
        let booking_mailbox = self.booking_mailbox.as_ref();
        let asker = booking_mailbox.map(|booking| &booking.address);
        busy_times::read(&self.client, asker, rooms, window).await
    }

    async fn knows(&self, actor: &Actor) -> Result<(), ProviderError> {
        let (who, _) = self.acting(actor)?;
        let token = self.access.token(&who).await;
        token
            .map(|_| ())
            .map_err(|error| provider_error("asking for a token", error))
    }

    async fn preflight(&self, actor: &Actor) -> Result<(), ProviderError> {
        let (who, mailbox) = self.acting(actor)?;
        preflight::preflight(&self.client, &who, mailbox).await
    }

    async fn create_event(
        &self,
        actor: &Actor,
        draft: &EventDraft,
    ) -> Result<EventRef, ProviderError> {
        let (who, mailbox) = self.acting(actor)?;
        writing::create(&self.client, &who, mailbox, draft).await
    }

    async fn room_answer(
        &self,
        actor: &Actor,
        event: &EventRef,
        room: &MailboxAddress,
    ) -> Result<OrganizerCopy, ProviderError> {
        let (who, mailbox) = self.acting(actor)?;
        writing::room_answer(&self.client, &who, mailbox, event, room).await
    }

    async fn find_event(
        &self,
        actor: &Actor,
        room: &MailboxAddress,
        range: TimeRange,
        which: Which,
    ) -> Result<Option<(EventRef, RoomResponse)>, ProviderError> {
        let (who, mailbox) = self.acting(actor)?;
        writing::find(&self.client, &who, mailbox, room, range, which).await
    }

    async fn own_event(
        &self,
        actor: &Actor,
        event: &EventRef,
    ) -> Result<Option<OwnEvent>, ProviderError> {
        let (who, mailbox) = self.acting(actor)?;
        changing::own_event(&self.client, &who, mailbox, event).await
    }

    async fn edit_event(
        &self,
        actor: &Actor,
        event: &EventRef,
        version: &EventVersion,
        edit: &EventEdit,
    ) -> Result<(), ProviderError> {
        let (who, mailbox) = self.acting(actor)?;
        changing::edit(&self.client, &who, mailbox, event, version, edit).await
    }

    async fn cancel_event(
        &self,
        actor: &Actor,
        event: &EventRef,
        note: &str,
    ) -> Result<(), ProviderError> {
        let (who, mailbox) = self.acting(actor)?;
        writing::cancel(&self.client, &who, mailbox, event, note).await
    }

    async fn create_series(
        &self,
        actor: &Actor,
        draft: &SeriesDraft,
    ) -> Result<EventRef, ProviderError> {
        let (who, mailbox) = self.acting(actor)?;
        series::create(&self.client, &who, mailbox, draft).await
    }

    async fn find_series(
        &self,
        actor: &Actor,
        series: SeriesId,
        window: TimeRange,
    ) -> Result<Option<EventRef>, ProviderError> {
        let (who, mailbox) = self.acting(actor)?;
        series::find(&self.client, &who, &mailbox, series, window).await
    }

    async fn series_dates(
        &self,
        actor: &Actor,
        series: &EventRef,
        window: TimeRange,
    ) -> Result<Option<Vec<OwnDate>>, ProviderError> {
        let (who, mailbox) = self.acting(actor)?;
        series::dates(&self.client, &who, mailbox, series, window).await
    }

    async fn delete_event(&self, actor: &Actor, event: &EventRef) -> Result<(), ProviderError> {
        let (who, mailbox) = self.acting(actor)?;
        writing::delete(&self.client, &who, mailbox, event).await
    }

    async fn decline_as_room(
        &self,
        room: &MailboxAddress,
        event: &EventRef,
        range: TimeRange,
    ) -> Result<(), ProviderError> {
        declining::decline(&self.client, room, event, range).await
    }

    async fn subscribe(
        &self,
        room: &MailboxAddress,
        target: &NotificationTarget,
    ) -> Result<Subscription, ProviderError> {
        let now = self.surroundings.instant();
        subscriptions::subscribe(&self.client, room, target, now).await
    }

    async fn renew(
        &self,
        id: &SubscriptionId,
        until: Instant,
    ) -> Result<Subscription, ProviderError> {
        subscriptions::renew(&self.client, id, until, self.surroundings.instant()).await
    }

    async fn renew_all(
        &self,
        ids: &[SubscriptionId],
        until: Instant,
    ) -> Vec<Result<Subscription, ProviderError>> {
        subscriptions::renew_all(&self.client, ids, until, self.surroundings.instant()).await
    }

    async fn unsubscribe(&self, id: &SubscriptionId) -> Result<(), ProviderError> {
        subscriptions::unsubscribe(&self.client, id).await
    }

    async fn send_letter(&self, letter: &Letter) -> Result<Posted, ProviderError> {
        mail::send(&self.client, self.booking_address()?, letter).await
    }

    async fn check_letters(&self) -> Result<(), ProviderError> {
        mail::check(&self.client, self.booking_address()?).await
    }

    async fn adopt_assertion(
        &self,
        person: &PersonId,
        assertion: &SecretString,
    ) -> Result<(), ProviderError> {
        let adopted = self.access.adopt_assertion(person_key(person), assertion);
        adopted
            .await
            .map_err(|error| provider_error("adopting the pane's token", error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(graph_url: &str, resource: Option<&str>) -> String {
        let config = GraphConfig {
            graph_url: Url::parse(graph_url).unwrap(),
            login_url: Url::parse("https://login.microsoftonline.com").unwrap(),
            tenant: "contoso.com".to_owned(),
            client_id: "app".to_owned(),
            credential: Credential::Secret(SecretString::from("secret")),
            booking_mailbox: None,
            resource: resource.map(str::to_owned),
        };
        config.resource()
    }

    #[test]
    fn scopes_name_the_cloud_that_graph_belongs_to() {
        assert_eq!(
            resource("https://graph.microsoft.us/", None),
            "https://graph.microsoft.us"
        );
        assert_eq!(
            resource("http://127.0.0.1:4000/", None),
            Cloud::Global.graph_url()
        );
        assert_eq!(
            resource("http://127.0.0.1:4000/", Some("https://graph.contoso.com/")),
            "https://graph.contoso.com"
        );
    }
}
