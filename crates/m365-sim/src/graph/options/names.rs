//! Which properties an entity has, by Microsoft's pages.

/// A type, and what may be named of it.
pub(super) struct Entity {
    /// As messages name it.
    pub(super) name: &'static str,
    /// The properties that are values, in any number of lists.
    pub(super) properties: &'static [&'static [&'static str]],
    /// What it leads to.
    pub(super) relations: &'static [&'static str],
}

impl Entity {
    pub(super) fn has(&self, name: &str) -> bool {
        let mut lists = self.properties.iter();
        lists.any(|list| is_among(list, name)) || self.leads_to(name)
    }

    pub(super) fn leads_to(&self, name: &str) -> bool {
        is_among(self.relations, name)
    }
}

fn is_among(known: &[&str], name: &str) -> bool {
    known.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// <https://learn.microsoft.com/graph/api/resources/event>
pub(super) const EVENT: Entity = Entity {
    name: "microsoft.graph.event",
    properties: &[&[
        "allowNewTimeProposals",
        "attendees",
        "body",
        "bodyPreview",
        "cancelledOccurrences",
        "categories",
        "changeKey",
        "createdDateTime",
        "end",
        "hasAttachments",
        "hideAttendees",
        "iCalUId",
        "id",
        "importance",
        "isAllDay",
        "isCancelled",
        "isDraft",
        "isOnlineMeeting",
        "isOrganizer",
        "isReminderOn",
        "lastModifiedDateTime",
        "location",
        "locations",
        "onlineMeeting",
        "onlineMeetingProvider",
        "onlineMeetingUrl",
        "organizer",
        "originalEndTimeZone",
        "originalStart",
        "originalStartTimeZone",
        "recurrence",
        "reminderMinutesBeforeStart",
        "responseRequested",
        "responseStatus",
        "sensitivity",
        "seriesMasterId",
        "showAs",
        "start",
        "subject",
        "transactionId",
        "type",
        "webLink",
    ]],
    relations: &[
        "attachments",
        "calendar",
        "exceptionOccurrences",
        "extensions",
        "instances",
        "multiValueExtendedProperties",
        "singleValueExtendedProperties",
    ],
};

/// <https://learn.microsoft.com/graph/api/resources/user>
pub(super) const USER: Entity = Entity {
    name: "microsoft.graph.user",
    properties: &[&[
        "aboutMe",
        "accountEnabled",
        "ageGroup",
        "assignedLicenses",
        "assignedPlans",
        "authorizationInfo",
        "birthday",
        "businessPhones",
        "city",
        "companyName",
        "consentProvidedForMinor",
        "country",
        "createdDateTime",
        "creationType",
        "customSecurityAttributes",
        "deletedDateTime",
        "department",
        "deviceEnrollmentLimit",
        "displayName",
        "employeeHireDate",
        "employeeId",
        "employeeLeaveDateTime",
        "employeeOrgData",
        "employeeType",
        "externalUserState",
        "externalUserStateChangeDateTime",
        "faxNumber",
        "givenName",
        "hireDate",
        "id",
        "identities",
        "imAddresses",
        "interests",
        "isManagementRestricted",
        "isResourceAccount",
        "jobTitle",
        "lastPasswordChangeDateTime",
        "legalAgeGroupClassification",
        "licenseAssignmentStates",
        "mail",
        "mailNickname",
        "mailboxSettings",
        "mobilePhone",
        "mySite",
        "officeLocation",
        "onPremisesDistinguishedName",
        "onPremisesDomainName",
        "onPremisesExtensionAttributes",
        "onPremisesImmutableId",
        "onPremisesLastSyncDateTime",
        "onPremisesProvisioningErrors",
        "onPremisesSamAccountName",
        "onPremisesSecurityIdentifier",
        "onPremisesSyncEnabled",
        "onPremisesUserPrincipalName",
        "otherMails",
        "passwordPolicies",
        "passwordProfile",
        "pastProjects",
        "postalCode",
        "preferredDataLocation",
        "preferredLanguage",
        "preferredName",
        "print",
        "provisionedPlans",
        "proxyAddresses",
        "responsibilities",
        "schools",
        "securityIdentifier",
        "serviceProvisioningErrors",
        "showInAddressList",
        "signInActivity",
        "signInSessionsValidFromDateTime",
        "skills",
        "state",
        "streetAddress",
        "surname",
        "usageLocation",
        "userPrincipalName",
        "userType",
    ]],
    relations: &[
        "calendar",
        "calendarView",
        "calendars",
        "createdObjects",
        "directReports",
        "events",
        "extensions",
        "manager",
        "memberOf",
        "messages",
        "ownedDevices",
        "ownedObjects",
        "photo",
        "registeredDevices",
        "transitiveMemberOf",
    ],
};

/// What all places have. <https://learn.microsoft.com/graph/api/resources/place>
const OF_PLACES: &[&str] = &[
    "address",
    "displayName",
    "geoCoordinates",
    "id",
    "isWheelChairAccessible",
    "label",
    "parentId",
    "phone",
    "placeId",
    "tags",
];

const OF_ROOMS: &[&str] = &[
    "audioDeviceName",
    "bookingType",
    "building",
    "capacity",
    "displayDeviceName",
    "emailAddress",
    "floorLabel",
    "floorNumber",
    "nickname",
    "teamsEnabledState",
    "videoDeviceName",
];

/// What workspaces, desks, buildings and floors have besides.
const OF_OTHERS: &[&str] = &[
    "heightAdjustableState",
    "mailboxDetails",
    "mode",
    "resourceLinks",
    "servicePlans",
    "sortOrder",
    "wifiState",
];

/// <https://learn.microsoft.com/graph/api/resources/room>
pub(super) const ROOM: Entity = Entity {
    name: "microsoft.graph.room",
    properties: &[OF_PLACES, OF_ROOMS],
    relations: &["checkIns"],
};

/// <https://learn.microsoft.com/graph/api/resources/roomlist>
pub(super) const ROOM_LIST: Entity = Entity {
    name: "microsoft.graph.roomList",
    properties: &[OF_PLACES, &["emailAddress"]],
    relations: &["checkIns", "rooms", "workspaces"],
};

/// Any kind of place, where the address does not say which.
pub(super) const PLACE: Entity = Entity {
    name: "microsoft.graph.place",
    properties: &[OF_PLACES, OF_ROOMS, OF_OTHERS],
    relations: &["checkIns", "map", "rooms", "workspaces"],
};
