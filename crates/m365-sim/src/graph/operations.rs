//! Every documented operation in and around rooms and calendars, and whether it is served. Routing, the contract's test
//! and the documented examples all go by this one table.
//!
//! Paths are written as in Microsoft's OpenAPI document; `/me/…` means the same as `/users/{user-id}/…`.

mod table;

use std::sync::OnceLock;

use crate::message::path_segments;
pub use table::OPERATIONS;

/// What the simulator does with an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// It is served.
    Served,
    /// It is documented, and refused as the service refuses it; why.
    Refused(&'static str),
    /// It is answered 501 `NotImplemented`; why it is not served.
    OutOfScope(&'static str),
}

/// One documented method of one path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// Upper case.
    pub method: &'static str,
    /// After the version, with placeholders in braces.
    pub path: &'static str,
    /// Whether it is served.
    pub scope: Scope,
}

impl Operation {
    /// The operation of a request: of the path with the most literal segments when several fit. `None`: no such operation
    /// is known here.
    ///
    /// `path` begins after the version; it may be percent-encoded, and use any spelling the service takes.
    #[must_use]
    pub fn find(method: &str, path: &str) -> Option<&'static Self> {
        let sent = canonical(path.split('?').next().unwrap_or_default());
        let found = |sent: &[String]| {
            let fitting = known().iter().filter(|(_, known)| fits(known, sent));
            let best = fitting.clone().map(|(_, known)| literals(known)).max()?;
            let mut named = fitting.filter(|(_, known)| literals(known) == best);
            let of_method = named.find(|(operation, _)| operation.method == method);
            of_method.map(|(operation, _)| *operation)
        };
        found(&sent).or_else(|| {
            let (me, rest) = sent.split_first().filter(|(first, _)| *first == "me")?;
            let mut as_user = vec!["users".to_owned(), me.clone()];
            as_user.extend_from_slice(rest);
            found(&as_user)
        })
    }

    /// Whether it is answered 501.
    #[must_use]
    pub fn is_out_of_scope(&self) -> bool {
        matches!(self.scope, Scope::OutOfScope(_))
    }
}

/// Segments in one spelling: decoded, lower case, short casts, no parentheses.
pub(crate) fn canonical(path: &str) -> Vec<String> {
    path_segments(path)
        .into_iter()
        .map(|segment| {
            let lower = segment.to_lowercase();
            let name = match lower.split_once('(') {
                Some((name, arguments)) if arguments.ends_with(')') => name,
                _ => &lower,
            };
            name.replace("microsoft.graph.", "graph.")
        })
        .collect()
}

fn known() -> &'static [(&'static Operation, Vec<String>)] {
    static KNOWN: OnceLock<Vec<(&'static Operation, Vec<String>)>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let with_segments = |operation: &'static Operation| (operation, canonical(operation.path));
        OPERATIONS.iter().map(with_segments).collect()
    })
}

fn fits(known: &[String], sent: &[String]) -> bool {
    let same = |(known, sent): (&String, &String)| known.starts_with('{') || known == sent;
    known.len() == sent.len() && known.iter().zip(sent).all(same)
}

fn literals(segments: &[String]) -> usize {
    let is_literal = |segment: &&String| !segment.starts_with('{');
    segments.iter().filter(is_literal).count()
}
