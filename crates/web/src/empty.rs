//! What an empty list says.

use maud::Markup;

use crate::query::Query;
use crate::ui;

/// What stands where a list has no rows: that the filters leave none of `what`, with a way to clear them; or, of a list that is
/// not filtered, `otherwise`, which says what to do first. What `keep` names in the address is part of the list, no filter.
#[must_use]
pub fn empty(query: &Query, keep: &[&str], what: &str, otherwise: Markup) -> Markup {
    if !query.is_filtered(keep) {
        return otherwise;
    }
    ui::empty_state_with(
        "Nothing fits",
        &format!("No {what} fits these filters."),
        ui::button_link(ui::Weight::Secondary, "Clear the filters", &query.unfiltered(keep)),
    )
}
