//! When a plan's leads are reminded, and who hears of what they leave: the plan's own policy, or the default.
//!
//! Owns the figures, what is allowed of them, and the policy in words, as pages and forms say it. What follows on a day is
//! [`super::reminder`]'s.

use std::{collections::BTreeSet, ops::RangeInclusive};

use chrono::{Days, NaiveDate};

use super::{
    calendar::Calendar,
    id::PostId,
    text::{self, initial_capital, plural},
    words::Words,
};

#[cfg(test)]
mod tests;

/// A plan's policy for mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Days before the deadline of the first reminder; none: it is not sent.
    pub first_days: Option<u32>,
    /// Working days before the deadline of the second; none: it is not sent.
    pub second_working_days: Option<u32>,
    /// Whether there is one on the day.
    pub on_the_day: bool,
    /// Days between overdue mails, at least.
    pub overdue_every_days: u32,
    /// Overdue mails in all, per person, action and deadline; 0: none.
    pub overdue_mails: u32,
    /// Days for which an update written after the deadline quiets the overdue mail (the last included).
    pub quiet_days: u32,
    /// Working days before updates for a round are due of the first reminder; none: it is not sent.
    pub round_first_working_days: Option<u32>,
    /// The same of the second.
    pub round_second_working_days: Option<u32>,
    /// Whether the manager and the scrutiny officers are told every week how an open round stands.
    pub monday_mail: bool,
    /// Who hears of an action that stays overdue; none: nobody, unless a person tells them.
    pub escalation: Option<Escalation>,
}

/// Who hears of an action that stays overdue. Never councillors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escalation {
    /// From this many working days after the deadline, it stands in the manager's weekly digest.
    pub listed_working_days: u32,
    /// After this many, the manager gets a mail of its own, and the lead a copy.
    pub mailed_working_days: u32,
    /// The accountable director's post: where the manager is the lead, it stands in their weekly digest. None: nobody's.
    pub director: Option<PostId>,
}

/// What may be entered for days before and between.
pub const DAYS: RangeInclusive<u32> = 1..=90;
/// For working days before.
pub const WORKING_DAYS: RangeInclusive<u32> = 1..=30;
/// For the number of overdue mails.
pub const MAILS: RangeInclusive<u32> = 0..=20;

/// What to do where a figure is not allowed or can't be read, in words that go on after the field's name.
pub fn whole_number(allowed: &RangeInclusive<u32>) -> String {
    format!("enter a whole number from {} to {}", allowed.start(), allowed.end())
}

impl Default for Escalation {
    fn default() -> Self {
        Self { listed_working_days: 5, mailed_working_days: 10, director: None }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            first_days: Some(14),
            second_working_days: Some(3),
            on_the_day: true,
            overdue_every_days: 7,
            overdue_mails: 5,
            quiet_days: 28,
            round_first_working_days: Some(5),
            round_second_working_days: Some(1),
            monday_mail: true,
            escalation: Some(Escalation::default()),
        }
    }
}

impl Policy {
    /// When a mail comes before a deadline, in words: "14 days, 3 working days and on the day before a deadline"; none: never.
    pub fn before_words(&self) -> Option<String> {
        let mut parts = Vec::new();
        if let Some(days) = self.first_days {
            parts.push(format!("{} before", plural(days, "day", "days")));
        }
        if let Some(days) = self.second_working_days {
            parts.push(format!("{} before", plural(days, "working day", "working days")));
        }
        if self.on_the_day {
            parts.push("on the day".to_owned());
        }
        (!parts.is_empty()).then(|| super::text::list(&parts))
    }

    /// The whole policy in words, each sentence under its heading. `director` is what the accountable director's post is called.
    pub fn sentences(&self, words: &Words, director: Option<&str>) -> Vec<(String, String)> {
        let say = |heading: &'static str, text: String| (words.say(heading), text);
        vec![
            say("Before a deadline", self.before()),
            say("After it", self.after()),
            say("Quiet", self.quiet()),
            say("For a round", self.round()),
            say("Every Monday", self.monday(words)),
            say("When something stays overdue", self.escalation(director)),
            say("What happens to an action", words.say(
                "An update that is returned, a question that the {panel} asks, a date that is decided, and an action that is \
                 given to somebody stand in that person’s next mail.",
            )),
            say("To whom", "Whoever holds the lead’s post on that day, or whom they have named while they are away. Where nobody \
                can be reached, the plan’s manager, with the reason.".to_owned()),
            say("{Executive} response", "Due two months after a plan or a recommendation was sent. The plan’s manager and its \
                scrutiny officers are reminded on the same days as before a deadline and after it, until it is there or the plan \
                is agreed.".to_owned()),
            say("How often", self.limits()),
        ]
    }

    fn before(&self) -> String {
        let Some(when) = self.before_words() else {
            return "No reminder comes before a deadline.".to_owned();
        };
        format!(
            "{}. A day that is no working day moves to the next one; the deadline itself to the last working day on or before \
             it.",
            initial_capital(&when),
        )
    }

    fn after(&self) -> String {
        const STAYS: &str = "It stays overdue on every page";
        match self.overdue_mails {
            0 => format!("The lead is not mailed about what is overdue. {STAYS}."),
            1 => format!(
                "One mail, on the first working day. {STAYS}, and the lead is not mailed about it any more."
            ),
            mails => format!(
                "On the first working day, then, as long as nobody writes, on the first working day at least {} after the last \
                 mail that listed it, {mails} mails in all. {STAYS}, and after that the lead is not mailed about it any more.",
                plural(self.overdue_every_days, "day", "days"),
            ),
        }
    }

    fn quiet(&self) -> String {
        format!(
            "An update written after the deadline quiets the mail about what is overdue for {}, or until the next round opens. \
             A later date asked for quiets it until it is decided.",
            plural(self.quiet_days, "day", "days"),
        )
    }

    fn round(&self) -> String {
        let days: Vec<String> = [self.round_first_working_days, self.round_second_working_days]
            .into_iter()
            .flatten()
            .map(|days| plural(days, "working day", "working days"))
            .collect();
        let opened = "When it opens, every lead is asked for updates";
        match days.is_empty() {
            true => format!("{opened}. No reminder follows."),
            false => format!(
                "{opened}. Whoever has not written is reminded {} before updates are due.",
                text::list(&days),
            ),
        }
    }

    fn monday(&self, words: &Words) -> String {
        words.say(if self.monday_mail {
            "While a round is open, the plan’s manager and its scrutiny officers are told on the first working day of each \
             week how many updates are in, whose are awaited, and how long is left."
        } else {
            "The plan’s manager and its scrutiny officers are not told every week how an open round stands. The round’s page says it."
        })
    }

    fn escalation(&self, director: Option<&str>) -> String {
        const NEVER: &str = "Councillors are never mailed about it automatically.";
        let Some(escalation) = &self.escalation else {
            return format!("Nobody but the lead is mailed about it automatically. {NEVER}");
        };
        let working_days = |days| plural(days, "working day", "working days");
        let director = match director.filter(|_| escalation.director.is_some()) {
            Some(post) => format!("it stands in the weekly mail to {post} (the accountable director)"),
            None => "nobody else hears of it, as no accountable director’s post is named here".to_owned(),
        };
        format!(
            "From {} after the deadline it stands in a weekly mail to the manager, whether a round is open or not. After {} the \
             manager gets a mail about it, and the lead a copy. Where the manager is the lead, {director}. {NEVER}",
            working_days(escalation.listed_working_days),
            working_days(escalation.mailed_working_days),
        )
    }

    fn limits(&self) -> String {
        let but = match &self.escalation {
            Some(escalation) => format!(
                "mails about accounts, the mail about what is {} overdue, and what a person sends by pressing a button",
                plural(escalation.mailed_working_days, "working day", "working days"),
            ),
            None => "mails about accounts and what a person sends by pressing a button".to_owned(),
        };
        format!(
            "At most one mail to a person on a working day, and three in a week, between 8am and 4pm: what is overdue first, the \
             rest in the next. Not counted are {but}. Never an empty mail. Complete, merged and closed actions, and plans whose \
             monitoring has ended, bring none. Each person can choose one mail a week, term time only, or none."
        )
    }

    /// The days from which a deadline is reminded of: the first time, the second time, and on the day; none: it is not.
    pub fn days_before(&self, deadline: NaiveDate, calendar: &Calendar) -> [Option<NaiveDate>; 3] {
        let aim = calendar.last_working_day_on_or_before(deadline);
        let first = self.first_days.and_then(|days| deadline.checked_sub_days(Days::new(days.into())));
        [
            // While the council is closed, the next working day can be one after the deadline.
            first.map(|day| calendar.next_working_day_on_or_after(day).min(aim)),
            self.second_working_days.map(|days| calendar.subtract_working_days(aim, days as usize)),
            self.on_the_day.then_some(aim),
        ]
    }

    /// What it does to one deadline: "A deadline of 31 January 2018 brings reminders on 17, 26 and 31 January 2018..."
    pub fn example(&self, calendar: &Calendar, deadline: NaiveDate) -> String {
        let days: BTreeSet<NaiveDate> = self.days_before(deadline, calendar).into_iter().flatten().collect();
        let days: Vec<String> = days.into_iter().map(text::weekday_day).collect();
        let before = match days.is_empty() {
            true => "no reminder before it".to_owned(),
            false => format!("a reminder on {}", text::list(&days)),
        };
        let first = text::weekday_day(calendar.add_working_days(deadline, 1));
        let after = match self.overdue_mails {
            0 => "If nobody writes, no mail follows".to_owned(),
            1 => format!("If nobody writes, one mail follows on {first}"),
            mails => format!(
                "If nobody writes, {mails} mails follow, the first on {first} and each of the others at least {} after the one before",
                plural(self.overdue_every_days, "day", "days"),
            ),
        };
        format!("A deadline of {} brings {before}. {after}.", text::weekday_day(deadline))
    }

    /// Whether its figures are those of every new plan, whoever the accountable director is.
    pub fn has_default_figures(&self) -> bool {
        let escalation = self.escalation.clone().map(|e| Escalation { director: None, ..e });
        Self { escalation, ..self.clone() } == Self::default()
    }

    /// All that is not allowed about it: the form's field, and what to do in words that go on after the field's name.
    pub fn problems(&self) -> Vec<(&'static str, String)> {
        let outside = |field, number: Option<u32>, allowed: RangeInclusive<u32>| {
            let number = number.filter(|number| !allowed.contains(number));
            number.map(|_| (field, whole_number(&allowed)))
        };
        // A second reminder that comes before the first would be a first.
        let order = |field, first: Option<u32>, second: Option<u32>| {
            let (first, second) = first.zip(second)?;
            (second >= first).then(|| {
                let what = match first {
                    0 | 1 => "leave it empty, or enter more for the first reminder, as it comes after that"
                        .to_owned(),
                    first => format!("enter less than {first}, as it comes after the first reminder"),
                };
                (field, what)
            })
        };
        let escalation = self.escalation.as_ref();
        let (listed, mailed) =
            (escalation.map(|e| e.listed_working_days), escalation.map(|e| e.mailed_working_days));
        let later = listed.zip(mailed).filter(|(listed, mailed)| listed > mailed);
        [
            outside("first_days", self.first_days, DAYS),
            outside("second_working_days", self.second_working_days, WORKING_DAYS),
            order("second_working_days", self.first_days, self.second_working_days),
            outside("overdue_every_days", Some(self.overdue_every_days), DAYS),
            outside("overdue_mails", Some(self.overdue_mails), MAILS),
            outside("quiet_days", Some(self.quiet_days), DAYS),
            outside("round_first_working_days", self.round_first_working_days, WORKING_DAYS),
            outside("round_second_working_days", self.round_second_working_days, WORKING_DAYS),
            order("round_second_working_days", self.round_first_working_days, self.round_second_working_days),
            outside("listed_working_days", listed, WORKING_DAYS),
            outside("mailed_working_days", mailed, WORKING_DAYS),
            later.map(|(listed, _)| {
                (
                    "mailed_working_days",
                    format!("enter {listed} or more, as the manager reads of it in the weekly mail first"),
                )
            }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
