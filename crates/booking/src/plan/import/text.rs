//! Texts out of a file: one line each, of a length that can be shown and kept.

use super::error::{ImportWarning, SourceName};

/// Characters of a value that a message repeats.
const SHOWN_CHARS_MAX: usize = 60;

/// A text in one line without what cannot be seen. `None`: nothing is left of it.
pub(super) fn line(text: &str) -> Option<String> {
    let seen: String = text.chars().filter(|c| is_seen(*c)).collect();
    let words: Vec<&str> = seen.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// The same, and what is longer than `chars_max` is cut with a warning. `what`: such as `name`.
pub(super) fn short_line(
    text: Option<&str>,
    what: &'static str,
    chars_max: usize,
    source: &SourceName,
    warnings: &mut Vec<ImportWarning>,
) -> Option<String> {
    let whole = line(text?)?;
    let short = cut(&whole, chars_max);
    if short.len() < whole.len() {
        warnings.push(ImportWarning::Shortened {
            source: source.clone(),
            what,
            chars_max,
        });
    }
    Some(short.trim_end().to_owned())
}

/// As much of a value as a message repeats.
pub(super) fn shown(text: &str) -> String {
    match cut(text, SHOWN_CHARS_MAX) {
        whole if whole.len() == text.len() => whole.to_owned(),
        part => format!("{part}…"),
    }
}

/// The first characters of a text.
pub(super) fn cut(text: &str, chars_max: usize) -> &str {
    let end = text.char_indices().nth(chars_max).map(|(at, _)| at);
    end.map_or(text, |end| &text[..end])
}

/// Control characters are refused by PostgreSQL or break lines, and marks that turn the direction
/// of writing garble what stands beside them.
fn is_seen(c: char) -> bool {
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_whitespace() || !(c.is_control() || turns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_one_line_without_what_cannot_be_seen() {
        assert_eq!(
            line(" Trade\n\tWinds\u{0} "),
            Some("Trade Winds".to_owned())
        );
        assert_eq!(line("\u{202e}321"), Some("321".to_owned()));
        assert_eq!(line(" \u{0}\n"), None);
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut("Äöü", 2), "Äö");
        assert_eq!(shown(&"é".repeat(61)), format!("{}…", "é".repeat(60)));
        assert_eq!(shown("short"), "short");
    }
}
