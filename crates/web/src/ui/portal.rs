//! The frame of the public site, and of the page for signing in.

use maud::{Markup, html};

use super::feedback::Flash;
use super::icon::{Icon, icon, mark};
use super::layout::{Crumb, crumbs};
use super::shell::{document, theme_switch};

/// Where the links at the foot of every page lead.
const FOOTER: [(&str, &str); 4] = [
    ("Policy", "/policy"),
    ("Privacy", "/privacy"),
    ("Keys", "/keys"),
    ("CSAF", "/.well-known/csaf/provider-metadata.json"),
];

/// One entry of the public navigation.
#[derive(Debug, Clone)]
pub struct PortalEntry {
    /// What pages call it in [`Portal::active`].
    pub key: String,
    /// The words shown.
    pub label: String,
    /// Where it leads.
    pub href: String,
}

/// The usual public navigation: advisories, report, policy, documents, keys, subscribe.
pub fn portal_nav() -> Vec<PortalEntry> {
    [
        ("advisories", "Advisories", "/advisories"),
        ("report", "Report a vulnerability", "/report"),
        ("policy", "Policy", "/policy"),
        ("documents", "Documents", "/documents"),
        ("keys", "Keys", "/keys"),
        ("subscribe", "Subscribe", "/subscribe"),
    ]
    .into_iter()
    .map(|(key, label, href)| PortalEntry { key: key.to_owned(), label: label.to_owned(), href: href.to_owned() })
    .collect()
}

/// Everything around the body of a public page.
#[derive(Debug, Clone)]
pub struct Portal {
    title: String,
    subtitle: String,
    vendor: String,
    active: String,
    nav: Vec<PortalEntry>,
    crumbs: Vec<Crumb>,
    flash: Vec<Flash>,
    badges: Option<Markup>,
    actions: Option<Markup>,
    legal: String,
    person: Option<(String, String)>,
}

impl Portal {
    /// A page of the vendor's public site.
    pub fn new(title: impl Into<String>, vendor: impl Into<String>) -> Portal {
        Portal {
            title: title.into(),
            subtitle: String::new(),
            vendor: vendor.into(),
            active: String::new(),
            nav: portal_nav(),
            crumbs: Vec::new(),
            flash: Vec::new(),
            badges: None,
            actions: None,
            legal: String::new(),
            person: None,
        }
    }

    /// A line below the title.
    #[must_use]
    pub fn subtitle(mut self, subtitle: impl Into<String>) -> Portal {
        self.subtitle = subtitle.into();
        self
    }

    /// The key of the navigation entry this page belongs to.
    #[must_use]
    pub fn active(mut self, key: impl Into<String>) -> Portal {
        self.active = key.into();
        self
    }

    /// Another navigation than the usual one.
    #[must_use]
    pub fn nav(mut self, nav: Vec<PortalEntry>) -> Portal {
        self.nav = nav;
        self
    }

    /// The way to this page.
    #[must_use]
    pub fn crumbs(mut self, crumbs: Vec<Crumb>) -> Portal {
        self.crumbs = crumbs;
        self
    }

    /// Messages about what was just done.
    #[must_use]
    pub fn flash(mut self, flash: Vec<Flash>) -> Portal {
        self.flash = flash;
        self
    }

    /// Badges below the title.
    #[must_use]
    pub fn badges(mut self, badges: Markup) -> Portal {
        self.badges = Some(badges);
        self
    }

    /// Buttons at the right of the title.
    #[must_use]
    pub fn actions(mut self, actions: Markup) -> Portal {
        self.actions = Some(actions);
        self
    }

    /// The vendor's notice at the foot of every page.
    #[must_use]
    pub fn legal(mut self, legal: impl Into<String>) -> Portal {
        self.legal = legal.into();
        self
    }

    /// The partner or customer who is signed in, and the page about their matters.
    #[must_use]
    pub fn person(mut self, name: impl Into<String>, href: impl Into<String>) -> Portal {
        self.person = Some((name.into(), href.into()));
        self
    }

    fn nav_list(&self) -> Markup {
        html! {
            ul {
                @for entry in &self.nav {
                    li { a href=(entry.href) aria-current=[(entry.key == self.active).then_some("page")] { (entry.label) } }
                }
                li class="portal-me" {
                    @match &self.person {
                        Some((name, href)) => a href=(href) { (icon(Icon::Person)) (name) },
                        None => a href="/desk/sign-in" { (icon(Icon::Person)) "Sign in" },
                    }
                }
            }
        }
    }
}

/// A public page.
pub fn portal(shell: &Portal, body: Markup) -> Markup {
    let page = html! {
        header class="portal-top" {
            div class="portal-row" {
                a class="portal-brand" href="/" { (mark()) span { (shell.vendor) } span class="portal-what" { "Product security" } }
                nav class="portal-nav" aria-label="Main" { (shell.nav_list()) }
                (theme_switch())
                details class="burger" data-dropdown {
                    summary aria-label="Menu" { (icon(Icon::Menu)) }
                    nav aria-label="Main, small screens" { (shell.nav_list()) }
                }
            }
        }
        main id="main" tabindex="-1" {
            div class="page-head" {
                (crumbs(&shell.crumbs))
                div class="page-title" {
                    div {
                        h1 { (shell.title) }
                        @if let Some(badges) = &shell.badges { div class="badges" { (badges) } }
                    }
                    @if let Some(actions) = &shell.actions { div class="actions" { (actions) } }
                }
                @if !shell.subtitle.is_empty() { p class="subtitle" { (shell.subtitle) } }
            }
            div class="flashes" { @for flash in &shell.flash { (flash.markup()) } }
            (body)
        }
        footer class="portal-foot" {
            div class="portal-row" {
                @if !shell.legal.is_empty() { p class="legal" { (shell.legal) } }
                ul {
                    @for (label, href) in FOOTER { li { a href=(href) { (label) } } }
                    li { a href="/.well-known/security.txt" { "security.txt" } }
                    li { a href="/feeds/advisories.atom" { "Atom feed" } }
                }
                p class="muted small" { (shell.vendor) " product security" }
            }
        }
    };
    document(&format!("{} · {} product security", shell.title, shell.vendor), "portal", page)
}

/// The page for signing in: a title, a sentence, which may be empty, and the form.
pub fn sign_in(title: &str, intro: &str, body: Markup) -> Markup {
    let page = html! {
        main id="main" class="gate" tabindex="-1" {
            div class="gate-box" {
                p class="gate-brand" { (mark()) span { "Portcullis" } }
                h1 { (title) }
                @if !intro.is_empty() { p class="muted" { (intro) } }
                (body)
            }
        }
    };
    document(&format!("{title} · Portcullis"), "sign-in", page)
}
