//! Where the published permissions are silent, or say other than the page of the method and the service.

use super::permissions::Whom;

/// One correction of the published table.
pub(super) struct Deviation {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    /// `None`: applications and people alike.
    pub(super) whom: Option<Whom>,
    pub(super) change: Change,
}

/// What a correction does.
pub(super) enum Change {
    /// These suffice too; also where the table has no such operation.
    Add(&'static [&'static str]),
    /// These do not suffice.
    Remove(&'static [&'static str]),
}

use Change::{Add, Remove};

const READ: &[&str] = &[
    "Calendars.Read",
    "Calendars.ReadBasic",
    "Calendars.ReadWrite",
];

/// In this order. What holds for every calendar, the `.Shared` forms and `Calendars.ReadBasic.All`, is in
/// [`super::permissions`].
pub(super) const DEVIATIONS: &[Deviation] = &[
    // The list of people is missing from the table. <https://learn.microsoft.com/graph/api/user-list>
    all(
        "GET",
        "/users",
        Add(&[
            "User.ReadBasic.All",
            "User.Read.All",
            "User.ReadWrite.All",
            "Directory.Read.All",
            "Directory.ReadWrite.All",
        ]),
    ),
    // The page of the method: these two read the signed-in person alone, which the row of `/me` is for.
    Deviation {
        method: "GET",
        path: "/users/{id}",
        whom: Some(Whom::People),
        change: Remove(&["User.Read", "User.ReadWrite"]),
    },
    // One organization is as readable as the list with the same one in it.
    all(
        "GET",
        "/organization/{id}",
        Add(&[
            "Directory.Read.All",
            "Directory.ReadWrite.All",
            "Organization.Read.All",
            "Organization.ReadWrite.All",
        ]),
    ),
    Deviation {
        method: "GET",
        path: "/organization/{id}",
        whom: Some(Whom::People),
        change: Add(&["User.Read"]),
    },
    // The table has no calendars. <https://learn.microsoft.com/graph/api/calendar-get>
    all("GET", "/users/{id}/calendar", Add(READ)),
    // Who may write events may read them: their pages and those of the lists say so.
    all(
        "GET",
        "/users/{id}/events/{id}",
        Add(&["Calendars.ReadWrite"]),
    ),
    all(
        "GET",
        "/users/{id}/events/{id}/instances",
        Add(&["Calendars.ReadWrite"]),
    ),
    // The page of the method does not name it, and the service refuses it.
    all(
        "GET",
        "/users/{id}/calendarview/delta()",
        Remove(&["Calendars.ReadBasic"]),
    ),
    // The table is of rooms and calendars. <https://learn.microsoft.com/graph/api/user-sendmail>
    all("POST", "/users/{id}/sendmail", Add(&["Mail.Send"])),
    // The table has the creation alone; for claims there is no application permission.
    Deviation {
        method: "GET",
        path: "/places/{id}/checkins",
        whom: Some(Whom::People),
        change: Add(&["Calendars.ReadWrite"]),
    },
];

const fn all(method: &'static str, path: &'static str, change: Change) -> Deviation {
    Deviation {
        method,
        path,
        whom: None,
        change,
    }
}
