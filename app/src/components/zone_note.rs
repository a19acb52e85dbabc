//! Names the zone beside times that the person's own clock does not show.

use booking::time::{Instant, ZoneName};
use leptos::prelude::*;

#[cfg(feature = "hydrate")]
use crate::text::clock;

/// A line with the name of the zone; nothing where the person's device shows the same time.
#[component]
pub fn ZoneNote(
    /// One of the times and the zone it is told in. `None`: no time is told.
    #[prop(into)]
    at: Signal<Option<(Instant, ZoneName)>>,
) -> impl IntoView {
    let note = RwSignal::new(None::<String>);
    compare(at, note);
    move || {
        note.get()
            .map(|note| view! { <p class="field-hint">{note}</p> })
    }
}

/// After the first paint: the server does not know what the person's clock shows.
#[cfg(feature = "hydrate")]
fn compare(at: Signal<Option<(Instant, ZoneName)>>, note: RwSignal<Option<String>>) {
    Effect::new(move |_| {
        let elsewhere = at
            .get()
            .filter(|(instant, zone)| clock::differs_here(*instant, zone));
        note.set(elsewhere.map(|(_, zone)| clock::zone_note(&zone)));
    });
}

#[cfg(not(feature = "hydrate"))]
fn compare(_at: Signal<Option<(Instant, ZoneName)>>, _note: RwSignal<Option<String>>) {}
