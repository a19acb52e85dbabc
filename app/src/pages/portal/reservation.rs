//! Booking a room: one dialog, one press.

use std::sync::Arc;

use booking::ids::{MailboxAddress, ReservationId, RoomId};
use booking::reservation::{ReservationState, StateNote, Swap};
use booking::search::When;
use booking::search::found::FoundRooms;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::SignInLink;
use crate::api::ApiError;
use crate::api::reservations::{PlaceRequest, ReservationView, mine, place, preflight};
use crate::components::{Button, ButtonKind, Dialog, Field, MessageBar, MessageKind};
use crate::pages::finder::{Finder, describe};
use crate::pages::random;
use crate::text::{command, refusal, reservation, room};

/// Where a booking is.
#[derive(Clone, PartialEq, Debug)]
enum Progress {
    /// The form is open.
    Asking,
    /// Under way.
    Placing,
    /// Written down, and answered or not.
    Placed(Box<ReservationView>),
    /// It did not work.
    Failed(ApiError),
}

/// Books the room in `placing` and closes by emptying it.
#[component]
pub(super) fn PlaceDialog(finder: Finder, placing: RwSignal<Option<RoomId>>) -> impl IntoView {
    let title = Signal::derive(move || {
        let room = placing.get().and_then(|id| finder.room(id));
        room.map(|it| command::book_span(&room::name(&it.number)))
            .unwrap_or_default()
    });
    view! {
        <Dialog
            id="place"
            title=title
            open=Signal::derive(move || placing.get().is_some())
            on_close=move |()| placing.set(None)
        >
            {move || placing.get().map(|id| view! { <Form finder placing id /> })}
        </Dialog>
    }
    .into_any()
}

#[component]
fn Form(finder: Finder, placing: RwSignal<Option<RoomId>>, id: RoomId) -> impl IntoView {
    let fields = Fields::empty();
    let progress = RwSignal::new(Progress::Asking);
    // One key for all presses: a retry after a lost answer places nothing twice.
    let key = StoredValue::new(random::uuid().map(ReservationId));
    let when = Signal::derive(move || describe::asked_time(finder));
    let about = move || finder.room(id).map(|room| describe::title(finder, &room));
    let submit = move || {
        if progress.get_untracked() == Progress::Placing {
            return;
        }
        let Some(on_behalf) = fields.on_behalf() else {
            return;
        };
        let key = match key.get_value() {
            Ok(key) => key,
            Err(problem) => return progress.set(Progress::Failed(problem)),
        };
        // What is shown is what is booked: the fields may have moved on already.
        let shown = finder.found.with_untracked(|found| found.ranges.clone());
        progress.set(Progress::Placing);
        let request = PlaceRequest {
            room: id,
            when: When::Exact { ranges: shown },
            subject: fields.subject.get_untracked(),
            key,
            swap: fields.swaps.get_untracked().then(|| wanted_instead(finder)),
            on_behalf,
        };
        send(finder, request, progress);
    };
    follow_answer(finder, progress);
    let kept_from = kept_from(id);
    let busy = Signal::derive(move || progress.get() == Progress::Placing);
    let done = move || matches!(progress.get(), Progress::Placed(_));
    view! {
        <form
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <p>{move || when.get()}</p>
            <p class="room-card-note">{about}</p>
            <Show when=move || !done()>
                {fields.view()}
            </Show>
            {move || outcome(finder, progress.get(), &when.get())}
            {move || {
                let is_asking = progress.with(|progress| *progress == Progress::Asking);
                kept_from.get().filter(|_| is_asking).map(warning)
            }}
            <div class="dialog-actions">
                <Button on_press=move |()| placing.set(None)>
                    {move || if done() { command::CLOSE } else { command::BACK }}
                </Button>
                <Show when=move || !done()>
                    <Button kind=ButtonKind::Primary submits=true busy=busy>
                        {move || if busy.get() { reservation::BOOKING } else { command::BOOK }}
                    </Button>
                </Show>
            </div>
        </form>
    }
    .into_any()
}

/// What the person fills in.
#[derive(Clone, Copy)]
struct Fields {
    subject: RwSignal<String>,
    swaps: RwSignal<bool>,
    owner: RwSignal<String>,
    /// Why what stands there is nobody's address. Empty: it is one, or nothing.
    no_owner: RwSignal<String>,
}

impl Fields {
    fn empty() -> Self {
        Self {
            subject: RwSignal::default(),
            swaps: RwSignal::default(),
            owner: RwSignal::default(),
            no_owner: RwSignal::default(),
        }
    }

    /// Whom the event is for, or that it is the person's own. `None`: that cannot be read, which is said.
    fn on_behalf(self) -> Option<Option<MailboxAddress>> {
        let (owner, problem) = match owned_by(&self.owner.get_untracked()) {
            Ok(owner) => (Some(owner), String::new()),
            Err(problem) => (None, problem),
        };
        self.no_owner.set(problem);
        owner
    }

    fn view(self) -> AnyView {
        let Self {
            subject,
            swaps,
            owner,
            no_owner,
        } = self;
        view! {
            <Field
                id="place-subject"
                label=command::SUBJECT
                value=subject
                hint=command::SUBJECT_HINT
                on_change=move |text| subject.set(text)
            />
            <label class="field-tick">
                <input
                    type="checkbox"
                    on:change=move |event| swaps.set(event_target_checked(&event))
                />
                {reservation::SWAP}
            </label>
            <details class="place-for">
                <summary>{reservation::FOR_SOMEBODY}</summary>
                <Field
                    id="place-for"
                    label=reservation::OWNER
                    value=owner
                    hint=reservation::OWNER_HINT
                    problem=no_owner
                    on_change=move |text| owner.set(text)
                />
            </details>
        }
        .into_any()
    }
}

/// Whom the event is for. `None`: the person themself. The error says why that is nobody's address.
fn owned_by(text: &str) -> Result<Option<MailboxAddress>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let owner = MailboxAddress::parse(text);
    owner.map(Some).map_err(|error| error.to_string())
}

/// What will keep the person from booking this room, found out while they fill in the form. `None`: nothing, or nothing yet.
fn kept_from(room: RoomId) -> RwSignal<Option<ApiError>> {
    let kept_from = RwSignal::new(None);
    Effect::new(move |_| {
        spawn_local(async move {
            kept_from.try_set(preflight(room).await.err());
        });
    });
    kept_from
}

/// Told before anybody presses anything; with the way out where it is a sign-in.
fn warning(problem: ApiError) -> AnyView {
    let sign_in = problem.needs_sign_in();
    view! {
        <MessageBar kind=MessageKind::Warning text=problem.sentence()>
            {sign_in.then(|| view! { <SignInLink /> })}
        </MessageBar>
    }
    .into_any()
}

/// Another room does if it has what was asked for.
fn wanted_instead(finder: Finder) -> Swap {
    finder.query.with_untracked(|query| Swap {
        people: query.people,
        equipment: query.equipment,
        step_free: query.step_free,
        asked: Vec::new(),
    })
}

/// Places the reservation, and has the room's look asked for anew.
fn send(finder: Finder, request: PlaceRequest, progress: RwSignal<Progress>) {
    let room = request.room;
    spawn_local(async move {
        let answer = place(request).await;
        progress.try_set(match answer {
            Ok(placed) => Progress::Placed(Box::new(placed)),
            Err(problem) => Progress::Failed(problem),
        });
        finder.forget(&[room]);
        finder.ask_again();
    });
}

/// While the room's answer is out, looks for it whenever rooms move: the answer is such a move.
fn follow_answer(finder: Finder, progress: RwSignal<Progress>) {
    let revision = Memo::new(move |_| finder.found.with(|found| found.revision));
    Effect::new(move |_| {
        // Read and not only tracked: a memo that nobody reads follows nothing.
        let _revision = revision.get();
        let waiting = progress.with_untracked(|progress| match progress {
            Progress::Placed(placed) => Some(placed.reservation.clone())
                .filter(|one| waits(one.state))
                .map(|one| one.id),
            _ => None,
        });
        let Some(id) = waiting else { return };
        spawn_local(async move {
            // Without an answer the dialog stays as it is; the list has it too.
            let Ok(mine) = mine().await else { return };
            let fresh = mine.into_iter().find(|one| one.reservation.id == id);
            if let Some(fresh) = fresh {
                progress.try_set(Progress::Placed(Box::new(fresh)));
            }
        });
    });
}

const fn waits(state: ReservationState) -> bool {
    matches!(state, ReservationState::Held | ReservationState::Submitted)
}

/// What became of it; for a room that said no, the next best one.
fn outcome(finder: Finder, progress: Progress, when: &str) -> Option<AnyView> {
    let (kind, text) = match progress {
        Progress::Asking | Progress::Placing => return None,
        Progress::Placed(placed) => {
            let number = placed.room.map(|room| room.number).unwrap_or_default();
            let state = placed.reservation.state;
            let room = room::name(&number);
            let why = placed.reservation.note.as_ref();
            let is_swapped = matches!(why, Some(StateNote::Swapped { .. }));
            let kind = if state == ReservationState::Declined || why.is_some() && !is_swapped {
                MessageKind::Warning
            } else {
                MessageKind::Success
            };
            let mut text = match why {
                // The dialog is headed by the room that said no: the one that was taken has to be named.
                Some(StateNote::Swapped { instead_of }) => format!(
                    "{} {}",
                    reservation::said_no(&room::name(instead_of)),
                    reservation::placed(state, &room, when)
                ),
                Some(_) => reservation::story(state, why, &room),
                None => reservation::placed(state, &room, when),
            };
            if state == ReservationState::Declined
                && let Some(next) = next_best(finder, placed.reservation.room)
            {
                text.push(' ');
                text.push_str(&reservation::take_instead(&next));
            }
            (kind, text)
        }
        Progress::Failed(problem) => {
            let zone = finder.found.with(|found| found.zone.clone());
            let reasons = refusal::refusals(&problem.refusals, &zone);
            let text = if reasons.is_empty() {
                problem.sentence()
            } else {
                reasons
            };
            (MessageKind::Error, text)
        }
    };
    Some(view! { <MessageBar kind=kind text=text /> }.into_any())
}

fn next_best(finder: Finder, declined: RoomId) -> Option<String> {
    let others = |found: &Arc<FoundRooms>| {
        let mut hits = found.hits.iter();
        hits.find(|hit| hit.room != declined).copied()
    };
    let hit = finder.found.with(others)?;
    finder.room(hit.room).map(|room| room.number)
}
