//! Whether rooms may be made to decline, tenant by tenant.

use leptos::prelude::*;

use crate::api::admin::DecliningView;
use crate::components::{MessageBar, MessageKind};
use crate::text::admin::declining::stands;

#[component]
pub(super) fn Declining(all: Vec<DecliningView>) -> impl IntoView {
    let told = all.into_iter().map(|one| {
        let text = stands(&one.name, one.is_allowed, one.has_externals);
        if one.has_externals && !one.is_allowed {
            view! { <MessageBar kind=MessageKind::Warning text=text /> }.into_any()
        } else {
            view! { <p class="admin-declining">{text}</p> }.into_any()
        }
    });
    told.collect::<Vec<_>>().into_any()
}
