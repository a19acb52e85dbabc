// The two answers an add-in needs before it can start: about the application, and about the open item.

const ITEM_TYPE = { read: 2, compose: 5 };
const RECIPIENT_USER = 2;
const RESPONSE_INDEX = { none: 0, notResponded: 0, organizer: 1, tentativelyAccepted: 2, accepted: 3, declined: 4 };

/** Everything about the application; the library throws when one of the first ten is missing. */
export function appContext(controlId, { settings, addinOrigin, paneUrl }) {
  return {
    _id: controlId,
    _appName: 64,
    _appVersion: "16.01",
    _appUILocale: settings.locale,
    _dataLocale: settings.locale,
    _docUrl: "",
    _clientMode: 0,
    _settings: settings.roamingSettings,
    _reason: "documentOpened",
    _initialDisplayMode: 0,
    _osfControlType: 1,
    _eToken: "",
    _correlationId: crypto.randomUUID(),
    _appInstanceId: crypto.randomUUID(),
    _requirementMatrix: JSON.stringify(settings.requirementSets),
    _hostFullVersion: "16.01",
    _clientWindowHeight: window.innerHeight,
    _clientWindowWidth: window.innerWidth,
    _addinName: "Etage",
    _appDomains: [addinOrigin],
    _addInSourceUrl: paneUrl,
    _featureGates: {},
  };
}

/** The open item as the signed-in person sees it. */
export function initialData(draft, person, settings) {
  const user = {
    itemType: ITEM_TYPE[draft.mode],
    permissionLevel: settings.permissionLevel,
    userDisplayName: person.name,
    userEmailAddress: person.address,
    userProfileType: "enterprise",
    userTimeZone: settings.windowsZone,
    hostVersion: "16.01",
    owaView: "ThreeColumns",
    ewsUrl: "",
    restUrl: "",
    isFromSharedFolder: false,
    seriesId: draft.seriesId ?? "",
    timeZoneOffsets: null,
    extensionId: "",
    itemNumber: 0,
    openWindowOpen: false,
  };
  return draft.mode === "read" ? { ...user, ...readItem(draft) } : user;
}

function readItem(draft) {
  return {
    id: draft.id,
    start: draft.start,
    end: draft.end,
    subject: draft.subject,
    normalizedSubject: draft.subject,
    location: draft.locationText(),
    to: [...draft.required, ...draft.rooms].map(recipient),
    cc: draft.optional.map(recipient),
    organizer: recipient({ ...draft.organizer, response: "organizer" }),
    recurrence: draft.recurrence,
    itemClass: "IPM.Appointment",
    attachments: [],
    dateTimeCreated: draft.created,
    dateTimeModified: draft.created,
    isAllDayEvent: draft.isAllDay,
    sensitivity: 0,
  };
}

/** A person or a room as office.js wants it. */
export function recipient({ name, address, response }) {
  return {
    name,
    address,
    recipientType: RECIPIENT_USER,
    appointmentResponse: RESPONSE_INDEX[response] ?? 0,
  };
}
