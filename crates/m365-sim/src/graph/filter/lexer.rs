//! The words of a filter.

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A name, an operator, a number, a time: anything without quotes.
    Word(String),
    /// Between quotes; a doubled quote stands for one.
    Text(String),
    Open,
    Close,
    Comma,
}

/// Takes a filter apart; the problem in words otherwise.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '(' => (Token::Open, &rest[1..]),
            ')' => (Token::Close, &rest[1..]),
            ',' => (Token::Comma, &rest[1..]),
            '\'' => quoted(&rest[1..])?,
            _ => {
                let end = rest
                    .find(|c: char| c.is_whitespace() || "(),'".contains(c))
                    .unwrap_or(rest.len());
                let end = variable(&rest[..end]).unwrap_or(end);
                (Token::Word(rest[..end].to_owned()), &rest[end..])
            }
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Ok(tokens)
}

/// Where the range variable ends that a word begins with, its colon included. Times begin with a digit.
fn variable(word: &str) -> Option<usize> {
    let colon = word.find(':')?;
    word.starts_with(char::is_alphabetic).then_some(colon + 1)
}

/// The text up to its closing quote, and what follows.
fn quoted(text: &str) -> Result<(Token, &str), String> {
    let mut read = String::new();
    let mut rest = text;
    loop {
        let (before, after) = rest
            .split_once('\'')
            .ok_or_else(|| format!("There is an unterminated string literal at '{text}'."))?;
        read.push_str(before);
        match after.strip_prefix('\'') {
            Some(more) => {
                read.push('\'');
                rest = more;
            }
            None => return Ok((Token::Text(read), after)),
        }
    }
}
