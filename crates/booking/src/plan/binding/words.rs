//! How texts about rooms are cut into comparable words.

/// Longest run of words looked up as one name or number.
const PHRASE_WORDS_MAX: usize = 5;
/// Words read of one text; the rest of a longer one is not looked at.
const WORDS_MAX: usize = 40;

/// The whole text as one phrase: lower case, words separated by single spaces. Full stops inside
/// a word stay, as in `1.066`.
pub(super) fn key(text: &str) -> String {
    words(text).join(" ")
}

/// The same with every border between letters, digits and other signs taken as a gap, so that
/// `HH-0.01`, `hh_0.01` and `hh001` differ only where their digits do.
pub(super) fn split_key(text: &str) -> String {
    split_words(text).join(" ")
}

/// Every run of neighbouring words of the text.
pub(super) fn phrases(text: &str) -> impl Iterator<Item = String> {
    runs(words(text))
}

/// Every run of neighbouring words of an address before its `@`, in the form of [`split_key`].
pub(super) fn phrases_of_address(address: &str) -> impl Iterator<Item = String> {
    let local = address.split('@').next().unwrap_or_default();
    runs(split_words(local))
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '&'))
        .map(|word| word.trim_matches('.').to_lowercase())
        .filter(|word| !word.is_empty())
        .take(WORDS_MAX)
        .collect()
}

fn split_words(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut last = ' ';
    for c in text.to_lowercase().chars() {
        if c.is_alphanumeric() {
            let goes_on = last.is_alphanumeric() && last.is_numeric() == c.is_numeric();
            match found.last_mut() {
                Some(word) if goes_on => word.push(c),
                _ => found.push(c.to_string()),
            }
        }
        last = c;
    }
    found.truncate(WORDS_MAX);
    found
}

fn runs(words: Vec<String>) -> impl Iterator<Item = String> {
    (0..words.len()).flat_map(move |from| {
        let to_max = words.len().min(from + PHRASE_WORDS_MAX);
        let rest = words[from..to_max].to_vec();
        (1..=rest.len()).map(move |count| rest[..count].join(" "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_full_stops_and_lose_the_signs_around_them() {
        assert_eq!(key("  Room 1.066 (Berlin). "), "room 1.066 berlin");
        assert_eq!(split_key("HH-0.01"), "hh 0 01");
        assert_eq!(split_key("room1066"), "room 1066");
        assert!(phrases_of_address("hh-0-01-pier@contoso.com").any(|phrase| phrase == "0 01"));
        assert!(phrases("Großer Saal / A 101").any(|phrase| phrase == "a 101"));
    }
}
