//! Holds, changes of state, drafts, lookups.

mod draft;
mod hold;
mod lookup;
mod transition;
