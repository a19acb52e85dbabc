//! `etage link-rooms`: prints what was bound and what not.

use std::collections::HashMap;

use booking::ids::RoomId;
use booking::room::Room;

use super::say;
use crate::config::Config;

/// Most rooms or mailboxes listed by name.
pub(super) const LISTED_MAX: usize = 40;

pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    let engine = super::engine(config).await?;
    let connections: Vec<_> = engine.providers().iter().map(|(id, _)| id).collect();
    if connections.is_empty() {
        anyhow::bail!("no tenant is connected yet; run `etage connect` first");
    }
    for connection in connections {
        let linked = engine.link_rooms(connection).await?;
        let rooms: HashMap<RoomId, &Room> =
            linked.rooms.iter().map(|room| (room.id, room)).collect();
        let number = |id: &RoomId| rooms.get(id).map_or("?", |room| room.number.as_str());
        for bound in linked.binding.bound.iter().take(LISTED_MAX) {
            say(format_args!("{} is {}", number(&bound.room), bound.mailbox));
        }
        rest("links", linked.binding.bound.len());
        for one in linked.binding.ambiguous.iter().take(LISTED_MAX) {
            let rooms: Vec<&str> = one.rooms.iter().map(number).collect();
            say(format_args!(
                "{} could be {}: link it by hand",
                one.mailbox,
                rooms.join(" or ")
            ));
        }
        rest("unclear mailboxes", linked.binding.ambiguous.len());
        for id in linked.binding.unbound_rooms.iter().take(LISTED_MAX) {
            say(format_args!("{} has no mailbox", number(id)));
        }
        rest(
            "rooms without a mailbox",
            linked.binding.unbound_rooms.len(),
        );
        for mailbox in linked.binding.unbound_mailboxes.iter().take(LISTED_MAX) {
            say(format_args!("{mailbox} is on no plan"));
        }
        rest(
            "mailboxes on no plan",
            linked.binding.unbound_mailboxes.len(),
        );
        let total = linked
            .rooms
            .iter()
            .filter(|room| room.link.is_some())
            .count();
        say(format_args!(
            "{} rooms newly linked; {total} of {} are linked now.",
            linked.binding.bound.len(),
            linked.rooms.len()
        ));
    }
    Ok(())
}

/// Says how many more there are than are listed.
pub(super) fn rest(what: &str, count: usize) {
    if count > LISTED_MAX {
        say(format_args!("… and {} more {what}", count - LISTED_MAX));
    }
}
