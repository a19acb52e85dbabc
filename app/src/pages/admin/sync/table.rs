//! The table of rooms and the way through its pages.

use booking::rooms_overview::{Order, PAGE_ROOMS};
use leptos::prelude::*;

use super::address;
use super::overview::Overview;
use super::row::Row;
use crate::components::Button;
use crate::text::admin::sync as words;

/// The rooms of the page on screen. Roles are written down, because styles that stack cells take them away.
#[component]
pub(super) fn Table(overview: Overview) -> impl IntoView {
    let rooms = move || {
        overview
            .shown
            .with(|shown| shown.rooms.iter().map(|room| room.room).collect::<Vec<_>>())
    };
    let plain = |text: &'static str| view! { <th role="columnheader" scope="col">{text}</th> };
    let sorted = |order: Order| view! { <Head overview order /> };
    view! {
        <table class="sync-table" role="table" aria-busy=move || overview.searching.get().then_some("true")>
            <caption class="visually-hidden">{words::TITLE}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    {sorted(Order::Room)} {sorted(Order::State)} {sorted(Order::Age)} {sorted(Order::Lag)}
                    {plain(words::WATCH)} {sorted(Order::Check)} {plain(words::FINGERPRINT)} {plain(words::ACT)}
                </tr>
            </thead>
            <tbody role="rowgroup">
                <For each=rooms key=|room| *room children=move |id| view! { <Row overview id /> } />
            </tbody>
        </table>
    }
    .into_any()
}

/// A column's head: pressed, the list is ordered by it; pressed again, the other way round.
#[component]
fn Head(overview: Overview, order: Order) -> impl IntoView {
    let direction = move || {
        overview.query.with(|query| match query.reversed {
            _ if query.order != order => None,
            false => Some("ascending"),
            true => Some("descending"),
        })
    };
    let press = move |_| {
        overview.change(|query| {
            query.reversed = query.order == order && !query.reversed;
            query.order = order;
        });
    };
    view! {
        <th role="columnheader" scope="col" aria-sort=direction>
            <button class="sync-sort" type="button" on:click=press>{words::order(order)}</button>
        </th>
    }
    .into_any()
}

/// Which rooms are on screen and as of when, the way to the others, and all of them as a file.
#[component]
pub(super) fn Foot(overview: Overview) -> impl IntoView {
    let span = move || {
        overview.shown.with(|shown| {
            let first = shown.page * PAGE_ROOMS + 1;
            words::span(first, first + shown.rooms.len() as u32 - 1, shown.matching)
        })
    };
    let read_at = Memo::new(move |_| {
        let now = overview.now.get();
        overview
            .shown
            .with(|shown| words::read_at(shown.read_at, now))
    });
    let file = move || overview.query.with(address::of_file);
    let download = move || overview.shown.with(|shown| words::download(shown.matching));
    view! {
        <div class="admin-foot">
            <p role="status">{span}</p>
            <p class="admin-read">{move || read_at.get()}</p>
            <a class="button" data-kind="link" href=file download="" rel="external">{download}</a>
            <Pager overview />
        </div>
    }
    .into_any()
}

/// Nothing where all rooms stand on one page.
#[component]
fn Pager(overview: Overview) -> impl IntoView {
    let page = Memo::new(move |_| overview.shown.with(|shown| (shown.page, shown.pages())));
    let turn = move |to: u32| overview.query.update(|query| query.page = to);
    let are_several = move || page.get().1 > 1;
    let is_first = Signal::derive(move || page.get().0 == 0);
    let is_last = Signal::derive(move || page.get().0 + 1 >= page.get().1);
    view! {
        <Show when=are_several>
            <nav class="admin-pager" aria-label=words::PAGES>
                <Button disabled=is_first on_press=move |()| turn(page.get_untracked().0.saturating_sub(1))>
                    {words::EARLIER}
                </Button>
                <Button disabled=is_last on_press=move |()| turn(page.get_untracked().0 + 1)>
                    {words::LATER}
                </Button>
            </nav>
        </Show>
    }
    .into_any()
}
