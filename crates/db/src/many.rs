//! One statement for many rows on PostgreSQL: the parameters go as one array for each column, so that the server reads
//! and plans one short text however many rows there are.

/// The statement that does for all rows what `sql` does for one, with an array of each of these types as its parameters.
///
/// `None` for what cannot be told from the text: all but an `insert … values ($1, …)` and an `update … set … where …`
/// without a query inside.
pub(crate) fn for_all(sql: &str, types: &[&str]) -> Option<String> {
    let arrays =
        types.iter().zip(1..).map(|(name, place)| format!("${place}::{name}[]")).collect::<Vec<_>>().join(", ");
    let word = sql.trim_start().get(..6)?;
    if word.eq_ignore_ascii_case("insert") {
        let (head, tail) = around_values(sql, types.len())?;
        return Some(format!("{head} select * from unnest({arrays}){tail}"));
    }
    if !word.eq_ignore_ascii_case("update") || has_word(sql, "select") || has_word(sql, "from") {
        return None;
    }
    let (before, after) = sql.split_once("where")?;
    let stands_alone = before.ends_with(char::is_whitespace) && after.starts_with(char::is_whitespace);
    if !stands_alone || has_word(after, "where") {
        return None;
    }
    let columns = (1..=types.len()).map(|place| format!("c{place}")).collect::<Vec<_>>().join(", ");
    Some(format!("{}from unnest({arrays}) as given({columns}) where{}", given(before), given(after)))
}

/// The text before `values` and after the one list of all parameters.
fn around_values(sql: &str, width: usize) -> Option<(&str, &str)> {
    let list = (1..=width).map(|column| format!("${column}")).collect::<Vec<_>>().join(", ");
    let list = format!("({list})");
    let at = sql.find(&list)?;
    let (head, tail) = (sql.get(..at)?.trim_end(), sql.get(at + list.len()..)?);
    let head = head.strip_suffix("values")?;
    if tail.contains('$') { None } else { Some((head, tail)) }
}

fn has_word(sql: &str, word: &str) -> bool {
    sql.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part.eq_ignore_ascii_case(word))
}

/// The text with `given.c1` for `$1`.
fn given(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len() + 64);
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '$' && chars.peek().is_some_and(char::is_ascii_digit) {
            text.push_str("given.c");
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::for_all;

    #[track_caller]
    fn check(sql: &str, types: &[&str], expected: Option<&str>) {
        assert_eq!(for_all(sql, types).as_deref(), expected);
    }

    #[test]
    fn inserts_and_updates_take_arrays() {
        check(
            "insert into t (a, b) values ($1, $2) on conflict (a) do nothing",
            &["text", "int8"],
            Some("insert into t (a, b)  select * from unnest($1::text[], $2::int8[]) on conflict (a) do nothing"),
        );
        check(
            "update t set a = $2, n = n + 1 where id = $1 and n = $10",
            &["text", "int8"],
            Some(
                "update t set a = given.c2, n = n + 1 from unnest($1::text[], $2::int8[]) as given(c1, c2) \
                 where id = given.c1 and n = given.c10",
            ),
        );
    }

    #[test]
    fn what_is_not_plain_goes_row_by_row() {
        check("insert into t (a) values ($1) on conflict (a) do update set b = $1", &["text"], None);
        check("insert into t (a, b) values ($1, 'x')", &["text"], None);
        check("delete from t where a = $1", &["text"], None);
        check("update t set a = (select b from u where c = $1) where d = $2", &["text", "text"], None);
        check("update t set a = $1", &["text"], None);
    }
}
