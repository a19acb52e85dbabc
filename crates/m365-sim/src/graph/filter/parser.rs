//! Words to an expression, by recursive descent: `or` binds least, then `and`, then `not`.

use super::lexer::{self, Token};
use super::{Comparison, Expression, Literal, Path, TextFunction, instant};

/// Deeper nesting is refused: nobody writes it, and a stranger might.
const DEPTH_MAX: usize = 20;

/// Reads a filter over entities with these properties; the problem in words otherwise.
pub(super) fn parse(text: &str, properties: &[&str]) -> Result<Expression, String> {
    let tokens = lexer::tokens(text)?;
    let mut parser = Parser {
        tokens: &tokens,
        properties,
        variable: None,
        depth: 0,
    };
    let expression = parser.alternatives()?;
    match parser.tokens.first() {
        None => Ok(expression),
        Some(token) => Err(format!("Syntax error at '{}'.", written(token))),
    }
}

struct Parser<'a> {
    /// What has not been read.
    tokens: &'a [Token],
    properties: &'a [&'a str],
    /// The range variable inside `any`.
    variable: Option<String>,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn alternatives(&mut self) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err("It is nested too deeply.".to_owned());
        }
        let mut sides = vec![self.conjunction()?];
        while self.skips_word("or") {
            sides.push(self.conjunction()?);
        }
        self.depth -= 1;
        Ok(one_or(sides, Expression::Or))
    }

    fn conjunction(&mut self) -> Result<Expression, String> {
        let mut sides = vec![self.negation()?];
        while self.skips_word("and") {
            sides.push(self.negation()?);
        }
        Ok(one_or(sides, Expression::And))
    }

    fn negation(&mut self) -> Result<Expression, String> {
        let mut is_negated = false;
        while self.skips_word("not") {
            is_negated = !is_negated;
        }
        let primary = self.primary()?;
        Ok(if is_negated {
            Expression::Not(Box::new(primary))
        } else {
            primary
        })
    }

    fn primary(&mut self) -> Result<Expression, String> {
        match self.next()? {
            Token::Open => {
                let inner = self.alternatives()?;
                self.expect(&Token::Close)?;
                Ok(inner)
            }
            Token::Word(word) if self.tokens.first() == Some(&Token::Open) => {
                self.tokens = &self.tokens[1..];
                match word.to_lowercase().as_str() {
                    "startswith" => self.text_function(TextFunction::StartsWith),
                    "endswith" => self.text_function(TextFunction::EndsWith),
                    "contains" => self.text_function(TextFunction::Contains),
                    lower if lower.ends_with("/any") => self.any(&word[..word.len() - 4]),
                    _ => Err(format!("An unknown function with name '{word}' was found.")),
                }
            }
            Token::Word(word) => {
                let path = self.path(word)?;
                self.comparison(path)
            }
            other => Err(format!("Syntax error at '{}'.", written(other))),
        }
    }

    fn comparison(&mut self, path: Path) -> Result<Expression, String> {
        let Token::Word(operator) = self.next()? else {
            return Err(format!("'{}' is compared with nothing.", path.join("/")));
        };
        let comparison = match operator.to_lowercase().as_str() {
            "eq" => Comparison::Equal,
            "ne" => Comparison::NotEqual,
            "gt" => Comparison::Greater,
            "ge" => Comparison::GreaterOrEqual,
            "lt" => Comparison::Less,
            "le" => Comparison::LessOrEqual,
            "in" => return self.list(path),
            _ => return Err(format!("'{operator}' is no operator.")),
        };
        Ok(Expression::Compare(path, comparison, self.literal()?))
    }

    fn list(&mut self, path: Path) -> Result<Expression, String> {
        self.expect(&Token::Open)?;
        let mut literals = vec![self.literal()?];
        while self.tokens.first() == Some(&Token::Comma) {
            self.tokens = &self.tokens[1..];
            literals.push(self.literal()?);
        }
        self.expect(&Token::Close)?;
        Ok(Expression::In(path, literals))
    }

    fn text_function(&mut self, function: TextFunction) -> Result<Expression, String> {
        let Token::Word(word) = self.next()? else {
            return Err("A function wants a property first.".to_owned());
        };
        let path = self.path(word)?;
        self.expect(&Token::Comma)?;
        let Literal::Text(text) = self.literal()? else {
            return Err("A function wants a text in quotes.".to_owned());
        };
        self.expect(&Token::Close)?;
        Ok(Expression::Text(path, function, text.to_lowercase()))
    }

    /// `any(a:a/name eq 'x')`, after its parenthesis.
    fn any(&mut self, collection: &str) -> Result<Expression, String> {
        let path = self.path(collection)?;
        if self.variable.is_some() {
            return Err("'any' inside 'any' is not supported.".to_owned());
        }
        let wanted = || "'any' wants a range variable.".to_owned();
        let Token::Word(word) = self.next()? else {
            return Err(wanted());
        };
        let variable = word.strip_suffix(':').ok_or_else(wanted)?;
        self.variable = Some(variable.to_owned());
        let condition = self.alternatives()?;
        self.expect(&Token::Close)?;
        self.variable = None;
        Ok(Expression::Any(path, Box::new(condition)))
    }

    /// A property that there is, or one of the range variable's.
    fn path(&self, word: &str) -> Result<Path, String> {
        let mut names: Vec<String> = word.split('/').map(str::to_owned).collect();
        if let Some(variable) = &self.variable {
            if names[0] != *variable {
                return Err(format!("'{word}' is not of '{variable}'."));
            }
            names.remove(0);
            return Ok(names);
        }
        let is_known = |name: &String| {
            let mut properties = self.properties.iter();
            properties.any(|property| property.eq_ignore_ascii_case(name))
        };
        if names.first().is_some_and(is_known) && names.iter().all(|name| !name.is_empty()) {
            Ok(names)
        } else {
            Err(format!("Could not find a property named '{word}'."))
        }
    }

    fn literal(&mut self) -> Result<Literal, String> {
        match self.next()? {
            Token::Text(text) => Ok(Literal::Text(text.clone())),
            Token::Word(word) => Ok(match word.as_str() {
                "true" => Literal::Bool(true),
                "false" => Literal::Bool(false),
                "null" => Literal::Null,
                _ => match (instant(word), word.parse()) {
                    (Some(at), _) => Literal::Instant(at),
                    (None, Ok(number)) => Literal::Number(number),
                    _ => return Err(format!("'{word}' is no value.")),
                },
            }),
            other => Err(format!("Syntax error at '{}'.", written(other))),
        }
    }

    fn next(&mut self) -> Result<&'a Token, String> {
        let (first, rest) = self
            .tokens
            .split_first()
            .ok_or("It ends before it is complete.")?;
        self.tokens = rest;
        Ok(first)
    }

    fn expect(&mut self, token: &Token) -> Result<(), String> {
        match self.next()? {
            found if found == token => Ok(()),
            found => Err(format!(
                "'{}' was expected at '{}'.",
                written(token),
                written(found)
            )),
        }
    }

    /// Reads a word if it comes next.
    fn skips_word(&mut self, wanted: &str) -> bool {
        let is_next = matches!(self.tokens.first(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(wanted));
        if is_next {
            self.tokens = &self.tokens[1..];
        }
        is_next
    }
}

fn one_or(mut sides: Vec<Expression>, many: fn(Vec<Expression>) -> Expression) -> Expression {
    match sides.pop() {
        Some(only) if sides.is_empty() => only,
        Some(last) => {
            sides.push(last);
            many(sides)
        }
        None => many(sides),
    }
}

/// A token as it was written.
fn written(token: &Token) -> String {
    match token {
        Token::Word(word) => word.clone(),
        Token::Text(text) => format!("'{text}'"),
        Token::Open => "(".to_owned(),
        Token::Close => ")".to_owned(),
        Token::Comma => ",".to_owned(),
    }
}
