//! Charts drawn on the server as SVG; the lettering is HTML, so it stays readable at every width, and the
//! numbers are in a table below each chart.

use maud::{Markup, html};

use super::badge::Severity;
use super::layout::Tile;

/// Which colour of the style sheet something is drawn in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    One,
    Two,
    Three,
    Four,
    Five,
    Six,
    Quiet,
    Severity(Severity),
}

impl Paint {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Paint::One => "paint p1",
            Paint::Two => "paint p2",
            Paint::Three => "paint p3",
            Paint::Four => "paint p4",
            Paint::Five => "paint p5",
            Paint::Six => "paint p6",
            Paint::Quiet => "paint p0",
            Paint::Severity(Severity::Critical) => "paint sev-critical",
            Paint::Severity(Severity::High) => "paint sev-high",
            Paint::Severity(Severity::Medium) => "paint sev-medium",
            Paint::Severity(Severity::Low) => "paint sev-low",
            Paint::Severity(Severity::None | Severity::Unrated) => "paint sev-none",
        }
    }
}

/// One row of figures with its name and colour.
#[derive(Debug, Clone)]
pub struct Series {
    /// What the figures count.
    pub name: String,
    /// Its colour.
    pub paint: Paint,
    /// One figure for each label of the chart.
    pub values: Vec<f64>,
}

impl Series {
    /// A row of figures.
    pub fn new(name: impl Into<String>, paint: Paint, values: Vec<f64>) -> Series {
        Series { name: name.into(), paint, values }
    }
}

/// A figure in words: whole numbers without a fraction, others with one digit.
pub(crate) fn figure(value: f64) -> String {
    if value.fract().abs() < 0.000_1 { format!("{value:.0}") } else { format!("{value:.1}") }
}

/// The next round number above, so that four grid lines carry round numbers.
fn round_top(most: f64) -> f64 {
    if most <= 0.0 || !most.is_finite() {
        return 4.0;
    }
    let step = 10_f64.powf((most / 4.0).log10().floor());
    let top = [1.0, 2.0, 2.5, 5.0, 10.0].iter().map(|factor| factor * step * 4.0).find(|top| *top >= most - 1e-9);
    top.unwrap_or(most).max(4.0)
}

pub(crate) fn legend(series: &[Series]) -> Markup {
    html! {
        @if series.len() > 1 {
            ul class="legend" { @for one in series { li { (swatch(one.paint)) (one.name) } } }
        }
    }
}

pub(crate) fn swatch(paint: Paint) -> Markup {
    html! { svg class="swatch" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true" { rect class=(paint.class()) width="10" height="10" rx="2" {} } }
}

/// The figures of a chart as a table behind a small link.
pub(crate) fn numbers(labels: &[String], series: &[Series]) -> Markup {
    html! {
        details class="numbers" {
            summary { "Show the numbers" }
            div class="table-scroll" {
                table class="table" {
                    thead { tr { th scope="col" { span class="sr-only" { "Label" } } @for one in series { th scope="col" class="num" { (one.name) } } } }
                    tbody {
                        @for (place, label) in labels.iter().enumerate() {
                            tr {
                                th scope="row" { (label) }
                                @for one in series { td class="num" { (one.values.get(place).map_or_else(|| "–".to_owned(), |value| figure(*value))) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Bars beside their names, one below the other: `(name, figure, colour)`.
pub fn bar_chart(title: &str, bars: &[(String, f64, Paint)]) -> Markup {
    let most = bars.iter().map(|(_, value, _)| *value).fold(0.0, f64::max).max(0.000_1);
    html! {
        figure class="chart" {
            figcaption { (title) }
            table class="bars" {
                caption class="sr-only" { (title) }
                tbody {
                    @for (label, value, paint) in bars {
                        tr {
                            th scope="row" { (label) }
                            td class="bar" {
                                svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" {
                                    rect class="bar-ground" width="100" height="10" {}
                                    rect class=(paint.class()) width=(format!("{:.2}", (value / most * 100.0).clamp(0.0, 100.0))) height="10" {}
                                }
                            }
                            td class="num" { (figure(*value)) }
                        }
                    }
                }
            }
        }
    }
}

/// The frame of charts with a scale: figures at the left, labels below.
fn framed(title: &str, top: f64, labels: &[String], series: &[Series], drawing: Markup) -> Markup {
    let every = labels.len().div_ceil(12).max(1);
    let total = series
        .iter()
        .map(|one| format!("{} {}", one.name, one.values.iter().rev().map(|v| figure(*v)).next().unwrap_or_default()));
    let summary = format!("{title}. Latest: {}", total.collect::<Vec<_>>().join(", "));
    html! {
        figure class="chart" {
            figcaption { (title) }
            (legend(series))
            div class="plot" {
                div class="scale" aria-hidden="true" { @for line in (0..=4).rev() { span { (figure(top * f64::from(line) / 4.0)) } } }
                svg class="drawing" viewBox="0 0 1000 400" preserveAspectRatio="none" role="img" aria-label=(summary) {
                    @for line in 0..=4 { path class="gridline" d={"M0 " (line * 100) "H1000"} {} }
                    (drawing)
                }
                div class={"labels of-" (labels.len().min(24))} aria-hidden="true" {
                    @for (place, label) in labels.iter().enumerate() { span { @if place % every == 0 { (label) } } }
                }
            }
            (numbers(labels, series))
        }
    }
}

/// Columns over labels; several series are stacked.
pub fn column_chart(title: &str, labels: &[String], series: &[Series]) -> Markup {
    let sum = |place: usize| series.iter().filter_map(|one| one.values.get(place)).sum::<f64>();
    let top = round_top((0..labels.len()).map(sum).fold(0.0, f64::max));
    let slot = 1000.0 / labels.len().max(1) as f64;
    let wide = slot * 0.62;
    let drawing = html! {
        @for place in 0..labels.len() {
            @let left = slot * place as f64 + (slot - wide) / 2.0;
            @for (level, one) in series.iter().enumerate() {
                @let value = one.values.get(place).copied().unwrap_or(0.0).max(0.0);
                @let below: f64 = series.iter().take(level).filter_map(|other| other.values.get(place)).sum();
                @if value > 0.0 {
                    rect class=(one.paint.class()) x=(format!("{left:.2}")) width=(format!("{wide:.2}"))
                        y=(format!("{:.2}", 400.0 - (below + value) / top * 400.0)) height=(format!("{:.2}", value / top * 400.0)) {}
                }
            }
        }
    };
    framed(title, top, labels, series, drawing)
}

/// Lines over labels.
pub fn line_chart(title: &str, labels: &[String], series: &[Series]) -> Markup {
    let top = round_top(series.iter().flat_map(|one| one.values.iter().copied()).fold(0.0, f64::max));
    let slot = 1000.0 / labels.len().max(1) as f64;
    let points = |one: &Series| -> Vec<(f64, f64)> {
        one.values
            .iter()
            .enumerate()
            .map(|(place, value)| (slot * (place as f64 + 0.5), 400.0 - value / top * 400.0))
            .collect()
    };
    let drawing = html! {
        @for one in series {
            @let dots = points(one);
            path class={"trace " (one.paint.class())} d=(through(&dots)) {}
            @for (x, y) in dots { path class={"dot " (one.paint.class())} d={"M" (format!("{x:.1} {y:.1}")) "h.01"} {} }
        }
    };
    framed(title, top, labels, series, drawing)
}

/// The path through points.
fn through(points: &[(f64, f64)]) -> String {
    points
        .iter()
        .enumerate()
        .map(|(place, (x, y))| format!("{}{x:.1} {y:.1}", if place == 0 { "M" } else { "L" }))
        .collect()
}

/// A line as small as a word; `label` says it to those who cannot see it.
pub fn sparkline(label: &str, values: &[f64]) -> Markup {
    let most = values.iter().copied().fold(0.0, f64::max).max(0.000_1);
    let step = 96.0 / values.len().saturating_sub(1).max(1) as f64;
    let points: Vec<_> = values
        .iter()
        .enumerate()
        .map(|(place, value)| (2.0 + step * place as f64, 22.0 - value / most * 20.0))
        .collect();
    html! {
        svg class="sparkline" viewBox="0 0 100 24" width="100" height="24" role="img" aria-label=(label) {
            path class="trace paint p1" d=(through(&points)) {}
            @if let Some((x, y)) = points.last() { circle class="paint p1" cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="2" {} }
        }
    }
}

impl Tile {
    /// Puts a small trend below the figure.
    #[must_use]
    pub fn trend(self, label: &str, values: &[f64]) -> Tile {
        self.note(sparkline(label, values))
    }
}

#[cfg(test)]
mod tests {
    use super::{figure, round_top, sparkline, through};

    #[test]
    fn scales_end_on_round_numbers_above_the_largest() {
        assert_eq!([0.0, 3.0, 7.0, 31.0, 100.0, 410.0].map(round_top), [4.0, 4.0, 8.0, 40.0, 100.0, 800.0]);
        for most in [1.0, 13.0, 99.0, 12_345.0] {
            assert!(round_top(most) >= most);
        }
    }

    #[test]
    fn figures_are_short_and_paths_start_once() {
        assert_eq!((figure(3.0).as_str(), figure(2.25).as_str()), ("3", "2.2"));
        assert_eq!(through(&[(0.0, 1.0), (2.0, 3.0)]), "M0.0 1.0L2.0 3.0");
        assert!(!sparkline("none", &[]).into_string().contains("NaN"));
    }
}
