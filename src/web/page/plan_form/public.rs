//! Asking before a plan that has been the council's own is for anyone to read: what of it that is.

use maud::html;

use crate::{
    domain::{
        access::Actor,
        plan::Plan,
        round::RoundState,
        text::{self, plural},
    },
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        error::WebError,
        form::Fields,
        sheet::Sheet,
        view::{
            button::{Confirm, Kind, confirm, hidden, submit_as},
            kit::Link,
        },
    },
};

/// The field that says that it has been asked.
pub(super) const ASKED: &str = "public_asked";

/// The button that leads back to the form.
pub(super) const FORM: &str = "back_to_form";

/// The question; what was typed goes with it.
pub(super) async fn page(app: &App, actor: &Actor, plan: &Plan, fields: &Fields) -> Result<Sheet, WebError> {
    let today = app.cx.clock.today();
    let record = store::record::by_id(&app.cx.store, actor, plan.id, Depth::Everything)
        .await?
        .ok_or(WebError::NotFound)?
        .published_at(today);
    let rounds = record.rounds.iter().filter(|round| round.state_at(today) == RoundState::Published);
    let labels: Vec<&str> = rounds.map(|round| round.label.as_str()).collect();
    let (mut updates, mut exempt) = (0, 0);
    for action in &record.actions {
        updates += action.updates.len();
        exempt += action.updates.iter().filter(|update| action.exempt(update).is_some()).count();
    }
    let back = path::edit_plan(&plan.slug);
    let content = confirm(
        &Confirm {
            question: &format!("Make {} public?", plan.title),
            consequence: "Anyone can read it from now on, without signing in, and copy it.",
            action: &back,
            button: "Make the plan public",
            cancel: Link::new(&back, "Leave the plan as it was"),
        },
        html! {
            p { "That is its recommendations, actions, deadlines and decisions; and of each published round the updates, the papers and the addendum that is published." }
            ul {
                li {
                    @if labels.is_empty() { "No round is published yet: updates can be read once one is." }
                    @else {
                        (plural(labels.len(), "round is", "rounds are")) " published: " (text::list(&labels))
                        ", with " (plural(updates, "update", "updates")) "."
                    }
                }
                @if exempt > 0 {
                    li { (plural(exempt, "update of them is", "updates of them are")) " marked as not for publication: the public reads in place of each that it is exempt." }
                }
            }
            p {
                "Posts are shown, and no names of account holders. The texts are published as they were written, and may hold names. "
                "Read them first: in a published round nothing can be marked as not for publication any more."
            }
            @for (name, value) in fields.pairs() { (hidden(name, value)) }
            (hidden(ASKED, "yes"))
            p { (submit_as(FORM, "yes", "Back to the form, with what was typed", Kind::Secondary)) }
        },
    );
    Ok(Sheet::new(["Make the plan public", &plan.title], content))
}
