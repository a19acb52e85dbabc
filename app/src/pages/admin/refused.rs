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
        #[cfg(feature = "ssr")]
        if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
            response.set_status(http::StatusCode::FORBIDDEN);
        }
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
