//! Who may do what: the permission table as a page. It shows [`row`] itself, so that it can't say anything else.

use axum::extract::State;
use maud::{Markup, html};

use crate::{
    domain::{
        access::{Cell, Permission, Role, row},
        words::Words,
    },
    web::{
        App,
        sheet::Sheet,
        view::table::{Column, Row, Table},
    },
};

pub(in crate::web) async fn show(State(app): State<App>) -> Sheet {
    let words = &app.cx.words();
    let roles = Role::ALL
        .iter()
        .map(|role| html! { li { strong { (role.word(words)) } ": " (role.meaning(words)) } });
    let heads: Vec<String> = Role::ALL.iter().map(|role| role.word(words)).collect();
    let columns = std::iter::once(Column::new("What")).chain(heads.iter().map(|head| Column::new(head)));
    let rows = Permission::ALL.iter().map(|permission| {
        let cells = row(*permission).map(|one| cell(one, words));
        Row::new(std::iter::once(html! { (words.say(permission.words())) }).chain(cells))
    });
    let content = html! {
        h1 { "Who may do what" }
        p class="lead-sentence" {
            "What people see and may do here comes from their roles, and from the actions that they answer for. "
            "A person can have several roles, for all plans or for one."
        }
        ul { @for role in roles { (role) } }
        (Table::new("What each role may do", columns).caption_hidden().row_head(0).rows(rows))
        p {
            "A plan that is not yours to see is not there for you: its address says “Page not found”. "
            "If there is something that you can’t do and think you should, ask your plan’s manager or an administrator."
        }
    };
    Sheet::new(["Who may do what"], content).wide()
}

fn cell(cell: Cell, words: &Words) -> Markup {
    let said = cell.words(words);
    match cell {
        Cell::No => html! { span class="soft" { (said) } },
        Cell::Yes => html! { strong { (said) } },
        _ => html! { (said) },
    }
}
