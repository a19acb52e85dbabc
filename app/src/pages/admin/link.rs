//! The page behind a link from `etage admin-link`: whoever presses its button first is an administrator.
//!
//! Opening the page does nothing yet: programs that look into mail for harmful links open them too.

use booking::person::{Person, Role};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::api::ApiError;
use crate::api::admin::use_link;
use crate::api::session::me;
use crate::api::wire::{BLOCKING, Wire};
use crate::components::page_header::HeaderPage;
use crate::components::{
    Button, ButtonKind, EmptyState, MessageBar, MessageKind, PageHeader, Spinner,
};
use crate::pages::mark_hydrated;
use crate::pages::portal::{SignIn, Unavailable};
use crate::text::admin::link as words;
use crate::text::page;

/// The page.
#[component]
pub fn LinkPage() -> impl IntoView {
    let first = Resource::<_, Wire>::new_with_options(|| (), |()| me(), BLOCKING);
    mark_hydrated();
    view! {
        <Title text=words::BECOME />
        <Suspense fallback=|| view! { <Spinner text=page::SEARCHING /> }>
            {move || Suspend::new(async move {
                let (session, problem) = match first.await {
                    Ok(session) => (session, None),
                    Err(problem) => (Default::default(), Some(problem)),
                };
                let role = session.role;
                let name = session.person.as_ref().map(|person| person.display_name.clone());
                let content = match (session.person, problem) {
                    (_, Some(problem)) => view! { <Unavailable problem=problem /> }.into_any(),
                    (None, None) => view! { <SignIn title=words::SIGN_IN /> }.into_any(),
                    (Some(person), None) => view! { <Use person=person role=role /> }.into_any(),
                };
                view! {
                    <div class="portal">
                        <PageHeader at=HeaderPage::Admin person=Signal::stored(name) role=role />
                        <main class="portal-page" id="content">{content}</main>
                    </div>
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Use(person: Person, role: Role) -> impl IntoView {
    let params = use_query_map();
    let is_admin = RwSignal::new(role == Role::Admin);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<ApiError>);
    let act = move |()| {
        let secret = params.with_untracked(|params| params.get("secret").unwrap_or_default());
        busy.set(true);
        spawn_local(async move {
            let used = use_link(secret).await;
            busy.try_set(false);
            is_admin.try_set(used.is_ok());
            problem.try_set(used.err());
        });
    };
    let whom = words::as_whom(&person.display_name, person.address.as_str());
    let ask = move || {
        view! {
            <h1>{words::BECOME}</h1>
            {move || problem.get().map(|problem| view! { <MessageBar kind=MessageKind::Error text=problem.sentence() /> })}
            <p>{whom.clone()}</p>
            <p>{words::WHAT}</p>
            <p>
                <Button kind=ButtonKind::Primary busy=busy on_press=act>
                    {move || if busy.get() { words::BECOMING } else { words::BECOME }}
                </Button>
            </p>
            <p class="room-card-note">{words::NOT_YOU}</p>
        }
        .into_any()
    };
    view! {
        <Show when=move || is_admin.get() fallback=ask>
            <EmptyState title=words::DONE>
                <a class="button" data-kind="primary" href="/admin/sync" rel="external">{words::GO_ON}</a>
            </EmptyState>
        </Show>
    }
    .into_any()
}
