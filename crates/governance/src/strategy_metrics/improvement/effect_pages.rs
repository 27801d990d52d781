//! The effect of an action: a verdict, a chart, the numbers.

use kernel::Date;
use maud::{Markup, html};
use web::ui;

use super::super::lens::{self, Lens};
use super::model::{Action, ActionState, Escape};
use super::pages::number;
use super::rules::{self, Effect, Found, Rate, Said};

/// The effect that an action had, of what the reader may see.
pub(super) fn effect(lens: &Lens, action: &Action, escapes: &[Escape], begins: Date) -> Markup {
    let Some(done_on) = action.done_on.filter(|_| action.state == ActionState::Done) else {
        return html! { p class="muted" { "An effect can show once the action is done. The escapes that it should bring down are counted already:" }
        (chart(action, escapes, lens.day(), None)) };
    };
    let fitting: Vec<Found> = escapes
        .iter()
        .filter(|escape| action.aim.fits(escape))
        .map(|escape| {
            let out = escape.release.and_then(|id| lens.release(id)).and_then(|release| release.released_on);
            Found { on: escape.found_at.date(), old: out.is_none_or(|out| out < done_on) }
        })
        .collect();
    let releases: Vec<Date> = lens
        .releases
        .iter()
        .filter(|release| action.aim.product.is_none_or(|product| product == release.product))
        .filter_map(|release| release.released_on)
        .collect();
    let effect = rules::effect(done_on, lens.day(), begins, &fitting, &releases);
    html! {
        (verdict(&effect))
        (chart(action, escapes, lens.day(), Some(done_on)))
        (rates(&effect))
        @if effect.after.escapes > 0 {
            p class="small" {
                (effect.old) " of the " (effect.after.escapes)
                " escapes found since were brought in by a release from before, or nobody knows by which. The action could not prevent those."
            }
        }
    }
}

fn verdict(effect: &Effect) -> Markup {
    match effect.said {
        Said::TooEarly(days) => ui::alert(
            ui::Tone::Info,
            "Too early to tell",
            html! { p { "An effect is judged " (rules::SETTLING_DAYS) " days after the action is done: in " (days) " days. The numbers so far are below." } },
        ),
        Said::TooFew => ui::alert(
            ui::Tone::Info,
            "Too few to tell",
            html! { p { "Fewer than " (rules::FEWEST) " escapes before and since together: a difference would be chance." } },
        ),
        Said::Fewer => ui::alert(
            ui::Tone::Good,
            "Fewer than before",
            html! { p { "Fewer such escapes a month are found than before." } },
        ),
        Said::Same => ui::alert(
            ui::Tone::Warn,
            "About as many as before",
            html! { p { "The number a month is within a fifth of what it was." } },
        ),
        Said::More => ui::alert(
            ui::Tone::Bad,
            "More than before",
            html! { p { "More such escapes a month are found than before. Look at what they have in common." } },
        ),
    }
}

fn rates(effect: &Effect) -> Markup {
    let row = |name: &str, rate: Rate| {
        ui::Row::new(vec![
            html! { (name) },
            html! { (rate.escapes) },
            html! { (rate.days) },
            html! { (format!("{:.2}", rate.per_month())) },
            html! { (rate.releases) },
            html! { @match rate.per_release() { Some(rate) => (format!("{rate:.2}")), None => "–" } },
        ])
    };
    let table = ui::Table::new("Before and since")
        .columns(["When"])
        .column(ui::Column::number("Escapes"))
        .column(ui::Column::number("Days"))
        .column(ui::Column::number("A month"))
        .column(ui::Column::number("Releases that came out"))
        .column(ui::Column::number("A release"))
        .row(row("Before", effect.before))
        .row(row("Since", effect.after));
    html! { (table) }
}

fn chart(action: &Action, escapes: &[Escape], until: Date, done_on: Option<Date>) -> Markup {
    let names = lens::quarters(until, 8);
    let count = |name: &str, after: bool| {
        let fits = |escape: &&Escape| {
            let on = escape.found_at.date();
            action.aim.fits(escape) && lens::quarter(on) == name && done_on.is_some_and(|done| on >= done) == after
        };
        number(escapes.iter().filter(fits).count())
    };
    let mut series =
        vec![ui::Series::new("Before", ui::Paint::Quiet, names.iter().map(|name| count(name, false)).collect())];
    if done_on.is_some() {
        series.push(ui::Series::new(
            "Since it is done",
            ui::Paint::One,
            names.iter().map(|name| count(name, true)).collect(),
        ));
    }
    ui::column_chart("Escapes of this kind by quarter", &names, &series)
}
