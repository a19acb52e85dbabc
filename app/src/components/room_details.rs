//! The card beside a room on the plan: all that decides whether to take it.

use booking::mirror::Reading;
use booking::room::Room;
use booking::room_day::RoomDay;
use booking::search::RoomState;
use booking::time::ZoneName;
use leptos::prelude::*;

use super::EquipmentIcons;
use crate::text::clock::{self, WallTime};
use crate::text::room;

/// What is known of a room at the asked time.
#[derive(Clone, PartialEq, Debug)]
pub struct RoomFacts {
    /// The room.
    pub room: Room,
    /// Its floor's label.
    pub floor: String,
    /// How it stands.
    pub state: RoomState,
    /// Until when, or why not: one or more sentences.
    pub sentence: String,
    /// Whose word that is, such as `Checked with Exchange 3 s ago`. Empty: not told.
    pub freshness: String,
}

/// Name, seats, equipment, until when it is free or why not, and one act as child.
///
/// What changes by itself changes in place: the act keeps its focus.
#[component]
pub fn RoomDetails(
    /// What is known.
    #[prop(into)]
    facts: Signal<RoomFacts>,
    /// What is on in it that day. `None`: not known yet, or not asked for.
    #[prop(optional, into)]
    day: Signal<Option<RoomDay>>,
    /// The act.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let RoomFacts { room, floor, .. } = facts.get_untracked();
    let zone = room.zone.clone();
    let mut line = room::seats(room.seats);
    line.push_str(" · ");
    line.push_str(&room::floor(&floor).to_lowercase());
    if room.step_free == Some(true) {
        line.push_str(" · ");
        line.push_str(room::STEP_FREE);
    }
    let title = if room.name == room.number {
        room::name(&room.number)
    } else {
        format!("{} · {}", room.number, room.name)
    };
    view! {
        <div class="room-details">
            <h3>{title}</h3>
            <p>{line}</p>
            <EquipmentIcons set=room.equipment />
            <p
                class="room-details-state"
                data-state=move || room::state_key(facts.with(|facts| facts.state))
            >
                {move || facts.with(|facts| facts.sentence.clone())}
            </p>
            <p>{move || facts.with(|facts| facts.freshness.clone())}</p>
            {move || day.with(|day| day.as_ref().map(|day| meetings(day, &zone)))}
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}

/// The day's meetings: when and who.
fn meetings(day: &RoomDay, zone: &ZoneName) -> AnyView {
    let date = WallTime::of(day.day.start(), zone).short_date();
    let lines: Vec<_> = day
        .meetings
        .iter()
        .map(|meeting| {
            view! {
                <li>
                    <span>{clock::span(meeting.range, zone)}</span>
                    <span>{room::who(meeting)}</span>
                </li>
            }
        })
        .collect();
    let label = date.clone();
    view! {
        <section class="room-day" aria-label=label>
            <h4>{date}</h4>
            {(day.reading == Reading::FreeBusyOnly)
                .then(|| view! { <p>{room::FREE_BUSY_ONLY}</p> })}
            {if lines.is_empty() {
                view! { <p>{room::NO_MEETINGS}</p> }.into_any()
            } else {
                view! { <ul tabindex="0">{lines}</ul> }.into_any()
            }}
        </section>
    }
    .into_any()
}
