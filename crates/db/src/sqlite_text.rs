//! Numbered parameters for SQLite.

/// The statement with `$1` written `?1`, outside quotes and comments.
///
/// SQLite reads `$1` as a *name* and numbers names by first appearance, so `$2 … $1` would swap values silently.
pub(crate) fn numbered(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut quote = None;
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '\'' || c == '"' => quote = Some(c),
            None if c == '-' && chars.peek() == Some(&'-') => quote = Some('\n'),
            None if c == '$' && chars.peek().is_some_and(char::is_ascii_digit) => {
                text.push('?');
                continue;
            }
            None => {}
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn parameters_are_numbered_outside_quotes() {
        assert_eq!(numbered("select $2, '$1', $1 -- $3\n, $4"), "select ?2, '$1', ?1 -- $3\n, ?4");
    }
}
