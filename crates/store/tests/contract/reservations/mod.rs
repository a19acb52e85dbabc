//! Holds, changes of state, drafts, lookups.

mod course;
mod draft;
mod hold;
mod lookup;
mod moving;
mod remark;
mod steps;
mod transition;
