//! The dashboard's tables by lead and by theme.

use std::collections::HashSet;

use maud::{Markup, html};

use super::Page;
use crate::{
    domain::{dashboard::Group, id::ActionId, rating::Suggested, standing::Standing, text::plural},
    web::view::table::{Column, Row, Table, Width},
};

impl Page<'_> {
    pub(super) fn by_lead(&self) -> Markup {
        let groups = self.board.by_lead();
        // The plan's page has one list of all actions that no post leads.
        let alone = groups.iter().filter(|g| g.post.is_none()).count() == 1;
        let counted: usize = groups.iter().map(|g| g.actions.len()).sum();
        let table = self.table("Lead", &groups, |group| match group.post {
            Some(post) => Some(self.plan_link(&format!("lead={post}"))),
            None => alone.then(|| self.plan_link("lead=none")),
        });
        html! {
            (table)
            @if counted > self.board.total() {
                p class="soft small" {
                    "An action with joint leads is counted for each of them, so these are " (counted) " for "
                    (plural(self.board.total(), "action", "actions")) "."
                }
            }
        }
    }

    pub(super) fn by_theme(&self) -> Markup {
        let groups = self.board.by_theme();
        if groups.is_empty() {
            return html! { p { "No action of this plan has a theme." } };
        }
        self.table("Theme", &groups, |group| {
            let theme: String = form_urlencoded::byte_serialize(group.name.as_bytes()).collect();
            Some(self.plan_link(&format!("theme={theme}")))
        })
    }

    fn table(
        &self,
        head: &str,
        groups: &[Group<'_, '_>],
        href: impl Fn(&Group<'_, '_>) -> Option<String>,
    ) -> Markup {
        let columns = std::iter::once(Column::new(head)).chain(
            ["Actions", "Complete", "Off track", "At risk", "Nothing against it", "Overdue", "No update"]
                .map(|label| Column::new(label).width(Width::Number)),
        );
        let without: HashSet<ActionId> = self.board.without_update().iter().map(|s| s.action.id).collect();
        let rows = groups.iter().map(|group| {
            let count = |holds: &dyn Fn(&Standing<'_>) -> bool| {
                let n = group.actions.iter().filter(|s| holds(s)).count();
                html! { (n) }
            };
            let suggested = |rating| count(&|s| s.suggestion.rating == rating);
            Row::new([
                html! {
                    @match href(group) { Some(href) => { a href=(href) { (group.name) } } None => { (group.name) } }
                },
                count(&|_| true),
                suggested(Suggested::Complete),
                suggested(Suggested::OffTrack),
                suggested(Suggested::AtRisk),
                suggested(Suggested::NothingAgainst),
                count(&|s| s.overdue_days.is_some()),
                count(&|s| without.contains(&s.action.id)),
            ])
        });
        let caption = format!("By {}, as the facts suggest", head.to_lowercase());
        html! { (Table::new(&caption, columns).caption_hidden().row_head(0).rows(rows)) }
    }
}
