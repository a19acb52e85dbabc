//! What the organisation says about a mailbox besides whose it is.

use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// Where a mailbox is, which decides what Graph can do with it.
/// <https://learn.microsoft.com/graph/hybrid-rest-support>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MailboxState {
    /// In Exchange Online.
    #[default]
    Active,
    /// On the organisation's own servers. It is in the directory, can be invited and answers, and its free/busy is
    /// found by `getSchedule` asked through others; its events, views and subscriptions are not served.
    OnPremises,
    /// Deleted with its owner. The directory does not know it any more, nothing reaches it and its events are not
    /// served; the copies of its meetings stay in the other mailboxes.
    SoftDeleted,
}

/// The hours in which a mailbox expects meetings, as `Set-MailboxCalendarConfiguration` and Outlook's options keep them.
/// <https://learn.microsoft.com/graph/api/resources/workinghours>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct WorkingHours {
    /// Days of the week, in lower case as Graph writes them.
    pub days_of_week: Vec<String>,
    /// Local begin.
    pub start: Time,
    /// Local end.
    pub end: Time,
    /// Windows or IANA name; `None` is the mailbox's own zone.
    pub time_zone: Option<String>,
}

impl Default for WorkingHours {
    fn default() -> Self {
        let days = ["monday", "tuesday", "wednesday", "thursday", "friday"];
        Self {
            days_of_week: days.map(str::to_owned).to_vec(),
            start: Time::constant(8, 0, 0, 0),
            end: Time::constant(17, 0, 0, 0),
            time_zone: None,
        }
    }
}
