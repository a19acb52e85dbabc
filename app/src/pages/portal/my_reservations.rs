//! One's own reservations: what is to come, and what became of the rest.

use booking::ReservationId;
use booking::reservation::{CalendarFault, Cancelling, Origin, ReservationState, StateNote};
use booking::room::Room;
use booking::search::RoomState;
use booking::time::{Instant, TimeRange, ZoneName};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;

use super::Unavailable;
use super::live_list::{Standing, follow_moves};
use crate::api::ApiError;
use crate::api::live::Liveness;
use crate::api::reservations::{ReservationView, cancel, mine};
use crate::api::session::{Session, me};
use crate::api::wire::{BLOCKING, Wire};
use crate::components::page_header::HeaderPage;
use crate::components::{
    Button, ButtonKind, EmptyState, MessageBar, MessageKind, PageHeader, Spinner, ZoneNote,
};
use crate::pages::mark_hydrated;
use crate::text::clock::{self, WallTime};
use crate::text::{command, page, reservation, room, series};

/// What the page starts with.
type Mine = (Session, Vec<ReservationView>);

/// The page.
#[component]
pub fn MyReservationsPage() -> impl IntoView {
    let first = Resource::<_, Wire>::new_with_options(
        || (),
        |()| async {
            let session = me().await?;
            Ok::<Mine, ApiError>((session, mine().await?))
        },
        BLOCKING,
    );
    mark_hydrated();
    view! {
        <Title text=reservation::MINE />
        <Suspense fallback=|| view! { <Spinner text=page::SEARCHING /> }>
            {move || Suspend::new(async move {
                let (session, content) = match first.await {
                    Ok((session, all)) => (session, view! { <Lists all=all /> }.into_any()),
                    Err(problem) => {
                        (Session::default(), view! { <Unavailable problem=problem /> }.into_any())
                    }
                };
                let person = session.person.map(|person| person.display_name);
                view! {
                    <div class="portal">
                        <PageHeader at=HeaderPage::Reservations person=Signal::stored(person) role=session.role />
                        <main class="portal-page" id="content">{content}</main>
                    </div>
                }
            })}
        </Suspense>
    }
    .into_any()
}

/// What the rows have in common. A row is drawn anew when its reservation changes; this outlives that.
#[derive(Clone, Copy)]
struct Rows {
    all: RwSignal<Vec<ReservationView>>,
    /// Which one is about to be cancelled, once its person is sure.
    asked: RwSignal<Option<ReservationId>>,
    problem: RwSignal<Option<ApiError>>,
    /// The zone that all times are told in. `None`: each is told with its own.
    zone: Memo<Option<(Instant, ZoneName)>>,
}

#[component]
fn Lists(all: Vec<ReservationView>) -> impl IntoView {
    let all = RwSignal::new(all);
    let problem = RwSignal::new(None::<ApiError>);
    let live = RwSignal::new(Liveness::default());
    follow_moves(all, live);
    let part = move |open: bool| {
        let of = move |one: &ReservationView| is_upcoming(one) == open;
        Memo::new(move |_| {
            all.with(|all| {
                all.iter()
                    .filter(|one| of(one))
                    .cloned()
                    .collect::<Vec<_>>()
            })
        })
    };
    let (upcoming, past) = (part(true), part(false));
    let zone = Memo::new(move |_| all.with(|all| common_zone(all)));
    let asked = RwSignal::new(None);
    let shown = Rows {
        all,
        asked,
        problem,
        zone,
    };
    view! {
        <h1>{reservation::MINE}</h1>
        <ZoneNote at=zone />
        <p><a href="/series/mine" rel="external">{series::MINE}</a></p>
        <Standing all live />
        {move || problem.get().map(|problem| view! { <MessageBar kind=MessageKind::Error text=problem.sentence() /> })}
        <Show when=move || all.with(Vec::is_empty)>
            <EmptyState title=reservation::NONE hint=reservation::NONE_HINT>
                <a href="/">{page::FIND_A_ROOM}</a>
            </EmptyState>
        </Show>
        <Part heading=reservation::UPCOMING part=upcoming shown=shown />
        <Part heading=reservation::PAST part=past shown=shown />
    }
    .into_any()
}

#[component]
fn Part(heading: &'static str, part: Memo<Vec<ReservationView>>, shown: Rows) -> impl IntoView {
    view! {
        <Show when=move || part.with(|part| !part.is_empty())>
            <h2>{heading}</h2>
            <ul class="reservation-list">
                <For
                    each=move || part.get()
                    key=|one| {
                        let it = &one.reservation;
                        (it.id, it.range, it.state, it.note.clone(), one.can_cancel, one.instead.clone())
                    }
                    children=move |one| view! { <Item one=one shown=shown /> }
                />
            </ul>
        </Show>
    }
    .into_any()
}

#[component]
fn Item(one: ReservationView, shown: Rows) -> impl IntoView {
    let state = one.reservation.state;
    let number = one
        .room
        .as_ref()
        .map_or("?", |room| &room.number)
        .to_owned();
    let own_zone = zone_of(&one);
    let when = clock::dated_span(one.reservation.range, &own_zone);
    let start = one.reservation.range.start();
    let zone_told = Signal::derive(move || {
        shown
            .zone
            .with(Option::is_none)
            .then(|| (start, own_zone.clone()))
    });
    let place = format!(
        "{}, {}",
        one.building,
        room::floor(&one.floor).to_lowercase()
    );
    let why = one.reservation.note.as_ref();
    let owner = one.reservation.on_behalf_of.as_ref();
    let owner = owner.map(|owner| reservation::placed_for(owner.as_str()));
    let is_draft =
        state == ReservationState::Held && matches!(one.reservation.origin, Origin::Draft { .. });
    let story = if is_draft {
        reservation::KEPT_FOR_DRAFT.to_owned()
    } else {
        reservation::story(state, why, &room::name(&number))
    };
    let remedy = remedy(&one);
    let instead = one.instead.clone();
    let data_number = number.clone();
    let id = one.reservation.id;
    let can_cancel = one.can_cancel;
    view! {
        <li
            class="reservation"
            data-over=if state.is_open() { "false" } else { "true" }
            data-room-number=data_number
            data-reservation-state=state.word()
        >
            <span class="room-badge" data-state=room::state_key(look(state))>{number}</span>
            <div>
                <p class="room-card-title">{when}</p>
                <ZoneNote at=zone_told />
                <p class="room-card-note">{place}</p>
                {owner.map(|owner| view! { <p class="room-card-note">{owner}</p> })}
                <p class="room-card-note">{story}</p>
            </div>
            <div class="reservation-actions">
                {instead.into_iter().map(|(number, href)| view! {
                    <a class="button" href=href rel="external">{reservation::book_instead(&number)}</a>
                }).collect::<Vec<_>>()}
                {remedy.map(|(text, href)| view! { <a class="button" href=href rel="external">{text}</a> })}
                {can_cancel.then(|| view! {
                    <a class="button" href=format!("/reservation/{id}") rel="external">{command::CHANGE_RESERVATION}</a>
                })}
                {can_cancel.then(|| view! { <CancelButtons id=id shown=shown /> })}
            </div>
        </li>
    }
    .into_any()
}

/// Also one whose cancelling failed: its meeting stands, and there is something to do about it.
const fn is_upcoming(one: &ReservationView) -> bool {
    let failed = matches!(
        one.reservation.note,
        Some(StateNote::CancellationFailed { .. })
    );
    one.reservation.state.is_open() || failed
}

pub(super) fn zone_of(one: &ReservationView) -> ZoneName {
    let room = one.room.as_ref();
    room.map_or_else(ZoneName::utc, |room| room.zone.clone())
}

/// The zone of all of them, with one of its times. `None`: they are in several, or there are none.
fn common_zone(all: &[ReservationView]) -> Option<(Instant, ZoneName)> {
    let first = all.first()?;
    let zone = zone_of(first);
    let is_common = all.iter().all(|one| zone_of(one) == zone);
    is_common.then(|| (first.reservation.range.start(), zone))
}

/// What can be done about how it ended, and where.
fn remedy(one: &ReservationView) -> Option<(&'static str, String)> {
    match one.reservation.note {
        Some(
            StateNote::SignInAgain
            | StateNote::CancellationWaiting {
                fault: CalendarFault::SignInAgain,
            }
            | StateNote::CancellationFailed {
                fault: CalendarFault::SignInAgain,
                ..
            },
        ) => Some((command::SIGN_IN, "/sign-in?return=/reservations".to_owned())),
        Some(
            StateNote::DeclinedByRoom | StateNote::DeclinedLate | StateNote::NoneInstead { .. },
        ) => {
            let room = one.room.as_ref()?;
            Some((
                command::FIND_ANOTHER,
                search_at(room, one.reservation.range),
            ))
        }
        _ => None,
    }
}

/// The search in the room's building at that time. People are not kept with a reservation.
fn search_at(room: &Room, range: TimeRange) -> String {
    let start = WallTime::of(range.start(), &room.zone);
    let end = WallTime::of(range.end(), &room.zone);
    format!(
        "/?building={}&date={}&from={}&to={}",
        room.building,
        start.date_field(),
        start.time_field(),
        end.time_field()
    )
}

/// Two presses, in place: no window jumps up, and the first press does nothing yet.
#[component]
fn CancelButtons(id: ReservationId, shown: Rows) -> impl IntoView {
    let Rows {
        all,
        asked,
        problem,
        ..
    } = shown;
    let is_asked = move || asked.get() == Some(id);
    let busy = RwSignal::new(false);
    let act = move |()| {
        busy.set(true);
        spawn_local(async move {
            match cancel(id, Cancelling::Whole).await {
                Ok(cancelled) => {
                    problem.try_set(None);
                    asked.try_set(None);
                    all.try_update(|all| {
                        for one in all.iter_mut().filter(|one| one.reservation.id == id) {
                            *one = cancelled.clone();
                        }
                    });
                }
                Err(failed) => {
                    busy.try_set(false);
                    problem.try_set(Some(failed));
                }
            }
        });
    };
    let place = NodeRef::<html::Div>::new();
    let turn = move |now: bool| {
        asked.set(now.then_some(id));
        focus_first_button(place);
    };
    // Drawn anew while being asked: whoever answers by keyboard goes on where they were.
    if asked.get_untracked() == Some(id) {
        focus_first_button(place);
    }
    view! {
        <div class="reservation-cancel" node_ref=place>
            <Show
                when=is_asked
                fallback=move || view! {
                    <Button on_press=move |()| turn(true)>{command::CANCEL_RESERVATION}</Button>
                }
            >
                <p class="room-card-note">{reservation::CANCEL_QUESTION}</p>
                <Button on_press=move |()| turn(false)>{command::KEEP}</Button>
                <Button kind=ButtonKind::Danger busy=busy on_press=act>
                    {move || if busy.get() { reservation::CANCELLING } else { command::CONFIRM_CANCEL }}
                </Button>
            </Show>
        </div>
    }
    .into_any()
}

/// The button that was pressed is gone: without this the keyboard would be back at the page's top.
#[cfg(feature = "hydrate")]
fn focus_first_button(place: NodeRef<html::Div>) {
    use wasm_bindgen::JsCast;

    request_animation_frame(move || {
        let button = place
            .get_untracked()
            .and_then(|place| place.query_selector("button").ok().flatten())
            .and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(button) = button {
            // It fails only for what cannot have the focus.
            let _focused = button.focus();
        }
    });
}

#[cfg(not(feature = "hydrate"))]
const fn focus_first_button(_place: NodeRef<html::Div>) {}

const fn look(state: ReservationState) -> RoomState {
    match state {
        ReservationState::Confirmed | ReservationState::CheckedIn => RoomState::Yours,
        ReservationState::Held => RoomState::Held,
        ReservationState::Submitted => RoomState::Tentative,
        _ => RoomState::NotBookable,
    }
}
