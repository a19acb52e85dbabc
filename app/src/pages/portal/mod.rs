//! The portal: the same search outside Outlook, on large screens and on phones.

pub(crate) mod address;
mod asked;
mod live_list;
pub mod my_reservations;
pub mod reservation;
pub mod search;

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::api::ApiError;
use crate::components::{Button, EmptyState, MessageBar, MessageKind};
use crate::text::{command, page};

pub use my_reservations::MyReservationsPage;
pub use search::SearchPage;

/// What a page shows instead of its content when the first call failed.
#[component]
pub(crate) fn Unavailable(
    /// Why.
    problem: ApiError,
) -> impl IntoView {
    if problem.needs_sign_in() {
        view! { <SignIn /> }.into_any()
    } else {
        let again = move |()| {
            #[cfg(feature = "hydrate")]
            {
                // Where it fails the page stays as it is, with its sentence.
                let _reloaded = window().location().reload();
            }
        };
        view! {
            <div class="portal-page">
                <MessageBar kind=MessageKind::Error text=problem.sentence()>
                    <Button on_press=again>{command::TRY_AGAIN}</Button>
                </MessageBar>
                // The address may be what is wrong; the server makes the page anew.
                <p><a href="/" rel="external">{command::START_OVER}</a></p>
            </div>
        }
        .into_any()
    }
}

/// Leads to the sign-in and back to where the person wanted to go.
#[component]
pub(crate) fn SignIn(
    /// What signing in is good for.
    #[prop(default = page::SIGN_IN_NEEDED)]
    title: &'static str,
) -> impl IntoView {
    view! {
        <EmptyState title=title hint=page::SIGN_IN_HINT>
            <SignInLink />
        </EmptyState>
    }
}

/// The same, as a button alone.
#[component]
pub(crate) fn SignInLink() -> impl IntoView {
    let location = use_location();
    let href = move || {
        let path = location.pathname.get();
        let query = location.search.get();
        let back = if query.is_empty() {
            path
        } else {
            format!("{path}?{query}")
        };
        format!(
            "/sign-in?return={}",
            leptos_router::location::Url::escape(&back)
        )
    };
    // Not a page of the router's: the server redirects to Microsoft.
    view! { <a class="button" data-kind="primary" href=href rel="external">{command::SIGN_IN}</a> }
        .into_any()
}
