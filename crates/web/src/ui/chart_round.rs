//! Round charts: shares of a whole, a figure against its target, maturity over many axes.

use std::f64::consts::{PI, TAU};

use maud::{Markup, html};

use super::chart::{Paint, Series, figure, legend, numbers, swatch};

/// Shares of a whole, with the sum in the middle.
pub fn donut(title: &str, parts: &[(String, f64, Paint)]) -> Markup {
    let sum: f64 = parts.iter().map(|(_, value, _)| value.max(0.0)).sum();
    let mut before = 0.0;
    let arcs: Vec<_> = parts
        .iter()
        .filter(|(_, value, _)| *value > 0.0)
        .map(|(_, value, paint)| {
            let from = before;
            before += value / sum;
            (paint.class(), ring_arc(from, before))
        })
        .collect();
    html! {
        figure class="chart round" {
            figcaption { (title) }
            div class="round-body" {
                svg viewBox="0 0 120 120" width="120" height="120" role="img" aria-label={(title) ": " (figure(sum))} {
                    circle class="ring-ground" cx="60" cy="60" r="48" {}
                    @for (class, arc) in arcs { path class={"ring " (class)} d=(arc) {} }
                    text class="ring-figure" x="60" y="61" { (figure(sum)) }
                }
                table class="shares" {
                    caption class="sr-only" { (title) }
                    tbody { @for (label, value, paint) in parts { tr { th scope="row" { (swatch(*paint)) (label) } td class="num" { (figure(*value)) } } } }
                }
            }
        }
    }
}

/// The path of an arc of the ring between two shares of it, clockwise from the top; a whole ring is two halves.
fn ring_arc(from: f64, to: f64) -> String {
    let point = |share: f64| {
        let angle = TAU * share - PI / 2.0;
        (60.0 + 48.0 * angle.cos(), 60.0 + 48.0 * angle.sin())
    };
    let to = to.min(from + 0.999_9);
    let ((x1, y1), (x2, y2), (x3, y3)) = (point(from), point(f64::midpoint(from, to)), point(to));
    format!("M{x1:.2} {y1:.2}A48 48 0 0 1 {x2:.2} {y2:.2}A48 48 0 0 1 {x3:.2} {y3:.2}")
}

/// The path of an arc over the half circle, between two shares of it.
fn half_arc(from: f64, to: f64) -> String {
    let point = |share: f64| {
        let angle = PI * (1.0 - share.clamp(0.0, 1.0));
        (80.0 + 64.0 * angle.cos(), 78.0 - 64.0 * angle.sin())
    };
    let ((x1, y1), (x2, y2)) = (point(from), point(to));
    format!("M{x1:.2} {y1:.2}A64 64 0 0 1 {x2:.2} {y2:.2}")
}

/// A figure on a half circle up to `most`, with a line at its target, if there is one.
pub fn gauge(title: &str, value: f64, most: f64, target: Option<f64>, note: &str) -> Markup {
    let most = if most > 0.0 { most } else { 1.0 };
    let reached = target.is_none_or(|target| value >= target);
    let paint = if reached { "ring p5" } else { "ring p2" };
    let label = match target {
        Some(target) => format!("{title}: {} of {}, target {}", figure(value), figure(most), figure(target)),
        None => format!("{title}: {} of {}", figure(value), figure(most)),
    };
    html! {
        figure class="chart gauge" {
            figcaption { (title) }
            svg viewBox="0 0 160 92" width="160" height="92" role="img" aria-label=(label) {
                path class="ring-ground" d=(half_arc(0.0, 1.0)) {}
                @if value > 0.0 { path class=(paint) d=(half_arc(0.0, value / most)) {} }
                @if let Some(target) = target {
                    @let angle = PI * (1.0 - (target / most).clamp(0.0, 1.0));
                    path class="gauge-target" d=(format!("M{:.2} {:.2}L{:.2} {:.2}", 80.0 + 54.0 * angle.cos(), 78.0 - 54.0 * angle.sin(), 80.0 + 75.0 * angle.cos(), 78.0 - 75.0 * angle.sin())) {}
                }
                text class="gauge-figure" x="80" y="74" { (figure(value)) }
            }
            @if !note.is_empty() { p class="muted small" { (note) } }
        }
    }
}

/// Figures on axes around a centre, up to `most`: the maturity of practices, now against target.
pub fn radar(title: &str, axes: &[String], most: f64, series: &[Series]) -> Markup {
    let count = axes.len().max(3);
    let most = if most > 0.0 { most } else { 1.0 };
    let point = |place: usize, radius: f64| {
        let angle = TAU * place as f64 / count as f64 - PI / 2.0;
        (210.0 + radius * angle.cos(), 160.0 + radius * angle.sin())
    };
    let outline = |radius: &dyn Fn(usize) -> f64| -> String {
        (0..count)
            .map(|place| {
                let (x, y) = point(place, radius(place));
                format!("{x:.1},{y:.1}")
            })
            .collect::<Vec<_>>()
            .join(" ")
    };
    html! {
        figure class="chart radar" {
            figcaption { (title) }
            (legend(series))
            svg viewBox="-75 0 570 320" width="570" height="320" role="img" aria-label=(title) {
                @for ring in 1..=3_u8 { polygon class="gridline" points=(outline(&|_| 118.0 * f64::from(ring) / 3.0)) {} }
                @for place in 0..axes.len() {
                    @let (x, y) = point(place, 118.0);
                    path class="gridline" d=(format!("M210 160L{x:.1} {y:.1}")) {}
                }
                @for one in series {
                    polygon class={"area " (one.paint.class())}
                        points=(outline(&|place| one.values.get(place).copied().unwrap_or(0.0).clamp(0.0, most) / most * 118.0)) {}
                }
                @for (place, label) in axes.iter().enumerate() {
                    @let (x, y) = point(place, 132.0);
                    @let anchor = if (x - 210.0).abs() < 12.0 { "middle" } else if x > 210.0 { "start" } else { "end" };
                    text class="axis" x=(format!("{x:.1}")) y=(format!("{:.1}", y + 4.0)) text-anchor=(anchor) { (label) }
                }
            }
            (numbers(axes, series))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{donut, half_arc, radar};

    #[test]
    fn a_full_half_circle_runs_from_left_to_right() {
        assert_eq!(half_arc(0.0, 1.0), "M16.00 78.00A64 64 0 0 1 144.00 78.00");
    }

    #[test]
    fn nothing_to_show_draws_no_broken_path() {
        for page in [donut("d", &[]), radar("r", &[], 0.0, &[])] {
            assert!(!page.into_string().contains("NaN"));
        }
    }
}
