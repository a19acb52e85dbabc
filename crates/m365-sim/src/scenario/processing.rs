//! How a room mailbox answers meeting requests: the settings of Exchange's `Set-CalendarProcessing`, same names, same
//! defaults. <https://learn.microsoft.com/powershell/module/exchangepowershell/set-calendarprocessing>
//!
//! They are the organisation's: nothing in Graph shows them, and the simulator shows them in its remote control only.

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

/// Whether a room can be booked at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum BookingType {
    /// By the other settings.
    #[default]
    Standard,
    /// By nobody.
    Reserved,
}

/// The settings the simulator's attendant obeys.
///
/// A request is *in policy* when it keeps to the limits of time and length, is not refused for repeating, and does not
/// conflict with what was accepted before. What is in policy is booked for those who may book, and put before a delegate
/// for those who may ask; what is not is put before a delegate for those who may ask even then. Everything else is
/// declined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Processing {
    /// Who answers.
    pub automate_processing: AutomateProcessing,
    /// Whether the room can be booked at all; Places shows it too.
    pub booking_type: BookingType,
    /// How far ahead a meeting may start, in days, at most 1,080.
    pub booking_window_in_days: u32,
    /// Whether a series running past the window is declined; otherwise it is accepted up to the window's end.
    pub enforce_scheduling_horizon: bool,
    /// The longest meeting, per occurrence; 0 is unlimited.
    pub maximum_duration_in_minutes: u32,
    /// The shortest meeting. Exchange obeys it for workspaces only, so it has no effect on rooms.
    pub minimum_duration_in_minutes: u32,
    /// Whether the number of people counts. Exchange obeys it for workspaces only, so it has no effect on rooms.
    pub enforce_capacity: bool,
    /// Whether meetings have to lie within the mailbox's working hours.
    pub schedule_only_during_work_hours: bool,
    /// Whether overlapping meetings are accepted.
    pub allow_conflicts: bool,
    /// The share of a series' occurrences that may conflict, in percent, for the series to be accepted without them.
    pub conflict_percentage_allowed: u32,
    /// The number of occurrences that may conflict, on the same terms. Both limits hold.
    pub maximum_conflict_instances: u32,
    /// Whether series are accepted at all.
    pub allow_recurring_meetings: bool,
    /// Whether organizers from other organisations are heard; otherwise they are declined.
    pub process_external_meeting_messages: bool,
    /// Whether everybody's in-policy requests are accepted without a delegate.
    pub all_book_in_policy: bool,
    /// Addresses whose in-policy requests are, when `all_book_in_policy` is off.
    pub book_in_policy: Vec<String>,
    /// Whether everybody else's in-policy requests are put before a delegate.
    pub all_request_in_policy: bool,
    /// Addresses whose in-policy requests are, when `all_request_in_policy` is off.
    pub request_in_policy: Vec<String>,
    /// Whether everybody's out-of-policy requests are put before a delegate.
    pub all_request_out_of_policy: bool,
    /// Addresses whose out-of-policy requests are, when `all_request_out_of_policy` is off.
    pub request_out_of_policy: Vec<String>,
    /// Who decides requests put before a delegate; they may open the calendar with a delegated `.Shared` permission.
    pub resource_delegates: Vec<String>,
    /// Whether delegates get the requests by mail too. No mail leaves the simulator, so it has no effect.
    pub forward_requests_to_delegates: bool,
    /// Whether a request waiting for a delegate takes its time as tentative and its organizer is told so.
    pub tentative_pending_approval: bool,
    /// Whether the subject of the room's copy is removed.
    pub delete_subject: bool,
    /// Whether the organizer's name is put in front of the subject.
    pub add_organizer_to_subject: bool,
    /// Whether the body of the room's copy is removed.
    pub delete_comments: bool,
    /// Whether attachments of the room's copy are removed. The simulator keeps none, so it has no effect.
    pub delete_attachments: bool,
    /// Whether the private flag of the room's copy is removed.
    pub remove_private_property: bool,
    /// Whether a meeting cancelled by its organizer leaves the calendar, instead of staying as cancelled.
    pub remove_canceled_meetings: bool,
    /// Whether a room is given back when nobody checks in to a meeting.
    pub enable_auto_release: bool,
    /// How long after the start of a meeting people may check in to it.
    pub post_reservation_max_claim_time_in_minutes: u32,
    /// Whether outdated requests leave the inbox, which the simulator does not have.
    pub remove_old_meeting_messages: bool,
    /// Whether answers give reasons; as the three that follow, about texts of mails, which the simulator does not send.
    pub enable_response_details: bool,
    /// Whether answers end with `additional_response`.
    pub add_additional_response: bool,
    /// The text answers end with.
    pub additional_response: String,
    /// Whether a refusal names the organizer of the meeting in the way.
    pub organizer_info: bool,
}

/// The longest booking window that Exchange takes, in days.
const WINDOW_DAYS_MAX: u32 = 1_080;
/// Exchange's numbers are signed, of 32 bits.
const NUMBER_MAX: u32 = i32::MAX.cast_unsigned();

impl Processing {
    /// Whether Exchange would take these settings.
    ///
    /// # Errors
    /// What is wrong, naming the setting and its range.
    pub(crate) const fn check(&self) -> Result<(), &'static str> {
        if self.booking_window_in_days > WINDOW_DAYS_MAX {
            return Err("bookingWindowInDays has to be from 0 to 1080");
        }
        if self.conflict_percentage_allowed > 100 {
            return Err("conflictPercentageAllowed has to be from 0 to 100");
        }
        if self.maximum_duration_in_minutes > NUMBER_MAX {
            return Err("maximumDurationInMinutes has to be from 0 to 2147483647");
        }
        if self.maximum_conflict_instances > NUMBER_MAX {
            return Err("maximumConflictInstances has to be from 0 to 2147483647");
        }
        if self.post_reservation_max_claim_time_in_minutes > NUMBER_MAX {
            return Err("postReservationMaxClaimTimeInMinutes has to be from 0 to 2147483647");
        }
        Ok(())
    }
}

impl Processing {
    /// Everybody named in these settings.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = &str> {
        let lists = [
            &self.book_in_policy,
            &self.request_in_policy,
            &self.request_out_of_policy,
            &self.resource_delegates,
        ];
        lists.into_iter().flatten().map(String::as_str)
    }
}

impl Default for Processing {
    fn default() -> Self {
        Self {
            automate_processing: AutomateProcessing::AutoAccept,
            booking_type: BookingType::Standard,
            booking_window_in_days: 180,
            enforce_scheduling_horizon: true,
            maximum_duration_in_minutes: 1_440,
            minimum_duration_in_minutes: 0,
            enforce_capacity: false,
            schedule_only_during_work_hours: false,
            allow_conflicts: false,
            conflict_percentage_allowed: 0,
            maximum_conflict_instances: 0,
            allow_recurring_meetings: true,
            process_external_meeting_messages: false,
            all_book_in_policy: true,
            book_in_policy: Vec::new(),
            all_request_in_policy: false,
            request_in_policy: Vec::new(),
            all_request_out_of_policy: false,
            request_out_of_policy: Vec::new(),
            resource_delegates: Vec::new(),
            forward_requests_to_delegates: true,
            tentative_pending_approval: true,
            delete_subject: true,
            add_organizer_to_subject: true,
            delete_comments: true,
            delete_attachments: true,
            remove_private_property: true,
            remove_canceled_meetings: false,
            enable_auto_release: false,
            post_reservation_max_claim_time_in_minutes: 10,
            remove_old_meeting_messages: true,
            enable_response_details: true,
            add_additional_response: false,
            additional_response: String::new(),
            organizer_info: true,
        }
    }
}
