//! Who held a post, holds it and will hold it, in words and as a table.
//!
//! Owns the view alone: what follows from days is [`crate::domain::post`]'s.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    domain::{
        post::{Holding, Post},
        text,
    },
    link::path,
    web::view::{
        kit::{day, empty},
        table::{Column, Row, Table},
    },
};

/// Who holds a post on a day, in words: a holder whose account is deactivated leaves it vacant.
pub(super) fn holder_words(post: &Post, today: NaiveDate) -> String {
    let held = |active: bool| {
        post.holdings
            .iter()
            .filter(move |h| h.covers(today) && h.person.active == active)
            .map(|h| if h.acting { format!("{} (acting)", h.person.name) } else { h.person.name.clone() })
    };
    let (active, gone): (Vec<_>, Vec<_>) = (held(true).collect(), held(false).collect());
    match (active.is_empty(), gone.is_empty()) {
        (false, _) => text::list(&active),
        (true, true) => "Vacant".to_owned(),
        (true, false) => format!("Vacant ({} is deactivated)", text::list(&gone)),
    }
}

/// Who gets the mail for a post on a day, in words.
pub(super) fn mail_words(post: &Post, today: NaiveDate) -> Markup {
    let names: Vec<&str> = post.reachable(today).map(|p| p.name.as_str()).collect();
    html! {
        @if names.is_empty() { "The manager of each plan: nobody who holds this post can be reached" }
        @else { (text::list(&names)) }
        @if post.holdings.iter().any(|h| h.acting && h.covers(today)) {
            p class="soft small" { "Whoever covers a post gets its mail in place of the holder, until their last day. Both can write updates." }
        }
    }
}

/// Who held the post and who will, newest first, with the days on which nobody did.
pub(super) fn history(post: &Post, today: NaiveDate, with_links: bool) -> Markup {
    if post.holdings.is_empty() {
        return empty(
            "Nobody has held this post yet",
            "Say who holds it, and mail for its actions reaches them.",
            None,
        );
    }
    let held = post.holdings.iter().map(|h| (h.from, holding_row(h, today, with_links)));
    let vacant = post.vacancies().into_iter().map(|v| {
        let cells = [html! { "Vacant" }, day(v.from), v.to.map_or_else(|| html! { "No end" }, day)];
        (v.from, Row::new(cells.into_iter().chain(with_links.then(Markup::default))))
    });
    let mut rows: Vec<(NaiveDate, Row<'_>)> = held.chain(vacant).collect();
    rows.sort_by_key(|(from, _)| std::cmp::Reverse(*from));
    let change = with_links.then_some("Change");
    let columns = ["Holder", "From", "To"].into_iter().chain(change).map(Column::new);
    html! {
        (Table::new("Who held it, newest first", columns)
            .caption_hidden().row_head(0).rows(rows.into_iter().map(|(_, row)| row)))
    }
}

fn holding_row<'a>(held: &Holding, today: NaiveDate, with_links: bool) -> Row<'a> {
    let of = format!(" of {}", held.name());
    let holder = html! {
        (held.name())
        @if held.from > today { span class="soft" { " (planned)" } }
        @if !held.person.active { span class="soft" { " (deactivated)" } }
    };
    let links = html! {
        a href=(path::edit_holding(held.id)) { "Change the days" span class="visually-hidden" { (of) } }
        @if held.from >= today {
            br;
            a href=(path::withdraw_holding(held.id)) { "Withdraw" span class="visually-hidden" { (of) } }
        }
    };
    let cells = [holder, day(held.from), held.to.map_or_else(|| html! { "No end" }, day)];
    Row::new(cells.into_iter().chain(with_links.then_some(links)))
}

/// What follows from who holds the post now: the days on which it is vacant from today on. For beside what has been done.
pub(super) fn vacant_from_now(post: &Post, today: NaiveDate) -> String {
    let ahead = post.vacancies().into_iter().filter(|v| v.to.is_none_or(|to| today <= to));
    let words: Vec<String> = ahead
        .map(|v| match v.to {
            Some(to) => format!("from {} to {}", text::day(v.from), text::day(to)),
            None => format!("from {}", text::day(v.from)),
        })
        .collect();
    if words.is_empty() { String::new() } else { format!(". It is vacant {}", text::list(&words)) }
}
