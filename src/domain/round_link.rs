//! What a round's link shows and takes: the actions for which one person is asked in that round, and their own words on them.
//!
//! Pure. A link has no rights of its own: what it reaches is worked out anew whenever it is used, so that it ends by itself when
//! somebody else answers for an action, when monitoring ends, and when the round closes.

use chrono::NaiveDate;

use super::{
    access::{Actor, Permission, may_on},
    action::Action,
    dashboard::{Answer, answer},
    plan::Record,
    reminder::{recipients, to::answers_for},
    round::{Round, RoundState},
    update::Update,
};

/// One action as its person sees it through the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Own<'a> {
    /// The plan.
    pub record: &'a Record,
    /// The action.
    pub action: &'a Action,
    /// What they wrote on it by the round's link, as it stands: they can correct it.
    pub sent: Option<&'a Update>,
    /// What they wrote by the link and was returned to them, where nothing was written since.
    pub returned: Option<&'a Update>,
    /// Whether there is an update for the round, whoever wrote it.
    pub received: bool,
}

/// What a person is asked for in a round on a day, plan by plan in the order of the table; nothing once it is not open.
pub fn own<'a>(records: &'a [Record], round: &Round, person: &Actor, day: NaiveDate) -> Vec<Own<'a>> {
    if round.state != RoundState::Open {
        return Vec::new();
    }
    let all = records.iter().filter(|record| record.is_monitored(day));
    all.flat_map(|record| record.actions.iter().filter_map(|a| own_action(record, a, round, person, day)))
        .collect()
}

fn own_action<'a>(
    record: &'a Record,
    action: &'a Action,
    round: &Round,
    person: &Actor,
    day: NaiveDate,
) -> Option<Own<'a>> {
    let answer = answer(record, action, round, day);
    if answer == Answer::NotAsked || !reaches(record, action, person, day) {
        return None;
    }
    let theirs = |u: &&Update| {
        u.by_email_link
            && person.person.is_some()
            && u.author == person.person
            && action.began_as(u).round == Some(round.id)
    };
    let sent = action.updates_at(day).rfind(theirs);
    let returned = action.returned(sent.map(|u| u.id)).filter(theirs);
    Some(Own { record, action, sent, returned, received: answer != Answer::Gap })
}

/// Whether a person can write on an action by a link: they are the one who is asked, and may. Whoever is away, or at an address
/// that is refused since, is not asked of what they answer for, and can write on it all the same.
pub fn reaches(record: &Record, action: &Action, person: &Actor, day: NaiveDate) -> bool {
    let Some(id) = person.person else { return false };
    let is_spared = record.preferences.away(id, day).is_some() || record.preferences.refused_on(id).is_some();
    may_on(person, Permission::WriteUpdate, &record.plan, action).is_ok()
        && (recipients(record, action, day).include(id) || is_spared && answers_for(record, action, id, day))
}
