// The simulator's description of its tenant, in the few words this page needs.

/** @returns {{people: object[], rooms: object[], tenant: string, now: (() => number) | null}} */
export function readWorld(world, config) {
  const tenants = world.tenants ?? [world];
  const tenant = tenants.find((one) => one.id === config.tenant) ?? tenants[0];
  const people = (tenant.people ?? [])
    .map((person) => ({ id: person.id, name: person.displayName, address: person.address, zone: person.timeZone }))
    .filter((person) => person.address !== config.bookingMailbox);
  const rooms = (tenant.rooms ?? []).map((room) => ({
    name: room.displayName,
    address: room.address,
    note: [room.floorNumber !== undefined && room.floorNumber !== null && `floor ${room.floorNumber}`, room.capacity && `${room.capacity} seats`].filter(Boolean).join(", "),
  }));
  return { people, rooms, tenant: tenant.id, now: simulatedClock(world) };
}

/** A simulator that steps by hand has a clock of its own; the calendar then opens on its day. */
function simulatedClock(world) {
  if (!world.clock && !world.now) return null;
  const offset = Date.parse(world.clock ?? world.now) - Date.now();
  return Number.isFinite(offset) ? () => Date.now() + offset : null;
}
