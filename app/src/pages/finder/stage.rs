//! The plan of the floor on screen, with everything around it.

use std::sync::Arc;

use booking::ids::{RoomId, ShapeId};
use booking::search::RoomState;
use leptos::prelude::*;

use super::{Finder, describe, fetch};
use crate::components::plan_view::{Framing, PlanCard, PlanLooks, PlanView, ScreenSize};
use crate::components::{EmptyState, FloorSwitch, Legend, RoomDetails};
use crate::text::plan as words;

/// Makes the act of a room's card.
pub type CardAction = Callback<RoomId, AnyView>;

/// The plan that follows a search, in step with its list.
#[component]
pub fn Stage(
    /// The search.
    finder: Finder,
    /// Which part of the floor to show first.
    #[prop(optional)]
    framing: Framing,
    /// A guess of the plan's size on the screen.
    first_size: ScreenSize,
    /// Makes the act of the card beside a room. `None`: no cards, the list has it all.
    #[prop(default = None)]
    card_action: Option<CardAction>,
    /// Told when a room is to be acted on.
    #[prop(into)]
    on_activate: Callback<RoomId>,
) -> impl IntoView {
    let looks = Memo::new(move |_| Arc::new(finder.looks()));
    let on_floor = states_among(looks);
    let selected = Signal::derive(move || {
        finder
            .selected
            .get()
            .and_then(|id| finder.shape_of_room(id))
    });
    let choose = Callback::new(move |shape: Option<ShapeId>| {
        finder.choose(shape.and_then(|shape| untrack(|| finder.room_of_shape(shape))));
    });
    let activate = Callback::new(move |shape: ShapeId| {
        if let Some(id) = untrack(|| finder.room_of_shape(shape)) {
            on_activate.run(id);
        }
    });
    let card = card_action.map(|action| room_cards(finder, action));
    let drawing = move || match finder.plan.get() {
        None => view! { <EmptyState title=words::NO_PLAN hint=words::NO_PLAN_HINT /> }.into_any(),
        Some(plan) => {
            let floor = untrack(|| finder.floor_label(plan.floor));
            view! {
                <PlanView
                    plan=plan
                    floor=floor
                    looks=looks
                    selected=selected
                    on_select=choose
                    on_activate=activate
                    framing=framing
                    first_size=first_size
                    card=card
                >
                    {(framing == Framing::Floor).then(|| view! {
                        <div class="plan-corner" data-corner="bottom-left">
                            <Legend states=on_floor />
                        </div>
                    })}
                </PlanView>
            }
            .into_any()
        }
    };
    view! {
        <div class="plan-stage">
            {drawing}
            // Outside the drawing, so that it keeps the focus when the floor changes.
            <div class="plan-corner" data-corner="top-right">{floor_switch(finder)}</div>
        </div>
    }
    .into_any()
}

/// The states that rooms on the plan have, in the order of the legend.
fn states_among(looks: Memo<Arc<PlanLooks>>) -> Memo<Vec<RoomState>> {
    Memo::new(move |_| {
        let is_there =
            |state: &RoomState| looks.with(|looks| looks.values().any(|look| look.state == *state));
        RoomState::ALL.into_iter().filter(is_there).collect()
    })
}

fn floor_switch(finder: Finder) -> impl IntoView {
    let floors = Signal::derive(move || finder.building().map(|it| it.floors).unwrap_or_default());
    view! {
        <FloorSwitch
            floors=floors
            shown=Signal::derive(move || Some(finder.floor.get()))
            on_choose=move |floor| finder.floor.set(floor)
        />
    }
}

fn room_cards(finder: Finder, action: CardAction) -> PlanCard {
    Callback::new(move |shape: ShapeId| {
        let Some(room) = untrack(|| finder.room_of_shape(shape).and_then(|id| finder.room(id)))
        else {
            return ().into_any();
        };
        fetch::explain_rooms(finder, &[room.id]);
        let id = room.id;
        let facts = Signal::derive(move || describe::facts(finder, room.clone()));
        let day = fetch::follow_day(finder, id);
        view! { <RoomDetails facts=facts day=day now=finder.now>{action.run(id)}</RoomDetails> }
            .into_any()
    })
}
