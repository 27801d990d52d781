//! How a page is laid out: crumbs, tabs, panels, facts, tiles, times.

use maud::{Markup, html};

use super::badge::Tone;
use super::icon::{Icon, icon};

/// One step of the way to this page.
#[derive(Debug, Clone)]
pub struct Crumb {
    /// What the step is called.
    pub label: String,
    /// Where it leads; the last step, this page, leads nowhere.
    pub href: Option<String>,
}

impl Crumb {
    /// A step that is a link.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Crumb {
        Crumb { label: label.into(), href: Some(href.into()) }
    }

    /// The step that is this page.
    pub fn here(label: impl Into<String>) -> Crumb {
        Crumb { label: label.into(), href: None }
    }
}

/// The way to this page; nothing when there are no steps.
pub fn crumbs(steps: &[Crumb]) -> Markup {
    html! {
        @if !steps.is_empty() {
            nav class="crumbs" aria-label="Breadcrumb" {
                ol {
                    @for step in steps {
                        li {
                            @match &step.href {
                                Some(href) => a href=(href) { (step.label) },
                                None => span aria-current="page" { (step.label) },
                            }
                        }
                    }
                }
            }
        }
    }
}

/// One tab of a page: each tab is a page of its own, so tabs are links.
#[derive(Debug, Clone)]
pub struct Tab {
    label: String,
    href: String,
    count: Option<u64>,
    here: bool,
}

impl Tab {
    /// A tab that leads to `href`.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Tab {
        Tab { label: label.into(), href: href.into(), count: None, here: false }
    }

    /// Shows how many things are behind the tab.
    #[must_use]
    pub fn count(mut self, count: u64) -> Tab {
        self.count = Some(count);
        self
    }

    /// Marks the tab as the one shown when `here` holds.
    #[must_use]
    pub fn here(mut self, here: bool) -> Tab {
        self.here = here;
        self
    }
}

/// A row of tabs.
pub fn tabs(label: &str, entries: &[Tab]) -> Markup {
    html! {
        nav class="tabs" aria-label=(label) {
            @for tab in entries {
                a href=(tab.href) aria-current=[tab.here.then_some("page")] {
                    (tab.label) @if let Some(number) = tab.count { (super::count(number)) }
                }
            }
        }
    }
}

/// A titled box.
pub fn panel(title: &str, body: Markup) -> Markup {
    panel_with(title, super::nothing(), body)
}

/// A titled box with buttons or links at the right of its title.
pub fn panel_with(title: &str, actions: Markup, body: Markup) -> Markup {
    html! {
        section class="panel" {
            @if !title.is_empty() {
                header class="panel-head" {
                    h2 { (title) }
                    @if !actions.0.is_empty() { div class="actions" { (actions) } }
                }
            }
            div class="panel-body" { (body) }
        }
    }
}

/// A titled part of a page without a box.
pub fn section(title: &str, body: Markup) -> Markup {
    html! { section class="part" { h2 { (title) } (body) } }
}

/// Text for reading: paragraphs and lists at a comfortable measure.
pub fn prose(body: Markup) -> Markup {
    html! { div class="prose" { (body) } }
}

/// Parts below each other with even space.
pub fn stack(body: Markup) -> Markup {
    html! { div class="stack" { (body) } }
}

/// A wide column and a narrow one beside it; below each other on a narrow screen.
pub fn split(main: Markup, aside: Markup) -> Markup {
    html! { div class="split" { div class="stack" { (main) } div class="stack aside" { (aside) } } }
}

/// Equal cells, as many in a row as fit.
pub fn grid(body: Markup) -> Markup {
    html! { div class="grid" { (body) } }
}

/// Two equal columns; one on a narrow screen.
pub fn columns(left: Markup, right: Markup) -> Markup {
    html! { div class="halves" { div class="stack" { (left) } div class="stack" { (right) } } }
}

/// One named value of a list of facts.
#[derive(Debug)]
pub struct Fact {
    name: String,
    value: Markup,
}

impl Fact {
    /// A fact whose value is markup.
    pub fn new(name: impl Into<String>, value: Markup) -> Fact {
        Fact { name: name.into(), value }
    }

    /// A fact whose value is text; empty text shows as "not set".
    pub fn text(name: impl Into<String>, value: &str) -> Fact {
        let value = html! { @if value.is_empty() { span class="muted" { "not set" } } @else { (value) } };
        Fact { name: name.into(), value }
    }
}

/// Named values below each other.
pub fn facts(list: &[Fact]) -> Markup {
    html! {
        dl class="facts" {
            @for fact in list { div { dt { (fact.name) } dd { (fact.value) } } }
        }
    }
}

/// One figure with its name.
#[derive(Debug)]
pub struct Tile {
    label: String,
    figure: String,
    note: Option<Markup>,
    href: Option<String>,
    tone: Tone,
}

impl Tile {
    /// A figure, already formatted, and what it counts.
    pub fn new(label: impl Into<String>, figure: impl std::fmt::Display) -> Tile {
        Tile { label: label.into(), figure: figure.to_string(), note: None, href: None, tone: Tone::Neutral }
    }

    /// A quiet line (or a sparkline) below the figure.
    #[must_use]
    pub fn note(mut self, note: Markup) -> Tile {
        self.note = Some(note);
        self
    }

    /// Makes the tile lead to the list behind the figure.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>) -> Tile {
        self.href = Some(href.into());
        self
    }

    /// Colours the edge of the tile: warn or bad for what needs a look.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Tile {
        self.tone = tone;
        self
    }
}

/// A row of figures.
pub fn tiles(list: &[Tile]) -> Markup {
    html! {
        ul class="tiles" {
            @for tile in list {
                li class={"tile " (tile.tone.class())} {
                    span class="tile-label" {
                        @match &tile.href {
                            Some(href) => a class="cover" href=(href) { (tile.label) },
                            None => (tile.label),
                        }
                    }
                    span class="tile-figure" { (tile.figure) }
                    @if let Some(note) = &tile.note { span class="tile-note" { (note) } }
                }
            }
        }
    }
}

/// How far something is, with its words: `progress("Tasks done", 7, 12)`.
pub fn progress(label: &str, done: u64, of: u64) -> Markup {
    let most = of.max(1);
    html! {
        span class="progress" {
            progress value=(done.min(most)) max=(most) aria-label=(label) { (done) " of " (of) }
            span class="num small" { (done) " of " (of) }
        }
    }
}

/// A point in time: RFC 3339 for programs, the given words for people. With script, the words turn to the
/// viewer's own zone; the title keeps the UTC words.
pub fn time(iso: &str, words: &str) -> Markup {
    html! { time datetime=(iso) title=(words) data-local[iso.contains('T')] { (words) } }
}

/// A point in time that script keeps current as "3 hours ago"; without script the given words stay.
pub fn time_ago(iso: &str, words: &str) -> Markup {
    html! { time datetime=(iso) title=(words) data-ago { (words) } }
}

/// A small link with an arrow, below a short list: "All cases".
pub fn more(label: &str, href: &str) -> Markup {
    html! { a class="more" href=(href) { (label) (icon(Icon::Right)) } }
}
