//! The frame of the staff's pages: navigation, search, person, messages, the head of the page.

use maud::{DOCTYPE, Markup, html};

use super::assets::asset_url;
use super::badge::{Tone, avatar, count};
use super::feedback::Flash;
use super::icon::{Icon, icon, mark};
use super::layout::{Crumb, Tab, crumbs, tabs};

/// One entry of the navigation.
#[derive(Debug, Clone)]
pub struct NavEntry {
    /// What pages call it in [`Shell::active`].
    pub key: String,
    /// The word shown.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// The sign before the word.
    pub icon: Icon,
    /// How many things wait there.
    pub count: Option<u64>,
}

impl NavEntry {
    /// An entry without a count.
    pub fn new(key: impl Into<String>, label: impl Into<String>, href: impl Into<String>, icon: Icon) -> NavEntry {
        NavEntry { key: key.into(), label: label.into(), href: href.into(), icon, count: None }
    }

    /// Shows how many things wait there.
    #[must_use]
    pub fn count(mut self, count: u64) -> NavEntry {
        self.count = Some(count);
        self
    }
}

/// Entries under one heading, which may be empty.
#[derive(Debug, Clone)]
pub struct NavGroup {
    /// The heading.
    pub title: String,
    /// The entries the person may see.
    pub entries: Vec<NavEntry>,
}

/// The key of an entry, its word and its sign.
type Known = (&'static str, &'static str, Icon);

/// The usual navigation, with only the entries whose key `may_see` lets pass and no empty group. Keys:
/// overview; reports, cases, advisories, notices; products, releases, practices, findings, components,
/// assessments, programme; people, settings, audit, jobs.
pub fn desk_nav(may_see: impl Fn(&str) -> bool) -> Vec<NavGroup> {
    let groups: [(&str, &[Known]); 4] = [
        ("", &[("overview", "Overview", Icon::Overview)]),
        (
            "Response",
            &[
                ("reports", "Reports", Icon::Report),
                ("cases", "Cases", Icon::Case),
                ("advisories", "Advisories", Icon::Advisory),
                ("notices", "Notices", Icon::Bell),
            ],
        ),
        (
            "Life cycle",
            &[
                ("products", "Products", Icon::Product),
                ("releases", "Releases", Icon::Release),
                ("practices", "Practices", Icon::Practice),
                ("findings", "Findings", Icon::Finding),
                ("components", "Components", Icon::Component),
                ("assessments", "Assessments", Icon::Assessment),
                ("programme", "Programme", Icon::Programme),
            ],
        ),
        (
            "Administration",
            &[
                ("people", "People", Icon::People),
                ("settings", "Settings", Icon::Settings),
                ("audit", "Audit", Icon::Audit),
                ("jobs", "Jobs", Icon::Job),
            ],
        ),
    ];
    groups
        .into_iter()
        .map(|(title, entries)| NavGroup {
            title: title.to_owned(),
            entries: entries
                .iter()
                .filter(|(key, _, _)| may_see(key))
                .map(|(key, label, icon)| {
                    let href = if *key == "overview" { "/desk".to_owned() } else { format!("/desk/{key}") };
                    NavEntry::new(*key, *label, href, *icon)
                })
                .collect(),
        })
        .filter(|group| !group.entries.is_empty())
        .collect()
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// What they are: "PSIRT lead".
    pub role: String,
    /// The page about themselves.
    pub profile: String,
    /// Where signing out is posted to.
    pub sign_out: String,
}

/// Everything around the body of a staff page.
#[derive(Debug, Clone)]
pub struct Shell {
    title: String,
    subtitle: String,
    active: String,
    nav: Vec<NavGroup>,
    person: Option<Person>,
    crumbs: Vec<Crumb>,
    flash: Vec<Flash>,
    banner: Option<(Tone, String)>,
    badges: Option<Markup>,
    actions: Option<Markup>,
    tabs: Vec<Tab>,
    query: String,
}

impl Shell {
    /// A page with its title.
    pub fn new(title: impl Into<String>) -> Shell {
        Shell {
            title: title.into(),
            subtitle: String::new(),
            active: String::new(),
            nav: Vec::new(),
            person: None,
            crumbs: Vec::new(),
            flash: Vec::new(),
            banner: None,
            badges: None,
            actions: None,
            tabs: Vec::new(),
            query: String::new(),
        }
    }

    /// A quiet line below the title.
    #[must_use]
    pub fn subtitle(mut self, subtitle: impl Into<String>) -> Shell {
        self.subtitle = subtitle.into();
        self
    }

    /// The navigation the person may see, and the key of the entry this page belongs to.
    #[must_use]
    pub fn nav(mut self, nav: Vec<NavGroup>, active: impl Into<String>) -> Shell {
        self.nav = nav;
        self.active = active.into();
        self
    }

    /// Who is signed in.
    #[must_use]
    pub fn person(mut self, person: Option<Person>) -> Shell {
        self.person = person;
        self
    }

    /// The way to this page.
    #[must_use]
    pub fn crumbs(mut self, crumbs: Vec<Crumb>) -> Shell {
        self.crumbs = crumbs;
        self
    }

    /// Messages about what was just done.
    #[must_use]
    pub fn flash(mut self, flash: Vec<Flash>) -> Shell {
        self.flash = flash;
        self
    }

    /// A standing line above the page: the embargo, for example.
    #[must_use]
    pub fn banner(mut self, tone: Tone, text: impl Into<String>) -> Shell {
        self.banner = Some((tone, text.into()));
        self
    }

    /// Badges beside the title.
    #[must_use]
    pub fn badges(mut self, badges: Markup) -> Shell {
        self.badges = Some(badges);
        self
    }

    /// Buttons at the right of the title.
    #[must_use]
    pub fn actions(mut self, actions: Markup) -> Shell {
        self.actions = Some(actions);
        self
    }

    /// Tabs below the title.
    #[must_use]
    pub fn tabs(mut self, tabs: Vec<Tab>) -> Shell {
        self.tabs = tabs;
        self
    }

    /// What stands in the search field.
    #[must_use]
    pub fn query(mut self, query: impl Into<String>) -> Shell {
        self.query = query.into();
        self
    }

    fn nav_markup(&self) -> Markup {
        html! {
            @for group in &self.nav {
                @if !group.title.is_empty() { p class="nav-title" { (group.title) } }
                ul {
                    @for entry in &group.entries {
                        li {
                            a href=(entry.href) data-key=(entry.key) aria-current=[(entry.key == self.active).then_some("page")] {
                                (icon(entry.icon)) span { (entry.label) }
                                @if let Some(number) = entry.count.filter(|number| *number > 0) { (count(number)) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn person_markup(&self) -> Markup {
        html! {
            @if let Some(person) = &self.person {
                details class="dropdown me" data-dropdown {
                    summary aria-label={"Signed in as " (person.name)} { (avatar(&person.name)) }
                    ul {
                        li class="me-who" { strong { (person.name) } span class="muted small" { (person.role) } }
                        li { a href=(person.profile) { "Your account" } }
                        li { form method="post" action=(person.sign_out) { button type="submit" { "Sign out" } } }
                    }
                }
            }
        }
    }

    fn top(&self) -> Markup {
        let nav = self.nav_markup();
        html! {
            header class="top" {
                details class="burger" data-dropdown {
                    summary aria-label="Menu" { (icon(Icon::Menu)) }
                    nav aria-label="Main, small screens" { (nav) }
                }
                a class="top-brand" href="/desk" { (mark()) span class="sr-only" { "Portcullis" } }
                form class="find" action="/desk/search" method="get" role="search" {
                    label class="with-icon" {
                        span class="sr-only" { "Search" }
                        (icon(Icon::Search))
                        input type="search" name="q" value=(self.query) placeholder="Search cases, CVEs, products, components" autocomplete="off" data-find;
                        kbd aria-hidden="true" { "/" }
                    }
                }
                div class="top-tools" {
                    (theme_switch())
                    (self.person_markup())
                }
            }
        }
    }

    fn head(&self) -> Markup {
        html! {
            div class="page-head" {
                (crumbs(&self.crumbs))
                div class="page-title" {
                    div {
                        h1 { (self.title) }
                        @if let Some(badges) = &self.badges { div class="badges" { (badges) } }
                    }
                    @if let Some(actions) = &self.actions { div class="actions" { (actions) } }
                }
                @if !self.subtitle.is_empty() { p class="subtitle" { (self.subtitle) } }
                @if !self.tabs.is_empty() { (tabs("Sections", &self.tabs)) }
            }
        }
    }
}

/// A staff page.
pub fn desk(shell: &Shell, body: Markup) -> Markup {
    let page = html! {
        div class="frame" {
            aside class="side" {
                a class="brand" href="/desk" { (mark()) span { "Portcullis" } }
                nav aria-label="Main" { (shell.nav_markup()) }
            }
            div class="stage" {
                (shell.top())
                @if let Some((tone, text)) = &shell.banner {
                    div class={"banner " (tone.class())} role="note" { (icon(Icon::Lock)) p { (text) } }
                }
                main id="main" tabindex="-1" {
                    (shell.head())
                    div class="flashes" { @for flash in &shell.flash { (flash.markup()) } }
                    (body)
                }
            }
        }
        (shortcuts())
    };
    document(&format!("{} · Portcullis", shell.title), "desk", page)
}

/// The whole document around a page's frame.
pub(crate) fn document(title: &str, class: &str, page: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                script src=(asset_url("theme.js")) {}
                link rel="stylesheet" href=(asset_url("app.css"));
                link rel="icon" type="image/svg+xml" href=(asset_url("favicon.svg"));
                script type="module" src=(asset_url("app.js")) {}
            }
            body class=(class) {
                a class="skip" href="#main" { "Skip to content" }
                (page)
            }
        }
    }
}

/// The button that goes through light, dark and the system's choice; shown only when script runs.
pub(crate) fn theme_switch() -> Markup {
    html! {
        button type="button" class="btn plain icon-only" data-theme-switch aria-label="Change theme" hidden { (icon(Icon::Theme)) }
    }
}

/// The keys that work everywhere, in a box opened with `?`.
fn shortcuts() -> Markup {
    let keys = [
        ("/", "Search"),
        ("?", "Show these keys"),
        ("j k", "Next, previous row of the list"),
        ("Enter", "Open the row"),
        ("x", "Tick the row"),
        ("g o", "Go to the overview"),
        ("g r", "Go to reports"),
        ("g c", "Go to cases"),
        ("g a", "Go to advisories"),
        ("g p", "Go to products"),
        ("g f", "Go to findings"),
    ];
    super::action::dialog(
        "shortcuts",
        "Keys",
        html! { dl class="keys" { @for (key, what) in keys { div { dt { @for part in key.split(' ') { kbd { (part) } } } dd { (what) } } } } },
    )
}

#[cfg(test)]
mod tests {
    use maud::html;

    use super::{Shell, desk, desk_nav};

    #[test]
    fn only_permitted_entries_are_shown_and_the_page_knows_its_place() {
        let nav = desk_nav(|key| matches!(key, "overview" | "cases"));
        assert_eq!(nav.iter().map(|group| group.title.as_str()).collect::<Vec<_>>(), ["", "Response"]);
        let page = desk(&Shell::new("Cases & more").nav(nav, "cases"), html! {}).into_string();
        assert!(page.contains("href=\"/desk/cases\" data-key=\"cases\" aria-current=\"page\""));
        assert!(!page.contains("/desk/settings"));
        assert!(page.contains("<h1>Cases &amp; more</h1>"));
    }

    #[test]
    fn pages_carry_no_inline_style_or_script() {
        let page = super::super::gallery().into_string() + &super::super::gallery_portal().into_string();
        assert!(!page.contains(" style="), "a style attribute");
        assert!(!page.contains(" onclick"), "an inline handler");
        for script in page.split("<script").skip(1) {
            let (attributes, rest) = script.split_once('>').expect("closed");
            assert!(attributes.contains("src=\"/assets/") && rest.starts_with("</script>"), "{attributes}");
        }
    }
}
