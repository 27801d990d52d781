//! The look of the program: page shells, components and charts as plain functions over maud.
//!
//! Small parts are functions that return [`maud::Markup`]; parts with many options are builders that
//! can be written straight into `html!` with `(Table::new("Cases").row(..))`, or turned into markup with
//! `.markup()`. Nothing here needs script, and nothing writes a `style` attribute or an inline script,
//! so every page stands under a strict content security policy. `gallery()` shows every part in every state.

use maud::Markup;

/// Lets a builder be written straight into `html!`.
macro_rules! renders {
    ($($part:ty),+ $(,)?) => {
        $(impl maud::Render for $part {
            fn render(&self) -> maud::Markup {
                self.markup()
            }
        })+
    };
}
mod action;
mod assets;
mod badge;
mod calculator;
mod calculator_terms;
mod chart;
mod chart_round;
mod code;
mod feedback;
mod filter;
mod form;
mod gallery;
mod gallery_data;
mod icon;
mod layout;
mod matrix;
mod portal;
mod shell;
mod story;
mod table;

pub use action::{ButtonForm, Menu, Weight, button_link, copy_button, dialog, dialog_button, submit, submit_named};
pub use assets::{Asset, asset_at, asset_url, assets};
pub use badge::{
    Severity, Tlp, Tone, avatar, badge, count, embargoed, exploited, person, score, score_line, severity, state, tlp,
};
pub use calculator::{Calculator, Metric, MetricGroup, MetricValue};
pub use calculator_terms::{cvss31_groups, cvss40_groups};
pub use chart::{Paint, Series, bar_chart, column_chart, line_chart, sparkline};
pub use chart_round::{donut, gauge, radar};
pub use code::{DiffKind, DiffLine, FileEntry, code_block, diff, diff_texts, file_list, term};
pub use feedback::{Flash, alert, empty_state, empty_state_with, problem};
pub use filter::{FilterBar, Pager, pagination};
pub use form::{Choice, Field, Form, error_summary, field_checks, fieldset, hidden};
pub use gallery::{gallery, gallery_portal};
pub use icon::{Icon, icon, mark};
pub use layout::{
    Crumb, Fact, Tab, Tile, columns, crumbs, facts, grid, more, panel, panel_with, progress, prose, section, split,
    stack, tabs, tiles, time, time_ago,
};
pub use matrix::{Exposure, ExposureMatrix, ExposureRow, exposure, heat_table};
pub use portal::{Portal, PortalEntry, portal, portal_nav, sign_in};
pub use shell::{NavEntry, NavGroup, Person, Shell, desk, desk_nav};
pub use story::{
    Clock, ClockState, Event, Message, Signature, Step, StepState, clock, clocks, stepper, thread, timeline,
};
pub use table::{Column, Row, Sorted, Table};

/// Text that is nothing: for optional markup.
pub(crate) fn nothing() -> Markup {
    maud::html! {}
}
