//! What administrators read.

pub mod declining;
pub mod sync;

/// The admin area, as the way there is called; short, because on a phone it stands beside two others.
pub const AREA: &str = "Admin";
/// Somebody else came.
pub const REFUSED: &str = "This page is for administrators.";
/// Nobody is signed in.
pub const SIGN_IN: &str = "Sign in as an administrator.";

/// The page that a link from `etage admin-link` opens.
pub mod link {
    /// Its heading, and its one act.
    pub const BECOME: &str = "Become an administrator";
    /// What it takes to use the link.
    pub const SIGN_IN: &str = "Sign in to become an administrator.";
    /// What the act brings.
    pub const WHAT: &str = "Administrators see how the calendars of all rooms are followed, and can have them read at \
        once. The link works for one person, once.";
    /// While it is under way.
    pub const BECOMING: &str = "Making you an administrator";
    /// It was done, or needs no doing.
    pub const DONE: &str = "You are an administrator.";
    /// Where to go then.
    pub const GO_ON: &str = "See how the rooms are synced";
    /// Somebody else is meant.
    pub const NOT_YOU: &str = "Is that not you? Sign out first, then open the link again.";

    /// Who would be made one.
    pub fn as_whom(name: &str, address: &str) -> String {
        format!("You are signed in as {name} ({address}).")
    }
}
