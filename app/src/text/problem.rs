//! What is said when something between page, server and Outlook does not work.

/// The server was not reached.
pub const OFFLINE: &str =
    "The server cannot be reached. Check the network; the page tries again by itself.";
/// The answer makes no sense to this page.
pub const UNREADABLE: &str =
    "The answer could not be read. Reload the page; it may be older than the server.";
/// A program called what is not there.
pub const NO_SUCH_CALL: &str =
    "There is no such call. Reload the page; it may be older than the server.";
/// The browser cannot draw random numbers, so a booking cannot be told from its repetition.
pub const NO_RANDOMNESS: &str =
    "This browser is too old to book with. Update it, or use another one.";
/// The tenant gives the pane tokens of version 1.
#[cfg(feature = "ssr")]
pub const TOKEN_VERSION: &str = "Your organisation gives Etage tokens of an older kind. Your administrator mends that in \
    the Entra admin centre: App registrations, Etage, Manifest, set requestedAccessTokenVersion \
    (accessTokenAcceptedVersion in older manifests) to 2.";
/// Outlook kept silent.
pub const OUTLOOK_SILENT: &str = "Outlook did not answer.";

/// The server could not read a request.
pub fn bad_request(what: &str) -> String {
    format!("The request cannot be read: {what}.")
}

/// A sentence with the number under which the server's log has the cause.
pub fn with_incident(sentence: &str, incident: &str) -> String {
    format!("{sentence} (Incident {incident})")
}

/// There is no Outlook around the page, or it lacks something.
pub fn outlook_lacks(what: &str) -> String {
    format!("Outlook has no {what} here.")
}

/// Outlook refused, in its own words.
pub fn outlook_says(words: &str) -> String {
    format!("Outlook says: {words}")
}
