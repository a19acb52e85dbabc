//! What people and rooms do in Outlook, through the simulator's remote control. Nothing of Etage is asked.

use booking::ids::MailboxAddress;
use booking::time::{Instant, TimeRange};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use m365_sim::{EventView, Sim};
use reqwest::Method;
use serde_json::{Value, json};

use crate::office::{WINDOWS_ZONE, ZONE};

/// A meeting as somebody writes it in Outlook; a Graph event.
#[derive(Clone, PartialEq, Debug)]
pub struct Meeting(Value);

impl Meeting {
    /// At this time, nobody and no room invited.
    pub fn at(range: TimeRange) -> Self {
        Self(json!({
            "subject": "Planning",
            "start": moment(range.start()),
            "end": moment(range.end()),
            "attendees": [],
        }))
    }

    /// All day, in the zone of the office, from this day on.
    pub fn all_day(first: Date, days: i32) -> Self {
        let midnight = |date: Date| json!({ "dateTime": format!("{date}T00:00:00"), "timeZone": WINDOWS_ZONE });
        let last = first
            .checked_add(jiff::Span::new().days(i64::from(days)))
            .unwrap();
        Self(json!({
            "subject": "Away",
            "isAllDay": true,
            "start": midnight(first),
            "end": midnight(last),
            "attendees": [],
        }))
    }

    /// With this room invited, beside those that are already.
    #[must_use]
    pub fn inviting(mut self, room: &MailboxAddress) -> Self {
        if let Some(attendees) = self.0["attendees"].as_array_mut() {
            attendees.push(resource(room.as_str()));
        }
        self
    }

    /// Shown as `free`, `tentative`, `busy`, `oof` or `workingElsewhere`.
    #[must_use]
    pub fn shown_as(mut self, status: &str) -> Self {
        self.0["showAs"] = json!(status);
        self
    }

    /// Private.
    #[must_use]
    pub fn private(mut self) -> Self {
        self.0["sensitivity"] = json!("private");
        self
    }

    /// Called this.
    #[must_use]
    pub fn called(mut self, subject: &str) -> Self {
        self.0["subject"] = json!(subject);
        self
    }

    /// Repeated so many times by this pattern (Graph's `recurrencePattern`), by the clock on the office's wall.
    #[must_use]
    pub fn repeated(mut self, pattern: &Value, times: u32) -> Self {
        let local = |side: &Value| {
            let text = side["dateTime"].as_str().unwrap_or_default();
            let utc: jiff::civil::DateTime = text.parse().unwrap();
            let there = utc.to_zoned(TimeZone::UTC).unwrap();
            there.in_tz(ZONE).unwrap().datetime()
        };
        let (start, end) = (local(&self.0["start"]), local(&self.0["end"]));
        let wall = |at: jiff::civil::DateTime| json!({ "dateTime": at.to_string(), "timeZone": WINDOWS_ZONE });
        self.0["start"] = wall(start);
        self.0["end"] = wall(end);
        self.0["recurrence"] = json!({
            "pattern": pattern,
            "range": {
                "type": "numbered",
                "startDate": start.date().to_string(),
                "numberOfOccurrences": times,
                "recurrenceTimeZone": WINDOWS_ZONE,
            },
        });
        self
    }

    /// Every day, so many times.
    #[must_use]
    pub fn daily(self, times: u32) -> Self {
        self.repeated(&json!({ "type": "daily", "interval": 1 }), times)
    }

    /// The Graph event.
    pub const fn json(&self) -> &Value {
        &self.0
    }
}

/// A change of the time of a meeting.
pub fn moved_to(range: TimeRange) -> Value {
    json!({ "start": moment(range.start()), "end": moment(range.end()) })
}

/// A change of the rooms of a meeting.
pub fn with_rooms(rooms: &[MailboxAddress]) -> Value {
    let attendees: Vec<Value> = rooms.iter().map(|room| resource(room.as_str())).collect();
    json!({ "attendees": attendees })
}

fn resource(room: &str) -> Value {
    json!({ "type": "resource", "emailAddress": { "address": room, "name": room } })
}

fn moment(at: Instant) -> Value {
    let utc = jiff::Timestamp::from_millisecond(at.0)
        .unwrap()
        .to_zoned(TimeZone::UTC);
    json!({ "dateTime": utc.datetime().to_string(), "timeZone": "UTC" })
}

/// Exchange would not do it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("Outlook shows an error {status}: {text}")]
pub struct Refused {
    /// The HTTP status.
    pub status: u16,
    /// What Exchange said.
    pub text: String,
}

/// Everybody's Outlook.
#[derive(Clone, Debug)]
pub struct Outlook {
    control: String,
    http: reqwest::Client,
}

/// A meeting of a mailbox as its calendar shows it, occurrence by occurrence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Appearance {
    /// Id of the event, or of this meeting of a series.
    pub id: String,
    /// Start and end.
    pub start: Instant,
    /// Whether it is one of a series.
    pub is_of_series: bool,
}

impl Outlook {
    pub(crate) fn new(sim: &Sim, http: reqwest::Client) -> Self {
        Self {
            control: format!("{}/_sim", sim.url()),
            http,
        }
    }

    /// Sends a meeting; the id of the organizer's copy. A room as organizer puts it straight into its calendar.
    ///
    /// # Errors
    /// When Exchange refuses it.
    pub async fn send(&self, organizer: &str, meeting: &Meeting) -> Result<String, Refused> {
        let path = format!("mailboxes/{organizer}/events");
        let event = self.ask(Method::POST, &path, Some(meeting.json())).await?;
        Ok(event["id"].as_str().unwrap_or_default().to_owned())
    }

    /// Changes an event, or one meeting of a series: what is in `change` and nothing else.
    ///
    /// # Errors
    /// When Exchange refuses it.
    pub async fn change(&self, mailbox: &str, id: &str, change: &Value) -> Result<(), Refused> {
        let path = format!("mailboxes/{}/events/{id}", mailbox);
        self.ask(Method::PATCH, &path, Some(change)).await?;
        Ok(())
    }

    /// Deletes an event, or one meeting of a series, from a calendar.
    ///
    /// # Errors
    /// When Exchange refuses it.
    pub async fn delete(&self, mailbox: &str, id: &str) -> Result<(), Refused> {
        let path = format!("mailboxes/{}/events/{id}", mailbox);
        self.ask(Method::DELETE, &path, None).await?;
        Ok(())
    }

    /// `accept`, `tentativelyAccept`, `decline` or `cancel`.
    ///
    /// # Errors
    /// When Exchange refuses it.
    pub async fn act(&self, mailbox: &str, id: &str, action: &str) -> Result<(), Refused> {
        let path = format!("mailboxes/{}/events/{id}/{action}", mailbox);
        self.ask(Method::POST, &path, Some(&json!({}))).await?;
        Ok(())
    }

    /// What a calendar shows from this day on, series expanded, at most 62 days.
    pub async fn calendar(&self, mailbox: &str, from: Date, days: u32) -> Vec<Appearance> {
        let path = format!("mailboxes/{}/calendar?from={from}&days={days}", mailbox);
        let shown = self.ask(Method::GET, &path, None).await.unwrap();
        let appearance = |one: &Value| {
            let start: jiff::Timestamp = one["start"].as_str()?.parse().ok()?;
            Some(Appearance {
                id: one["id"].as_str()?.to_owned(),
                start: Instant(start.as_millisecond()),
                is_of_series: one["isSeries"] == true,
            })
        };
        let shown = shown["value"].as_array().into_iter().flatten();
        shown.filter_map(appearance).collect()
    }

    /// Any request to the remote control; `path` begins after `/_sim/`.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Refused> {
        let mut request = self
            .http
            .request(method, format!("{}/{path}", self.control));
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        if !status.is_success() {
            return Err(Refused {
                status: status.as_u16(),
                text,
            });
        }
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }
}

/// The rooms that a copy of an event invites.
pub fn rooms_of(event: &EventView) -> Vec<MailboxAddress> {
    let resources = event
        .attendees
        .iter()
        .filter(|attendee| attendee.kind == "resource");
    resources
        .filter_map(|attendee| MailboxAddress::parse(&attendee.address).ok())
        .collect()
}
