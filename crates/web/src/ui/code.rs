//! Text that is read letter by letter: comparisons, code, files, words explained.

use maud::{Markup, html};

use super::action::copy_button;
use super::icon::{Icon, icon};

/// What happened to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffKind {
    Same,
    Insert,
    Delete,
}

/// One line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// What happened to it.
    pub kind: DiffKind,
    /// The line, without its end.
    pub text: String,
}

/// A comparison, line by line, with the numbers of the lines on both sides. Where a line was changed rather than added
/// or removed, the words that differ are marked.
pub fn diff(title: &str, lines: &[DiffLine]) -> Markup {
    let (mut old, mut new) = (0_usize, 0_usize);
    let rows: Vec<_> = lines
        .iter()
        .zip(partners(lines))
        .map(|(line, partner)| {
            let (class, sign, word) = match line.kind {
                DiffKind::Same => ("", " ", ""),
                DiffKind::Insert => ("ins", "+", "added: "),
                DiffKind::Delete => ("del", "−", "removed: "),
            };
            old += usize::from(line.kind != DiffKind::Insert);
            new += usize::from(line.kind != DiffKind::Delete);
            let left = (line.kind != DiffKind::Insert).then_some(old);
            let right = (line.kind != DiffKind::Delete).then_some(new);
            let parts = partner.map_or(("", line.text.as_str(), ""), |other| differing(&line.text, other));
            (class, sign, word, left, right, parts, partner.is_some())
        })
        .collect();
    let inserted = lines.iter().filter(|line| line.kind == DiffKind::Insert).count();
    let deleted = lines.iter().filter(|line| line.kind == DiffKind::Delete).count();
    html! {
        figure class="diff" {
            figcaption { span { (title) } span class="small" { ins { "+" (inserted) } " " del { "−" (deleted) } } }
            div class="table-scroll" tabindex="0" role="region" aria-label=(title) {
                table {
                    tbody {
                        @for (class, sign, word, left, right, (head, middle, tail), marked) in rows {
                            tr class=(class) {
                                td class="line" { @if let Some(number) = left { (number) } }
                                td class="line" { @if let Some(number) = right { (number) } }
                                td class="sign" aria-hidden="true" { (sign) }
                                td class="text" {
                                    @if !word.is_empty() { span class="sr-only" { (word) } }
                                    (head)
                                    @if marked && !middle.is_empty() { mark { (middle) } } @else { (middle) }
                                    (tail)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// For each line the text it was or became: within a block of removed lines that added ones follow, the first belongs
/// to the first, the second to the second.
fn partners(lines: &[DiffLine]) -> Vec<Option<&str>> {
    let mut found = vec![None; lines.len()];
    let (mut removed, mut added): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    for place in 0..=lines.len() {
        let line = lines.get(place);
        let kind = line.map_or(DiffKind::Same, |line| line.kind);
        if kind == DiffKind::Same || (kind == DiffKind::Delete && !added.is_empty()) {
            for (old, new) in removed.drain(..).zip(added.drain(..)) {
                for (here, there) in [(old, new), (new, old)] {
                    if let (Some(slot), Some(other)) = (found.get_mut(here), lines.get(there)) {
                        *slot = Some(other.text.as_str());
                    }
                }
            }
            added.clear();
        }
        match kind {
            DiffKind::Same => {}
            DiffKind::Delete => removed.push(place),
            DiffKind::Insert => added.push(place),
        }
    }
    found
}

/// A line in three: the words that the other line begins with too, those that differ, those it ends with too.
fn differing<'a>(line: &'a str, other: &str) -> (&'a str, &'a str, &'a str) {
    let (own, others): (Vec<&str>, Vec<&str>) =
        (line.split_inclusive(' ').collect(), other.split_inclusive(' ').collect());
    let head = own.iter().zip(&others).take_while(|(a, b)| a == b).count();
    let most = own.len().min(others.len()) - head;
    let tail = own.iter().rev().zip(others.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let length = |words: Option<&[&str]>| words.unwrap_or_default().iter().map(|word| word.len()).sum::<usize>();
    let start = length(own.get(..head));
    let end = line.len() - length(own.get(own.len() - tail..));
    let part = |from: usize, to: usize| line.get(from..to).unwrap_or_default();
    (part(0, start), part(start, end), part(end, line.len()))
}

/// Longest comparison done exactly; beyond it the changed middle shows as removed and added.
const LONGEST: usize = 1_500;

/// Compares two texts line by line.
pub fn diff_texts(old: &str, new: &str) -> Vec<DiffLine> {
    let old: Vec<&str> = old.lines().collect();
    let new: Vec<&str> = new.lines().collect();
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let most = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let old_middle = old.get(head..old.len() - tail).unwrap_or_default();
    let new_middle = new.get(head..new.len() - tail).unwrap_or_default();
    let line = |kind, text: &&str| DiffLine { kind, text: (*text).to_owned() };
    let mut lines: Vec<DiffLine> = old.iter().take(head).map(|text| line(DiffKind::Same, text)).collect();
    if old_middle.len() > LONGEST || new_middle.len() > LONGEST {
        lines.extend(old_middle.iter().map(|text| line(DiffKind::Delete, text)));
        lines.extend(new_middle.iter().map(|text| line(DiffKind::Insert, text)));
    } else {
        lines.extend(middle(old_middle, new_middle));
    }
    lines.extend(old.iter().skip(old.len() - tail).map(|text| line(DiffKind::Same, text)));
    lines
}

/// The longest common subsequence by the usual table, read from its start.
fn middle(old: &[&str], new: &[&str]) -> Vec<DiffLine> {
    let width = new.len() + 1;
    let mut longest = vec![0_u16; (old.len() + 1) * width];
    let at = |table: &[u16], i: usize, j: usize| table.get(i * width + j).copied().unwrap_or(0);
    for (i, left) in old.iter().enumerate().rev() {
        for (j, right) in new.iter().enumerate().rev() {
            let best = if left == right {
                at(&longest, i + 1, j + 1).saturating_add(1)
            } else {
                at(&longest, i + 1, j).max(at(&longest, i, j + 1))
            };
            if let Some(cell) = longest.get_mut(i * width + j) {
                *cell = best;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut lines = Vec::new();
    loop {
        let (kind, text) = match (old.get(i), new.get(j)) {
            (Some(left), Some(right)) if left == right => (DiffKind::Same, left),
            (Some(left), Some(_)) if at(&longest, i + 1, j) >= at(&longest, i, j + 1) => (DiffKind::Delete, left),
            (_, Some(right)) => (DiffKind::Insert, right),
            (Some(left), None) => (DiffKind::Delete, left),
            (None, None) => return lines,
        };
        i += usize::from(kind != DiffKind::Insert);
        j += usize::from(kind != DiffKind::Delete);
        lines.push(DiffLine { kind, text: (*text).to_owned() });
    }
}

/// Text as it is, with a title, which may be empty, and a button that copies it.
pub fn code_block(title: &str, text: &str) -> Markup {
    html! {
        figure class="code" {
            figcaption { span { (title) } (copy_button(text)) }
            pre tabindex="0" { code { (text) } }
        }
    }
}

/// A word that explains itself when pointed at or focused.
pub fn term(word: &str, meaning: &str) -> Markup {
    html! { span class="term" tabindex="0" { (word) span class="term-meaning" role="note" { (meaning) } } }
}

/// One file of a list.
#[derive(Debug, Clone)]
pub struct FileEntry {
    name: String,
    href: String,
    note: String,
}

impl FileEntry {
    /// A file, where to get it, and a quiet line (size, date, checksum).
    pub fn new(name: impl Into<String>, href: impl Into<String>, note: impl Into<String>) -> FileEntry {
        FileEntry { name: name.into(), href: href.into(), note: note.into() }
    }
}

/// Files to get.
pub fn file_list(files: &[FileEntry]) -> Markup {
    html! {
        ul class="files" {
            @for file in files {
                li { (icon(Icon::File)) a href=(file.href) download { (file.name) } span class="muted small" { (file.note) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DiffKind, diff, diff_texts, differing};

    fn signs(old: &str, new: &str) -> String {
        diff_texts(old, new)
            .iter()
            .map(|line| match line.kind {
                DiffKind::Same => format!(" {}", line.text),
                DiffKind::Insert => format!("+{}", line.text),
                DiffKind::Delete => format!("-{}", line.text),
            })
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn a_changed_line_is_one_out_and_one_in() {
        assert_eq!(signs("a\nb\nc", "a\nx\nc"), " a\n-b\n+x\n c");
    }

    #[test]
    fn the_words_that_changed_are_marked() {
        assert_eq!(differing("Update to 7.2 now.", "Update to 7.3 now."), ("Update to ", "7.2 ", "now."));
        assert_eq!(differing("a b", "a b c"), ("a ", "b", ""));
        assert_eq!(differing("same", "same"), ("same", "", ""));
        let page = diff("x", &diff_texts("a\nUse 1 of it\nb", "a\nUse 2 of it\nb\nnew")).into_string();
        assert!(page.contains("Use <mark>1 </mark>of it") && page.contains("Use <mark>2 </mark>of it"), "{page}");
        assert!(!page.contains("<mark>new"), "an added line is marked as a whole already");
    }

    #[test]
    fn ends_and_empty_texts_are_no_special_case() {
        assert_eq!(signs("", "a"), "+a");
        assert_eq!(signs("a", ""), "-a");
        assert_eq!(signs("a\na", "a"), " a\n-a");
        assert_eq!(signs("a\nb\nc\nd", "b\nd\ne"), "-a\n b\n-c\n d\n+e");
    }
}
