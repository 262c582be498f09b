//! What the dashboard counts apart: complete, merged and closed actions, what completions can show, what was promised.

use maud::{Markup, html};

use super::{Page, table::which};
use crate::domain::{action::State, standing::Standing, text::plural, update::Promise};

impl Page<'_> {
    pub(super) fn apart(&self) -> Markup {
        let board = self.board;
        let total = board.total();
        let complete = board.having(|s| s.state.is_complete());
        let nothing = board.nothing_to_show(|action| self.evidenced.contains(&action));
        let not_known = board.outcome_not_known();
        let merged = board.having(|s| s.state == State::Merged);
        let closed = board.having(|s| s.state == State::NoFurtherAction);
        let said = complete.len();
        html! {
            ul {
                li {
                    @if said == 0 { "No action is" } @else { (plural(said, "action is", "actions are")) }
                    " said to be complete" (self.of_them(&complete))
                }
                @if !merged.is_empty() {
                    li { (plural(merged.len(), "action is", "actions are")) " merged, and counted with the one that carries the work on" (self.of_them(&merged)) }
                }
                @if !closed.is_empty() {
                    li { (plural(closed.len(), "action is", "actions are")) " closed with no further action, and not rated" (self.of_them(&closed)) }
                }
            }
            @if said > 0 {
                h3 { "Said to be complete, nothing to show it" }
                p {
                    @let words = format!("{} of {said}", nothing.len());
                    @if nothing.is_empty() { (words) } @else { a href=(self.plan_link("show=nothing-to-show")) { (words) } }
                    ": no outcome and no evidence is recorded beside what the update says"
                    (self.of_them(&nothing))
                }
            }
            @if !not_known.is_empty() {
                p {
                    a href=(self.plan_link("show=outcome-not-known")) {
                        "Of " (plural(not_known.len(), "completion", "completions"))
                        ", the difference made is not known yet"
                    }
                    (self.of_them(&not_known))
                }
            }
            h3 { "What was promised last time" }
            @let promises = board.promises();
            @if promises.made == 0 {
                p { "No update before the latest named next steps, in any of " (plural(total, "action", "actions")) "." }
            } @else {
                p { (promises) "." }
                @for (answer, words) in [(Some(Promise::NotKept), "Did not happen"), (Some(Promise::Partly), "Happened in part"), (None, "Not answered for")] {
                    @let these = board.promised(answer);
                    @if !these.is_empty() { p { (words) (self.of_them(&these)) } }
                }
            }
        }
    }

    /// ": Ai, Aii and B." with links; a full stop alone for none.
    fn of_them(&self, standings: &[&Standing<'_>]) -> Markup {
        html! { @if !standings.is_empty() { ": " (which(standings, None)) } "." }
    }
}
