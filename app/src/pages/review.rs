//! Every component in every state, for eyes, screen readers and accessibility checkers.
//!
//! The server alone renders it and no script follows: the module that every visitor loads would
//! be a good deal larger for a page that no visitor sees.

mod sample;

use std::sync::Arc;

use booking::room::{Equipment, EquipmentSet};
use booking::search::RoomState;
use booking::search::found::Source;
use booking::time::ZoneName;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::freshness::Shown;
use crate::components::page_header::HeaderPage;
use crate::components::room_card::RoomCardKind;
use crate::components::room_details::RoomFacts;
use crate::components::time_rail::MinuteSpan;
use crate::components::time_range_picker::DayTimes;
use crate::components::{
    Button, ButtonKind, EmptyState, EquipmentIcons, Field, FieldKind, FloorSwitch, Freshness,
    Legend, MessageBar, MessageKind, PageHeader, PlanView, RoomCard, RoomDetails, Select,
    SeriesStrip, Spinner, Tag, TimeRail, TimeRangePicker,
};
use crate::text::{command, page, plan, room, series as words};

/// The page.
#[component]
pub fn ReviewPage() -> impl IntoView {
    view! {
        <Title text=page::REVIEW />
        <PageHeader
            at=HeaderPage::Other
            place="Andreas-Pfitzmann-Bau"
            person=Signal::stored(Some("Ana Ruiz".to_owned()))
        />
        <main class="review" id="content">
            <h1>{page::REVIEW}</h1>
            <Buttons />
            <Fields />
            <Tags />
            <Messages />
            <Cards />
            <Lines />
            <Rail />
            <Series />
            <Plan />
        </main>
    }
    .into_any()
}

#[component]
fn Buttons() -> impl IntoView {
    let kinds = [
        ButtonKind::Primary,
        ButtonKind::Plain,
        ButtonKind::Subtle,
        ButtonKind::Link,
        ButtonKind::Danger,
    ];
    let row = |busy: bool, disabled: bool, text: &'static str| {
        kinds.map(|kind| view! { <Button kind=kind busy=busy disabled=disabled>{text}</Button> })
    };
    view! {
        <section>
            <h2>"Buttons"</h2>
            <div class="review-row">{row(false, false, command::BOOK)}</div>
            <div class="review-row">{row(false, true, command::BOOK)}</div>
            <div class="review-row">{row(true, false, crate::text::reservation::BOOKING)}</div>
        </section>
    }
    .into_any()
}

#[component]
fn Fields() -> impl IntoView {
    let times = RwSignal::new(DayTimes {
        date: "2026-11-24".to_owned(),
        from: "10:00".to_owned(),
        to: "11:00".to_owned(),
    });
    let reversed = DayTimes {
        date: "2026-11-24".to_owned(),
        from: "11:00".to_owned(),
        to: "10:00".to_owned(),
    };
    view! {
        <section>
            <h2>"Fields"</h2>
            <div class="review-column">
                <TimeRangePicker id="review-when" value=times on_change=move |next| times.set(next) />
            </div>
            <div class="review-column">
                <TimeRangePicker id="review-reversed" value=reversed on_change=|_| {} />
            </div>
            <div class="review-column">
                <Field id="review-people" label=command::PEOPLE kind=FieldKind::Count value="6" />
            </div>
            <div class="review-column">
                <Field id="review-subject" label=command::SUBJECT value="" hint=command::SUBJECT_HINT />
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Series() -> impl IntoView {
    let open = Signal::stored(Some("4".to_owned()));
    let ends = [words::AFTER_DATES, words::ON_A_DAY];
    let ends = ends.map(|name| (name.to_owned(), name.to_owned())).to_vec();
    view! {
        <section>
            <h2>"Dates of a series"</h2>
            <SeriesStrip dates=Signal::stored(sample::strip()) open=open on_open=|_: String| {} />
            <div class="review-column">
                <Select
                    id="review-ends"
                    label=words::ENDS
                    choices=Signal::stored(ends)
                    value=words::ON_A_DAY
                    on_change=|_: String| {}
                />
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Tags() -> impl IntoView {
    let pressed = RwSignal::new(true);
    let turn = move |()| pressed.update(|pressed| *pressed = !*pressed);
    view! {
        <section>
            <h2>"Filters"</h2>
            <ul class="tag-list">
                <Tag text="6 people" pressed=pressed on_press=turn />
                <Tag text="Video" pressed=false count=Some(9) on_press=|()| {} />
                <Tag text="Whiteboard" pressed=true count=Some(12) on_press=|()| {} />
                <Tag text="Hearing loop" pressed=false count=Some(0) on_press=|()| {} />
            </ul>
        </section>
    }
    .into_any()
}

#[component]
fn Messages() -> impl IntoView {
    view! {
        <section>
            <h2>"Messages"</h2>
            <MessageBar text="Plans are read every night." />
            <MessageBar kind=MessageKind::Success text=page::pane::ADDED />
            <MessageBar kind=MessageKind::Warning text=page::pane::declined("Room 3078", Some("3081 next door")) >
                <Button>{command::ADD}</Button>
            </MessageBar>
            <MessageBar kind=MessageKind::Error text="The server cannot be reached. Check the network.">
                <Button>{command::TRY_AGAIN}</Button>
            </MessageBar>
            <Spinner text=page::SEARCHING />
            <EmptyState title=page::NO_HITS hint=page::NO_HITS_HINT />
        </section>
    }
    .into_any()
}

#[component]
fn Cards() -> impl IntoView {
    let chosen = RwSignal::new(0_usize);
    let cards = [
        (
            "1066",
            RoomState::Free,
            "11 seats · 40 s away",
            "Video, whiteboard. Nearest to your team",
        ),
        (
            "1031",
            RoomState::FreeNotFitting,
            "5 seats · 1 min away",
            "Seats 5, you are 6.",
        ),
        ("1001", RoomState::Yours, "8 seats", "Reserved for you."),
    ];
    let hits = cards.into_iter().enumerate().map(|(index, (number, state, title, note))| {
        view! {
            <RoomCard
                number=number
                state=state
                title=title
                note=note
                selected=Signal::derive(move || chosen.get() == index)
                on_choose=move |()| chosen.set(index)
            >
                <Button
                    kind=Signal::derive(move || {
                        if chosen.get() == index { ButtonKind::Primary } else { ButtonKind::Plain }
                    })
                    label=command::add_room(number)
                >
                    {command::ADD}
                </Button>
            </RoomCard>
        }
    });
    let facts = RoomFacts {
        room: sample::room(),
        floor: "1".to_owned(),
        state: RoomState::Free,
        sentence: room::free_until("12:30"),
        freshness: "Checked with Exchange 3 s ago".to_owned(),
    };
    let everything: EquipmentSet = Equipment::ALL.into_iter().collect();
    view! {
        <section>
            <h2>"Rooms in lists"</h2>
            <ul class="room-card-list review-column">
                {hits.collect::<Vec<_>>()}
                {reasons()}
            </ul>
            <RoomDetails facts=Signal::stored(facts) day=Signal::stored(sample::day()) now=sample::NOW>
                <Button kind=ButtonKind::Primary>{command::book_span("10:00–11:00")}</Button>
            </RoomDetails>
            <EquipmentIcons set=everything />
        </section>
    }
    .into_any()
}

/// A card for each state that is a reason against a room.
fn reasons() -> impl IntoView {
    [
        RoomState::Busy,
        RoomState::Tentative,
        RoomState::Held,
        RoomState::NotBookable,
        RoomState::Unknown,
    ]
    .map(|state| {
        view! {
            <RoomCard
                kind=RoomCardKind::Reason
                number="1096"
                state=state
                title=""
                note=room::state(state)
                selected=false
                on_choose=|()| {}
            />
        }
    })
}

#[component]
fn Lines() -> impl IntoView {
    let now = sample::NOW;
    let exchange = Source::Exchange {
        at: now.plus_ms(-3_000),
    };
    let mirror = Source::Mirror {
        as_of: Some(now.plus_ms(-240_000)),
    };
    view! {
        <section>
            <h2>"Freshness and legend"</h2>
            <Freshness shown=Shown::From(exchange) now=now />
            <Freshness shown=Shown::From(mirror) now=now />
            <Freshness shown=Shown::Checking now=now />
            <Freshness shown=Shown::Offline now=now />
            <Freshness
                shown=Shown::NotLive { since: now.plus_ms(-540_000), zone: ZoneName::utc() }
                now=now
            />
            <Legend states=RoomState::ALL.to_vec() />
        </section>
    }
    .into_any()
}

#[component]
fn Rail() -> impl IntoView {
    let window = RwSignal::new(MinuteSpan { from: 600, to: 660 });
    let free: Vec<u32> = (0..48)
        .map(|quarter: u32| 4 + (quarter * 7 + quarter / 5) % 17)
        .collect();
    view! {
        <section>
            <h2>{plan::TIME_RAIL}</h2>
            <TimeRail free=free window=window on_move=move |next| window.set(next) />
        </section>
    }
    .into_any()
}

#[component]
fn Plan() -> impl IntoView {
    let drawing = Arc::new(sample::plan());
    let looks = Arc::new(sample::looks(&drawing));
    let floors = sample::floors();
    let shown = RwSignal::new(floors.first().map(|floor| floor.id));
    let selected = RwSignal::new(None);
    view! {
        <section>
            <h2>"Plan"</h2>
            <div class="review-plan">
                <PlanView
                    plan=drawing
                    floor="1"
                    looks=Signal::stored(looks)
                    selected=selected
                    on_select=move |id| selected.set(id)
                    on_activate=|_| {}
                >
                    <div class="plan-corner" data-corner="top-right">
                        <FloorSwitch floors=floors shown=shown on_choose=move |id| shown.set(Some(id)) />
                    </div>
                    <div class="plan-corner" data-corner="bottom-left">
                        <Legend states=RoomState::ALL.to_vec() />
                    </div>
                </PlanView>
            </div>
        </section>
    }
    .into_any()
}
