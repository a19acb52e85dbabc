//! Which permissions suffice for each operation served, as Microsoft publishes them. Facts only: where the service does
//! otherwise, [`super::deviations`] says so. <https://learn.microsoft.com/graph/permissions-reference>

/// One operation. Any one permission is enough; none at all means there is no such access.
pub(super) struct Published {
    pub(super) method: &'static str,
    /// In lower case, `{id}` for whatever varies; `/me` is written as `/users/{id}` but for the person itself.
    pub(super) path: &'static str,
    pub(super) apps: &'static [&'static str],
    pub(super) people: &'static [&'static str],
}

const PLACES: &[&str] = &["Place.Read.All", "Place.ReadWrite.All"];
const SETTINGS: &[&str] = &["MailboxSettings.Read", "MailboxSettings.ReadWrite"];
const WRITE: &[&str] = &["Calendars.ReadWrite"];
const READ: &[&str] = &[
    "Calendars.Read",
    "Calendars.ReadBasic",
    "Calendars.ReadWrite",
];
const READ_ONE: &[&str] = &["Calendars.Read", "Calendars.ReadBasic"];

const ORGANIZATIONS_FOR_APPS: &[&str] = &[
    "DeviceManagementConfiguration.Read.All",
    "DeviceManagementConfiguration.ReadWrite.All",
    "DeviceManagementServiceConfig.Read.All",
    "DeviceManagementServiceConfig.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "User.Read.All",
];
const ORGANIZATIONS_FOR_PEOPLE: &[&str] = &[
    "DeviceManagementConfiguration.Read.All",
    "DeviceManagementConfiguration.ReadWrite.All",
    "DeviceManagementServiceConfig.Read.All",
    "DeviceManagementServiceConfig.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "User.Read",
    "User.Read.All",
];
const ORGANIZATION: &[&str] = &[
    "DeviceManagementConfiguration.Read.All",
    "DeviceManagementConfiguration.ReadWrite.All",
    "DeviceManagementServiceConfig.Read.All",
    "DeviceManagementServiceConfig.ReadWrite.All",
    "User.Read.All",
];
const ME: &[&str] = &[
    "AgentIdUser.ReadWrite.All",
    "AgentIdUser.ReadWrite.IdentityParentedBy",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "User.Read",
    "User.Read.All",
    "User.ReadBasic.All",
    "User.ReadWrite",
    "User.ReadWrite.All",
];
const USER_FOR_APPS: &[&str] = &[
    "AgentIdUser.ReadWrite.All",
    "AgentIdUser.ReadWrite.IdentityParentedBy",
    "DeviceManagementApps.Read.All",
    "DeviceManagementApps.ReadWrite.All",
    "DeviceManagementConfiguration.Read.All",
    "DeviceManagementConfiguration.ReadWrite.All",
    "DeviceManagementManagedDevices.Read.All",
    "DeviceManagementManagedDevices.ReadWrite.All",
    "DeviceManagementServiceConfig.Read.All",
    "DeviceManagementServiceConfig.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "User.Read.All",
    "User.ReadBasic.All",
    "User.ReadWrite.All",
    "User.ReadWrite.CrossCloud",
];
const USER_FOR_PEOPLE: &[&str] = &[
    "AgentIdUser.ReadWrite.All",
    "AgentIdUser.ReadWrite.IdentityParentedBy",
    "DeviceManagementApps.Read.All",
    "DeviceManagementApps.ReadWrite.All",
    "DeviceManagementConfiguration.Read.All",
    "DeviceManagementConfiguration.ReadWrite.All",
    "DeviceManagementManagedDevices.Read.All",
    "DeviceManagementManagedDevices.ReadWrite.All",
    "DeviceManagementServiceConfig.Read.All",
    "DeviceManagementServiceConfig.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "User.Read",
    "User.Read.All",
    "User.ReadBasic.All",
    "User.ReadWrite",
    "User.ReadWrite.All",
];

/// Every operation served that Microsoft's table has.
pub(super) const PUBLISHED: &[Published] = &[
    row(
        "GET",
        "/organization",
        ORGANIZATIONS_FOR_APPS,
        ORGANIZATIONS_FOR_PEOPLE,
    ),
    both("GET", "/organization/{id}", ORGANIZATION),
    row("GET", "/me", &[], ME),
    row("GET", "/users/{id}", USER_FOR_APPS, USER_FOR_PEOPLE),
    both("GET", "/places/graph.room", PLACES),
    both("GET", "/places/graph.roomlist", PLACES),
    both("GET", "/places/graph.workspace", PLACES),
    both("GET", "/places/graph.desk", PLACES),
    both("GET", "/places/graph.building", PLACES),
    both("GET", "/places/graph.floor", PLACES),
    both("GET", "/places/graph.section", PLACES),
    both("GET", "/places/{id}", PLACES),
    both("GET", "/places/{id}/graph.roomlist/rooms", PLACES),
    both("GET", "/places/{id}/graph.roomlist/workspaces", PLACES),
    row("POST", "/places/{id}/checkins", &[], WRITE),
    both("GET", "/users/{id}/mailboxsettings", SETTINGS),
    both("POST", "/users/{id}/calendar/getschedule", READ),
    both("GET", "/users/{id}/events", READ),
    both("POST", "/users/{id}/events", WRITE),
    both("GET", "/users/{id}/events/{id}", READ_ONE),
    both("PATCH", "/users/{id}/events/{id}", WRITE),
    both("DELETE", "/users/{id}/events/{id}", WRITE),
    both("GET", "/users/{id}/events/{id}/instances", READ_ONE),
    both("POST", "/users/{id}/events/{id}/accept", WRITE),
    both("POST", "/users/{id}/events/{id}/tentativelyaccept", WRITE),
    both("POST", "/users/{id}/events/{id}/decline", WRITE),
    both("POST", "/users/{id}/events/{id}/cancel", WRITE),
    both("GET", "/users/{id}/calendarview", READ),
    both("GET", "/users/{id}/calendarview/delta()", READ),
];

const fn row(
    method: &'static str,
    path: &'static str,
    apps: &'static [&'static str],
    people: &'static [&'static str],
) -> Published {
    Published {
        method,
        path,
        apps,
        people,
    }
}

const fn both(
    method: &'static str,
    path: &'static str,
    permissions: &'static [&'static str],
) -> Published {
    row(method, path, permissions, permissions)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    const REFERENCE: &str = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/reference/graph/permissions.json"
    );

    /// Operations of the reference that the simulator does not serve, or under another path.
    const NOT_SERVED: &[&str] = &[
        "/contacts",
        "/todo/",
        "findmeetingtimes",
        "/calendar/events",
        "/events/delta()",
        "/descendants()",
        "/map",
    ];

    fn permissions(entry: &Value) -> BTreeSet<&str> {
        ["least", "also"]
            .iter()
            .filter_map(|part| entry[part].as_array())
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    fn is_served(method: &str, path: &str) -> bool {
        let writes_places = path.starts_with("/places") && !path.ends_with("checkins");
        let is_elsewhere = NOT_SERVED.iter().any(|part| path.contains(part));
        let writes_settings = path.ends_with("mailboxsettings");
        !(is_elsewhere || (writes_places || writes_settings) && method != "GET")
    }

    #[test]
    fn the_table_says_what_microsoft_publishes() {
        let Ok(text) = std::fs::read_to_string(REFERENCE) else {
            eprintln!("{REFERENCE} is missing: the permissions are not compared");
            return;
        };
        let reference: Value = serde_json::from_str(&text).unwrap();
        for (path, methods) in reference.as_object().unwrap() {
            for (method, entry) in methods.as_object().unwrap() {
                let found = PUBLISHED
                    .iter()
                    .find(|row| row.method == method && row.path == path);
                assert_eq!(found.is_some(), is_served(method, path), "{method} {path}");
                let Some(row) = found else { continue };
                let set = |names: &[&'static str]| names.iter().copied().collect::<BTreeSet<_>>();
                assert_eq!(
                    set(row.apps),
                    permissions(&entry["Application"]),
                    "{method} {path}"
                );
                assert_eq!(
                    set(row.people),
                    permissions(&entry["DelegatedWork"]),
                    "{method} {path}"
                );
            }
        }
        let is_known = |row: &Published| reference[row.path][row.method].is_object();
        let unknown: Vec<&str> = PUBLISHED
            .iter()
            .filter(|row| !is_known(row))
            .map(|row| row.path)
            .collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}
