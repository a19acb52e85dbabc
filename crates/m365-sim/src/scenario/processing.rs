//! How a room mailbox answers meeting requests: the settings of Exchange's `Set-CalendarProcessing`, same names, same
//! defaults. <https://learn.microsoft.com/powershell/module/exchange/set-calendarprocessing>

use serde::{Deserialize, Serialize};

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AutomateProcessing {
    /// The mailbox itself accepts or declines.
    AutoAccept,
    /// The request is put in the calendar as tentative and a human decides.
    AutoUpdate,
    /// Nothing happens: the request stays unread and the calendar stays empty.
    None,
}

/// The settings the simulator's attendant obeys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Processing {
    /// Who answers.
    pub automate_processing: AutomateProcessing,
    /// How far ahead a meeting may start, in days.
    pub booking_window_in_days: u32,
    /// Whether a series running past the window is declined.
    pub enforce_scheduling_horizon: bool,
    /// The longest meeting, per occurrence; 0 is unlimited.
    pub maximum_duration_in_minutes: u32,
    /// Whether overlapping meetings are accepted.
    pub allow_conflicts: bool,
    /// Whether series are accepted at all.
    pub allow_recurring_meetings: bool,
    /// Whether everybody's requests are accepted without a delegate.
    pub all_book_in_policy: bool,
    /// Addresses accepted when `all_book_in_policy` is off.
    pub book_in_policy: Vec<String>,
    /// Whether the others may ask; their requests then stay tentative until somebody decides.
    pub all_request_in_policy: bool,
    /// Whether the subject of the room's copy is removed.
    pub delete_subject: bool,
    /// Whether the organizer's name is put in front of the subject.
    pub add_organizer_to_subject: bool,
    /// Whether the body of the room's copy is removed.
    pub delete_comments: bool,
    /// Whether the private flag of the room's copy is removed.
    pub remove_private_property: bool,
    /// Whether a meeting cancelled by its organizer leaves the calendar, instead of staying as cancelled.
    pub remove_canceled_meetings: bool,
}

impl Default for Processing {
    fn default() -> Self {
        Self {
            automate_processing: AutomateProcessing::AutoAccept,
            booking_window_in_days: 180,
            enforce_scheduling_horizon: true,
            maximum_duration_in_minutes: 1_440,
            allow_conflicts: false,
            allow_recurring_meetings: true,
            all_book_in_policy: true,
            book_in_policy: Vec::new(),
            all_request_in_policy: false,
            delete_subject: true,
            add_organizer_to_subject: true,
            delete_comments: true,
            remove_private_property: true,
            remove_canceled_meetings: false,
        }
    }
}
