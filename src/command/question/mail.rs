//! Who is told when a question is passed on: whoever leads the action, in the panel's name, without the words.

use chrono::NaiveDate;

use crate::{
    command::{
        CommandError, Now,
        notice::{self, panel_words},
    },
    domain::{
        action::Action,
        plan::Record,
        question::Question,
        reminder::{notice::About, recipients},
        text,
    },
    store::{self, StoreError, Tx},
};

/// To whom a question went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mailed {
    /// Their names.
    pub names: Vec<String>,
    /// Set where these are the plan's managers because no lead can be reached: "nobody holds LSCB Manager".
    pub instead_of: Option<String>,
}

/// Noted for each lead who can be reached, else for whoever manages the plan.
pub(super) async fn send(
    tx: &Tx,
    record: &Record,
    action: &Action,
    question: &Question,
    now: Now,
) -> Result<Mailed, CommandError> {
    let to = recipients(record, action, now.today);
    let panel = text::initial_capital(&panel_words(record));
    let by = match answer_by(tx, record, now).await? {
        Some((day, meeting)) => {
            format!("Please answer by {}, for the meeting on {}.", text::weekday_day(day), text::day(meeting))
        }
        None => "Please answer as soon as you can.".to_owned(),
    };
    let sentence = format!("{panel} asks a question. {by}");
    let mut mailed = Mailed { names: Vec::new(), instead_of: to.nobody };
    for person in to.people.iter().map(|to| to.person) {
        let about = About::Question(question.id);
        if notice::note(tx, about, (record, action), person, (&sentence, &[]), now).await? {
            mailed.names.push(person.name.clone());
        }
    }
    Ok(mailed)
}

/// By when an answer is wanted, and for which meeting: the day on which updates are due for the panel's next meeting of which that lies ahead.
async fn answer_by(tx: &Tx, record: &Record, now: Now) -> Result<Option<(NaiveDate, NaiveDate)>, StoreError> {
    let (_, meetings) = store::meeting::all(tx).await?;
    let of_panel = meetings
        .iter()
        .filter(|m| Some(m.panel) == record.plan.panel_id)
        .map(|m| (m.held_on, m.dates.updates_due_on));
    let of_rounds = record.rounds.iter().filter_map(|r| Some((r.meeting_on?, r.updates_due_on)));
    let ahead = of_panel.chain(of_rounds).filter_map(|(meeting, due)| {
        let day = due.filter(|due| *due >= now.today && *due <= meeting)?;
        Some((day, meeting))
    });
    Ok(ahead.min())
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
