//! Writes the mails of a batch from today's facts, which are loaded once for all of them, after withdrawing what no longer
//! holds.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, Weekday};

use super::{Cx, Now, Tx};
use crate::{
    command::{
        CommandError,
        asking::{for_whom, item as wanted_item},
        round_link,
    },
    domain::{
        action::Action,
        asking::{self, Asked, Wanted},
        calendar::Calendar,
        id::{PersonId, PlanId, RoundId},
        message::MessageKind,
        plan::Record,
        post::{Lead, Person},
        preference::Frequency,
        reminder::{
            self, Cause, Rule,
            notice::{self, About, Kind, Notice},
            recipients, response, round,
            to::{Recipient, managers},
        },
        response::Awaited,
        round::Round,
        standing::{self, Standing},
        text,
        update::Update,
    },
    link::path,
    mail::{
        digest::{self, Digest, OfPlan, Part},
        escalation::{self, Escalation},
        message::Mailbox,
        round::facts,
    },
    store,
};

/// What a message says, and where an answer goes.
pub(in crate::command) struct Rendered {
    pub(in crate::command) subject: String,
    pub(in crate::command) plain: String,
    pub(in crate::command) html: String,
    pub(in crate::command) reply_to: Vec<Mailbox>,
    /// The plans that it is about: its threads.
    pub(in crate::command) plans: Vec<PlanId>,
    /// Who gets a copy, as the header names them.
    pub(in crate::command) copied: Vec<Mailbox>,
}

/// A message that is to be written.
#[derive(Clone, Copy, Debug)]
pub(in crate::command) struct Unwritten {
    pub(in crate::command) id: i64,
    pub(in crate::command) kind: MessageKind,
    pub(in crate::command) person: PersonId,
}

/// Everything that a batch is written from.
struct Batch<'a> {
    cx: &'a Cx,
    today: NaiveDate,
    calendar: Calendar,
    records: Vec<Record>,
    officers: Vec<response::Officer>,
}

/// The round's links in one message.
type Links = BTreeMap<RoundId, round_link::Link>;

/// What one message is about, as far as it still holds.
#[derive(Default)]
struct Holding<'a> {
    causes: Vec<Cause>,
    notices: Vec<Notice>,
    rounds: Vec<round::Holds<'a>>,
    responses: Vec<(response::Cause, Awaited)>,
}

/// Writes digests and escalations, in their order. `Err` within: nothing is left to say, and why.
pub(in crate::command) async fn all(
    cx: &Cx,
    tx: &Tx,
    messages: &[Unwritten],
    now: Now,
) -> Result<Vec<Result<Rendered, String>>, CommandError> {
    let ids: Vec<i64> = messages.iter().map(|message| message.id).collect();
    let batch = Batch {
        cx,
        today: now.today,
        calendar: cx.calendar(),
        records: store::due::of_messages(tx, &ids).await?,
        officers: store::person::scrutiny_officers(tx).await?,
    };
    let mut holding = batch.holding(tx, &ids).await?;
    let mut all = Vec::with_capacity(messages.len());
    for message in messages {
        if let Some(why) = batch.chosen_against(tx, message).await? {
            // It has told nothing: all of it comes again as soon as they choose otherwise.
            store::outbox::about::keep_plans(tx, message.id).await?;
            store::outbox::take_back_causes(tx, &[message.id]).await?;
            all.push(Err(format!("not sent: {why}")));
            continue;
        }
        let holding = holding.remove(&message.id).unwrap_or_default();
        let links = batch.links(tx, message.person, &holding, now).await?;
        let written = match message.kind {
            MessageKind::Escalation => batch.escalation(message.person, &holding),
            _ => batch.digest(message.person, &holding, &links),
        };
        all.push(written.ok_or_else(|| "nothing left to say: what it was about is settled".to_owned()));
    }
    Ok(all)
}

impl Batch<'_> {
    /// Why a digest does not go, by what its reader has chosen since it was queued.
    async fn chosen_against(
        &self,
        tx: &Tx,
        message: &Unwritten,
    ) -> Result<Option<&'static str>, CommandError> {
        let (person, today) = (message.person, self.today);
        let Some(preferences) = self.records.first().map(|record| &record.preferences) else {
            return Ok(None);
        };
        if message.kind != MessageKind::Reminder {
            return Ok(None);
        }
        let had_another = preferences.frequency(person) == Frequency::Weekly && {
            let monday = today.week(Weekday::Mon).first_day();
            store::outbox::log::has_digest_since(tx, person, monday, message.id).await?
        };
        Ok(reminder::chosen_against(preferences, person, today, &self.calendar, had_another))
    }

    /// What each message is still about; what no longer holds, or was put off, is withdrawn.
    async fn holding(&self, tx: &Tx, ids: &[i64]) -> Result<BTreeMap<i64, Holding<'_>>, CommandError> {
        let mut of: BTreeMap<i64, Holding<'_>> = BTreeMap::new();
        let (records, officers, calendar) = (&self.records, &self.officers, &self.calendar);
        for (message, cause) in store::outbox::causes_of(tx, ids).await? {
            if reminder::still_holds(records, &cause, self.today, calendar) && !self.is_put_off(&cause) {
                of.entry(message).or_default().causes.push(cause);
            } else {
                store::outbox::withdraw(tx, &cause).await?;
            }
        }
        for (message, cause) in store::outbox::response::causes(tx, ids).await? {
            match response::still_awaited(records, officers, &cause, self.today, calendar) {
                Some(awaited) => of.entry(message).or_default().responses.push((cause, awaited)),
                None => store::outbox::response::withdraw(tx, &cause).await?,
            }
        }
        for (message, cause) in store::outbox::round::causes(tx, ids).await? {
            match round::still_holds(records, officers, &cause, self.today, calendar) {
                Some(holds) => of.entry(message).or_default().rounds.push(holds),
                None => store::outbox::round::withdraw(tx, &cause).await?,
            }
        }
        for (message, notice) in store::notice::of_messages(tx, ids).await? {
            let record = self.record(notice.plan);
            if let Some(why) = record.and_then(|record| notice::overtaken(record, &notice, self.today)) {
                store::notice::settle(tx, notice.id, why).await?;
            } else if record.is_some_and(|record| notice::heirs(record, &notice, self.today).is_some()) {
                // It is handed on when the next mails are queued.
                store::notice::let_wait(tx, notice.id).await?;
            } else {
                of.entry(message).or_default().notices.push(notice);
            }
        }
        Ok(of)
    }

    /// The links of the rounds for which a message asks, or in which an update came by such a link that is returned.
    async fn links(
        &self,
        tx: &Tx,
        person: PersonId,
        holding: &Holding<'_>,
        now: Now,
    ) -> Result<Links, CommandError> {
        let due = holding.rounds.iter().filter_map(|holds| match holds {
            round::Holds::Due(of, _) => Some(of.id),
            round::Holds::Progress(..) => None,
        });
        let returned = holding.notices.iter().filter_map(|notice| {
            let update = self.update_of(notice)?;
            update.round.filter(|_| update.by_email_link && update.author == Some(person))
        });
        let rounds: BTreeSet<RoundId> = due.chain(returned).collect();
        let mut links = Links::new();
        for round in rounds {
            if let Some(link) = round_link::for_mail(self.cx, tx, round, person, now).await? {
                links.insert(round, link);
            }
        }
        Ok(links)
    }

    /// The update that was returned.
    fn update_of(&self, notice: &Notice) -> Option<&Update> {
        let About::Returned(id) = notice.about else { return None };
        let record = self.record(notice.plan)?;
        record.action(notice.action)?.updates.iter().find(|update| update.id == id)
    }

    fn record(&self, plan: PlanId) -> Option<&Record> {
        self.records.iter().find(|record| record.plan.id == plan)
    }

    fn is_put_off(&self, cause: &Cause) -> bool {
        let is_put_off = |(record, action): (&Record, &Action)| {
            let to = recipients(record, action, self.today);
            to.people.iter().any(|to| to.person.id == cause.person && to.put_off.is_some())
        };
        is_asked_of_them(cause) && self.find(cause).is_some_and(is_put_off)
    }

    fn find(&self, cause: &Cause) -> Option<(&Record, &Action)> {
        self.records.iter().find_map(|r| r.action(cause.action).map(|action| (r, action)))
    }

    /// The plans that a message is about, each once, with what its reader has to do with them.
    fn plans_of<'a>(&'a self, holding: &'a Holding<'a>) -> Vec<(&'a Record, Part)> {
        let of_causes = holding.causes.iter().filter_map(|cause| {
            let part = if is_asked_of_them(cause) { Part::Asked } else { Part::LooksAfter };
            self.find(cause).map(|(record, _)| (record, part))
        });
        let of_notices = holding.notices.iter().filter_map(|notice| {
            let part = if notice.kind == Kind::Refused { Part::LooksAfter } else { Part::Told };
            self.record(notice.plan).map(|record| (record, part))
        });
        let of_responses =
            holding.responses.iter().filter_map(|(c, _)| self.record(c.plan)).map(|r| (r, Part::Response));
        let of_rounds = holding.rounds.iter().flat_map(|holds| -> Vec<(&Record, Part)> {
            match holds {
                round::Holds::Due(_, asked) => {
                    asked.actions.iter().map(|w| (w.record, Part::Asked)).collect()
                }
                round::Holds::Progress(_, plans) => plans.iter().map(|r| (*r, Part::LooksAfter)).collect(),
            }
        });
        let mut plans: Vec<(&Record, Part)> = Vec::new();
        for (record, part) in of_causes.chain(of_notices).chain(of_responses).chain(of_rounds) {
            match plans.iter_mut().find(|(known, _)| known.plan.id == record.plan.id) {
                Some((_, most)) => *most = part.min(*most),
                None => plans.push((record, part)),
            }
        }
        plans
    }

    fn of_plan(&self, record: &Record, part: Part, person: PersonId) -> OfPlan {
        let asking = asking(record, self.today);
        // The next meeting that anybody knows of: it is why the panel asks.
        let meeting = record.rounds.iter().filter_map(|r| r.meeting_on).filter(|on| *on >= self.today).min();
        let meeting = meeting.map_or(String::new(), |on| format!(" on {}", text::day(on)));
        OfPlan {
            title: record.plan.title.clone(),
            part,
            manager: asking.words,
            own_list: asking.person.is_some_and(|manager| manager.id == person),
            panel: record.plan.panel.as_ref().map(|panel| format!("the {panel}{meeting}")),
            before: record.policy.before_words(),
            overdue_mails: record.policy.overdue_mails,
        }
    }

    /// Whoever gets an answer: the managers of the plans in which something is the reader's, else of all, each once.
    fn answered_by(&self, plans: &[(&Record, Part)]) -> Vec<Mailbox> {
        let is_theirs = plans.iter().any(|(_, part)| *part <= Part::Told);
        let mut managers: Vec<Mailbox> = Vec::new();
        for (record, _) in plans.iter().filter(|(_, part)| !is_theirs || *part <= Part::Told) {
            let manager = asking(record, self.today).person.map(mailbox);
            managers.extend(manager.filter(|manager| !managers.contains(manager)));
        }
        managers
    }

    fn digest(&self, person: PersonId, holding: &Holding<'_>, links: &Links) -> Option<Rendered> {
        let cx = self.cx;
        let plans = self.plans_of(holding);
        let (first, _) = plans.first()?;
        let (items, escalated): (Vec<&Cause>, Vec<&Cause>) =
            holding.causes.iter().partition(|cause| is_asked_of_them(cause));
        let (mut rounds, mut progress) = (Vec::new(), Vec::new());
        for holds in &holding.rounds {
            match holds {
                round::Holds::Due(of, asked) => rounds.push(self.due(of, asked, links.get(&of.id))),
                round::Holds::Progress(of, plans) => progress.push(digest::Progress {
                    standing: round::stand(plans, of, self.today, &self.calendar),
                    plans: plans.iter().map(|record| record.plan.title.clone()).collect(),
                    panel: plans.first().and_then(|first| for_whom(of, first)),
                    link: cx.links.full(&path::round(of.id)),
                }),
            }
        }
        let digest = Digest {
            council: cx.installation().council.clone(),
            plans: plans.iter().map(|(record, part)| self.of_plan(record, *part, person)).collect(),
            because: self.because(person, holding),
            weekly: first.preferences.frequency(person) == Frequency::Weekly,
            items: items.into_iter().filter_map(|cause| self.item(cause)).collect(),
            notices: holding.notices.iter().filter_map(|notice| self.notice(notice, links)).collect(),
            rounds,
            responses: holding.responses.iter().filter_map(|one| self.response(one)).collect(),
            progress,
            escalated: escalated.into_iter().filter_map(|cause| self.item(cause)).collect(),
            words: cx.words(),
            my_actions: cx.links.full(path::MY_ACTIONS),
            choices: cx.links.full(path::ACCOUNT_MAIL),
        };
        Some(Rendered {
            subject: digest::subject(&digest),
            plain: digest::plain(&digest),
            html: digest::html(&digest),
            reply_to: self.answered_by(&plans),
            plans: plans.iter().map(|(record, _)| record.plan.id).collect(),
            copied: Vec::new(),
        })
    }

    fn escalation(&self, person: PersonId, holding: &Holding<'_>) -> Option<Rendered> {
        let (record, _) = self.find(holding.causes.first()?)?;
        let managers = managers(record, self.today);
        let is_copy = managers.iter().all(|to| to.person.id != person);
        let manager = managers.first()?;
        let mut led = Vec::new();
        for cause in &holding.causes {
            let (Some((record, action)), Some(mut item)) = (self.find(cause), self.item(cause)) else {
                continue;
            };
            let leads = recipients(record, action, self.today);
            let leads = if leads.nobody.is_none() { leads.people } else { Vec::new() };
            if !is_copy && item.lead.is_none() {
                let names: Vec<&str> =
                    leads.iter().map(|lead| lead.post.unwrap_or(&lead.person.name)).collect();
                item.lead = Some(text::list(&names)).filter(|names| !names.is_empty());
            }
            led.push((item, leads));
        }
        let sets: BTreeSet<BTreeSet<PersonId>> =
            led.iter().map(|(_, leads)| leads.iter().map(|lead| lead.person.id).collect()).collect();
        let apart = sets.len() > 1;
        let mut names: Vec<&str> = Vec::new();
        let mut copied: Vec<&Person> = Vec::new();
        for Recipient { person, post, .. } in led.iter().flat_map(|(_, leads)| leads) {
            let name = post.unwrap_or(&person.name);
            names.extend(Some(name).filter(|name| !names.contains(name)));
            copied.extend(Some(*person).filter(|person| copied.iter().all(|known| known.id != person.id)));
        }
        let mail = Escalation {
            council: self.cx.installation().council.clone(),
            manager: asking(record, self.today).words,
            is_copy,
            copied: names.into_iter().map(str::to_owned).collect(),
            apart,
            plan: record.plan.title.clone(),
            working_days: record.policy.escalation.as_ref()?.mailed_working_days,
            items: led.into_iter().map(|(item, _)| item).collect(),
            reminders: self.cx.links.full(&path::plan_reminders(&record.plan.slug)),
        };
        Some(Rendered {
            subject: escalation::subject(&mail),
            plain: escalation::plain(&mail),
            html: escalation::html(&mail),
            reply_to: is_copy.then(|| mailbox(manager.person)).into_iter().collect(),
            plans: vec![record.plan.id],
            // Where their copies say less, an answer to all would give each what is not theirs.
            copied: copied.into_iter().filter(|_| !is_copy && !apart).map(mailbox).collect(),
        })
    }

    fn item(&self, cause: &Cause) -> Option<digest::Item> {
        let (record, action) = self.find(cause)?;
        let standing = standing::stand_one(record, action, self.today);
        let deadline = standing.deadline?;
        let latest = deadline.latest()?;
        let last_update = last_update_words(record, &standing);
        let to = recipients(record, action, self.today);
        let own = to.people.iter().find(|to| to.person.id == cause.person);
        let is_theirs = own.is_some() && !matches!(cause.rule, Rule::Listed);
        let jointly = asking::jointly(record, action, cause.person, self.today);
        let link = if is_theirs { path::new_update(action.id) } else { path::action(action.id) };
        let lead = Some(action.lead_wording.trim()).filter(|words| !words.is_empty());
        Some(digest::Item {
            label: action.label.clone(),
            title: action.title(),
            plan: record.plan.title.clone(),
            overdue: standing.overdue_days.is_some(),
            latest,
            reason: reminder::reason(cause.rule, latest, self.today, &self.calendar),
            by_when: deadline.wording.clone(),
            asked: standing.asked.map(|a| format!("{}, not decided", a.wording)),
            rating: record.plan.key.word(standing.reported),
            last_update,
            lead: lead.filter(|_| !is_theirs).map(str::to_owned),
            link: self.cx.links.full(&link),
            jointly: jointly.filter(|_| is_theirs),
            instead_of: own.and_then(|to| to.instead_of.clone()),
        })
    }

    fn notice(&self, notice: &Notice, links: &Links) -> Option<digest::Notice> {
        let record = self.record(notice.plan)?;
        let action = record.action(notice.action)?;
        let link = match notice.about {
            About::Question(id) => path::answer_question(id),
            About::Returned(_) => match self.update_of(notice).and_then(|update| update.supersedes) {
                Some(older) => path::correct_update(older),
                None => path::new_update(action.id),
            },
            About::Assigned(_) | About::Decision(_) | About::Date(_) => path::action(action.id),
            About::Refused(_) => path::REMINDERS.to_owned(),
        };
        // Who came by a round's link can come that way again.
        let of_round =
            self.update_of(notice).filter(|update| update.by_email_link).and_then(|update| update.round);
        let own = of_round.and_then(|round| links.get(&round)?.on(record, action, self.today));
        let lines = match notice.kind {
            Kind::Assigned => self.known(record, action, notice.person.id),
            _ => notice.lines.clone(),
        };
        Some(digest::Notice {
            kind: notice.kind,
            label: action.label.clone(),
            title: action.title(),
            plan: record.plan.title.clone(),
            sentence: notice.sentence.clone(),
            lines,
            link: own.unwrap_or_else(|| self.cx.links.full(&link)),
        })
    }

    /// What is known of an action that is new to somebody.
    fn known(&self, record: &Record, action: &Action, person: PersonId) -> Vec<String> {
        let new = Wanted { record, action, instead_of: None, put_off: None };
        let item = wanted_item(self.cx, &new, person, None, self.today);
        let overdue = item.overdue.as_deref().map(text::initial_capital);
        overdue.into_iter().chain(facts(&item)).collect()
    }

    fn due(&self, round: &Round, asked: &Asked<'_>, link: Option<&round_link::Link>) -> digest::Due {
        let due_on = round.updates_due_on.unwrap_or(self.today);
        let reason = match self.calendar.working_days_between(self.today, due_on) {
            0 => "due today".to_owned(),
            days => format!("due in {}", text::plural(days, "working day", "working days")),
        };
        let mut items: Vec<digest::Wanted> = Vec::new();
        for wanted in &asked.actions {
            let item = wanted_item(self.cx, wanted, asked.person.id, link, self.today);
            items.push(digest::Wanted { plan: wanted.record.plan.title.clone(), item });
        }
        items.sort_by_key(|wanted| wanted.item.overdue.is_none());
        let link = link.map(|link| link.address.clone());
        digest::Due { name: round.label.clone(), due_on, reason, items, link }
    }

    fn response(&self, (cause, awaited): &(response::Cause, Awaited)) -> Option<digest::Response> {
        let record = self.record(cause.plan)?;
        Some(digest::Response {
            plan: record.plan.title.clone(),
            overdue: cause.rule == Rule::Overdue,
            reason: reminder::reason(cause.rule, awaited.due_on, self.today, &self.calendar),
            awaited: *awaited,
            link: self.cx.links.full(&path::plan(&record.plan.slug)),
        })
    }

    /// "you hold the post MAP Coordinator", or what else makes this their mail.
    fn because(&self, person: PersonId, holding: &Holding<'_>) -> String {
        let mut posts: Vec<String> = Vec::new();
        let (mut in_person, mut as_officer, mut stands_in) = (false, false, false);
        let (mut manages, mut is_director) = (false, false);
        let mut add = |to: &[Recipient<'_>], looks_after: bool| {
            let Some(to) = to.iter().find(|to| to.person.id == person) else { return };
            match to.post {
                _ if to.stands_in => stands_in = true,
                // Whoever manages is asked where no lead can be.
                Some(_) if looks_after || to.instead_of.is_some() => manages = true,
                Some(post) if posts.iter().any(|known| known == post) => {}
                Some(post) => posts.push(post.to_owned()),
                None if looks_after => as_officer = true,
                None => in_person = true,
            }
        };
        let own = holding.causes.iter().filter(|cause| cause.rule != Rule::Listed);
        for (record, action) in own.filter_map(|cause| self.find(cause)) {
            add(&recipients(record, action, self.today).people, false);
        }
        for notice in &holding.notices {
            let Some(record) = self.record(notice.plan) else { continue };
            let Some(action) = record.action(notice.action) else { continue };
            if notice.kind == Kind::Refused {
                add(&managers(record, self.today), true);
                continue;
            }
            // Whoever leads it is told though somebody else is asked.
            let mut people = recipients(record, action, self.today).people;
            people.extend(leads(record, action, person, self.today));
            add(&people, false);
        }
        let mut looked_after: Vec<&Record> =
            holding.responses.iter().filter_map(|(c, _)| self.record(c.plan)).collect();
        for holds in &holding.rounds {
            match holds {
                round::Holds::Due(_, asked) => {
                    let wanted = asked.actions.iter();
                    wanted.for_each(|w| add(&recipients(w.record, w.action, self.today).people, false));
                }
                round::Holds::Progress(_, plans) => looked_after.extend(plans),
            }
        }
        looked_after
            .into_iter()
            .for_each(|record| add(&response::recipients(record, &self.officers, self.today), true));
        let listed = holding.causes.iter().filter(|cause| cause.rule == Rule::Listed);
        for (record, _) in listed.filter_map(|cause| self.find(cause)) {
            let managers = managers(record, self.today);
            is_director |= managers.iter().all(|to| to.person.id != person);
            add(&managers, true);
        }
        let mut reasons = Vec::new();
        if !posts.is_empty() {
            reasons.push(format!("you hold the post {}", text::list(&posts)));
        } else if in_person {
            reasons.push("these actions name you as their lead".to_owned());
        }
        if stands_in {
            reasons.push("you stand in for somebody who is away".to_owned());
        }
        if manages {
            reasons.push("you manage the plan".to_owned());
        }
        if as_officer {
            reasons.push("you are a scrutiny officer of the plan".to_owned());
        }
        if is_director {
            reasons.push("you are the accountable director of the plan".to_owned());
        }
        if reasons.is_empty() {
            // Where no manager can be told of an address, whoever administers is.
            let of_address = holding.notices.iter().any(|notice| notice.kind == Kind::Refused);
            let why = if of_address { "you are an administrator" } else { "you write for these actions" };
            reasons.push(why.to_owned());
        }
        text::list(&reasons)
    }
}

/// Somebody as each lead of an action that they are on a day, whoever is asked for it.
fn leads<'a>(
    record: &'a Record,
    action: &'a Action,
    person: PersonId,
    day: NaiveDate,
) -> impl Iterator<Item = Recipient<'a>> {
    let of = move |lead: &'a Lead| match lead {
        Lead::Post { post, .. } => {
            let post = record.post(*post)?;
            Some((post.holders(day).find(|holder| holder.id == person)?, Some(post.name.as_str())))
        }
        Lead::Person(lead) => (lead.id == person).then_some((lead, None)),
        Lead::OutsideBody(_) => None,
    };
    let as_lead =
        |(person, post)| Recipient { person, post, instead_of: None, stands_in: false, put_off: None };
    action.leads.iter().filter_map(of).map(as_lead)
}

/// Whether somebody is asked for something themselves, and not told of what others leave overdue.
fn is_asked_of_them(cause: &Cause) -> bool {
    !matches!(cause.rule, Rule::Listed | Rule::Escalated)
}

/// Who asks in a plan's name.
pub(in crate::command) struct Asking<'a> {
    /// By name and post: "Jane Smith, Risk and Resilience Manager".
    pub(in crate::command) words: String,
    /// To whom an answer goes; none: nobody can be mailed.
    pub(in crate::command) person: Option<&'a Person>,
}

/// Who asks in a plan's name on a day.
pub(in crate::command) fn asking(record: &Record, today: NaiveDate) -> Asking<'_> {
    let person = managers(record, today).first().map(|to| to.person);
    let post = record.post(record.plan.manager).map_or("The plan’s manager", |post| post.name.as_str());
    let words = match person {
        Some(person) if person.name != post => format!("{}, {post}", person.name),
        _ => post.to_owned(),
    };
    Asking { words, person }
}

pub(in crate::command) fn mailbox(person: &Person) -> Mailbox {
    Mailbox { name: person.name.clone(), address: person.email.clone() }
}

/// When the last update came: "7 December 2017", "in the round Sept 2017"; none: there is none.
pub(in crate::command) fn last_update_words(record: &Record, standing: &Standing<'_>) -> Option<String> {
    standing.latest.map(|u| match (u.written_on, u.round.and_then(|id| record.round(id))) {
        (Some(day), _) => text::day(day),
        (None, Some(round)) => format!("in the round {}", round.label),
        (None, None) => text::day(u.known_from),
    })
}
