//! A room in a list of results.

use booking::search::RoomState;
use leptos::prelude::*;

use crate::text::room;

/// How a card stands in its list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum RoomCardKind {
    /// A room to be had.
    #[default]
    Hit,
    /// A room that is not to be had as asked, with the reason.
    Reason,
}

/// One room: its number on the ground of its state, what speaks for it, and one act.
///
/// Pressing the card chooses the room (the plan follows); pressing the child button acts.
#[component]
pub fn RoomCard(
    /// The number at its door.
    #[prop(into)]
    number: String,
    /// How it stands.
    #[prop(into)]
    state: Signal<RoomState>,
    /// The first line, such as `11 seats · 40 s away`. Empty: none.
    #[prop(into)]
    title: Signal<String>,
    /// The lines below: why it is first, or why not.
    #[prop(into)]
    note: Signal<String>,
    /// Whether it is the one chosen.
    #[prop(into)]
    selected: Signal<bool>,
    /// Told when it is chosen.
    #[prop(into)]
    on_choose: Callback<()>,
    /// How it stands in its list.
    #[prop(optional)]
    kind: RoomCardKind,
    /// What is said below the card after its act. Nothing: no line.
    #[prop(optional, into)]
    answer: ViewFn,
    /// The act: one button.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let kind = match kind {
        RoomCardKind::Hit => "hit",
        RoomCardKind::Reason => "reason",
    };
    let spoken = room::name(&number);
    let data_number = number.clone();
    view! {
        <li
            class="room-card"
            data-kind=kind
            data-room-number=data_number
            data-selected=move || if selected.get() { "true" } else { "false" }
        >
            <button
                class="room-card-choose"
                type="button"
                aria-label=spoken
                aria-pressed=move || if selected.get() { "true" } else { "false" }
                on:click=move |_| on_choose.run(())
            >
                <span class="room-badge" data-state=move || room::state_key(state.get())>
                    {number}
                </span>
            </button>
            <div>
                <p class="room-card-title" hidden=move || title.with(String::is_empty)>
                    {move || title.get()}
                </p>
                <p class="room-card-note">{move || note.get()}</p>
            </div>
            <div class="room-card-action">{children.map(|children| children())}</div>
            {answer.run()}
        </li>
    }
    .into_any()
}
