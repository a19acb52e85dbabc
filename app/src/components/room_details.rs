//! The card beside a room on the plan: all that decides whether to take it.

use booking::mirror::{Reading, RoomMirror};
use booking::room::Room;
use booking::room_day::RoomDay;
use booking::search::RoomState;
use booking::time::{Instant, ZoneName};
use leptos::prelude::*;

use super::EquipmentIcons;
use crate::text::clock::{self, WallTime};
use crate::text::{mirror, room};

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

/// Name, seats, until when it is free or why not, equipment, and one act as child.
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
    /// The present moment by the server's clock.
    #[prop(into)]
    now: Signal<Instant>,
    /// The act.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let RoomFacts { room, floor, .. } = facts.get_untracked();
    let zone = room.zone.clone();
    // How true the day is changes with every reading; the list stays, and keeps where it was scrolled to.
    let shown = Memo::new(move |_| {
        day.get().map(|day| RoomDay {
            mirror: None,
            ..day
        })
    });
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
            <p
                class="room-details-state"
                data-state=move || room::state_key(facts.with(|facts| facts.state))
            >
                {move || facts.with(|facts| facts.sentence.clone())}
            </p>
            <p>{move || facts.with(|facts| facts.freshness.clone())}</p>
            // Below, because a card on a low plan is cut there.
            <EquipmentIcons set=room.equipment />
            {move || shown.with(|day| day.as_ref().map(|day| meetings(day, &zone)))}
            {children.map(|children| children())}
            {mirror_line(day, now)}
        </div>
    }
    .into_any()
}

/// One quiet line on how true the day is, which opens to how long changes take; what it says changes in place.
fn mirror_line(day: Signal<Option<RoomDay>>, now: Signal<Instant>) -> AnyView {
    let told = move |tell: fn(&RoomMirror, Reading, Instant) -> String| {
        Memo::new(move |_| {
            let now = now.get();
            day.with(|day| {
                let day = day.as_ref()?;
                Some(tell(day.mirror.as_ref()?, day.reading, now))
            })
        })
    };
    let line = told(mirror::line);
    let lag = told(|it, _, _| mirror::lag(&it.lag));
    view! {
        <details class="room-mirror" hidden=move || line.with(Option::is_none)>
            <summary>{move || line.get()}</summary>
            <p>{move || lag.get()}</p>
        </details>
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
