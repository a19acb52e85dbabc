//! One reservation of one's own: what can be changed of it, and giving it back; and a series, planned and booked. A surface
//! of its own, so that nobody who searches loads it.

mod change;
mod follow;
mod give_back;
pub mod series;

use booking::BuildingId;
use booking::ids::ReservationId;
use booking::reservation::{ReservationState, WhyNot};
use booking::room::Room;
use booking::time::ZoneName;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

use self::change::ChangeForm;
use self::give_back::GiveBack;
pub use self::series::{MySeriesPage, SeriesPage};
use crate::api::ApiError;
use crate::api::reservations::{ReservationView, one};
use crate::api::rooms::load_catalogue;
use crate::api::session::{Session, me};
use crate::api::wire::{BLOCKING, Wire};
use crate::components::page_header::HeaderPage;
use crate::components::{MessageBar, MessageKind, PageHeader, Spinner, ZoneNote};
use crate::pages::mark_hydrated;
use crate::pages::portal::Unavailable;
use crate::text::reservation as words;
use crate::text::{clock, page, room};

/// What the page starts with: who, what, and the rooms of its building.
type First = (Session, ReservationView, Vec<Room>);

async fn load(id: String) -> Result<First, ApiError> {
    // An address that names none is answered like one that names an unknown one.
    let id = ReservationId(id.parse().unwrap_or(Uuid::nil()));
    let session = me().await?;
    let view = one(id).await?;
    let building: Option<BuildingId> = view.room.as_ref().map(|room| room.building);
    let rooms = match building {
        Some(building) => load_catalogue(Some(building)).await?.rooms,
        None => Vec::new(),
    };
    Ok((session, view, rooms))
}

/// The page.
#[component]
pub fn ReservationPage() -> impl IntoView {
    let params = use_params_map();
    let id = move || params.with(|params| params.get("id").unwrap_or_default());
    let first = Resource::<_, Wire>::new_with_options(id, load, BLOCKING);
    mark_hydrated();
    view! {
        <Title text=words::ONE />
        <Suspense fallback=|| view! { <Spinner text=page::SEARCHING /> }>
            {move || Suspend::new(async move {
                let (session, content) = match first.await {
                    Ok((session, view, rooms)) => {
                        (session, view! { <Reservation view rooms /> }.into_any())
                    }
                    Err(problem) => {
                        (Session::default(), view! { <Unavailable problem=problem /> }.into_any())
                    }
                };
                let person = session.person.map(|person| person.display_name);
                view! {
                    <div class="portal">
                        <PageHeader at=HeaderPage::Reservation person=Signal::stored(person) role=session.role />
                        <main class="portal-page" id="content">{content}</main>
                    </div>
                }
            })}
        </Suspense>
    }
    .into_any()
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Shown {
    /// As it is known now.
    view: RwSignal<ReservationView>,
    /// Whether something was asked for here, so that what becomes of it is told.
    is_asked: RwSignal<bool>,
    problem: RwSignal<Option<ApiError>>,
}

impl Shown {
    /// What was asked for is answered.
    fn answered(self, answer: Result<ReservationView, ApiError>) {
        match answer {
            Ok(view) => {
                self.is_asked.try_set(true);
                self.problem.try_set(None);
                self.view.try_set(view);
            }
            Err(problem) => {
                self.is_asked.try_set(false);
                self.problem.try_set(Some(problem));
            }
        }
    }
}

#[component]
fn Reservation(view: ReservationView, rooms: Vec<Room>) -> impl IntoView {
    let zone = zone_of(&view);
    let start = view.reservation.range.start();
    let own_zone = Signal::stored(Some((start, zone)));
    let shown = Shown {
        view: RwSignal::new(view),
        is_asked: RwSignal::new(false),
        problem: RwSignal::new(None),
    };
    follow::follow_answer(shown);
    let name = move || shown.view.with(name_of);
    let when = move || {
        shown
            .view
            .with(|view| clock::dated_span(view.reservation.range, &zone_of(view)))
    };
    let place = move || {
        shown.view.with(|view| {
            let floor = room::floor(&view.floor).to_lowercase();
            format!("{}, {floor}", view.building)
        })
    };
    let story = move || shown.view.with(story_of);
    let why_not = Memo::new(move |_| shown.view.with(|view| view.why_not.clone()));
    // Whoever has just asked for it is told so already.
    let told = Memo::new(move |_| {
        why_not
            .get()
            .filter(|why| *why != WhyNot::OnItsWay || !shown.is_asked.get())
    });
    let rooms = StoredValue::new(rooms);
    view! {
        <h1>{words::ONE}</h1>
        <section class="reservation-one" aria-label=words::ONE>
            <p class="room-card-title">{name}", "{when}</p>
            <ZoneNote at=own_zone />
            <p class="room-card-note">{place}</p>
            <p class="room-card-note" data-story="">{story}</p>
            {move || shown.view.with(take_along)}
        </section>
        {move || outcome(shown)}
        {move || told.get().map(reason)}
        <Show when=move || why_not.with(Option::is_none)>
            <ChangeForm shown rooms />
        </Show>
        <GiveBack shown />
        <p><a href="/reservations" rel="external">{words::MINE}</a></p>
    }
    .into_any()
}

fn zone_of(view: &ReservationView) -> ZoneName {
    let room = view.room.as_ref();
    room.map_or_else(ZoneName::utc, |room| room.zone.clone())
}

fn name_of(view: &ReservationView) -> String {
    room::name(view.room.as_ref().map_or("?", |room| &room.number))
}

/// What can be taken along of a reservation that stands: its details as text, and a file.
fn take_along(view: &ReservationView) -> Option<AnyView> {
    let reservation = &view.reservation;
    let room = view.room.as_ref().filter(|_| reservation.state.is_open())?;
    let details = words::details(room, &view.building, &view.floor, reservation.range);
    let file = format!("/reservation/{}/calendar.ics", reservation.id);
    Some(
        view! {
            <details class="reservation-details">
                <summary>{words::DETAILS}</summary>
                <pre>{details}</pre>
            </details>
            <a class="button" href=file rel="external" download="">{words::CALENDAR_FILE}</a>
        }
        .into_any(),
    )
}

fn story_of(view: &ReservationView) -> String {
    let reservation = &view.reservation;
    words::story(reservation.state, reservation.note.as_ref(), &name_of(view))
}

/// What became of what was asked for here.
fn outcome(shown: Shown) -> Option<AnyView> {
    if let Some(problem) = shown.problem.get() {
        let zone = shown.view.with(zone_of);
        let reasons = crate::text::refusal::refusals(&problem.refusals, &zone);
        let text = if reasons.is_empty() {
            problem.sentence()
        } else {
            reasons
        };
        return Some(view! { <MessageBar kind=MessageKind::Error text=text /> }.into_any());
    }
    if !shown.is_asked.get() {
        return None;
    }
    let (kind, text) = shown.view.with(|view| {
        let reservation = &view.reservation;
        match (&reservation.note, reservation.state) {
            (Some(_), _) => (MessageKind::Warning, story_of(view)),
            (None, state @ (ReservationState::Confirmed | ReservationState::Submitted)) => {
                let kind = if state == ReservationState::Confirmed {
                    MessageKind::Success
                } else {
                    MessageKind::Info
                };
                let when = clock::dated_span(reservation.range, &zone_of(view));
                (kind, words::placed(state, &name_of(view), &when))
            }
            (None, _) => (MessageKind::Info, story_of(view)),
        }
    });
    Some(view! { <MessageBar kind=kind text=text /> }.into_any())
}

/// Why nothing can be changed here, and where it can.
fn reason(why: WhyNot) -> AnyView {
    let text = why.sentence();
    let link = match why {
        WhyNot::MadeInOutlook { link } => Some(link),
        WhyNot::OnItsWay | WhyNot::Begun | WhyNot::OtherTenant => None,
    };
    let link = link.map(|link| {
        view! { <a class="button" href=link target="_blank" rel="noopener">{words::OPEN_IN_OUTLOOK}</a> }
    });
    view! { <MessageBar kind=MessageKind::Info text=text>{link}</MessageBar> }.into_any()
}
