// `window.outlookHost`: what browser tests hold on to. It drives the same state as the buttons do.

/** @param {Promise<void>} started settles when the page shows the calendar */
export function installTestHooks(outlook, started) {
  window.outlookHost = {
    started,
    settings: outlook.settings,
    calls: outlook.calls,
    nestedAuthCalls: outlook.nestedAuthCalls,
    launchCalls: outlook.launchCalls,

    signIn: (address) => outlook.signIn(address),
    /** Opens a new form; times are anything `Date` reads, people and rooms are addresses. */
    newAppointment: (values = {}) => outlook.newAppointment(readValues(outlook, values)),
    reopen: (id) => outlook.reopen(id),
    openPane: () => outlook.openPane(),
    closePane: () => outlook.closePane(),
    /** Resolves with the event's id; null when it was not sent. Alerts are for the test to answer. */
    send: () => outlook.send(),
    discard: () => outlook.discard(),
    refresh: () => outlook.refresh(),

    setTime: (start, end) => outlook.draft.setTime(+new Date(start), +new Date(end)),
    setSubject: (subject) => outlook.draft.setSubject(subject),
    setPeople: (kind, addresses) => outlook.draft.setPeople(kind, addresses.map((address) => person(outlook, address))),
    addRoom: (address) => outlook.draft.addLocations([outlook.room(address)]),
    removeRoom: (address) => outlook.draft.removeLocations([{ id: address, type: "room" }]),
    setRecurrence: (recurrence) => outlook.draft.setRecurrence(recurrence),

    /** What the next `times` calls of a dispatch id meet: `{delayMs}`, `{code}` or `{silent: true}`. */
    inject: (id, fault, times = 1) => void outlook.faults.set(id, { ...fault, times }),

    /** A copy of the open draft; null when no form is open. */
    snapshot: () => outlook.draft && snapshot(outlook.draft, outlook.pane),
    /** The calendar's appointments as last read. */
    appointments: () => outlook.drafts.map((draft) => snapshot(draft)),
  };
}

function readValues(outlook, { start, end, required = [], optional = [], rooms = [], ...rest }) {
  return {
    ...rest,
    ...(start !== undefined && { start: +new Date(start) }),
    ...(end !== undefined && { end: +new Date(end) }),
    required: required.map((address) => person(outlook, address)),
    optional: optional.map((address) => person(outlook, address)),
    rooms: rooms.map((address) => outlook.room(address)),
  };
}

function person(outlook, address) {
  return outlook.people.find((one) => one.address === address) ?? { name: address, address };
}

function snapshot(draft, pane) {
  const { id, mode, subject, body, start, end, required, optional, rooms, places, recurrence, notifications } = draft;
  return structuredClone({
    id, mode, subject, body, start, end, required, optional, rooms, places, recurrence,
    notifications: [...notifications.values()],
    paneOpen: pane?.isOpen ?? false,
  });
}
