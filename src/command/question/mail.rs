//! Who is mailed when a question is passed on: whoever leads the action, in the panel's name, without the words.

use crate::{
    command::{
        CommandError, Cx, Now,
        notice::{self, Manager, panel_words},
    },
    domain::{action::Action, plan::Record, question::Question, reminder::recipients, text},
    link::path,
    mail::notice::{About, AnswerBy, Item, Notice},
    store::{self, StoreError, Tx, outbox::about::Subject},
};

/// To whom a question went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mailed {
    /// Their names.
    pub names: Vec<String>,
    /// Set where these are the plan's managers because no lead can be reached: "nobody holds LSCB Manager".
    pub instead_of: Option<String>,
}

/// One mail to each lead who can be reached, else to whoever manages the plan.
pub(super) async fn send(
    cx: &Cx,
    tx: &Tx,
    record: &Record,
    action: &Action,
    question: &Question,
    now: Now,
) -> Result<Mailed, CommandError> {
    let manager = Manager::of(record, now.today);
    let to = recipients(record, action, now.today);
    let answer_by = answer_by(tx, record, now).await?;
    let mut mailed = Mailed { names: Vec::new(), instead_of: to.instead_of.clone() };
    for (person, post) in &to.people {
        let notice = Notice {
            council: cx.installation().council.clone(),
            panel: panel_words(record),
            about: About::Question { answer_by },
            items: vec![Item {
                label: action.label.clone(),
                title: action.title(),
                plan: record.plan.title.clone(),
                lines: Vec::new(),
                link: cx.links.full(&path::answer_question(question.id)),
                instead_of: to.instead_of.clone(),
            }],
            manager: manager.named_to(person),
            because: notice::because(*post),
        };
        let plans = [record.plan.id];
        let of = (Subject::Question(question.id), plans.as_slice());
        if notice::queue(cx, tx, of, person, &notice, &manager, now).await? {
            mailed.names.push(person.name.clone());
        }
    }
    Ok(mailed)
}

/// By when an answer is wanted: the day on which updates are due for the panel's next meeting of which that lies ahead.
async fn answer_by(tx: &Tx, record: &Record, now: Now) -> Result<Option<AnswerBy>, StoreError> {
    let (_, meetings) = store::meeting::all(tx).await?;
    let of_panel = meetings
        .iter()
        .filter(|m| Some(m.panel) == record.plan.panel_id)
        .map(|m| (m.held_on, m.dates.updates_due_on));
    let of_rounds = record.rounds.iter().filter_map(|r| Some((r.meeting_on?, r.updates_due_on)));
    let ahead = of_panel.chain(of_rounds).filter_map(|(meeting, due)| {
        let day = due.filter(|due| *due >= now.today && *due <= meeting)?;
        Some(AnswerBy { day, meeting })
    });
    Ok(ahead.min_by_key(|by| (by.day, by.meeting)))
}

impl Mailed {
    /// "Mail goes to MAP Coordinator", or why to nobody.
    pub fn words(&self) -> String {
        match (self.names.as_slice(), &self.instead_of) {
            ([], _) => "Nobody can be mailed: tell the lead yourself".to_owned(),
            (names, None) => format!("Mail goes to {}", text::list(names)),
            (names, Some(why)) => {
                format!("Mail goes to {}, as the plan’s manager: {why}", text::list(names))
            }
        }
    }
}
