//! Events as clients write them. <https://learn.microsoft.com/graph/api/resources/event>
//!
//! Unknown properties are refused by name. Properties that only the service writes are ignored, and so is `null`
//! except where it means "remove".

use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::date_time_zone::DateTimeTimeZone;
use super::error::GraphError;
use super::location::LocationInput;
use super::read_only;
use super::recurrence_json;
use super::truth::{self, truth};
use super::words::{self, word};
use crate::scenario::QuotedBooleans;
use crate::world::World;
use crate::world::item::{Attendee, Content, Item};

/// The documented limit.
const ATTENDEES_MAX: usize = 500;

/// The writable properties.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct EventBody {
    subject: Option<String>,
    body: Option<BodyInput>,
    start: Option<DateTimeTimeZone>,
    end: Option<DateTimeTimeZone>,
    #[serde(deserialize_with = "truth")]
    is_all_day: Option<bool>,
    show_as: Option<String>,
    sensitivity: Option<String>,
    importance: Option<String>,
    location: Option<LocationInput>,
    locations: Option<Vec<LocationInput>>,
    attendees: Option<Vec<AttendeeInput>>,
    recurrence: Option<Value>,
    transaction_id: Option<String>,
    #[serde(deserialize_with = "truth")]
    response_requested: Option<bool>,
    reminder_minutes_before_start: Option<i32>,
    #[serde(deserialize_with = "truth")]
    is_reminder_on: Option<bool>,
    categories: Option<Vec<String>>,
    #[serde(deserialize_with = "truth")]
    hide_attendees: Option<bool>,
    #[serde(deserialize_with = "truth")]
    allow_new_time_proposals: Option<bool>,
    #[serde(deserialize_with = "truth")]
    is_online_meeting: Option<bool>,
    online_meeting_provider: Option<String>,
    single_value_extended_properties: Option<Vec<ExtendedInput>>,
    #[serde(flatten)]
    rest: serde_json::Map<String, Value>,
}

/// <https://learn.microsoft.com/graph/api/resources/singlevaluelegacyextendedproperty>
#[derive(Debug, Clone, Deserialize)]
struct ExtendedInput {
    id: String,
    value: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct BodyInput {
    content_type: Option<String>,
    content: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AttendeeInput {
    email_address: EmailAddress,
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EmailAddress {
    address: Option<String>,
    name: Option<String>,
}

/// A checked body, ready to be applied.
#[derive(Debug, Clone)]
pub(crate) struct EventInput {
    body: EventBody,
    clears_recurrence: bool,
    /// Of the body as it was sent.
    digest: [u8; 32],
}

impl EventInput {
    /// Reads a request body.
    pub(crate) fn read(json: Option<Value>, quoted: QuotedBooleans) -> Result<Self, GraphError> {
        let json = json.ok_or_else(|| GraphError::unreadable_body("it is empty or no JSON"))?;
        if let (QuotedBooleans::Refused, Some(name)) = (quoted, truth::quoted(&json)) {
            let reason = format!("'{name}' has to be true or false, without quotes");
            return Err(GraphError::unreadable_body(reason));
        }
        let clears_recurrence = json.get("recurrence").is_some_and(Value::is_null);
        let digest = Sha256::digest(json.to_string()).into();
        let body: EventBody = serde_json::from_value(json).map_err(GraphError::unreadable_body)?;
        read_only::check_event(&body.rest)?;
        Ok(Self {
            body,
            clears_recurrence,
            digest,
        })
    }

    pub(crate) fn transaction_id(&self) -> Option<&str> {
        self.body.transaction_id.as_deref()
    }

    /// The same for the same request.
    pub(crate) fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// A new item with these properties.
    pub(crate) fn create(&self, world: &World) -> Result<Item, GraphError> {
        let (Some(start), Some(end)) = (&self.body.start, &self.body.end) else {
            return Err(invalid_times());
        };
        let mut item = Item::blank(Content::blank(start.moment()?, end.moment()?));
        self.apply(&mut item, world)?;
        item.transaction_id.clone_from(&self.body.transaction_id);
        Ok(item)
    }

    /// Writes these properties into one occurrence of a series, which cannot repeat by itself.
    pub(crate) fn apply_to_occurrence(
        &self,
        one: &mut Item,
        world: &World,
    ) -> Result<(), GraphError> {
        if self.body.recurrence.is_some() {
            return Err(GraphError::bad_request(
                "ErrorInvalidRequest",
                "The recurrence of an occurrence can't be set; update the series master instead.",
            ));
        }
        self.apply(one, world)
    }

    /// Writes these properties into an item.
    pub(crate) fn apply(&self, item: &mut Item, world: &World) -> Result<(), GraphError> {
        self.apply_times(&mut item.content)?;
        self.apply_text(&mut item.content)?;
        self.apply_people(&mut item.content, world)?;
        let body = &self.body;
        if let Some(show_as) = &body.show_as {
            item.show_as = word(words::SHOW_AS, show_as)?;
            item.content.show_as = item.show_as;
        }
        if let Some(minutes) = body.reminder_minutes_before_start {
            if minutes < 0 {
                return Err(GraphError::unreadable_body(
                    "'reminderMinutesBeforeStart' has to be 0 or more",
                ));
            }
            item.reminder_minutes = minutes;
        }
        if let Some(is_on) = body.is_reminder_on {
            item.is_reminder_on = is_on;
        }
        if let Some(categories) = &body.categories {
            item.categories.clone_from(categories);
        }
        for property in body.single_value_extended_properties.iter().flatten() {
            item.extended
                .retain(|known| known["id"] != property.id.as_str());
            item.extended
                .push(json!({ "id": property.id, "value": property.value }));
        }
        Ok(())
    }

    fn apply_times(&self, content: &mut Content) -> Result<(), GraphError> {
        let body = &self.body;
        if let Some(start) = &body.start {
            content.start = start.moment()?;
        }
        if let Some(end) = &body.end {
            content.end = end.moment()?;
        }
        if let Some(is_all_day) = body.is_all_day {
            content.is_all_day = is_all_day;
        }
        self.apply_recurrence(content)?;
        if content.end.at < content.start.at {
            return Err(invalid_times());
        }
        if content.overlaps_itself() {
            return Err(GraphError::bad_request(
                "ErrorOccurrenceTimeSpanTooBig",
                "The occurrences of the series overlap each other.",
            ));
        }
        if content.is_all_day && !is_whole_days(content) {
            return Err(GraphError::bad_request(
                "ErrorInvalidRequest",
                "The Event.Start property for an all-day event needs to be set to midnight.",
            ));
        }
        Ok(())
    }

    fn apply_recurrence(&self, content: &mut Content) -> Result<(), GraphError> {
        let body = &self.body;
        if let Some(recurrence) = &body.recurrence {
            let mut recurrence = recurrence_json::read(recurrence)?;
            let zone = recurrence.time_zone.take();
            recurrence.time_zone = zone.or_else(|| Some(content.start.zone.to_string()));
            content.recurrence = Some(recurrence);
        } else if self.clears_recurrence {
            content.recurrence = None;
        } else if body.start.is_some() {
            let date = content.series_date(content.start.at);
            if let Some(recurrence) = &mut content.recurrence {
                recurrence.start_date = date;
            }
        }
        content.settle_on_pattern().ok_or_else(|| {
            GraphError::bad_request(
                "ErrorInvalidRequest",
                "The recurrence pattern has no occurrence within its range.",
            )
        })
    }

    fn apply_text(&self, content: &mut Content) -> Result<(), GraphError> {
        let body = &self.body;
        if let Some(subject) = &body.subject {
            content.subject.clone_from(subject);
        }
        if let Some(text) = &body.body {
            content.body_type = word(
                words::BODY_TYPE,
                text.content_type.as_deref().unwrap_or("text"),
            )?;
            content.body = text.content.clone().unwrap_or_default();
        }
        if let Some(sensitivity) = &body.sensitivity {
            content.sensitivity = word(words::SENSITIVITY, sensitivity)?;
        }
        if let Some(importance) = &body.importance {
            content.importance = word(words::IMPORTANCE, importance)?;
        }
        // Each of the two mirrors the other; a single location replaces the whole list.
        if let Some(locations) = &body.locations {
            let kept = locations.iter().filter_map(|one| one.kept().transpose());
            content.locations = kept.collect::<Result<_, _>>()?;
        } else if let Some(single) = &body.location {
            content.locations = single.kept()?.into_iter().collect();
        }
        let provider = body
            .online_meeting_provider
            .as_deref()
            .unwrap_or("teamsForBusiness");
        let provider = word(words::ONLINE_MEETING_PROVIDER, provider)?;
        match body.is_online_meeting {
            Some(true) => content.online_meeting_provider = Some(provider),
            Some(false) => content.online_meeting_provider = None,
            None => {}
        }
        Ok(())
    }

    fn apply_people(&self, content: &mut Content, world: &World) -> Result<(), GraphError> {
        let body = &self.body;
        if let Some(attendees) = &body.attendees {
            if attendees.len() > ATTENDEES_MAX {
                return Err(GraphError::bad_request(
                    "ErrorInvalidRequest",
                    "The event has more than 500 attendees.",
                ));
            }
            content.attendees = attendees
                .iter()
                .map(|one| one.attendee(world))
                .collect::<Result<_, _>>()?;
        }
        content.response_requested = body
            .response_requested
            .unwrap_or(content.response_requested);
        content.hide_attendees = body.hide_attendees.unwrap_or(content.hide_attendees);
        content.allow_new_time_proposals = body
            .allow_new_time_proposals
            .unwrap_or(content.allow_new_time_proposals);
        Ok(())
    }
}

impl AttendeeInput {
    fn attendee(&self, world: &World) -> Result<Attendee, GraphError> {
        let address = self
            .email_address
            .address
            .as_deref()
            .filter(|address| address.contains('@'));
        let address = address.ok_or_else(|| {
            GraphError::bad_request(
                "ErrorInvalidRecipients",
                "At least one recipient is not valid.",
            )
        })?;
        let kind = word(
            words::ATTENDEE_TYPE,
            self.kind.as_deref().unwrap_or("required"),
        )?;
        let mut attendee = world.attendee(address, kind);
        if let Some(name) = self
            .email_address
            .name
            .as_ref()
            .filter(|name| !name.is_empty())
        {
            attendee.contact.name = name.as_str().into();
        }
        Ok(attendee)
    }
}

fn is_whole_days(content: &Content) -> bool {
    let midnight = jiff::civil::Time::midnight();
    content.start.zoned().time() == midnight
        && content.end.zoned().time() == midnight
        && content.start.zone == content.end.zone
        && content.end.at > content.start.at
}

fn invalid_times() -> GraphError {
    GraphError::bad_request(
        "ErrorPropertyValidationFailure",
        "At least one property failed validation.",
    )
}
