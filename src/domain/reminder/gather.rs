//! What becomes of one person's lines on a day: one mail, or the reasons why there is none. Here, and only here, their choices
//! count: how often they are mailed, school holidays, and that three mails in a week are enough.

use std::collections::BTreeSet;

use chrono::{NaiveDate, Weekday};

use super::{
    Digest, Facts, Item, Ledger, NoMail, Rule, Schedule, is_weekly, is_weekly_but, notice::Notice, response,
    round, week,
};
use crate::domain::{
    calendar::Calendar,
    id::PersonId,
    post::Person,
    preference::{Frequency, Preferences},
    text,
};

/// Of whoever gets no reminders.
pub(super) const OFF: &str = "has chosen no reminders";

/// Digests that one person gets in a week, at most.
pub(super) const DIGESTS_A_WEEK: usize = 3;

/// The day, and what it is.
pub(super) struct Today<'a> {
    pub(super) day: NaiveDate,
    pub(super) calendar: &'a Calendar,
    pub(super) preferences: &'a Preferences,
    ledger: &'a Ledger,
    last_run: Option<NaiveDate>,
    /// Whether what comes once a week comes today for anybody.
    pub(super) is_weekly: bool,
}

impl<'a> Today<'a> {
    pub(super) fn of(
        facts: &Facts<'a>,
        ledger: &'a Ledger,
        day: NaiveDate,
        last_run: Option<NaiveDate>,
    ) -> Self {
        let (calendar, preferences) = (facts.calendar, facts.preferences);
        let is_weekly = is_weekly(ledger, day, last_run, calendar);
        Self { day, calendar, preferences, ledger, last_run, is_weekly }
    }

    /// Whether what comes once a week comes today for somebody: on the first day of the week on which they could be mailed, or
    /// caught up.
    fn is_weekly_for(&self, person: PersonId) -> bool {
        self.would_be_weekly_for(person, self.day, self.last_run)
    }

    fn would_be_weekly_for(&self, person: PersonId, day: NaiveDate, last_run: Option<NaiveDate>) -> bool {
        let none = BTreeSet::new();
        let missed = self.ledger.missed.get(&person).unwrap_or(&none);
        is_weekly_but(missed, self.preferences.term_time_only(person), day, last_run, self.calendar)
    }

    /// The day of their next weekly mail after a day.
    fn next_weekly_for(&self, person: PersonId, after: NaiveDate) -> NaiveDate {
        let mut later = after.iter_days().zip(after.iter_days().skip(1)).take(366);
        let next = later.find(|(eve, day)| self.would_be_weekly_for(person, *day, Some(*eve)));
        next.map_or(after, |(_, day)| day)
    }

    /// The day on which somebody is mailed of what begins on a later day: who gets one mail a week hears of it in that week’s;
    /// none: they get no reminders.
    pub(super) fn mailed_on(&self, person: PersonId, begins: NaiveDate) -> Option<NaiveDate> {
        match self.preferences.frequency(person) {
            Frequency::Normal => Some(begins),
            Frequency::Off => None,
            Frequency::Weekly => {
                let sunday = begins.week(Weekday::Mon).first_day().pred_opt().unwrap_or(begins);
                Some(self.next_weekly_for(person, sunday.max(self.day)))
            }
        }
    }

    /// Whether this is the weekly mail of somebody who gets no other, and what was sent of an overdue action was sent in earlier
    /// weeks.
    pub(super) fn is_only_mail_since(&self, person: PersonId, sent: &[(NaiveDate, i32)]) -> bool {
        self.is_weekly_for(person)
            && self.preferences.frequency(person) == Frequency::Weekly
            && !sent.is_empty()
            && sent.iter().all(|(day, _)| week(*day) < week(self.day))
    }
}

/// One line that could be in a person's mail on the day.
pub(super) enum Line {
    Action(Item),
    Escalated(Item),
    Response(response::Item),
    Due(round::Due),
    Progress(round::Progress),
    /// With the label of its action.
    Notice(Notice, String),
}

impl Line {
    /// Whether it comes once a week.
    fn is_weekly(&self) -> bool {
        matches!(self, Self::Escalated(_) | Self::Progress(_))
    }

    fn label(&self) -> String {
        match self {
            Self::Action(item) | Self::Escalated(item) => item.label.clone(),
            Self::Response(item) => item.label.clone(),
            Self::Due(due) => due.label(),
            Self::Progress(progress) => progress.label(),
            Self::Notice(notice, of) => format!("{}: {of}", notice.label()),
        }
    }
}

/// A line with what decides on it.
pub(super) struct Candidate<'a> {
    /// The plan's title.
    pub(super) plan: &'a str,
    pub(super) person: &'a Person,
    pub(super) post: Option<&'a str>,
    pub(super) line: Line,
    /// Due by itself.
    pub(super) due: bool,
    /// Goes along where something else is due.
    pub(super) listed: bool,
    pub(super) why_not: String,
}

/// Turns what could be in a person's mail into a mail, or into reasons why there is none.
pub(super) fn gather(mut candidates: Vec<Candidate<'_>>, today: &Today<'_>, schedule: &mut Schedule) {
    let Some(person) = candidates.first().map(|c| c.person) else { return };
    if !today.is_weekly_for(person.id) {
        candidates.retain(|candidate| !candidate.line.is_weekly());
    }
    let held_back = held_back(person.id, today);
    let any_due = held_back.is_none() && candidates.iter().any(|c| c.due);
    let mut digest: Option<Digest> = None;
    for Candidate { plan, person, post, line, due, listed, why_not } in candidates {
        if !(any_due && (due || listed)) {
            let why = held_back.as_ref().filter(|_| due).cloned().unwrap_or(why_not);
            let (who, plan) = (person.name.clone(), plan.to_owned());
            schedule.none.push(NoMail { who, person: Some(person.id), plan, label: line.label(), why });
            continue;
        }
        let digest = digest.get_or_insert_with(|| Digest {
            person: person.clone(),
            posts: Vec::new(),
            items: Vec::new(),
            notices: Vec::new(),
            rounds: Vec::new(),
            responses: Vec::new(),
            progress: Vec::new(),
            escalated: Vec::new(),
        });
        if let Some(post) = post
            && !digest.posts.iter().any(|p| p == post)
        {
            digest.posts.push(post.to_owned());
        }
        match line {
            Line::Action(item) => digest.items.push(item),
            Line::Escalated(item) => digest.escalated.push(item),
            Line::Response(item) => digest.responses.push(item),
            Line::Due(due) => digest.rounds.push(due),
            Line::Progress(progress) => digest.progress.push(progress),
            Line::Notice(notice, _) => digest.notices.push(notice),
        }
    }
    if let Some(mut digest) = digest {
        let Digest { items, responses, escalated, notices, .. } = &mut digest;
        items.sort_by_key(|i| (i.cause.rule != Rule::Overdue, i.latest));
        responses.sort_by_key(|i| (i.cause.rule != Rule::Overdue, i.response.due_on));
        // What they are asked for themselves stands above already.
        escalated.retain(|e| items.iter().all(|i| i.cause.action != e.cause.action));
        escalated.sort_by_key(|i| i.latest);
        notices.sort_by_key(|n| (n.kind, n.id));
        schedule.digests.push(digest);
    }
}

/// Why somebody gets no mail on a day whatever is due, in words; none: they do.
fn held_back(person: PersonId, today: &Today<'_>) -> Option<String> {
    let Today { day, calendar, preferences, ledger, .. } = today;
    let none = BTreeSet::new();
    let digests = ledger.digests.get(&person).unwrap_or(&none);
    let next_week = || {
        let next = day.week(Weekday::Mon).last_day().succ_opt().unwrap_or(*day);
        text::weekday_day(calendar.next_working_day_on_or_after(next))
    };
    if !calendar.is_working_day(*day) {
        return Some("not a working day".to_owned());
    }
    if let Some(why) = chosen_against(preferences, person, *day, calendar, false) {
        return Some(why.to_owned());
    }
    if digests.contains(day) {
        return Some("today’s mail has gone: it goes into the next".to_owned());
    }
    if preferences.frequency(person) == Frequency::Weekly && !today.is_weekly_for(person) {
        let next = text::weekday_day(today.next_weekly_for(person, today.day));
        return Some(format!("has chosen one mail a week: the next on {next}"));
    }
    let this_week = digests.iter().filter(|sent| week(**sent) == week(*day)).count();
    (this_week >= DIGESTS_A_WEEK).then(|| {
        format!("{DIGESTS_A_WEEK} mails this week: it goes into the first of the next, on {}", next_week())
    })
}

/// Why somebody gets no digest on a day, by what they have chosen; asked once more before one is first sent. `had_another`:
/// another one is theirs this week.
pub fn chosen_against(
    preferences: &Preferences,
    person: PersonId,
    day: NaiveDate,
    calendar: &Calendar,
    had_another: bool,
) -> Option<&'static str> {
    match preferences.frequency(person) {
        Frequency::Off => Some(OFF),
        Frequency::Weekly if had_another => Some("has chosen one mail a week"),
        _ if preferences.term_time_only(person) && !calendar.mails_schools_on(day) => {
            Some("term time only: held back until the second school day")
        }
        Frequency::Weekly | Frequency::Normal => None,
    }
}
