//! A question changed at a press: what of it is the draft's is changed in Outlook's form.

use booking::search::When;
use booking::search::change::Change;
use leptos::prelude::*;

use super::draft::Covers;
use super::hold::Holder;
use crate::pages::finder::Finder;
use crate::pages::finder::remedy::{Asking, Changed, changed};
use crate::text::page;

/// How a changed question is asked here. The time of a series stays: the form has that of its first meeting only.
pub(super) fn asking(finder: Finder, holder: Holder) -> Asking {
    Asking {
        question: Callback::new(move |changes: Vec<Change>| {
            let Changed { mut query, ranges } = changed(finder, &changes)?;
            if let Some(ranges) = ranges {
                if holder.covers.get() != Covers::Once || !holder.has_time.get() {
                    return None;
                }
                query.when = When::Exact { ranges };
            }
            Some(query)
        }),
        ask: Callback::new(move |query| holder.ask(query)),
        label: |words, changed| match changed.ranges {
            Some(_) => page::pane::change_meeting(&words),
            None => words,
        },
    }
}
