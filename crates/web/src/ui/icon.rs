//! Icons and the mark of the product, drawn in place so that they take the colour of the text around them.

use maud::{Markup, html};

/// What an icon says; all are decoration beside words, never the only label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Overview,
    Report,
    Case,
    Advisory,
    Bell,
    Product,
    Release,
    Practice,
    Finding,
    Component,
    Assessment,
    Programme,
    People,
    Person,
    Settings,
    Audit,
    Job,
    Search,
    Plus,
    Check,
    Cross,
    Warning,
    Info,
    Lock,
    Unlock,
    Key,
    Mail,
    Clock,
    Flag,
    Download,
    Upload,
    Copy,
    Link,
    Theme,
    Menu,
    Down,
    Right,
    Left,
    Filter,
    File,
    Message,
    Shield,
    Flame,
    Eye,
    Edit,
    Trash,
    Send,
    History,
    Chart,
    Globe,
    Dot,
}

impl Icon {
    /// The outline on a grid of 24 by 24.
    fn outline(self) -> &'static str {
        match self {
            Icon::Overview => "M4 4h7v9H4zM13 4h7v5h-7zM13 11h7v9h-7zM4 15h7v5H4z",
            Icon::Report => "M3 13l3-8h12l3 8v6H3zM3 13h5l1.5 3h5L16 13h5",
            Icon::Case => "M4 7h16v13H4zM9 7V4h6v3M4 13h16M12 12v3",
            Icon::Advisory => "M4 10v4h3l8 5V5l-8 5zM18 9.5a4 4 0 0 1 0 5M7.500 14.500l1 5h2.500",
            Icon::Bell => "M6 16V11a6 6 0 0 1 12 0v5l1.500 2h-15zM10 20.500h4",
            Icon::Product => "M12 3l8 4.500v9L12 21l-8-4.500v-9zM4 7.500l8 4.500 8-4.500M12 12v9",
            Icon::Release => "M3 12V4h8l10 10-8 7zM7.500 8.500h.01",
            Icon::Practice => {
                "M5 6l1.500 1.500L9 5M5 13l1.500 1.500L9 12M5 20l1.500 1.500L9 19M12 6.500h8M12 13.500h8M12 20.500h8"
            }
            Icon::Finding => {
                "M12 8a5 5 0 0 1 5 5v2a5 5 0 0 1-10 0v-2a5 5 0 0 1 5-5zM9 8a3 3 0 0 1 6 0M3 13h4M17 13h4M4 20l3.500-2.500M20 20l-3.500-2.500M4.500 7l3 2.500M19.500 7l-3 2.500M12 12v7"
            }
            Icon::Component => "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM17 14v6M14 17h6",
            Icon::Assessment => "M12 3v9l7.500 4.500M12 3a9 9 0 1 0 7.500 13.500A9 9 0 0 0 12 3z",
            Icon::Programme => "M4 20V10M10 20V4M16 20v-7M21 20H3",
            Icon::People => {
                "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20a6.500 6.500 0 0 1 13 0M16 4.500a3.500 3.500 0 0 1 0 6.500M18 14.500a6 6 0 0 1 3.500 5.500"
            }
            Icon::Person => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20.500a7.500 7.500 0 0 1 15 0",
            Icon::Settings => "M4 7h9M17 7h3M15 5v4M4 12h3M11 12h9M9 10v4M4 17h9M17 17h3M15 15v4",
            Icon::Audit => "M6 3h9l4 4v14H6zM9.500 12h6M9.500 16h6M9.500 8h2.500",
            Icon::Job => "M20 12a8 8 0 1 1-2.500-5.800M20 3v4h-4M12 8v4l2.500 2",
            Icon::Search => "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500L21 21",
            Icon::Plus => "M12 5v14M5 12h14",
            Icon::Check => "M5 12.500l4.500 4.500L19 7",
            Icon::Cross => "M6 6l12 12M18 6L6 18",
            Icon::Warning => "M12 4l9.500 16h-19zM12 10v4.500M12 17.300v.01",
            Icon::Info => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.500M12 7.800v.01",
            Icon::Lock => "M5 11h14v9.500H5zM8 11V8a4 4 0 0 1 8 0v3M12 15v2",
            Icon::Unlock => "M5 11h14v9.500H5zM8 11V8a4 4 0 0 1 7.500-2M12 15v2",
            Icon::Key => "M8 19a5 5 0 1 1 4.300-7.500L21 11.500V15h-3v-1.500M8 14h.01M12.300 11.500H12",
            Icon::Mail => "M3 5.500h18v13H3zM3 7l9 6.500L21 7",
            Icon::Clock => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.500 2",
            Icon::Flag => "M5 21V4h13l-3 4.500 3 4.500H5",
            Icon::Download => "M12 4v11M7.500 11l4.500 4.500 4.500-4.500M4 20h16",
            Icon::Upload => "M12 16V5M7.500 9L12 4.500 16.500 9M4 20h16",
            Icon::Copy => "M9 9h11v11H9zM15 9V4H4v11h5",
            Icon::Link => {
                "M10 14a4 4 0 0 0 5.700 0l3.100-3.100a4 4 0 0 0-5.700-5.700L11.500 6.800M14 10a4 4 0 0 0-5.700 0l-3.100 3.100a4 4 0 0 0 5.700 5.700l1.600-1.600"
            }
            Icon::Theme => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 3v18M12 8.500h7.500M12 13h8.500M12 17.500h5.500",
            Icon::Menu => "M4 7h16M4 12h16M4 17h16",
            Icon::Down => "M6 9.500l6 6 6-6",
            Icon::Right => "M9.500 6l6 6-6 6",
            Icon::Left => "M14.500 6l-6 6 6 6",
            Icon::Filter => "M4 6h16M7 12h10M10 18h4",
            Icon::File => "M6 3h8l5 5v13H6zM14 3v5h5",
            Icon::Message => "M4 5h16v11.500h-9L7 20.500v-4H4z",
            Icon::Shield => {
                "M12 3l8 3v6c0 4.500-3.300 7.700-8 9-4.700-1.300-8-4.500-8-9V6zM8.500 12l2.500 2.500 4.500-5"
            }
            Icon::Flame => {
                "M12 21a6.500 6.500 0 0 1-6.500-6.500c0-3.500 3-5 4-8.500.3-1 .5-2 .5-3 3 1.500 8.500 6 8.500 11.500A6.500 6.500 0 0 1 12 21zM12 21a3 3 0 0 1-3-3c0-2 2-2.500 3-5 1.500 1.500 3 3 3 5a3 3 0 0 1-3 3z"
            }
            Icon::Eye => {
                "M2.500 12c2-4 5.500-6.500 9.500-6.500s7.500 2.500 9.500 6.500c-2 4-5.500 6.500-9.500 6.500S4.500 16 2.500 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z"
            }
            Icon::Edit => "M4 20h4L20 8l-4-4L4 16zM13.500 6.500l4 4",
            Icon::Trash => "M4 7h16M9 7V4h6v3M6 7l1 13.500h10L18 7M10 11v6M14 11v6",
            Icon::Send => "M4 4l17 8-17 8 3-8zM7 12h14",
            Icon::History => "M4 12a8 8 0 1 0 2.500-5.800M4 3v4h4M12 8v4l3 2",
            Icon::Chart => "M4 4v16h16M8 15l4-5 3 3 5-7",
            Icon::Globe => {
                "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c3 3 4 6 4 9s-1 6-4 9c-3-3-4-6-4-9s1-6 4-9z"
            }
            Icon::Dot => "M12 14.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
        }
    }
}

/// An icon beside words; hidden from screen readers because the words say it.
pub fn icon(which: Icon) -> Markup {
    html! {
        svg class="icon" viewBox="0 0 24 24" width="16" height="16" aria-hidden="true" focusable="false" {
            path d=(which.outline()) {}
        }
    }
}

/// The mark of the product: a gate with its portcullis half raised.
pub fn mark() -> Markup {
    html! {
        svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false" {
            path class="mark-arch" d="M3 29V14.500C3 7.600 8.800 2.500 16 2.500s13 5.100 13 12V29h-4.500V14.800C24.500 10.200 20.800 7 16 7s-8.500 3.200-8.500 7.800V29z" {}
            path class="mark-bars" d="M11 10.200v12.300l1 2.300 1-2.300V9.100zM15 8.700v13.800l1 2.300 1-2.300V8.700zM19 9.100v13.400l1 2.300 1-2.300V10.200z" {}
            path class="mark-bars" d="M8.800 13h14.400v1.900H8.800zM8.800 18h14.400v1.900H8.800z" {}
        }
    }
}
