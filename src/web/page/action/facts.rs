//! The facts about one action as a list: date, lead, state, what is said and what the facts say.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::{ActionPage, say};
use crate::{
    domain::{
        access::{Permission, sees_names},
        action::{Action, Revision, State},
        agenda::{agreement_words, said_to_date},
        decision::PanelRating,
        id::ActionId,
        post::{Holding, Lead, Post},
        rating::Disagreement,
        reminder, text,
    },
    link::path,
    web::view::{
        kit::{self, Fact, details, summary_list},
        rating::{flag, grey_words, panel_rating_tag, suggested_key, suggestion},
    },
};

impl ActionPage<'_> {
    pub(super) fn facts(&self) -> Markup {
        let optional = [
            ("Contributors", !self.contributors.is_empty(), self.contributors()),
            ("Themes", !self.action.themes.is_empty(), html! { (self.action.themes.join(", ")) }),
            ("Merged into this", self.merged_here().next().is_some(), self.merged_into_this()),
            ("Refers to", self.refers().next().is_some(), references(self.refers())),
            ("Named by", self.named_by().next().is_some(), references(self.named_by())),
            ("Evidence", self.evidence.contains_key(&None), self.own_evidence()),
        ];
        let mut facts = vec![
            Fact::new("By when", self.by_when()),
            Fact::new("Lead", self.lead()),
            Fact::new("Resource required", resource(self.action)),
            Fact::new("State", self.state()),
            Fact::new("Reported rating", self.reported()),
            Fact::new("What the facts say", self.suggested()),
        ];
        let own = self.record.words.say("The {panel’s} own rating");
        if let Some(rated) = self.standing.panel {
            facts.push(Fact::new(&own, self.panel_rating(rated)));
        }
        facts.extend(optional.into_iter().filter(|(_, there, _)| *there).map(|(k, _, v)| Fact::new(k, v)));
        summary_list(facts)
    }

    fn by_when(&self) -> Markup {
        let Some(current) = self.standing.deadline else {
            return html! { "No deadline is recorded" };
        };
        let later = self.action.revisions.len() > 1;
        html! {
            p {
                strong { (wording(current)) }
                @if self.standing.state == State::Open { " " (say::due(&self.standing, self.today)) }
            }
            p class="soft small" { "Read as: " (current.how) }
            @if self.standing.passed && self.standing.state != State::Open {
                p class="soft small" { "This date has passed" }
            }
            @if let Some(slippage) = &self.standing.slippage { p { (text::initial_capital(slippage)) } }
            @if let Some(asked) = self.standing.asked {
                p { (flag(html! { (asked_words(asked)) ", not decided" })) }
                @if self.may(Permission::AskForDate) {
                    p { a href=(path::withdraw_deadline(asked.id)) { "Withdraw " (asked.wording) } }
                }
                (say::part("Reason", asked.reason.as_deref()))
                @if self.may(Permission::DecideDate) {
                    p { a href=(path::decide_deadline(asked.id)) { "Decide on " (asked.wording) } }
                }
            }
            @if later { (details("Every date, from the first", self.every_date())) }
        }
    }

    fn every_date(&self) -> Markup {
        html! {
            ol {
                @for revision in &self.action.revisions {
                    li {
                        @if revision.is_original() { "First agreed: " (wording(revision)) }
                        @else {
                            (asked_words(revision))
                            @if let Some(reason) = &revision.reason { ". Reason: " (reason) }
                            ". " (self.decision_words(revision))
                        }
                    }
                }
            }
        }
    }

    fn decision_words(&self, revision: &Revision) -> Markup {
        let said = said_to_date(self.record, revision.id, self.today);
        html! {
            @match &revision.decision {
                Some(decision) => {
                    (text::initial_capital(decision.outcome.code()))
                    " by " (decision.by) " on " (kit::day(decision.on))
                    @if let Some(said) = said { ", " (say::minute(&said.resolution)) }
                    @if let Some(reason) = &decision.reason { ": " (reason) }
                },
                None => {
                    "Not decided"
                    @if let Some(said) = said {
                        ": " (said.outcome.words().to_lowercase()) " by " (said.resolution.panel) " on "
                        (kit::day(said.resolution.on))
                    }
                },
            }
        }
    }

    fn lead(&self) -> Markup {
        let action = self.action;
        let wording = action.lead_wording.trim();
        let to = reminder::recipients(self.record, action, self.today);
        html! {
            p { @if wording.is_empty() { "No lead is named" } @else { (wording) } }
            // Who reads no names is told nothing of who holds a post, nor that nobody does.
            @let names = sees_names(self.actor);
            @for lead in action.leads.iter().filter(|lead| names || matches!(lead, Lead::OutsideBody(_))) {
                (self.who(lead))
            }
            @if let Some(why) = to.nobody.as_ref().filter(|_| names) {
                p class="soft small" { "Mail goes to the plan’s manager: " (why) }
            }
        }
    }

    fn who(&self, lead: &Lead) -> Markup {
        match lead {
            Lead::Post { post, .. } => match self.record.post(*post) {
                Some(post) => post_words(post, self.today),
                None => html! {},
            },
            Lead::Person(person) => html! {
                @if !self.action.lead_wording.contains(&person.name) { p class="soft small" { (person.name) } }
            },
            Lead::OutsideBody(body) => html! {
                p class="soft small" { (body) ": outside the council, without an account here" }
            },
        }
    }

    fn contributors(&self) -> Markup {
        html! { (text::list(&self.contributors)) }
    }

    fn state(&self) -> Markup {
        let Some(change) = self.standing.change else {
            return html! { (State::Open.words()) };
        };
        let update = change.update.and_then(|id| self.action.updates.iter().find(|u| u.id == id));
        let into = change.into.and_then(|id| self.record.action(id));
        html! {
            p {
                @match into {
                    Some(into) => { "Merged into " (say::action_link(into)) },
                    None => { strong { (change.state.words()) } },
                }
                ", from " (kit::day(change.from))
            }
            @if let Some(update) = update {
                p class="soft small" {
                    "Reported in the " a href={ "#update-" (update.id) } {
                        "update, " (say::round_words(self.record, update))
                    }
                }
            }
            (say::part("Reason", change.reason.as_deref()))
            @if let Some(agreed) = agreement_words(self.record, change) { p { (text::initial_capital(&agreed)) } }
            @else if change.state.is_complete() && self.record.plan.panel_confirms_completion {
                p class="soft small" { (self.record.words.say("Reported; not yet agreed by the {panel}")) }
            }
            @if into.is_some() { (self.fate()) }
        }
    }

    /// Where a chain of merges ends, when it is longer than one.
    fn fate(&self) -> Markup {
        let fate = self.standing.fate;
        let direct = self.standing.change.and_then(|c| c.into);
        html! {
            @if direct != Some(fate) && let Some(end) = self.record.action(fate) {
                p { "That is merged too: the work goes on in " (say::action_link(end)) }
            }
            p class="soft small" { "In every count it shares the fate of " (self.record.label(fate)) }
        }
    }

    /// The panel's own rating, why, and where it was given.
    fn panel_rating(&self, rated: &PanelRating) -> Markup {
        html! {
            p {
                (panel_rating_tag(&self.record.plan.key.entry(rated.rating), &self.record.words))
                " from " (kit::day(rated.from))
                @if let Some(resolution) = &rated.resolution { ", " (say::minute(resolution)) }
            }
            (say::part("Reason", Some(&rated.reason)))
        }
    }

    fn merged_here(&self) -> impl Iterator<Item = &Action> {
        let id = self.action.id;
        self.record.actions.iter().filter(move |a| a.merged_into_at(self.today) == Some(id))
    }

    fn merged_into_this(&self) -> Markup {
        html! { @for action in self.merged_here() { p { (say::action_link(action)) } } }
    }

    fn refers(&self) -> impl Iterator<Item = (&Action, Option<&str>)> {
        self.linked(|r| (r.from, r.to))
    }

    fn named_by(&self) -> impl Iterator<Item = (&Action, Option<&str>)> {
        self.linked(|r| (r.to, r.from))
    }

    /// The other ends of the cross-references whose near end is this action.
    fn linked(
        &self,
        ends: impl Fn(&crate::store::action::CrossReference) -> (ActionId, ActionId),
    ) -> impl Iterator<Item = (&Action, Option<&str>)> {
        self.references.iter().filter_map(move |r| {
            let (near, far) = ends(r);
            let far = self.record.action(far).filter(|_| near == self.action.id)?;
            Some((far, r.wording.as_deref()))
        })
    }

    fn own_evidence(&self) -> Markup {
        let pieces = self.evidence.get(&None);
        html! { @for piece in pieces.into_iter().flatten() { (say::evidence(piece)) } }
    }

    fn reported(&self) -> Markup {
        let plan = &self.record.plan;
        html! {
            p { (say::rating(plan, self.standing.reported)) @if let Some(words) = self.but() { " " (flag(words)) } }
            @if let Some(update) = self.standing.latest {
                p class="soft small" {
                    "In the latest update, " a href={ "#update-" (update.id) } { (say::round_words(self.record, update)) }
                }
            } @else {
                p class="soft small" { "No update so far" }
            }
            p { a href=(path::key(&plan.slug)) { "What the ratings mean in this plan" } }
        }
    }

    fn suggested(&self) -> Markup {
        let suggested = &self.standing.suggestion;
        html! {
            (suggestion(suggested.rating, &suggested.reason))
            @match self.standing.disagreement() {
                Some(Disagreement::FactsWorse) => {
                    p { (flag("The rating and the facts disagree: the facts are worse than what is reported")) }
                },
                Some(Disagreement::LeadMoreWorried) => {
                    p { (flag("The lead is more worried than the facts")) }
                },
                None => {},
            }
            p class="soft small" { "Worked out by rule from dates and states. It never changes what somebody reported." }
            (details("What the suggestions mean", suggested_key(&self.record.words)))
        }
    }
}

fn references<'a>(links: impl Iterator<Item = (&'a Action, Option<&'a str>)>) -> Markup {
    html! {
        @for (action, words) in links {
            p {
                (say::action_link(action))
                @if let Some(words) = words { span class="soft" { " (“" (words) "”)" } }
            }
        }
    }
}

fn wording(revision: &Revision) -> String {
    match revision.wording.trim() {
        "" => "No date".to_owned(),
        wording => wording.to_owned(),
    }
}

/// "March 2018 asked for by the Risk and Resilience Manager on 7 December 2017".
fn asked_words(revision: &Revision) -> Markup {
    html! {
        (wording(revision)) " asked for"
        @if let Some(by) = &revision.asked_by { " by " (by) }
        @match revision.asked_on {
            Some(on) => { " on " (kit::day(on)) },
            None => { " (day not recorded)" },
        }
    }
}

fn post_words(post: &Post, today: NaiveDate) -> Markup {
    let now: Vec<&Holding> = post.holdings.iter().filter(|h| h.covers(today)).collect();
    let others: Vec<&Holding> = post.holdings.iter().filter(|h| !h.covers(today)).collect();
    html! {
        p {
            @if now.is_empty() { (flag(html! { "Nobody holds " (post.name) })) }
            @for held in &now {
                span class="soft small" {
                    // Some accounts are called like their post.
                    @if held.person.name == post.name { "Held" } @else { (post.name) " is held by " (held.person.name) }
                    @if held.acting { " (acting)" }
                    " since " (kit::day(held.from))
                    @if !held.person.active { " (account not in use)" }
                }
            }
        }
        @if !others.is_empty() {
            (details(&format!("Who held {} at other times", post.name), html! {
                ul {
                    @for held in others {
                        li {
                            (held.person.name) @if held.acting { " (acting)" }
                            ", from " (kit::day(held.from))
                            @if let Some(to) = held.to { " to " (kit::day(to)) }
                        }
                    }
                }
            }))
        }
    }
}

fn resource(action: &Action) -> Markup {
    let wording = action.resource.trim();
    let kind = action
        .resource_kind
        .map(|k| k.words())
        .filter(|words| !wording.to_lowercase().contains(&words.to_lowercase()));
    html! {
        @if wording.is_empty() { (grey_words("Not stated")) } @else { (wording) }
        @if let Some(kind) = kind { p class="soft small" { (kind) } }
        @if let Some(pence) = action.resource_pence {
            p { "£" (pence / 100) "." (format!("{:02}", pence % 100)) }
        }
    }
}
