//! How the mirrors of all rooms stand, and rooms read at once. The address holds filter, order and page; what is shown
//! follows by itself.

mod address;
mod declining;
mod filters;
mod overview;
mod progress;
mod row;
mod table;

use booking::rooms_overview::{OverviewQuery, RoomsOverview};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::refused;
use super::refused::Refused;
use crate::api::ApiError;
use crate::api::admin::{DecliningView, load_declining, load_overview};
use crate::api::session::{Session, me};
use crate::api::wire::{BLOCKING, Wire};
use crate::components::page_header::HeaderPage;
use crate::components::{Button, EmptyState, MessageBar, MessageKind, PageHeader, Spinner};
use crate::pages::live_notice::{LiveNotice, is_signed_out};
use crate::pages::mark_hydrated;
use crate::pages::portal::SignIn;
use crate::text::admin::{self, sync as words};
use crate::text::{command, page};

use declining::Declining;
use filters::Filters;
use overview::Overview;
use progress::{Progress, Summary};
use table::{Foot, Table};

/// What the page starts with.
#[derive(Clone, Serialize, Deserialize)]
struct First {
    session: Session,
    query: OverviewQuery,
    overview: Result<RoomsOverview, ApiError>,
    /// Empty where that could not be read.
    declining: Vec<DecliningView>,
}

/// The page.
#[component]
pub fn SyncPage() -> impl IntoView {
    let params = use_query_map();
    let first = Resource::<_, Wire>::new_with_options(
        || (),
        move |()| {
            let query = address::read(&params.get_untracked());
            async move {
                let session = me().await?;
                let overview = load_overview(query.clone()).await;
                let declining = load_declining().await.unwrap_or_default();
                #[cfg(feature = "ssr")]
                if let Err(problem) = &overview {
                    refused::answer_with(problem);
                }
                Ok::<First, ApiError>(First {
                    session,
                    query,
                    overview,
                    declining,
                })
            }
        },
        BLOCKING,
    );
    mark_hydrated();
    view! {
        <Title text=words::TITLE />
        <Suspense fallback=|| view! { <Spinner text=page::SEARCHING /> }>
            {move || Suspend::new(async move {
                let (session, content) = match first.await {
                    Ok(First { session, query, overview: Ok(overview), declining }) => {
                        (session, view! {
                            <Rooms overview=Overview::new(query, overview) />
                            <Declining all=declining />
                        }.into_any())
                    }
                    Ok(First { session, overview: Err(problem), .. }) => {
                        (session, view! { <Refused problem=problem /> }.into_any())
                    }
                    Err(problem) => {
                        (Session::default(), view! { <Refused problem=problem /> }.into_any())
                    }
                };
                let name = session.person.map(|person| person.display_name);
                view! {
                    <div class="portal">
                        <PageHeader at=HeaderPage::Admin person=Signal::stored(name) role=session.role />
                        <main class="admin-page" id="content">{content}</main>
                    </div>
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Rooms(overview: Overview) -> impl IntoView {
    overview.start();
    write_address(overview);
    let there_are_any = Memo::new(move |_| overview.shown.with(|it| it.totals.rooms > 0));
    let any_match = Memo::new(move |_| overview.shown.with(|it| it.matching > 0));
    let is_out = is_signed_out(overview.live);
    let problem = move || {
        let problem = overview.problem.get();
        let needs_sign_in = problem.as_ref().is_some_and(ApiError::needs_sign_in);
        if needs_sign_in || is_out.get() {
            return Some(view! { <SignIn title=admin::SIGN_IN /> }.into_any());
        }
        problem.map(|problem| {
            view! {
                <MessageBar kind=MessageKind::Error text=problem.sentence()>
                    <Button on_press=move |()| overview.ask()>{command::TRY_AGAIN}</Button>
                </MessageBar>
            }
            .into_any()
        })
    };
    view! {
        <div class="admin-head">
            <h1>{words::TITLE}</h1>
            <Summary overview />
        </div>
        {problem}
        <LiveNotice live=overview.live />
        <Show
            when=move || there_are_any.get()
            fallback=|| view! { <EmptyState title=words::NO_ROOMS hint=words::NO_ROOMS_HINT /> }
        >
            <Progress overview />
            <Filters overview />
            <Show
                when=move || any_match.get()
                fallback=move || view! {
                    <EmptyState title=words::NONE_MATCH hint=words::NONE_MATCH_HINT>
                        <Button on_press=move |()| overview.show_all()>{words::SHOW_ALL}</Button>
                    </EmptyState>
                }
            >
                <Table overview />
                <Foot overview />
            </Show>
        </Show>
    }
    .into_any()
}

/// Keeps address and list in step.
fn write_address(overview: Overview) {
    let params = use_query_map();
    let navigate = use_navigate();
    Effect::new(move |earlier: Option<String>| {
        let address = overview.query.with(address::write);
        if earlier.is_some_and(|earlier| earlier != address) {
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..Default::default()
            };
            navigate(&format!("/admin/sync{address}"), options);
        }
        address
    });
    // Back, forward and links within the page.
    Effect::new(move |earlier: Option<()>| {
        let read = address::read(&params.get());
        if earlier.is_some() && overview.query.with_untracked(|query| *query != read) {
            overview.query.set(read);
        }
    });
}
