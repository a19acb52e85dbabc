//! The handle of a running simulator.

use std::sync::Arc;

use tokio_util::sync::{CancellationToken, DropGuard};

use crate::clock::SimClock;
use crate::control::token::{self, IssuedToken};
use crate::entra::grants::Revocation;
use crate::entra::keys::{KeyRotation, NoKey};
use crate::error::SimError;
use crate::faults::Faults;
use crate::graph::DeltaQuirks;
use crate::options::{Mode, SimOptions};
use crate::request_log::LoggedRequest;
use crate::scenario::{
    Consent, ExchangeAccess, MailboxState, Processing, Readings, Scenario, Share,
};
use crate::server;
use crate::shared::Shared;
use crate::snapshots::Snapshot;
use crate::stepping::{self, NotificationMode, StepQueue, StepReport};
use crate::world::{EventView, LetterView, Mailbox, World};

/// A running simulator. Dropping it stops the server and everything that was still to happen.
pub struct Sim {
    shared: Arc<Shared>,
    _stop_on_drop: DropGuard,
}

impl Sim {
    /// Loads the scenario, listens and returns when requests are served.
    ///
    /// # Errors
    /// When the scenario contradicts itself, a fault cannot be, the address is taken or TLS material is unusable.
    pub async fn start(scenario: Scenario, mut options: SimOptions) -> Result<Self, SimError> {
        if options.faults.faults.is_empty() {
            options.faults.clone_from(&scenario.faults);
        }
        let runs = matches!(options.mode, Mode::Auto { .. });
        let clock = Arc::new(SimClock::new(scenario.clock, runs));
        let world = World::load(
            &scenario,
            options.seed,
            Arc::clone(&clock),
            StepQueue::new(options.mode),
        )?;
        let listener = server::listen(&options).await?;
        let public_url = options.public_url.clone().map_or_else(
            || listener.url(),
            |url| url.trim_end_matches('/').to_owned(),
        );
        let shared = Arc::new(Shared::new(
            &options,
            public_url,
            clock,
            notification_client(options.extra_ca_pem.as_deref())?,
            world,
        )?);
        let stop = CancellationToken::new();
        tokio::spawn(stop.clone().run_until_cancelled_owned(server::serve(
            listener,
            Arc::clone(&shared),
            stop.clone(),
        )));
        tokio::spawn(
            stop.clone()
                .run_until_cancelled_owned(stepping::run_due_steps(Arc::clone(&shared))),
        );
        Ok(Self {
            shared,
            _stop_on_drop: stop.drop_guard(),
        })
    }

    /// The origin clients use, such as `http://127.0.0.1:40123`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.shared.public_url
    }

    /// The simulator's clock.
    #[must_use]
    pub fn clock(&self) -> &SimClock {
        &self.shared.clock
    }

    /// The faults to be injected.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// Lets rooms answer and notifications go out by themselves while the clock runs, or only when told to while it stands,
    /// from now on. What is queued stays so.
    pub fn set_mode(&self, mode: Mode) {
        stepping::set_mode(&self.shared, mode);
    }

    /// Runs the oldest queued step: a room's decision or a notification. `None` when nothing is queued but what waits for
    /// the clock: a notification that its receiver refused is tried again after a while, for four hours.
    pub async fn step(&self) -> Option<StepReport> {
        stepping::step(&self.shared).await
    }

    /// Runs queued steps until none is left, also those caused on the way, but for those that wait for the clock.
    pub async fn drain(&self) -> Vec<StepReport> {
        stepping::drain(&self.shared).await
    }

    /// Every copy of an event in a mailbox, by address, in order of start. `None` for an unknown mailbox.
    #[must_use]
    pub fn events(&self, mailbox: &str) -> Option<Vec<EventView>> {
        self.shared
            .world()
            .mailbox(mailbox)
            .map(Mailbox::event_views)
    }

    /// What was sent, oldest first, at most the last 10,000 letters.
    #[must_use]
    pub fn mail(&self) -> Vec<LetterView> {
        self.shared.world().letters.all().cloned().collect()
    }

    /// The directory object id of a mailbox; `None` for an unknown one.
    #[must_use]
    pub fn mailbox_id(&self, mailbox: &str) -> Option<uuid::Uuid> {
        self.shared
            .world()
            .mailbox(mailbox)
            .map(|mailbox| mailbox.id)
    }

    /// Requests served so far, oldest first, at most the last 10,000. Requests to `/_sim` are not among them.
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.shared.log.all()
    }

    /// What is done with notifications from now on.
    pub fn set_notifications(&self, mode: NotificationMode) {
        self.shared.world().steps.notifications = mode;
    }

    /// Changes how a room answers from now on.
    ///
    /// # Errors
    /// [`SimError::Unknown`] when there is no such room, [`SimError::ScenarioContent`] when a setting is out of range.
    pub fn set_processing(&self, room: &str, processing: Processing) -> Result<(), SimError> {
        processing
            .check()
            .map_err(|reason| SimError::ScenarioContent {
                what: "settings of room",
                name: room.to_owned(),
                reason,
            })?;
        let mut world = self.shared.world();
        let found = world.mailbox_mut(room).and_then(Mailbox::room_mut);
        let found = found.ok_or_else(|| SimError::Unknown {
            what: "room",
            name: room.to_owned(),
        })?;
        found.processing = processing;
        Ok(())
    }

    /// Shares a mailbox's calendar with these, and with nobody else any more.
    ///
    /// # Errors
    /// [`SimError::Unknown`] when there is no such mailbox.
    pub fn set_sharing(&self, mailbox: &str, shares: &[Share]) -> Result<(), SimError> {
        let mut world = self.shared.world();
        let found = world.mailbox_mut(mailbox);
        let found = found.ok_or_else(|| SimError::Unknown {
            what: "mailbox",
            name: mailbox.to_owned(),
        })?;
        found.shared_with = shares.to_vec();
        Ok(())
    }

    /// Moves a mailbox out of Exchange Online, which ends its subscriptions, or back.
    ///
    /// # Errors
    /// [`SimError::Unknown`] when there is no such mailbox.
    pub fn set_mailbox_state(&self, mailbox: &str, state: MailboxState) -> Result<(), SimError> {
        let moved = self.shared.world().set_mailbox_state(mailbox, state);
        moved.ok_or_else(|| SimError::Unknown {
            what: "mailbox",
            name: mailbox.to_owned(),
        })
    }

    /// Makes every delta token issued so far answer 410 from now on.
    pub fn expire_delta_tokens(&self) {
        let mut world = self.shared.world();
        let epoch = world.random.uuid();
        world.sync.expire(epoch);
    }

    /// How things are now, to go back to with [`Sim::restore`].
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::take(&self.shared)
    }

    /// Makes calendars, subscriptions, faults, the clock and everything else as they were; the documentation of
    /// `snapshots` lists what. Clients that were told of what came after have to forget it too.
    pub fn restore(&self, snapshot: &Snapshot) {
        snapshot.restore(&self.shared);
    }

    /// Signs tokens with a new key from now on; its id, as the published keys and the tokens' headers name it.
    ///
    /// # Errors
    /// [`SimError::SigningKey`] when no key can be made.
    pub fn rotate_keys(&self, rotation: KeyRotation) -> Result<String, SimError> {
        let rotated = self.shared.keys.rotate(rotation);
        rotated.map_err(|NoKey| SimError::SigningKey)
    }

    /// Ends the sign-ins of a person: they have to sign in again everywhere.
    ///
    /// # Errors
    /// [`SimError::Unknown`] when there is no such person.
    pub fn revoke_sign_ins(&self, person: &str, revocation: Revocation) -> Result<(), SimError> {
        let mut world = self.shared.world();
        if world.mailbox(person).is_none() {
            return Err(SimError::Unknown {
                what: "person",
                name: person.to_owned(),
            });
        }
        world
            .grants
            .revoke(person, revocation, self.shared.clock.now());
        Ok(())
    }

    /// Changes what Exchange's own settings say about an application from now on, in every tenant that knows it.
    ///
    /// # Errors
    /// [`SimError::Unknown`] when there is no such application, [`SimError::ScenarioContent`] when Exchange has no such
    /// role.
    pub fn set_exchange_access(
        &self,
        client_id: uuid::Uuid,
        access: ExchangeAccess,
    ) -> Result<(), SimError> {
        let mut world = self.shared.world();
        world.set_exchange_access(client_id, access, jiff::SignedDuration::ZERO)
    }

    /// What an administrator has consented to for an application, from now on. Tokens are good to their end;
    /// subscriptions that have lost their permission are told `reauthorizationRequired`.
    ///
    /// # Errors
    /// [`SimError::Unknown`] when there is no such application.
    pub fn set_consent(&self, client_id: uuid::Uuid, consent: Consent) -> Result<(), SimError> {
        self.shared.world().set_consent(client_id, consent)
    }

    /// How rounds of changes behave from now on.
    pub fn set_delta_quirks(&self, quirks: DeltaQuirks) {
        self.shared.world().delta = quirks;
    }

    /// How the simulator reads what Microsoft leaves open, from now on.
    ///
    /// # Errors
    /// [`SimError::ScenarioContent`] when a number is not possible, naming the field.
    pub fn set_readings(&self, readings: Readings) -> Result<(), SimError> {
        readings.check()?;
        self.shared.world().readings = readings;
        Ok(())
    }

    /// A delegated access token without the sign-in pages, as single sign-on would give it.
    ///
    /// `scopes` are written as in a token request, such as `Calendars.Read` or `api://…/access_as_user`.
    ///
    /// # Errors
    /// [`SimError::Unknown`] when person, app or scope are unknown or not consented.
    pub fn token_for(
        &self,
        person: &str,
        client_id: uuid::Uuid,
        scopes: &[&str],
    ) -> Result<IssuedToken, SimError> {
        token::issue_for(&self.shared, person, client_id, &scopes.join(" ")).map_err(|error| {
            SimError::Unknown {
                what: "person, app or scope",
                name: error.to_string(),
            }
        })
    }
}

fn notification_client(extra_ca_pem: Option<&str>) -> Result<reqwest::Client, SimError> {
    let mut builder = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none());
    if let Some(pem) = extra_ca_pem {
        for certificate in reqwest::Certificate::from_pem_bundle(pem.as_bytes())
            .map_err(SimError::NotificationClient)?
        {
            builder = builder.add_root_certificate(certificate);
        }
    }
    builder.build().map_err(SimError::NotificationClient)
}
