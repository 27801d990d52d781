//! Tables: sortable, selectable, linked, stacked into cards on a narrow screen.

use maud::{Markup, html};

/// How a column is sorted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sorted {
    No,
    Ascending,
    Descending,
}

/// One column of a table.
#[derive(Debug, Clone)]
pub struct Column {
    label: String,
    class: &'static str,
    sort: Option<(String, Sorted)>,
}

impl Column {
    /// A column of words.
    pub fn new(label: impl Into<String>) -> Column {
        Column { label: label.into(), class: "", sort: None }
    }

    /// A column of figures: aligned right, digits of one width.
    pub fn number(label: impl Into<String>) -> Column {
        Column { label: label.into(), class: "num", sort: None }
    }

    /// A column that should not take more room than it needs: badges, dates.
    pub fn narrow(label: impl Into<String>) -> Column {
        Column { label: label.into(), class: "fit", sort: None }
    }

    /// Makes the heading a link that sorts; `href` is the address of the list sorted the other way.
    #[must_use]
    pub fn sortable(mut self, href: impl Into<String>, sorted: Sorted) -> Column {
        self.sort = Some((href.into(), sorted));
        self
    }

    fn heading(&self) -> Markup {
        let Some((href, sorted)) = &self.sort else {
            return html! { th scope="col" class=(self.class) { (self.label) } };
        };
        let (aria, class) = match sorted {
            Sorted::No => (None, "sort"),
            Sorted::Ascending => (Some("ascending"), "sort up"),
            Sorted::Descending => (Some("descending"), "sort down"),
        };
        html! { th scope="col" class=(self.class) aria-sort=[aria] { a class=(class) href=(href) { (self.label) } } }
    }
}

/// One row of a table.
#[derive(Debug, Clone)]
pub struct Row {
    cells: Vec<Markup>,
    href: Option<String>,
    value: Option<String>,
    name: String,
    class: &'static str,
}

impl Row {
    /// A row of cells, in the order of the columns.
    pub fn new(cells: Vec<Markup>) -> Row {
        Row { cells, href: None, value: None, name: String::new(), class: "" }
    }

    /// Makes the whole row lead to `href`; its first cell becomes the link.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>) -> Row {
        self.href = Some(href.into());
        self
    }

    /// Gives the row a box to tick that sends `value`; `name` says to a screen reader which row it is.
    #[must_use]
    pub fn select(mut self, value: impl Into<String>, name: impl Into<String>) -> Row {
        self.value = Some(value.into());
        self.name = name.into();
        self
    }

    /// Shows the row quieter than others: closed, retired.
    #[must_use]
    pub fn quiet(mut self) -> Row {
        self.class = "quiet";
        self
    }

    /// Shows the row louder than others: overdue, unread.
    #[must_use]
    pub fn loud(mut self) -> Row {
        self.class = "loud";
        self
    }
}

/// A table with its caption.
#[derive(Debug, Clone)]
pub struct Table {
    caption: String,
    show_caption: bool,
    columns: Vec<Column>,
    rows: Vec<Row>,
    empty: Option<Markup>,
    bulk: Option<(String, String, Markup)>,
    wide: bool,
    foot: Option<Markup>,
}

impl Table {
    /// An empty table; the caption is read by screen readers and shown only after [`Table::show_caption`].
    pub fn new(caption: impl Into<String>) -> Table {
        Table {
            caption: caption.into(),
            show_caption: false,
            columns: Vec::new(),
            rows: Vec::new(),
            empty: None,
            bulk: None,
            wide: false,
            foot: None,
        }
    }

    /// Shows the caption above the table.
    #[must_use]
    pub fn show_caption(mut self) -> Table {
        self.show_caption = true;
        self
    }

    /// Adds a column.
    #[must_use]
    pub fn column(mut self, column: Column) -> Table {
        self.columns.push(column);
        self
    }

    /// Adds columns of words by their names.
    #[must_use]
    pub fn columns<const N: usize>(mut self, labels: [&str; N]) -> Table {
        self.columns.extend(labels.into_iter().map(Column::new));
        self
    }

    /// Adds a row.
    #[must_use]
    pub fn row(mut self, row: Row) -> Table {
        self.rows.push(row);
        self
    }

    /// Adds rows.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Row>) -> Table {
        self.rows.extend(rows);
        self
    }

    /// What is shown instead when there are no rows.
    #[must_use]
    pub fn empty(mut self, empty: Markup) -> Table {
        self.empty = Some(empty);
        self
    }

    /// Puts a box before each selectable row, in a form that posts the ticked ones as `name` to `action`;
    /// `buttons` act on them.
    #[must_use]
    pub fn bulk(mut self, name: impl Into<String>, action: impl Into<String>, buttons: Markup) -> Table {
        self.bulk = Some((name.into(), action.into(), buttons));
        self
    }

    /// Keeps the columns beside each other on a narrow screen, and lets the table scroll there instead.
    #[must_use]
    pub fn wide(mut self) -> Table {
        self.wide = true;
        self
    }

    /// A line below the table, usually the pager.
    #[must_use]
    pub fn foot(mut self, foot: Markup) -> Table {
        self.foot = Some(foot);
        self
    }

    fn row_markup(&self, row: &Row) -> Markup {
        let name = self.bulk.as_ref().map(|(name, _, _)| name.as_str());
        html! {
            tr class=(row.class) {
                @if let Some(name) = name {
                    td class="pick" {
                        @if let Some(value) = &row.value {
                            input type="checkbox" name=(name) value=(value) aria-label={"Select " (row.name)};
                        }
                    }
                }
                @for (place, cell) in row.cells.iter().enumerate() {
                    @let column = self.columns.get(place);
                    td class=[cell_class(column, cell)] data-label=[column.map(|column| column.label.as_str())] {
                        @match &row.href {
                            Some(href) if place == 0 => a class="cover" href=(href) { (cell) },
                            _ => (cell),
                        }
                    }
                }
            }
        }
    }

    /// The finished table.
    pub fn markup(&self) -> Markup {
        if let (true, Some(empty)) = (self.rows.is_empty(), &self.empty) {
            return html! { div class="table-box" { (empty) } };
        }
        let class = if self.wide { "table" } else { "table stacks" };
        let pins = !self.wide && self.columns.len() <= 7;
        let table = html! {
            div.table-scroll.pins[pins] tabindex=[self.wide.then_some("0")] role=[self.wide.then_some("region")]
                aria-label=[self.wide.then_some(self.caption.as_str())] {
                table class=(class) data-rows {
                    caption class=[(!self.show_caption).then_some("sr-only")] { (self.caption) }
                    thead {
                        tr {
                            @if self.bulk.is_some() {
                                th class="pick" scope="col" {
                                    span class="sr-only" { "Select" }
                                    input type="checkbox" data-select-all aria-label="Select all rows" hidden;
                                }
                            }
                            @for column in &self.columns { (column.heading()) }
                        }
                    }
                    tbody { @for row in &self.rows { (self.row_markup(row)) } }
                }
            }
        };
        html! {
            div class="table-box" {
                @match &self.bulk {
                    Some((_, action, buttons)) => form method="post" action=(action) data-bulk {
                        div class="bulk-bar" { span class="muted small" data-bulk-count { "With the ticked rows:" } (buttons) }
                        (table)
                    },
                    None => (table),
                }
                @if let Some(foot) = &self.foot { div class="table-foot" { (foot) } }
            }
        }
    }
}

/// The class of a cell. A single short word, such as a number with hyphens in it, stays on one line.
fn cell_class(column: Option<&Column>, cell: &Markup) -> Option<&'static str> {
    let text = cell.0.as_str();
    let is_word = text.len() <= 20 && text.contains('-') && !text.contains([' ', '<']);
    match column.map(|column| column.class) {
        None | Some("") if is_word => Some("one"),
        class => class,
    }
}

renders!(Table);
