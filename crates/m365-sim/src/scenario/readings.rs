//! What Microsoft does not document, documents in two ways, or does otherwise than documented: how it is read here.
//!
//! Each default is the reading that a client is safest with: one that works with it works with the others too, or is told
//! loudly. `docs/SIMULATOR.md` lists all such questions, also those without a setting.

use serde::{Deserialize, Serialize};

use super::unusable;
use crate::error::SimError;

/// The most mailboxes that the service was seen to take in one `getSchedule`.
const SCHEDULES_SEEN_MAX: usize = 100;
/// A day: a warning earlier than that would come at once for most subscriptions.
const WARNING_MINUTES_LIMIT: u32 = 1_440;

/// How the simulator reads what cannot be known without a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Readings {
    /// What a create answers that repeats an earlier one, body and `transactionId`, whose event is still there.
    /// <https://learn.microsoft.com/graph/api/resources/event>
    pub repeated_create: RepeatedCreate,
    /// The status of `ErrorDuplicateTransactionId`: 400 or 409.
    pub duplicate_transaction_status: u16,
    /// The status of `accept`, `tentativelyAccept` and `decline`: 202 by their pages, 204 by the OpenAPI document.
    /// <https://learn.microsoft.com/graph/api/event-accept>
    pub response_status: u16,
    /// The zone of a view's ends that have no offset.
    /// <https://learn.microsoft.com/graph/api/user-list-calendarview>
    pub bare_window: BareWindow,
    /// What a `Prefer: outlook.timezone` does that names no zone.
    pub unknown_preferred_zone: UnknownPreferredZone,
    /// Which kind of ids an address takes. <https://learn.microsoft.com/graph/outlook-immutable-id>
    pub ids_taken: IdsTaken,
    /// What an id answers that Exchange cannot have given.
    pub malformed_ids: MalformedIds,
    /// What a room does with the invitations of an event written into its own calendar.
    pub room_invitations: RoomInvitations,
    /// What becomes of the exceptions of a series when only its end changes.
    pub series_end: SeriesEnd,
    /// The digit of `availabilityView` for working elsewhere: 0 as the concept page has it, or 4 as the resource page.
    /// <https://learn.microsoft.com/graph/api/resources/scheduleinformation>
    pub working_elsewhere_digit: u8,
    /// How many mailboxes `getSchedule` takes, 1 to 100: 20 are documented, and up to 100 were seen to work.
    /// <https://learn.microsoft.com/graph/outlook-get-free-busy-schedule>
    pub schedules_max: usize,
    /// What `getSchedule` tells an application of mailboxes outside its scope in Exchange.
    pub schedules_out_of_scope: SchedulesOutOfScope,
    /// The code of the 404 for a user or mailbox that is not there.
    pub unknown_mailbox: UnknownMailbox,
    /// The text of the refusal by an application access policy; its code is `ErrorAccessDenied` always.
    /// <https://learn.microsoft.com/graph/auth-limit-mailbox-access>
    pub policy_refusal: PolicyRefusal,
    /// How long before its end a subscription's owner is told `reauthorizationRequired`, in minutes, up to a day; 0 is
    /// never. <https://learn.microsoft.com/graph/change-notifications-lifecycle-events>
    pub renewal_warning_minutes: u32,
    /// Whether `"true"` is taken for `true` in an event.
    pub quoted_booleans: QuotedBooleans,
}

impl Default for Readings {
    fn default() -> Self {
        Self {
            repeated_create: RepeatedCreate::default(),
            duplicate_transaction_status: 409,
            response_status: 202,
            bare_window: BareWindow::default(),
            unknown_preferred_zone: UnknownPreferredZone::default(),
            ids_taken: IdsTaken::default(),
            malformed_ids: MalformedIds::default(),
            room_invitations: RoomInvitations::default(),
            series_end: SeriesEnd::default(),
            working_elsewhere_digit: 0,
            schedules_max: 20,
            schedules_out_of_scope: SchedulesOutOfScope::default(),
            unknown_mailbox: UnknownMailbox::default(),
            policy_refusal: PolicyRefusal::default(),
            renewal_warning_minutes: 30,
            quoted_booleans: QuotedBooleans::default(),
        }
    }
}

impl Readings {
    /// Whether its numbers are among those that are possible.
    ///
    /// # Errors
    /// [`SimError::ScenarioContent`], naming the field and what it may be.
    pub(crate) fn check(&self) -> Result<(), SimError> {
        let unless = |is_possible: bool, field, reason| match is_possible {
            true => Ok(()),
            false => Err(unusable("reading", field, reason)),
        };
        unless(
            [400, 409].contains(&self.duplicate_transaction_status),
            "duplicateTransactionStatus",
            "it has to be 400 or 409",
        )?;
        unless(
            [202, 204].contains(&self.response_status),
            "responseStatus",
            "it has to be 202 or 204",
        )?;
        unless(
            [0, 4].contains(&self.working_elsewhere_digit),
            "workingElsewhereDigit",
            "it has to be 0 or 4",
        )?;
        unless(
            (1..=SCHEDULES_SEEN_MAX).contains(&self.schedules_max),
            "schedulesMax",
            "it has to be from 1 to 100",
        )?;
        unless(
            self.renewal_warning_minutes <= WARNING_MINUTES_LIMIT,
            "renewalWarningMinutes",
            "it has to be from 0 to 1440",
        )
    }
}

/// Declares the readings that are one of a few words.
macro_rules! choices {
    ($($(#[$about:meta])* $name:ident { $($(#[$word:meta])* $choice:ident,)* })*) => {
        $(
            $(#[$about])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub enum $name { $($(#[$word])* $choice,)* }
        )*
    };
}

choices! {
    /// What a repeated create answers.
    RepeatedCreate {
        /// 201 with the event created first.
        #[default]
        FirstEvent,
        /// `ErrorDuplicateTransactionId`, as for another event.
        Refused,
    }
    /// The zone of times without offset.
    BareWindow {
        /// UTC, whatever is preferred.
        #[default]
        Utc,
        /// The zone that `Prefer` asks for; UTC without one.
        PreferredZone,
    }
    /// What a preferred zone does that there is not.
    UnknownPreferredZone {
        /// 400 `TimeZoneNotSupportedException`, as for one in a body.
        #[default]
        Refused,
        /// Nothing: times are in UTC, and `Preference-Applied` does not name it.
        Ignored,
    }
    /// Which ids addresses take.
    IdsTaken {
        /// Ordinary and immutable ones.
        #[default]
        Both,
        /// Immutable ones where `Prefer` asks for them, ordinary ones otherwise; the others are malformed.
        AsPreferred,
    }
    /// What a malformed id answers.
    MalformedIds {
        /// 400 `ErrorInvalidIdMalformed`.
        #[default]
        Refused,
        /// 404 `ErrorItemNotFound`, as for one of an item that is gone.
        NotFound,
    }
    /// What a room does that is an organizer.
    RoomInvitations {
        /// It invites those in the event.
        #[default]
        Sent,
        /// It invites nobody.
        Kept,
    }
    /// What a new end of a series does.
    SeriesEnd {
        /// The exceptions stay, as far as the series still has their dates.
        #[default]
        KeepsExceptions,
        /// They are lost, as when the pattern changes.
        DropsExceptions,
    }
    /// What is told of mailboxes out of scope.
    SchedulesOutOfScope {
        /// When they are busy, without subjects and places.
        #[default]
        WithoutDetails,
        /// An error in their place.
        Refused,
    }
    /// The code for a mailbox that is not there.
    UnknownMailbox {
        #[default]
        #[serde(rename = "ErrorInvalidUser")]
        /// `ErrorInvalidUser`.
        ErrorInvalidUser,
        #[serde(rename = "ResourceNotFound")]
        /// `ResourceNotFound`.
        ResourceNotFound,
        #[serde(rename = "Request_ResourceNotFound")]
        /// `Request_ResourceNotFound`.
        RequestResourceNotFound,
    }
    /// The text of a policy's refusal.
    PolicyRefusal {
        /// The newer one, which names the policy: `[RAOP]`.
        #[default]
        NamesPolicy,
        /// The documented one: access to OData is disabled.
        Plain,
    }
    /// What is done with booleans in quotes.
    QuotedBooleans {
        /// They are read: a widely used client sends them.
        #[default]
        Taken,
        /// 400 `RequestBodyRead`.
        Refused,
    }
}

impl UnknownMailbox {
    /// As the error's `code`.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::ErrorInvalidUser => "ErrorInvalidUser",
            Self::ResourceNotFound => "ResourceNotFound",
            Self::RequestResourceNotFound => "Request_ResourceNotFound",
        }
    }
}
