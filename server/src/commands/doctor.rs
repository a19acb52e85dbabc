//! `etage doctor`: the settings in force, and whether what they name answers.
//!
//! It looks at the database as it is and brings no schema up, so that it can be run beside a server of another version.

use std::sync::Arc;

use anyhow::{Context, bail};
use booking::ids::MailboxAddress;
use booking::provider::{Actor, CalendarProvider, ProviderError, Which};
use booking::room::Room;
use booking::time::{Clock, HOUR_MS, TimeRange};
use store::{SealingKey, Store};

use super::{credential, say};
use crate::clock::{SystemClock, SystemRandom};
use crate::config::Config;
use crate::wire;

/// Why something cannot be used, with what to do about it; or what it answered.
type Answer = Result<String, String>;

const PLACES: &str =
    "give the application Place.Read.All with admin consent (docs/OPERATING.md, Permissions)";
const CALENDARS: &str = "give the application Calendars.Read for the mailboxes of the rooms (docs/OPERATING.md, \
    Permissions); changes take up to two hours";
const MAIL: &str = "give the application Mail.Send for the booking mailbox (docs/OPERATING.md, Letters), or set \
    ETAGE_NOTICES=none; changes take up to two hours";
const OWN_MAILBOX: &str = "see that the booking mailbox is that account's own, and run `etage connect` with the right ones";

pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    for (name, value) in config.describe() {
        say(format_args!("{name:24} {value}"));
    }
    let mut report = Report { faults: 0 };
    look(config, &mut report).await;
    if report.faults > 0 {
        bail!("{} of the above need attention", report.faults);
    }
    Ok(())
}

struct Report {
    faults: usize,
}

impl Report {
    fn tell(&mut self, what: impl std::fmt::Display, answer: Answer) {
        match answer {
            Ok(detail) => say(format_args!("ok      {what}: {detail}")),
            Err(why) => {
                self.faults += 1;
                say(format_args!("FAILED  {what}: {why}"));
            }
        }
    }
}

async fn look(config: &Config, report: &mut Report) {
    let (store, rooms) = match database(config).await {
        Ok(found) => found,
        Err(error) => return report.tell("database", Err(format!("{error:#}"))),
    };
    report.tell("database", Ok("answers".to_owned()));
    report.tell("rooms", linked(&rooms));
    if let Err(error) = connections(config, store, &rooms, report).await {
        report.tell("connections", Err(format!("{error:#}")));
    }
}

/// The store as it is, and the rooms in it.
async fn database(config: &Config) -> anyhow::Result<(Store, Vec<Room>)> {
    let folder = &config.data_dir;
    let is_absent = |file: &str| !folder.join(file).exists();
    if config.database.file_in(folder).is_some_and(is_absent) {
        bail!("there is none in the data folder yet; `etage migrate` makes it");
    }
    if config.database.sealing_key.is_none() && is_absent("sealing.key") {
        bail!(
            "its sealing key is not in the data folder; put it back, or for a new database let `etage migrate` make one"
        );
    }
    let key = config.database.sealing_key_or_made(folder, &SystemRandom)?;
    let key = SealingKey::parse(&key).context(
        "the sealing key must be 32 bytes in base64; check ETAGE_SEALING_KEY, or sealing.key in the data folder",
    )?;
    let store = Store::open(&config.database.url, key)
        .await
        .context("it cannot be opened; check ETAGE_DATABASE_URL")?;
    let rooms = store.rooms().await.context(
        "it cannot be read; where its schema is of an older version, `etage migrate` or a start of the server brings \
         it up",
    )?;
    Ok((store, rooms))
}

fn linked(rooms: &[Room]) -> Answer {
    match rooms.iter().filter(|room| room.link.is_some()).count() {
        0 => Err(format!(
            "{} on plans, none linked; run `etage import-plan` and `etage link-rooms`",
            rooms.len()
        )),
        linked => Ok(format!("{linked} of {} linked", rooms.len())),
    }
}

/// Three questions to each tenant, which need two permissions between them, and one more where there is a service account
/// or where people are told by mail.
async fn connections(
    config: &Config,
    store: Store,
    rooms: &[Room],
    report: &mut Report,
) -> anyhow::Result<()> {
    let clock = Arc::new(SystemClock);
    let engine = wire::engine(config, store, clock, Arc::new(SystemRandom)).await?;
    let connections = engine.store().connections().await?;
    if connections.is_empty() {
        bail!("none; run `etage connect`, then restart the server");
    }
    let now = SystemClock.now();
    let hour = TimeRange::new(now, now.plus_ms(HOUR_MS))?;
    for connection in connections {
        let name = &connection.name;
        let provider = engine
            .providers()
            .get(connection.id)
            .context("one was made while this looked; look again")?;
        let provider = provider.as_ref();
        let credential = credential::describe(&wire::credential(&connection)?, now);
        report.tell(format_args!("{name}, credential"), credential);
        report.tell(format_args!("{name}, rooms"), tenant_rooms(provider).await);
        if connection.service_account.is_some() {
            let answer = booking_account(provider, &connection.booking_mailbox, hour).await;
            report.tell(format_args!("{name}, booking account"), answer);
        }
        if config.letters.by_mail {
            let answer = letters(provider, &connection.booking_mailbox).await;
            report.tell(format_args!("{name}, letters"), answer);
        }
        let mut links = rooms.iter().filter_map(|room| room.link.as_ref());
        let Some(link) = links.find(|link| link.connection == connection.id) else {
            let why = "not tried, because no room is linked to it; run `etage link-rooms`";
            report.tell(format_args!("{name}, calendars"), Err(why.to_owned()));
            continue;
        };
        let mailbox = &link.mailbox;
        let answer = busy_times(provider, mailbox, hour).await;
        report.tell(format_args!("{name}, busy times of {mailbox}"), answer);
        let answer = changes(provider, mailbox, hour).await;
        report.tell(format_args!("{name}, changes of {mailbox}"), answer);
    }
    Ok(())
}

async fn tenant_rooms(provider: &dyn CalendarProvider) -> Answer {
    match provider.rooms(None).await {
        Ok(page) => {
            let more = if page.next.is_some() {
                "more than "
            } else {
                ""
            };
            Ok(format!("tells of {more}{}", page.rooms.len()))
        }
        Err(error) => Err(with_remedy(&error, PLACES)),
    }
}

/// Looks into the booking mailbox's calendar by its own permission, which is the one it books by.
async fn booking_account(
    provider: &dyn CalendarProvider,
    mailbox: &MailboxAddress,
    hour: TimeRange,
) -> Answer {
    let looked = provider.find_event(&Actor::BookingMailbox, mailbox, hour, Which::SentByPerson);
    match looked.await {
        Ok(_) => Ok(format!("is signed in, and {mailbox} is its mailbox")),
        Err(error) => Err(with_remedy(&error, OWN_MAILBOX)),
    }
}

/// Tries to send from the booking mailbox, to nobody.
async fn letters(provider: &dyn CalendarProvider, mailbox: &MailboxAddress) -> Answer {
    match provider.check_letters().await {
        Ok(()) => Ok(format!("can be sent from {mailbox}; none was")),
        Err(error) => Err(with_remedy(&error, MAIL)),
    }
}

async fn busy_times(
    provider: &dyn CalendarProvider,
    mailbox: &MailboxAddress,
    hour: TimeRange,
) -> Answer {
    let told = provider
        .busy_times(std::slice::from_ref(mailbox), hour)
        .await
        .map_err(|error| with_remedy(&error, CALENDARS))?;
    match told.into_iter().next().map(|room| room.schedule) {
        Some(Ok(times)) => Ok(format!("{} in the next hour", times.len())),
        Some(Err(error)) => Err(format!(
            "{error}; see that the mailbox is there, and {CALENDARS}"
        )),
        None => Err("nothing was said of it; look again later".to_owned()),
    }
}

async fn changes(
    provider: &dyn CalendarProvider,
    mailbox: &MailboxAddress,
    hour: TimeRange,
) -> Answer {
    match provider.changes(mailbox, hour, None).await {
        Ok(page) => Ok(format!("{} on the first page", page.changes.len())),
        Err(error) => Err(with_remedy(&error, CALENDARS)),
    }
}

/// What went wrong and what to do about it. `permission`: how to give the one that was needed.
fn with_remedy(error: &ProviderError, permission: &str) -> String {
    let remedy = match error {
        ProviderError::Denied { .. } => permission,
        ProviderError::Mailbox { fault, .. } if fault.is_denial() => permission,
        ProviderError::Mailbox { .. } => {
            "see that the mailbox is there, is licensed and is in Exchange Online, and run `etage link-rooms` when rooms \
             have got other ones"
        }
        ProviderError::TenantGone { .. } => {
            "see that the tenant is there and has the application, give consent again, run `etage connect` again, then \
             restart the server"
        }
        ProviderError::SignInBroken { .. } | ProviderError::ApplicationRefused { .. } => {
            "see that application and credential are still valid, run `etage connect` again, then restart the server"
        }
        ProviderError::ServiceAccountSignedOut { .. } => {
            "sign in as that account at ETAGE_ORIGIN/sign-in, in a private window; nothing has to be restarted"
        }
        ProviderError::NotFound { .. } => {
            "see that the mailbox is there, and run `etage link-rooms` when rooms have got other ones"
        }
        ProviderError::Retry { .. } => {
            "see that this machine reaches ETAGE_GRAPH_URL and ETAGE_LOGIN_URL, and look again later"
        }
        ProviderError::Conflict { .. }
        | ProviderError::CursorExpired
        | ProviderError::Unsupported { .. }
        | ProviderError::LimitReached { .. }
        | ProviderError::Bug { .. } => "this should not happen; report it with these words",
    };
    format!("{error}; {remedy}")
}
