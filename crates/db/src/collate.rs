//! Text columns on PostgreSQL are compared byte by byte, as SQLite does it: lists have one order on both, and keys go into
//! their indexes a quarter faster than by the rules of a language.

/// The script with `text collate "C"` for the type of the columns of its tables. A column stands on a line of its own.
pub(crate) fn bytewise(script: &str) -> String {
    let mut text = String::with_capacity(script.len() + script.len() / 8);
    let mut in_table = false;
    for line in script.split_inclusive('\n') {
        let plain = line.trim_start();
        let adds = plain.starts_with("alter table ") && plain.contains(" add column ");
        match line.find(" text").filter(|_| (in_table || adds) && !plain.starts_with("--")) {
            Some(at) if ends_word(line, at + 5) => {
                let (before, after) = line.split_at(at + 5);
                text.push_str(before);
                text.push_str(" collate \"C\"");
                text.push_str(after);
            }
            Some(_) | None => text.push_str(line),
        }
        if plain.starts_with("create table ") {
            in_table = true;
        } else if plain.starts_with(')') {
            in_table = false;
        }
    }
    text
}

fn ends_word(line: &str, at: usize) -> bool {
    line.get(at..).and_then(|rest| rest.chars().next()).is_none_or(|c| !c.is_alphanumeric() && c != '_')
}

#[cfg(test)]
mod tests {
    use super::bytewise;

    #[test]
    fn columns_of_tables_are_compared_bytewise() {
        let script = "-- A text.\ncreate table a (\n  -- its text\n  id text primary key,\n  n bigint,\n  of_text bigint,\n  \
                      b text references c (id),\n  last text\n);\ncreate view v as select cast('x' as text) as b from a;\n\
                      alter table a add column d text not null default '';\n";
        let expected = "-- A text.\ncreate table a (\n  -- its text\n  id text collate \"C\" primary key,\n  n bigint,\n  \
                        of_text bigint,\n  b text collate \"C\" references c (id),\n  last text collate \"C\"\n);\n\
                        create view v as select cast('x' as text) as b from a;\n\
                        alter table a add column d text collate \"C\" not null default '';\n";
        assert_eq!(bytewise(script), expected);
    }
}
