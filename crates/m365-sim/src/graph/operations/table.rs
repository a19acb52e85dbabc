//! The table itself: the OpenAPI document's operations first, then what Microsoft documents elsewhere.

use super::{Operation, Scope};

const fn served(method: &'static str, path: &'static str) -> Operation {
    let scope = Scope::Served;
    Operation {
        method,
        path,
        scope,
    }
}

const fn unserved(method: &'static str, path: &'static str, reason: &'static str) -> Operation {
    let scope = Scope::OutOfScope(reason);
    Operation {
        method,
        path,
        scope,
    }
}

const ONE_CALENDAR: &str =
    "a mailbox has one calendar here, and its sharing is part of the scenario";
const DIRECTORY_CHANGES: &str = "the directory does not change while a simulator runs";
const FREE_TIMES: &str = "free times are found with getSchedule";
const MAIL: &str = "mail is sent and not read here, and groups are not part of booking rooms";
const PEOPLE_ONLY: &str = "contacts and tasks are not part of booking rooms";
const PLACE_WRITING: &str = "rooms are part of the scenario, not written through Graph";
const PLACE_TREE: &str = "rooms hang on no floors and buildings here, and there are no maps";
const READ_SETTINGS: &str = "mailbox settings are part of the scenario, not written through Graph";
const SMALL_PRINT: &str =
    "attachments, extensions, reminders and forwarding do not change who has a room";
const ZONE_LIST: &str = "which zones there are is not asked by anyone who books rooms";

/// All operations.
pub const OPERATIONS: &[Operation] = &[
    served("GET", "/organization"),
    served("GET", "/organization/{organization-id}"),
    served("GET", "/me"),
    served("GET", "/users/{user-id}"),
    served("GET", "/users/{user-id}/mailboxSettings"),
    unserved("PATCH", "/users/{user-id}/mailboxSettings", READ_SETTINGS),
    unserved("POST", "/places", PLACE_WRITING),
    served("GET", "/places/{place-id}"),
    unserved("PATCH", "/places/{place-id}", PLACE_WRITING),
    unserved("DELETE", "/places/{place-id}", PLACE_WRITING),
    served("GET", "/places/graph.room"),
    served("GET", "/places/graph.roomList"),
    served("GET", "/places/{place-id}/graph.room"),
    served("GET", "/places/{place-id}/graph.roomList"),
    served("GET", "/places/{place-id}/graph.roomList/rooms"),
    served("GET", "/places/{place-id}/graph.roomList/workspaces"),
    served("GET", "/places/graph.workspace"),
    served("GET", "/places/graph.desk"),
    served("GET", "/places/graph.building"),
    served("GET", "/places/graph.floor"),
    served("GET", "/places/graph.section"),
    unserved("GET", "/places/{place-id}/descendants()", PLACE_TREE),
    unserved("GET", "/places/{place-id}/graph.building/map", PLACE_TREE),
    served("GET", "/places/{place-id}/checkIns"),
    served("POST", "/places/{place-id}/checkIns"),
    served("GET", "/users/{user-id}/calendar"),
    served("POST", "/users/{user-id}/calendar/getSchedule"),
    unserved("POST", "/me/findMeetingTimes", FREE_TIMES),
    unserved("POST", "/users/{user-id}/findMeetingTimes", FREE_TIMES),
    served("GET", "/users/{user-id}/events"),
    served("POST", "/users/{user-id}/events"),
    served("GET", "/users/{user-id}/events/{event-id}"),
    served("PATCH", "/users/{user-id}/events/{event-id}"),
    served("DELETE", "/users/{user-id}/events/{event-id}"),
    served("GET", "/users/{user-id}/calendar/events"),
    served("POST", "/users/{user-id}/calendar/events"),
    served("GET", "/users/{user-id}/calendarView"),
    served("GET", "/users/{user-id}/calendarView/delta()"),
    served("GET", "/users/{user-id}/calendar/calendarView/delta()"),
    Operation {
        method: "GET",
        path: "/users/{user-id}/events/delta()",
        scope: Scope::Refused("the service tracks changes of views only"),
    },
    served("GET", "/users/{user-id}/events/{event-id}/instances"),
    served("POST", "/users/{user-id}/events/{event-id}/accept"),
    served("POST", "/users/{user-id}/events/{event-id}/decline"),
    served(
        "POST",
        "/users/{user-id}/events/{event-id}/tentativelyAccept",
    ),
    served("POST", "/users/{user-id}/events/{event-id}/cancel"),
    unserved(
        "GET",
        "/users/{user-id}/events/{event-id}/extensions",
        SMALL_PRINT,
    ),
    unserved(
        "POST",
        "/users/{user-id}/events/{event-id}/extensions",
        SMALL_PRINT,
    ),
    unserved(
        "GET",
        "/users/{user-id}/events/{event-id}/extensions/{extension-id}",
        SMALL_PRINT,
    ),
    unserved(
        "PATCH",
        "/users/{user-id}/events/{event-id}/extensions/{extension-id}",
        SMALL_PRINT,
    ),
    unserved(
        "DELETE",
        "/users/{user-id}/events/{event-id}/extensions/{extension-id}",
        SMALL_PRINT,
    ),
    served("GET", "/subscriptions"),
    served("POST", "/subscriptions"),
    served("GET", "/subscriptions/{subscription-id}"),
    served("PATCH", "/subscriptions/{subscription-id}"),
    served("DELETE", "/subscriptions/{subscription-id}"),
    served("POST", "/subscriptions/{subscription-id}/reauthorize"),
    unserved("GET", "/users/{user-id}/contacts", PEOPLE_ONLY),
    unserved("POST", "/users/{user-id}/contacts", PEOPLE_ONLY),
    unserved("GET", "/users/{user-id}/contacts/{contact-id}", PEOPLE_ONLY),
    unserved(
        "PATCH",
        "/users/{user-id}/contacts/{contact-id}",
        PEOPLE_ONLY,
    ),
    unserved(
        "DELETE",
        "/users/{user-id}/contacts/{contact-id}",
        PEOPLE_ONLY,
    ),
    unserved("GET", "/users/{user-id}/contacts/delta()", PEOPLE_ONLY),
    unserved("GET", "/users/{user-id}/todo/lists", PEOPLE_ONLY),
    unserved("POST", "/users/{user-id}/todo/lists", PEOPLE_ONLY),
    unserved(
        "GET",
        "/users/{user-id}/todo/lists/{todoTaskList-id}",
        PEOPLE_ONLY,
    ),
    unserved(
        "PATCH",
        "/users/{user-id}/todo/lists/{todoTaskList-id}",
        PEOPLE_ONLY,
    ),
    unserved(
        "DELETE",
        "/users/{user-id}/todo/lists/{todoTaskList-id}",
        PEOPLE_ONLY,
    ),
    unserved("GET", "/users/{user-id}/todo/lists/delta()", PEOPLE_ONLY),
    unserved(
        "GET",
        "/users/{user-id}/todo/lists/{todoTaskList-id}/tasks",
        PEOPLE_ONLY,
    ),
    unserved(
        "POST",
        "/users/{user-id}/todo/lists/{todoTaskList-id}/tasks",
        PEOPLE_ONLY,
    ),
    unserved(
        "GET",
        "/users/{user-id}/todo/lists/{todoTaskList-id}/tasks/{todoTask-id}",
        PEOPLE_ONLY,
    ),
    unserved(
        "PATCH",
        "/users/{user-id}/todo/lists/{todoTaskList-id}/tasks/{todoTask-id}",
        PEOPLE_ONLY,
    ),
    unserved(
        "DELETE",
        "/users/{user-id}/todo/lists/{todoTaskList-id}/tasks/{todoTask-id}",
        PEOPLE_ONLY,
    ),
    unserved(
        "GET",
        "/users/{user-id}/todo/lists/{todoTaskList-id}/tasks/delta()",
        PEOPLE_ONLY,
    ),
    served("POST", "/$batch"),
    // Documented outside the OpenAPI excerpt.
    served("GET", "/users"),
    served("GET", "/users/$count"),
    unserved("GET", "/users/delta()", DIRECTORY_CHANGES),
    served("GET", "/users/{user-id}/mailboxSettings/{setting}"),
    served("GET", "/users/{user-id}/calendars"),
    unserved("POST", "/users/{user-id}/calendars", ONE_CALENDAR),
    served("GET", "/users/{user-id}/calendars/{calendar-id}"),
    unserved(
        "PATCH",
        "/users/{user-id}/calendars/{calendar-id}",
        ONE_CALENDAR,
    ),
    unserved(
        "DELETE",
        "/users/{user-id}/calendars/{calendar-id}",
        ONE_CALENDAR,
    ),
    served("GET", "/users/{user-id}/calendars/{calendar-id}/events"),
    served("POST", "/users/{user-id}/calendars/{calendar-id}/events"),
    served(
        "GET",
        "/users/{user-id}/calendars/{calendar-id}/calendarView",
    ),
    served(
        "POST",
        "/users/{user-id}/calendars/{calendar-id}/getSchedule",
    ),
    served("GET", "/users/{user-id}/calendar/calendarView"),
    unserved(
        "GET",
        "/users/{user-id}/calendar/calendarPermissions",
        ONE_CALENDAR,
    ),
    unserved(
        "GET",
        "/users/{user-id}/calendar/calendarPermissions/{permission-id}",
        ONE_CALENDAR,
    ),
    unserved(
        "PATCH",
        "/users/{user-id}/calendar/calendarPermissions/{permission-id}",
        ONE_CALENDAR,
    ),
    unserved(
        "PATCH",
        "/users/{user-id}/calendars/{calendar-id}/calendarPermissions/{permission-id}",
        ONE_CALENDAR,
    ),
    unserved(
        "GET",
        "/users/{user-id}/events/{event-id}/calendar/calendarPermissions/{permission-id}",
        ONE_CALENDAR,
    ),
    unserved("GET", "/users/{user-id}/calendarGroups", ONE_CALENDAR),
    unserved(
        "GET",
        "/users/{user-id}/events/{event-id}/attachments",
        SMALL_PRINT,
    ),
    unserved(
        "POST",
        "/users/{user-id}/events/{event-id}/attachments",
        SMALL_PRINT,
    ),
    unserved(
        "POST",
        "/users/{user-id}/events/{event-id}/forward",
        SMALL_PRINT,
    ),
    unserved(
        "POST",
        "/users/{user-id}/events/{event-id}/snoozeReminder",
        SMALL_PRINT,
    ),
    unserved(
        "POST",
        "/users/{user-id}/events/{event-id}/dismissReminder",
        SMALL_PRINT,
    ),
    unserved("POST", "/users/{user-id}/extensions", SMALL_PRINT),
    unserved(
        "GET",
        "/users/{user-id}/outlook/supportedTimeZones()",
        ZONE_LIST,
    ),
    unserved(
        "GET",
        "/users/{user-id}/contactFolders/{folder-id}/contacts/delta()",
        PEOPLE_ONLY,
    ),
    unserved(
        "GET",
        "/users/{user-id}/todo/lists/{todoTaskList-id}/tasks/{todoTask-id}/linkedResources",
        PEOPLE_ONLY,
    ),
    served("POST", "/users/{user-id}/sendMail"),
    unserved("GET", "/users/{user-id}/messages", MAIL),
    unserved("POST", "/users/{user-id}/messages", MAIL),
    unserved("GET", "/users/{user-id}/messages/{message-id}", MAIL),
    unserved("PATCH", "/users/{user-id}/messages/{message-id}", MAIL),
    unserved(
        "GET",
        "/users/{user-id}/messages/{message-id}/extensions/{extension-id}",
        MAIL,
    ),
    unserved(
        "PATCH",
        "/users/{user-id}/messages/{message-id}/extensions/{extension-id}",
        MAIL,
    ),
    unserved("GET", "/groups/{group-id}/events", MAIL),
    unserved(
        "POST",
        "/groups/{group-id}/events/{event-id}/extensions",
        MAIL,
    ),
    unserved(
        "GET",
        "/groups/{group-id}/events/{event-id}/extensions/{extension-id}",
        MAIL,
    ),
    unserved(
        "DELETE",
        "/groups/{group-id}/events/{event-id}/extensions/{extension-id}",
        MAIL,
    ),
    unserved(
        "PATCH",
        "/groups/{group-id}/calendar/calendarPermissions/{permission-id}",
        MAIL,
    ),
    unserved("POST", "/groups/{group-id}/conversations", MAIL),
    unserved(
        "GET",
        "/groups/{group-id}/threads/{thread-id}/posts/{post-id}/extensions/{extension-id}",
        MAIL,
    ),
    unserved("GET", "/schemaExtensions", SMALL_PRINT),
    unserved("POST", "/schemaExtensions", SMALL_PRINT),
];
