//! A simulated tenant, a provider that talks to it, and a keeper of grants in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use booking::event::EventRef;
use booking::ids::{MailboxAddress, ReservationId};
use booking::person::PersonId;
use booking::provider::{
    Actor, CalendarProvider, ChangePage, EventChange, EventDraft, GrantKeeper, Next, ProviderError,
    SyncCursor,
};
use booking::random::{Random as _, SeededRandom};
use booking::time::{Clock as _, DAY_MS, HOUR_MS, Instant, MockClock, TimeRange, ZoneName};
use graph::access::{RefreshTokens, Registration};
use graph::ambient::Ambient;
use graph::provider::{BookingAccess, BookingMailbox};
use graph::throttle::Limits;
use graph::{
    Credential, GraphAccess, GraphClient, GraphConfig, GraphError, GraphProvider, PersonKey,
};
use m365_sim::contract::ContractObserver;
use m365_sim::{Fault, FaultAction, Scenario, Sim, SimOptions};
use secrecy::{ExposeSecret, SecretString};
use url::Url;
use uuid::Uuid;

use crate::outside;

/// Monday, 23 November 2026, 08:00 UTC.
pub(crate) const MONDAY: Instant = Instant(1_795_420_800_000);
pub(crate) const ADELE: &str = "adele.vance@contoso.com";
pub(crate) const MEGAN: &str = "megan.bowen@contoso.com";

/// Refresh tokens in memory.
#[derive(Default)]
pub(crate) struct MemoryKeeper(pub(crate) Mutex<BTreeMap<PersonId, String>>);

#[async_trait]
impl GrantKeeper for MemoryKeeper {
    async fn grant(&self, person: &PersonId) -> Result<Option<SecretString>, ProviderError> {
        let kept = self.0.lock().unwrap().get(person).cloned();
        Ok(kept.map(SecretString::from))
    }

    async fn keep(
        &self,
        person: &PersonId,
        refresh_token: &SecretString,
    ) -> Result<(), ProviderError> {
        let text = refresh_token.expose_secret().to_owned();
        self.0.lock().unwrap().insert(*person, text);
        Ok(())
    }

    async fn forget(&self, person: &PersonId) -> Result<(), ProviderError> {
        self.0.lock().unwrap().remove(person);
        Ok(())
    }
}

/// Everything a test needs.
pub(crate) struct World {
    pub(crate) sim: Sim,
    pub(crate) provider: GraphProvider,
    pub(crate) keeper: Arc<MemoryKeeper>,
    pub(crate) clock: Arc<MockClock>,
    contract: ContractObserver,
}

impl World {
    /// Exchange keeps the application, when it acts as itself, to the rooms and the booking mailbox.
    pub(crate) async fn start() -> Self {
        Self::with(Scenario::contoso().with_apps_kept_to_rooms_and(&[MEGAN])).await
    }

    pub(crate) async fn with(scenario: Scenario) -> Self {
        let start = jiff::Timestamp::from_millisecond(MONDAY.0).unwrap();
        let contract = ContractObserver::from_reference();
        let options = SimOptions::explicit().with_observer(contract.observer());
        let scenario = scenario.with_clock(start).with_app(outside::program());
        let sim = Sim::start(scenario, options).await.unwrap();
        let keeper = Arc::new(MemoryKeeper::default());
        let clock = Arc::new(MockClock::at(MONDAY));
        let provider = provider(config(&sim), keeper.clone(), &clock);
        Self {
            sim,
            provider,
            keeper,
            clock,
            contract,
        }
    }

    /// Another provider for the same tenant: what a restart, or another process, is.
    pub(crate) fn restarted(&self) -> GraphProvider {
        self.with_config(self.config())
    }

    /// How the provider reaches the tenant.
    pub(crate) fn config(&self) -> GraphConfig {
        config(&self.sim)
    }

    /// A provider that reaches it otherwise.
    pub(crate) fn with_config(&self, config: GraphConfig) -> GraphProvider {
        provider(config, self.keeper.clone(), &self.clock)
    }

    /// A provider whose grants are kept elsewhere.
    pub(crate) fn with_keeper(&self, keeper: Arc<dyn GrantKeeper>) -> GraphProvider {
        provider(self.config(), keeper, &self.clock)
    }

    /// A provider whose client secret is wrong.
    pub(crate) fn with_secret(&self, secret: &str) -> GraphProvider {
        self.with_credential(Credential::Secret(SecretString::from(secret)))
    }

    /// A provider that proves itself with this.
    pub(crate) fn with_credential(&self, credential: Credential) -> GraphProvider {
        self.with_config(GraphConfig {
            credential,
            ..self.config()
        })
    }

    /// A client below the provider, with limits of its own.
    pub(crate) fn client(&self, limits: Limits) -> GraphClient {
        self.client_of(&Url::parse(self.sim.url()).unwrap(), limits)
    }

    /// The same, with its tokens from another identity provider.
    pub(crate) fn client_of(&self, login_url: &Url, limits: Limits) -> GraphClient {
        let client = self.client_as(Scenario::CONTOSO_CLIENT_ID, login_url);
        client.with_limits(limits)
    }

    /// A client for this application of the tenant.
    pub(crate) fn client_as(&self, application: Uuid, login_url: &Url) -> GraphClient {
        let url = Url::parse(self.sim.url()).unwrap();
        let registration = Registration {
            login_url: login_url.clone(),
            tenant: Scenario::CONTOSO_TENANT_ID.to_string(),
            client_id: application.to_string(),
            credential: own_secret(),
            resource: "https://graph.microsoft.com".to_owned(),
        };
        let ambient = Arc::new(TestAmbient {
            clock: self.clock.clone(),
            random: SeededRandom::new(8),
        });
        let tokens = Arc::new(NoTokens);
        let access = GraphAccess::new(registration, http(), ambient.clone(), tokens).unwrap();
        GraphClient::new(&url, http(), Arc::new(access), ambient).unwrap()
    }

    /// Moves both clocks, ours and Microsoft's.
    pub(crate) fn advance_ms(&self, ms: i64) {
        self.clock.advance_ms(ms);
        self.sim
            .clock()
            .advance(jiff::SignedDuration::from_millis(ms));
    }

    pub(crate) fn person(&self, address: &str) -> PersonId {
        PersonId {
            tenant: Scenario::CONTOSO_TENANT_ID,
            object: self.sim.mailbox_id(address).unwrap(),
        }
    }

    /// The token that the Outlook pane shows us for a person.
    pub(crate) fn pane_token(&self, address: &str) -> SecretString {
        let scope = format!(
            "api://localhost:3000/{0}/access_as_user",
            Scenario::CONTOSO_CLIENT_ID
        );
        let issued = self
            .sim
            .token_for(address, Scenario::CONTOSO_CLIENT_ID, &[&scope])
            .unwrap();
        SecretString::from(issued.access_token)
    }

    /// Lets Microsoft do this from now on, which has to be met before the test ends.
    pub(crate) fn inject(&self, fault: Fault) {
        self.sim.faults().add(fault).unwrap();
    }

    /// A person whose permission we have.
    pub(crate) async fn signed_in(&self, address: &str) -> Actor {
        let person = self.person(address);
        self.provider
            .adopt_assertion(&person, &self.pane_token(address))
            .await
            .unwrap();
        Actor::Person(person)
    }

    /// Books a room and lets it answer.
    pub(crate) async fn booked(&self, actor: &Actor, draft: &EventDraft) -> EventRef {
        let event = self.provider.create_event(actor, draft).await.unwrap();
        self.sim.drain().await;
        event
    }

    /// Reads changes to the end of the round, each page's as they come, then the series they name, and the cursor to keep.
    pub(crate) async fn round(
        &self,
        room: &MailboxAddress,
        since: Option<SyncCursor>,
    ) -> Result<(Vec<EventChange>, SyncCursor), ProviderError> {
        self.round_of(room, window(), since).await
    }

    /// The same over another window.
    pub(crate) async fn round_of(
        &self,
        room: &MailboxAddress,
        window: TimeRange,
        since: Option<SyncCursor>,
    ) -> Result<(Vec<EventChange>, SyncCursor), ProviderError> {
        let mut changes = Vec::new();
        let mut series = BTreeSet::new();
        let mut cursor = since;
        loop {
            let page: ChangePage = self.provider.changes(room, window, cursor.as_ref()).await?;
            changes.extend(page.changes);
            series.extend(page.series);
            match page.next {
                Next::More(next) => cursor = Some(next),
                Next::Done(done) => {
                    let ids: Vec<String> = series.into_iter().collect();
                    let read = self.provider.series(room, window, &ids).await?;
                    changes.extend(read.changes);
                    return Ok((changes, done));
                }
            }
        }
    }

    /// How often a path that ends like this was asked for.
    pub(crate) fn requests_ending(&self, end: &str) -> usize {
        let requests = self.sim.requests();
        requests
            .iter()
            .filter(|request| request.path.to_lowercase().ends_with(&end.to_lowercase()))
            .count()
    }
}

/// What a test asked of Graph, and what it was answered, must be what Graph's contract allows, and its faults must have been met.
impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        assert_eq!(
            self.contract.request_violations(),
            [],
            "requests break Graph's contract"
        );
        assert_eq!(
            self.contract.violations(),
            [],
            "the simulator breaks Graph's contract"
        );
        for report in self.sim.faults().all() {
            assert!(report.fired > 0, "never met: {:?}", report.fault);
        }
    }
}

/// An error answer that asks for no wait.
pub(crate) fn refusing(status: u16, code: &str) -> FaultAction {
    FaultAction::Status {
        status,
        code: code.to_owned(),
        message: None,
        retry_after_seconds: None,
    }
}

/// The wait that a failure which may be tried again names.
pub(crate) fn wait_named<T: Debug>(outcome: Result<T, ProviderError>) -> Duration {
    match outcome {
        Err(ProviderError::Retry {
            after: Some(after), ..
        }) => after,
        other => panic!("no wait is named: {other:?}"),
    }
}

fn own_secret() -> Credential {
    Credential::Secret(SecretString::from(Scenario::CONTOSO_SECRET))
}

fn config(sim: &Sim) -> GraphConfig {
    GraphConfig {
        graph_url: Url::parse(sim.url()).unwrap(),
        login_url: Url::parse(sim.url()).unwrap(),
        tenant: Scenario::CONTOSO_TENANT_ID.to_string(),
        client_id: Scenario::CONTOSO_CLIENT_ID.to_string(),
        credential: own_secret(),
        booking_mailbox: Some(BookingMailbox {
            address: address(MEGAN),
            access: BookingAccess::Application,
        }),
        resource: None,
    }
}

fn provider(
    config: GraphConfig,
    keeper: Arc<dyn GrantKeeper>,
    clock: &Arc<MockClock>,
) -> GraphProvider {
    let random = Arc::new(SeededRandom::new(7));
    GraphProvider::new(config, http(), clock.clone(), random, keeper).unwrap()
}

fn http() -> reqwest::Client {
    let redirects = reqwest::redirect::Policy::none();
    let builder = reqwest::Client::builder().no_proxy().redirect(redirects);
    builder.build().unwrap()
}

/// The clock of the test, and randomness that repeats.
struct TestAmbient {
    clock: Arc<MockClock>,
    random: SeededRandom,
}

impl Ambient for TestAmbient {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.clock.now().0).unwrap()
    }

    fn uuid(&self) -> uuid::Uuid {
        self.random.uuid()
    }
}

/// Nobody's permission.
struct NoTokens;

#[async_trait]
impl RefreshTokens for NoTokens {
    async fn load(&self, _: PersonKey) -> Result<Option<SecretString>, GraphError> {
        Ok(None)
    }

    async fn keep(&self, _: PersonKey, _: &SecretString) -> Result<(), GraphError> {
        Ok(())
    }

    async fn forget(&self, _: PersonKey) -> Result<(), GraphError> {
        Ok(())
    }
}

pub(crate) fn address(text: &str) -> MailboxAddress {
    MailboxAddress::parse(text).unwrap()
}

pub(crate) fn room(number: u32) -> MailboxAddress {
    address(&format!("room{number}@contoso.com"))
}

/// So many hours after the start, for so many hours.
pub(crate) fn hours(from: i64, length: i64) -> TimeRange {
    let start = MONDAY.plus_ms(from * HOUR_MS);
    TimeRange::new(start, start.plus_ms(length * HOUR_MS)).unwrap()
}

/// From yesterday on for 60 days.
pub(crate) fn window() -> TimeRange {
    TimeRange::new(MONDAY.plus_ms(-DAY_MS), MONDAY.plus_ms(59 * DAY_MS)).unwrap()
}

pub(crate) fn draft(reservation: u128, room: &MailboxAddress, range: TimeRange) -> EventDraft {
    EventDraft {
        reservation: ReservationId(uuid::Uuid::from_u128(reservation)),
        subject: "Planning".to_owned(),
        range,
        zone: ZoneName("Europe/Helsinki".to_owned()),
        room: room.clone(),
        room_name: "Room".to_owned(),
        attendees: Vec::new(),
    }
}
