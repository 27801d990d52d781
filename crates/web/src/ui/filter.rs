//! Finding things in a list: the filter bar above it, the pager below it.

use maud::{Markup, html};

use super::form::Choice;
use super::icon::{Icon, icon};

/// The bar above a list: a GET form, the filters that are on, and the export.
#[derive(Debug, Clone)]
pub struct FilterBar {
    action: String,
    controls: Vec<Markup>,
    chips: Vec<(String, String)>,
    clear: Option<String>,
    export: Option<String>,
    swap: Option<String>,
}

impl FilterBar {
    /// A bar whose form asks for `action` by GET.
    pub fn new(action: impl Into<String>) -> FilterBar {
        FilterBar {
            action: action.into(),
            controls: Vec::new(),
            chips: Vec::new(),
            clear: None,
            export: None,
            swap: None,
        }
    }

    /// A field for words.
    #[must_use]
    pub fn search(mut self, name: &str, value: &str, placeholder: &str) -> FilterBar {
        self.controls.push(html! {
            label class="filter grow" {
                span class="sr-only" { (placeholder) }
                span class="with-icon" {
                    (icon(Icon::Search))
                    input type="search" name=(name) value=(value) placeholder=(placeholder) autocomplete="off";
                }
            }
        });
        self
    }

    /// A list to choose one from; give it a first choice with an empty value for "any".
    #[must_use]
    pub fn select(mut self, name: &str, label: &str, choices: &[Choice]) -> FilterBar {
        self.controls.push(html! {
            label class="filter" {
                span { (label) }
                select name=(name) { @for choice in choices { (choice.option()) } }
            }
        });
        self
    }

    /// A date.
    #[must_use]
    pub fn date(mut self, name: &str, label: &str, value: &str) -> FilterBar {
        self.controls.push(html! {
            label class="filter" { span { (label) } input type="date" name=(name) value=(value); }
        });
        self
    }

    /// Keeps a value of the address, such as the sort order, when the form is sent.
    #[must_use]
    pub fn keep(mut self, name: &str, value: &str) -> FilterBar {
        self.controls.push(html! { input type="hidden" name=(name) value=(value); });
        self
    }

    /// A filter that is on, with the address of the list without it.
    #[must_use]
    pub fn chip(mut self, label: impl Into<String>, without: impl Into<String>) -> FilterBar {
        self.chips.push((label.into(), without.into()));
        self
    }

    /// The address of the list without any filter.
    #[must_use]
    pub fn clear(mut self, href: impl Into<String>) -> FilterBar {
        self.clear = Some(href.into());
        self
    }

    /// The address of the same list as CSV.
    #[must_use]
    pub fn export(mut self, href: impl Into<String>) -> FilterBar {
        self.export = Some(href.into());
        self
    }

    /// The id of the part of the page script replaces when a filter changes, instead of loading the page.
    #[must_use]
    pub fn swap(mut self, id: impl Into<String>) -> FilterBar {
        self.swap = Some(id.into());
        self
    }

    /// The finished bar.
    pub fn markup(&self) -> Markup {
        html! {
            search class="filters" {
                form method="get" action=(self.action) data-auto data-swap=[self.swap.as_deref()] {
                    @for control in &self.controls { (control) }
                    button type="submit" class="btn" { (icon(Icon::Filter)) "Filter" }
                    @if let Some(href) = &self.export {
                        a class="btn plain" href=(href) download { (icon(Icon::Download)) "CSV" }
                    }
                }
                @if !self.chips.is_empty() {
                    ul class="chips" aria-label="Active filters" {
                        @for (label, without) in &self.chips {
                            li { a class="chip" href=(without) { (label) (icon(Icon::Cross)) span class="sr-only" { " (remove)" } } }
                        }
                        @if let Some(href) = &self.clear { li { a class="chip-clear" href=(href) { "Clear all" } } }
                    }
                }
            }
        }
    }
}

/// The pager of a list that is read by seeking: newer and older, and what is shown.
#[derive(Debug, Clone)]
pub struct Pager {
    shown: String,
    newer: Option<String>,
    older: Option<String>,
}

impl Pager {
    /// A pager that says what is shown ("50 of 1,204 cases").
    pub fn new(shown: impl Into<String>) -> Pager {
        Pager { shown: shown.into(), newer: None, older: None }
    }

    /// The address of the page before this one, if there is one.
    #[must_use]
    pub fn newer(mut self, href: Option<String>) -> Pager {
        self.newer = href;
        self
    }

    /// The address of the page after this one, if there is one.
    #[must_use]
    pub fn older(mut self, href: Option<String>) -> Pager {
        self.older = href;
        self
    }

    /// The finished pager.
    pub fn markup(&self) -> Markup {
        html! {
            nav class="pager" aria-label="Pages" {
                span class="muted small" { (self.shown) }
                span class="pager-steps" {
                    @match &self.newer {
                        Some(href) => a class="btn small" rel="prev" href=(href) { (icon(Icon::Left)) "Newer" },
                        None => span class="btn small off" aria-disabled="true" { (icon(Icon::Left)) "Newer" },
                    }
                    @match &self.older {
                        Some(href) => a class="btn small" rel="next" href=(href) { "Older" (icon(Icon::Right)) },
                        None => span class="btn small off" aria-disabled="true" { "Older" (icon(Icon::Right)) },
                    }
                }
            }
        }
    }
}

renders!(FilterBar, Pager);

/// Numbered pages, for short lists that are counted anyway; pages count from one.
pub fn pagination(page: u64, pages: u64, href: impl Fn(u64) -> String) -> Markup {
    let first = page.saturating_sub(2).max(1);
    let last = page.saturating_add(2).min(pages);
    html! {
        @if pages > 1 {
            nav class="pages" aria-label="Pages" {
                @if first > 1 { a href=(href(1)) { "1" } @if first > 2 { span class="muted" { "…" } } }
                @for number in first..=last {
                    a href=(href(number)) aria-current=[(number == page).then_some("page")] { (number) }
                }
                @if last < pages { @if last + 1 < pages { span class="muted" { "…" } } a href=(href(pages)) { (pages) } }
            }
        }
    }
}
