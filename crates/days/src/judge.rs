//! What must be true once all is quiet. The judge asks Microsoft by itself and reads the database past all gates.

mod calendars;
mod index;
mod promises;

use std::collections::{BTreeMap, BTreeSet};

use booking::event::BusyKind;
use booking::ids::{MailboxAddress, RoomId};
use booking::room::Room;
use booking::time::{DAY_MS, HOUR_MS, Instant, MINUTE_MS, TimeRange};
use m365_sim::{Scenario, Sim};
use parking_lot::Mutex;
use serde_json::Value;

use crate::office::{AUDITOR, RoomKind};
use crate::world::{WINDOW_DAYS, World};

pub(crate) use promises::reservations as all_reservations;

/// How long a token is used.
const TOKEN_KEPT_MS: i64 = HOUR_MS / 2;
/// How long ago a room was read last, at most: the backstop, and what a settling takes.
const READ_WITHIN_MS: i64 = 26 * MINUTE_MS;

/// Somebody with the application's rights, and no code of Etage's between Graph and what they see.
#[derive(Debug)]
pub struct Judge {
    origin: String,
    http: reqwest::Client,
    token: Mutex<Option<(Instant, String)>>,
}

/// One stretch of taken time in a room's calendar, read afresh.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Taken {
    pub(crate) start: Instant,
    pub(crate) end: Instant,
    pub(crate) uid: String,
    pub(crate) kind: BusyKind,
    pub(crate) organizer: Option<MailboxAddress>,
}

/// What the judge saw of each room, and over which window.
type Seen = BTreeMap<RoomId, (TimeRange, Vec<Taken>)>;

impl Taken {
    pub(crate) fn range(&self) -> TimeRange {
        TimeRange::new(self.start, self.end).unwrap()
    }
}

impl Judge {
    pub(crate) fn new(sim: &Sim, http: reqwest::Client) -> Self {
        Self {
            origin: sim.url().to_owned(),
            http,
            token: Mutex::new(None),
        }
    }

    /// Everything that is not as it must be, in sentences. `touched`: the UIDs of events that somebody changed in Outlook,
    /// or in the room's calendar; what Etage wrote stays as it wrote it as long as nobody does.
    pub async fn findings(&self, world: &World, touched: &BTreeSet<String>) -> Vec<String> {
        let mut findings = Vec::new();
        let mut seen = Seen::new();
        for room in readable(world) {
            findings.extend(self.of_room(world, room, &mut seen).await);
        }
        findings.extend(promises::findings(self, world, &seen, touched).await);
        findings.extend(index::findings(world).await);
        findings
    }

    /// Where what Etage keeps of rooms is not what their calendars show.
    pub async fn differences(&self, world: &World) -> Vec<String> {
        let mut findings = Vec::new();
        for room in readable(world) {
            findings.extend(self.of_room(world, room, &mut Seen::new()).await);
        }
        findings
    }

    async fn of_room(&self, world: &World, room: &Room, seen: &mut Seen) -> Vec<String> {
        let name = &room.name;
        let Some(sync) = world.store().room_sync(room.id).await.unwrap() else {
            return vec![format!("{name}: nothing is known of its calendar")];
        };
        let Some(window) = sync.window else {
            return vec![format!("{name}: its calendar was never read: {sync:?}")];
        };
        let mut findings = Vec::new();
        let now = world.now();
        if sync.dirty || sync.last_error.is_some() {
            findings.push(format!("{name}: it is still to be read: {sync:?}"));
        }
        if sync
            .synced_at
            .is_none_or(|at| now.since_ms(at) > READ_WITHIN_MS)
        {
            findings.push(format!("{name}: not read for long, at {now:?}: {sync:?}"));
        }
        // A day for the roll of the window, another for what nobody reads at night.
        let reach = now.plus_ms((WINDOW_DAYS - 2) * DAY_MS);
        if window.start() > now || window.end() < reach {
            findings.push(format!(
                "{name}: its window {window:?} does not cover {now:?} to {reach:?}"
            ));
        }
        let shown = self.calendar(world, room, window).await;
        let mut kept: Vec<Taken> = world
            .store()
            .busy_times_of(room.id, window)
            .await
            .unwrap()
            .into_iter()
            .map(|busy| Taken {
                start: busy.range.start(),
                end: busy.range.end(),
                uid: busy.ical_uid.unwrap_or_default(),
                kind: busy.kind,
                organizer: busy.organizer.and_then(|one| one.address),
            })
            .collect();
        kept.sort();
        for one in shown.iter().filter(|one| !kept.contains(one)) {
            findings.push(format!("{name}: the mirror lacks {one:?}"));
        }
        for one in kept.iter().filter(|one| !shown.contains(one)) {
            findings.push(format!(
                "{name}: the mirror shows what is not there, {one:?}"
            ));
        }
        if findings.is_empty() && kept.len() != shown.len() {
            findings.push(format!(
                "{name}: the mirror shows something twice: {kept:?}"
            ));
        }
        seen.insert(room.id, (window, shown));
        findings
    }

    /// A token of the auditor; a new one when the last is old.
    async fn token(&self, now: Instant) -> String {
        let kept = self.token.lock().clone();
        if let Some((since, token)) = kept
            && (0..TOKEN_KEPT_MS).contains(&now.since_ms(since))
        {
            return token;
        }
        let url = format!(
            "{}/{}/oauth2/v2.0/token",
            self.origin,
            Scenario::CONTOSO_TENANT_ID
        );
        let client_id = AUDITOR.to_string();
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", client_id.as_str()),
            ("client_secret", Scenario::CONTOSO_SECRET),
            ("scope", "https://graph.microsoft.com/.default"),
        ];
        let answer = self.http.post(url).form(&form).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        let token = answer["access_token"].as_str().unwrap().to_owned();
        *self.token.lock() = Some((now, token.clone()));
        token
    }
}

/// The rooms whose calendars Graph shows.
pub(crate) fn readable(world: &World) -> impl Iterator<Item = &Room> {
    let rooms = world.rooms.iter().zip(&world.kinds);
    rooms
        .filter(|(_, kind)| **kind != RoomKind::OnPremises)
        .map(|(room, _)| room)
}
