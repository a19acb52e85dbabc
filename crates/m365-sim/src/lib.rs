//! A simulated Microsoft 365 tenant over HTTP.
//!
//! One server on one origin plays three parts: Entra ID (`/{tenant}/oauth2/v2.0/…`), Microsoft Graph v1.0
//! (`/v1.0/…`) for users, places, calendars and subscriptions, and the room mailboxes that answer meeting requests
//! some time after they were sent. `/_sim/…` is its remote control.
//!
//! It is written from Microsoft's documentation and judged by Microsoft's contract (feature `contract`), and imports
//! no other crate of this workspace: a misread field name must not be shared by both ends of a test.
//!
//! ```no_run
//! # async fn example() -> Result<(), m365_sim::SimError> {
//! use m365_sim::{Scenario, Sim, SimOptions};
//!
//! let sim = Sim::start(Scenario::contoso(), SimOptions::explicit()).await?;
//! println!("Graph is at {}/v1.0", sim.url());
//! // … a client books a room over HTTP …
//! sim.drain().await; // the room answers, the notifications go out
//! # Ok(())
//! # }
//! ```
//!
//! Where things are: [`scenario`](Scenario) says what a tenant holds, `world` is what happens to it, `room_attendant`
//! decides, `stepping` says when, `entra`, `graph` and `control` are the three faces, `contract` checks them.

mod clock;
#[cfg(feature = "contract")]
pub mod contract;
mod control;
mod cross_origin;
mod dispatch;
mod entra;
mod error;
mod exchange;
mod faults;
mod graph;
mod limits;
mod message;
mod notify;
mod options;
mod random;
mod request_log;
mod room_attendant;
mod scenario;
mod server;
mod shared;
mod sim;
mod snapshots;
mod stepping;
mod time_zone;
mod world;

pub use clock::SimClock;
pub use control::token::IssuedToken;
pub use entra::grants::Revocation;
pub use entra::keys::KeyRotation;
pub use error::SimError;
pub use exchange::{Exchange, Findings, Observer};
pub use faults::{Fault, FaultAction, FaultMatch, FaultPlan, FaultReport, Faults};
pub use graph::DeltaQuirks;
pub use graph::operations::{OPERATIONS, Operation, Scope};
pub use limits::Throttle;
pub use options::{AccessEvaluation, Mode, SimOptions, Tls};
pub use request_log::LoggedRequest;
pub use scenario::{
    AccessPolicy, AccessRight, AccessTokenVersion, AppRegistration, AppRole, AutomateProcessing,
    BareWindow, BookingType, Consent, ExchangeAccess, ExchangeRole, Generate, IdsTaken,
    MailboxState, MalformedIds, PersonRecord, PersonalConsent, PolicyRefusal, Processing,
    QuotedBooleans, Readings, RepeatedCreate, RoomInvitations, RoomListRecord, RoomRecord,
    Scenario, ScenarioEvent, SchedulesOutOfScope, Secret, SeriesEnd, Share, ShareLevel,
    TenantRecord, UnknownMailbox, UnknownPreferredZone, UserConsent, WorkingDay, WorkingHours,
};
pub use sim::Sim;
pub use snapshots::Snapshot;
pub use stepping::{NotificationMode, StepReport};
pub use world::{AttendeeView, EventView, LetterView};
