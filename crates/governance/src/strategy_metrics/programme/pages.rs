//! The dashboard.

use kernel::Result;
use maud::{Markup, html};
use web::{Flashed, Operation, PageError, Query, desk_page, ui};

use super::data::Data;
use super::{panels, tabs};

/// `GET /desk/programme`
pub(super) async fn show(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let data = Data::load(&mut tx, &ctx, &query).await?;
    drop(tx);
    let plans = ctx.actor.may_somewhere(kernel::Permission::ReadPlans);
    let body = html! {
        (data.lens.bar(ui::FilterBar::new("/desk/programme")))
        (data.lens.notice())
        @if data.lens.products.is_empty() {
            (ui::empty_state("No product yet", "The programme counts products, their releases and what was found in them. Add a product first."))
        } @else {
            (panels::head(&data, plans))
            (ui::columns(
                html! { (panels::coverage(&data)) },
                html! { (panels::gates(&data)) (panels::waivers(&data)) },
            ))
            (panels::findings(&data, plans))
            (panels::tasks(&data))
            (panels::targets(&data))
            (panels::field(&data))
            (ui::columns(panels::escapes(&data), panels::affected(&data)))
            (panels::maturity(&data))
        }
    };
    let shell = ui::Shell::new("Programme")
        .subtitle("How far the secure development life cycle reaches, and what it brings")
        .tabs(tabs("Figures"));
    Ok(desk_page(&ctx, "programme", flashed, shell, ui::stack(body)))
}
