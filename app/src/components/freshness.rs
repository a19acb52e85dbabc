//! One thin line: whose word the page shows, and how old it is.

use booking::search::found::Source;
use booking::time::{Instant, ZoneName};
use leptos::prelude::*;

use crate::text::freshness;

/// What the page shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shown {
    /// Out of the mirror; Exchange is being asked.
    Checking,
    /// Somebody's word.
    From(Source),
    /// The server was not reached when it was asked last.
    Offline,
    /// Changes do not reach the page, and it has tried again more than once.
    NotLive {
        /// When it last heard of any, or that there was none.
        since: Instant,
        /// In which that is told.
        zone: ZoneName,
    },
}

/// The freshness line. It ages by itself when `now` moves on.
#[component]
pub fn Freshness(
    /// Whose word is shown.
    #[prop(into)]
    shown: Signal<Shown>,
    /// The present moment by the server's clock.
    #[prop(into)]
    now: Signal<Instant>,
) -> impl IntoView {
    let kind = move || match shown.get() {
        Shown::From(Source::Exchange { .. }) => "checked",
        Shown::From(Source::Mirror { as_of: Some(_) }) => "mirror",
        Shown::NotLive { .. } => "not_live",
        _ => "unknown",
    };
    let sentence = move || match shown.get() {
        Shown::Checking => freshness::CHECKING.to_owned(),
        Shown::From(source) => freshness::source(&source, now.get()),
        Shown::Offline => freshness::OFFLINE.to_owned(),
        Shown::NotLive { since, zone } => freshness::not_live(since, &zone),
    };
    view! {
        <p class="freshness" data-kind=kind>
            {sentence}
        </p>
    }
}
