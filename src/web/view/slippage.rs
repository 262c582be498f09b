//! The slippage chart: a row per action with the date first agreed, the date in force and the date asked for, and the
//! same as a table.
//!
//! Owns the drawing. Never works out how much later something is: it shows the words it is given. Marks differ by shape
//! and not by colour: a bar, a disc, a ring. Lengths are rem, so that the chart grows with the reader's text.

use chrono::{Datelike, Months, NaiveDate};
use maud::{Markup, html};

use super::heat_strip::{LONGEST, cut, labels, rem, scrolls};
use super::kit::details;
use super::table::{Column, Row, Table};
use crate::domain::text;

/// One action.
#[derive(Clone, Debug)]
pub struct SlippageRow<'a> {
    /// Its reference, or "Action 1".
    pub label: &'a str,
    /// Its short title, for the table.
    pub title: &'a str,
    /// Its page.
    pub href: &'a str,
    /// The last day of the deadline first agreed, where it has a date.
    pub original: Option<NaiveDate>,
    /// The last day of the deadline in force.
    pub current: NaiveDate,
    /// The last day of the deadline asked for.
    pub asked: Option<NaiveDate>,
    /// Beside its marks: "5 months later"; empty for nothing to say.
    pub note: &'a str,
    /// The wording first agreed.
    pub first: &'a str,
    /// The wording in force.
    pub now: &'a str,
    /// "5 months later than first agreed".
    pub later: &'a str,
    /// What is asked for, and how much later that is; empty for nothing.
    pub wanted: &'a str,
}

/// A chart.
#[derive(Clone, Debug)]
pub struct SlippageChart<'a> {
    /// Tells this chart's ids from another's on the same page.
    pub id: &'a str,
    /// "Deadlines, first agreed and now, Appendix B".
    pub title: &'a str,
    /// The chart in a sentence.
    pub description: &'a str,
    /// The day as at which it is drawn.
    pub day: NaiveDate,
    /// The actions.
    pub rows: &'a [SlippageRow<'a>],
}

/// In sixteenths of a rem.
const PLOT: usize = 380;
const ROW: usize = 26;
const HEAD: usize = 44;
/// Room at the left of the first date and at the right of the last, for half a mark.
const EDGE: usize = 12;
/// Of a note's letter.
const LETTER: usize = 7;
/// Rows of one drawing: with its head they fit on a page of A4.
const ROWS: usize = 36;
/// Lines of the grid, at most.
const TICKS: usize = 6;

/// Draws the chart, what its marks mean, and its table. Nothing where there is no row.
#[must_use]
pub fn slippage_chart(chart: &SlippageChart<'_>) -> Markup {
    let Some(scale) = Scale::of(chart) else { return Markup::default() };
    html! {
        div class="heat" {
            div class="heat-scroll" role="region" tabindex="0" aria-label=(chart.title) {
                @for (n, rows) in chart.rows.chunks(ROWS).enumerate() { (drawing(chart, &scale, n, rows)) }
            }
            (scrolls())
            ul class="heat-legend" {
                li { "Bar: date first agreed" }
                li { "Disc: date in force" }
                @if chart.rows.iter().any(|row| row.asked.is_some()) {
                    li { "Ring at a broken line: date asked for, not decided" }
                }
                li { "Line from top to bottom: " (text::day(chart.day)) }
            }
            (details("The same as a table", table(chart)))
        }
    }
}

/// From days to places.
struct Scale {
    from: NaiveDate,
    days: i64,
}

impl Scale {
    fn of(chart: &SlippageChart<'_>) -> Option<Self> {
        let days = || chart.rows.iter().flat_map(|r| [r.original, Some(r.current), r.asked]).flatten();
        days().next()?;
        let from = days().chain([chart.day]).min()?;
        let to = days().chain([chart.day]).max()?;
        Some(Self { from, days: (to - from).num_days().max(1) })
    }

    /// Of a day in the plot.
    fn place(&self, day: NaiveDate) -> usize {
        let days = usize::try_from((day - self.from).num_days().clamp(0, self.days)).unwrap_or(0);
        EDGE + days * PLOT / usize::try_from(self.days).unwrap_or(1).max(1)
    }

    /// First days of months, so far apart that there are only a few.
    fn ticks(&self) -> Vec<NaiveDate> {
        let first = self.from.with_day(1).unwrap_or(self.from);
        let to = self.from + chrono::TimeDelta::days(self.days);
        let every = |months: u32| -> Vec<NaiveDate> {
            (0..1_200 / months)
                .filter_map(|n| first.checked_add_months(Months::new(n * months)))
                // Whole years begin with January.
                .filter_map(|day| if months < 12 { Some(day) } else { day.with_month(1) })
                .take_while(|day| *day <= to)
                .filter(|day| *day >= self.from)
                .collect()
        };
        [1, 2, 3, 6, 12, 24, 60, 120]
            .map(every)
            .into_iter()
            .find(|ticks| ticks.len() <= TICKS)
            .unwrap_or_default()
    }
}

fn drawing(chart: &SlippageChart<'_>, scale: &Scale, number: usize, rows: &[SlippageRow<'_>]) -> Markup {
    let left = labels(chart.rows.iter().map(|row| row.label));
    let notes = chart.rows.iter().map(|row| {
        let last = row
            .asked
            .map_or(row.current, |asked| asked.max(row.current))
            .max(row.original.unwrap_or(row.current));
        scale.place(last) + EDGE + row.note.chars().count() * LETTER
    });
    let width = left + notes.max().unwrap_or(0).max(PLOT + 2 * EDGE) + 8;
    let height = HEAD + ROW * rows.len() + 4;
    let id = format!("{}-{}", chart.id, number + 1);
    let (title, desc) = (format!("{id}-title"), format!("{id}-desc"));
    let today = left + scale.place(chart.day);
    html! {
        svg role="group" preserveAspectRatio="xMinYMin meet" aria-labelledby=(title) aria-describedby=(desc) viewBox={ "0 0 " (width) " " (height) }
            width=(rem(width)) height=(rem(height)) {
            title id=(title) {
                (chart.title)
                @if let ([first, ..], [.., last], true) = (rows, rows, chart.rows.len() > ROWS) {
                    ", " (first.label) " to " (last.label)
                }
            }
            desc id=(desc) { (chart.description) }
            g aria-hidden="true" {
                @for tick in scale.ticks() {
                    line class="dates-grid" x1=(left + scale.place(tick)) x2=(left + scale.place(tick)) y1=(HEAD - 8) y2=(height) {}
                    text class="heat-head" x=(left + scale.place(tick)) y=(HEAD - 12) { (tick.format("%b %Y")) }
                }
                line class="dates-day" x1=(today) x2=(today) y1="18" y2=(height) {}
                text class="heat-head dates-today" x=(today) y="14" { (text::day(chart.day)) }
            }
            @for (index, row) in rows.iter().enumerate() { (drawn_row(scale, row, left, HEAD + index * ROW)) }
        }
    }
}

fn drawn_row(scale: &Scale, row: &SlippageRow<'_>, left: usize, top: usize) -> Markup {
    let middle = top + ROW / 2;
    let at = |day: NaiveDate| left + scale.place(day);
    let now = at(row.current);
    let last = [row.original, row.asked].into_iter().flatten().map(at).fold(now, usize::max);
    html! {
        a href=(row.href) {
            rect class="heat-ring" x="2" y=(top + 1) width=(left - 10) height=(ROW - 2) {}
            text class="heat-label" x="6" y=(middle + 5) { (cut(row.label, LONGEST)) }
        }
        // The table says every row in words.
        g aria-hidden="true" {
            @if let Some(first) = row.original.map(at) {
                line class="dates-moved" x1=(first) x2=(now) y1=(middle) y2=(middle) {}
                line class="dates-first" x1=(first) x2=(first) y1=(middle - 9) y2=(middle + 9) {}
            }
            @if let Some(asked) = row.asked.map(at) {
                line class="dates-asked" x1=(now) x2=(asked) y1=(middle) y2=(middle) {}
                circle class="dates-wanted" cx=(asked) cy=(middle) r="6" {}
            }
            circle class="dates-now" cx=(now) cy=(middle) r="5" {}
            @if !row.note.is_empty() { text class="heat-head" x=(last + EDGE) y=(middle + 4) { (row.note) } }
        }
    }
}

fn table(chart: &SlippageChart<'_>) -> Markup {
    let columns = ["Action", "First agreed", "In force", "How much later", "Asked for"].map(Column::new);
    let rows = chart.rows.iter().map(|row| {
        Row::new([
            html! { a href=(row.href) { (row.label) } " " (row.title) },
            html! { (row.first) },
            html! { (row.now) },
            html! { (text::initial_capital(row.later)) },
            html! { @if row.wanted.is_empty() { "None" } @else { (row.wanted) } },
        ])
    });
    html! { (Table::new(chart.title, columns).row_head(0).rows(rows)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(iso: &str) -> NaiveDate {
        iso.parse().expect("a day")
    }

    fn scale(from: &str, to: &str) -> Scale {
        Scale { from: day(from), days: (day(to) - day(from)).num_days().max(1) }
    }

    #[test]
    fn the_first_day_is_at_the_left_and_the_last_at_the_right() {
        let scale = scale("2017-07-31", "2018-03-31");
        assert_eq!(scale.place(day("2017-07-31")), EDGE);
        assert_eq!(scale.place(day("2018-03-31")), EDGE + PLOT);
        assert!(scale.place(day("2017-12-01")) < scale.place(day("2017-12-31")));
    }

    #[test]
    fn marks_differ_by_shape_and_the_table_says_what_they_show() {
        let rows: Vec<SlippageRow<'_>> = (0..80)
            .map(|n| SlippageRow {
                label: "K",
                title: "Report",
                href: "/actions/22",
                original: Some(day("2018-01-31")),
                current: day("2018-06-30"),
                asked: (n == 0).then(|| day("2018-09-30")),
                note: "5 months later",
                first: "Jan 2018",
                now: "June 2018",
                later: "5 months later than first agreed",
                wanted: "",
            })
            .collect();
        let chart = SlippageChart {
            id: "dates",
            title: "Deadlines",
            description: "",
            day: day("2017-12-07"),
            rows: &rows,
        };
        let html = slippage_chart(&chart).into_string();
        assert_eq!(html.matches("<svg").count(), 3);
        for (mark, count) in [
            ("dates-first", 80),
            ("dates-now", 80),
            ("dates-moved", 80),
            ("dates-wanted", 1),
            ("dates-asked", 1),
        ] {
            assert_eq!(html.matches(&format!("class=\"{mark}\"")).count(), count, "{mark}");
        }
        assert_eq!(html.matches("5 months later than first agreed").count(), 80);
        let nothing = slippage_chart(&SlippageChart { rows: &[], ..chart });
        assert!(nothing.into_string().is_empty());
    }

    #[test]
    fn the_grid_has_a_few_lines_whatever_the_time_it_spans() {
        for (from, to) in [
            ("2017-12-07", "2017-12-07"),
            ("2017-12-01", "2018-01-31"),
            ("2017-07-31", "2018-03-31"),
            ("2010-05-31", "2026-03-31"),
            ("1990-01-01", "2040-01-01"),
        ] {
            let ticks = scale(from, to).ticks();
            assert!(ticks.len() <= TICKS, "{from} to {to}: {ticks:?}");
            assert!(ticks.iter().all(|t| t.day() == 1 && *t >= day(from) && *t <= day(to)), "{ticks:?}");
            assert!(
                ticks.is_sorted() && (from == to || from > "2017-12-01" || !ticks.is_empty()),
                "{ticks:?}"
            );
        }
    }
}
