//! What the admin area says to those whom it lets no further.

use leptos::prelude::*;

use crate::api::ApiError;
use crate::components::EmptyState;
use crate::pages::portal::{SignIn, Unavailable};
use crate::text::{admin, page};

/// Why there is no page, and what to do about it.
#[component]
pub(super) fn Refused(
    /// Why.
    problem: ApiError,
) -> impl IntoView {
    if problem.needs_admin() {
        view! {
            <EmptyState title=admin::REFUSED hint=problem.sentence()>
                <a class="button" href="/" rel="external">{page::FIND_A_ROOM}</a>
            </EmptyState>
        }
        .into_any()
    } else if problem.needs_sign_in() {
        view! { <SignIn title=admin::SIGN_IN /> }.into_any()
    } else {
        view! { <Unavailable problem=problem /> }.into_any()
    }
}

/// Has the page answered with the refusal's status. Said while the page is being filled: when it is drawn, its head may
/// be on its way already.
#[cfg(feature = "ssr")]
pub(super) fn answer_with(problem: &ApiError) {
    if problem.needs_admin()
        && let Some(response) = use_context::<leptos_axum::ResponseOptions>()
    {
        response.set_status(http::StatusCode::FORBIDDEN);
    }
}
