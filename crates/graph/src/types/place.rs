//! Rooms, as the tenant's administrators describe them.

use serde::{Deserialize, Deserializer};

use crate::page::Listed;

/// A room.
///
/// See <https://learn.microsoft.com/graph/api/resources/room>.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Room {
    /// The resource mailbox. `None`: it has none, and cannot be booked.
    pub email_address: Option<String>,
    /// Name in the address book.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Building, free text.
    pub building: Option<String>,
    /// Floor number.
    pub floor_number: Option<i32>,
    /// Floor, free text.
    pub floor_label: Option<String>,
    /// A free label such as a room number.
    pub label: Option<String>,
    /// Seats. The contract says a number, samples also show it as text.
    #[serde(default, deserialize_with = "number_or_text")]
    pub capacity: Option<u32>,
    /// Reachable in a wheelchair.
    pub is_wheel_chair_accessible: Option<bool>,
    /// Audio device.
    pub audio_device_name: Option<String>,
    /// Video device.
    pub video_device_name: Option<String>,
    /// Display device; samples also call it `displayDevice`.
    #[serde(alias = "displayDevice")]
    pub display_device_name: Option<String>,
    /// Free words.
    pub tags: Option<Vec<String>>,
}

impl Listed for Room {}

#[derive(Deserialize)]
#[serde(untagged)]
enum NumberOrText {
    Number(i64),
    Text(String),
}

/// Anything that is no sensible number of seats reads as unknown: one odd room must not hide the others.
fn number_or_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let value = Option::<NumberOrText>::deserialize(deserializer)?;
    Ok(match value {
        Some(NumberOrText::Number(number)) => u32::try_from(number).ok(),
        Some(NumberOrText::Text(text)) => text.trim().parse().ok(),
        None => None,
    })
}
