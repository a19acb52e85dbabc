//! The bar on top of the portal and the admin area.

use booking::person::Role;
use leptos::prelude::*;

use crate::text::{admin, command, page, reservation};

/// Which page the header stands on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HeaderPage {
    /// The search.
    Search,
    /// One's own reservations.
    Reservations,
    /// One of them.
    Reservation,
    /// One of the admin area.
    Admin,
    /// Any other.
    Other,
}

/// Search, my reservations, sign-out; for administrators the way to their area. Nothing else.
#[component]
pub fn PageHeader(
    /// Where we are.
    at: HeaderPage,
    /// The building on screen. Empty: none.
    #[prop(optional, into)]
    place: Signal<String>,
    /// Who is signed in. `None`: nobody.
    #[prop(optional, into)]
    person: Signal<Option<String>>,
    /// What they may do.
    #[prop(optional)]
    role: Role,
) -> impl IntoView {
    let current = move |page: HeaderPage| (at == page).then_some("page");
    // Each surface is a module of its own: no router leads from one to the other.
    let is_elsewhere = matches!(at, HeaderPage::Admin | HeaderPage::Reservation);
    let from_elsewhere = is_elsewhere.then_some("external");
    let admin = (role == Role::Admin).then(|| {
        view! {
            <a href="/admin/sync" aria-current=current(HeaderPage::Admin) rel="external">
                {admin::AREA}
            </a>
        }
    });
    let who = move || {
        person.get().map(|name| {
            view! {
                <span class="page-header-person">
                    <span class="page-header-name">{name.clone()}</span>
                    <span class="avatar" aria-hidden="true">{initials(&name)}</span>
                    // A form and not a link: signing out changes something.
                    <form method="post" action="/sign-out">
                        <button class="button" data-kind="subtle" type="submit">
                            {command::SIGN_OUT}
                        </button>
                    </form>
                </span>
            }
        })
    };
    view! {
        <header class="page-header">
            // The browser moves the focus; the router would only scroll.
            <a class="skip-link" href="#content" rel="external">{command::SKIP_TO_CONTENT}</a>
            <a class="page-header-brand" href="/" rel=from_elsewhere>{page::PRODUCT}</a>
            <nav>
                <a href="/" rel=from_elsewhere aria-current=current(HeaderPage::Search)>{page::FIND_A_ROOM}</a>
                <a href="/reservations" rel=from_elsewhere aria-current=current(HeaderPage::Reservations)>
                    {reservation::MINE}
                </a>
                {admin}
                <span class="page-header-place">{move || place.get()}</span>
            </nav>
            {who}
        </header>
    }
    .into_any()
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_those_of_the_first_and_the_last_name() {
        assert_eq!(initials("Ana Maria Ruiz"), "AR");
        assert_eq!(initials("Ada"), "A");
        assert_eq!(initials(""), "");
    }
}
