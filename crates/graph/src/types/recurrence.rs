//! How an event repeats.

use serde::{Deserialize, Serialize};

use super::DateTimeTimeZone;

/// The times of an event that repeats, out of an event or into one.
///
/// See <https://learn.microsoft.com/graph/api/resources/event>.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Repeating {
    /// Start of the first date.
    pub start: DateTimeTimeZone,
    /// Its end, not included.
    pub end: DateTimeTimeZone,
    /// Whole days. `None`: not told, so it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_all_day: Option<bool>,
    /// How it repeats.
    pub recurrence: PatternedRecurrence,
}

/// A pattern and how far it reaches.
///
/// See <https://learn.microsoft.com/graph/api/resources/patternedrecurrence>.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PatternedRecurrence {
    /// On which days.
    pub pattern: RecurrencePattern,
    /// From when until when.
    pub range: RecurrenceRange,
}

/// On which days an event falls. Parts that a type does not use come as `0`, empty or not at all. Words come in small
/// letters, and in Microsoft's own examples also with a capital.
///
/// See <https://learn.microsoft.com/graph/api/resources/recurrencepattern>.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RecurrencePattern {
    /// `daily`, `weekly`, `absoluteMonthly`, `relativeMonthly`, `absoluteYearly` or `relativeYearly`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Every how many days, weeks, months or years.
    pub interval: i32,
    /// 1 to 12, for the yearly ones. `None`: that of the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<i32>,
    /// 1 to 31, for the absolute ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_of_month: Option<i32>,
    /// `sunday` …, for `weekly` and the relative ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_of_week: Option<Vec<String>>,
    /// Where a week starts. `None`: on Sunday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_day_of_week: Option<String>,
    /// `first` … `fourth`, `last`. `None`: the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<String>,
}

/// From when until when an event repeats.
///
/// See <https://learn.microsoft.com/graph/api/resources/recurrencerange>.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RecurrenceRange {
    /// `endDate`, `noEnd` or `numbered`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The day of the event's start, such as `2026-11-24`.
    pub start_date: String,
    /// The last day, for `endDate`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
    /// How many dates, for `numbered`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number_of_occurrences: Option<i32>,
    /// The zone of the pattern, Windows or IANA. `None` or empty: that of the event's start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurrence_time_zone: Option<String>,
}
