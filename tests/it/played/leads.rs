//! The same year with leads who write, a manager who looks after the plan, and a panel that decides.

use scrutiny_tracker::{
    command::{self, deadline, decision, person::PersonDraft, preference, question, round},
    domain::{
        access::Actor,
        agenda::Put,
        deadline::Span,
        decision::Outcome,
        id::{PlanId, QuestionId, RoundId},
        meeting::Dates,
        message::MessageState,
        policy::Escalation,
        preference::{Away, Frequency, StandIn},
        rating::Rating,
        round::RoundDraft,
    },
    store,
};

use super::{assert_table, in_state, play_until, sent, write};
use crate::{
    steps::{change_plan, publish, work},
    support::{
        COMMUNICATIONS_MANAGER, EDUCATION_LEAD, GOVERNORS_MANAGER, LSCB_MANAGER, MANAGER, MAP_COORDINATOR,
        PANEL_MEMBER, SCRUTINY_OFFICER, Site, day, each_database,
    },
};

/// Date, to whom, about what; and between the mails what people did, in the words of the test. It begins on 7 December 2017: what
/// leads wrote before stands in the seed, without the days on which they did.
const TABLE: &str = include_str!("year-leads-write.tsv");

/// A year as it is played: what was done, each with the number of mails that had gone out before.
struct Year<'a> {
    site: &'a Site,
    done: Vec<(usize, String)>,
}

impl Year<'_> {
    /// Lets the worker run up to the morning of a day. What then is done comes after that morning's mail.
    async fn on(&mut self, on: &str, done: &str) {
        // Boxed, for a test that calls this often has them all on its stack.
        Box::pin(play_until(self.site, on)).await;
        let before = in_state(self.site, MessageState::Handed).await.len();
        self.done.push((before, format!("{on}\t*\t{done}")));
    }

    /// What was sent and what was done, in its order.
    async fn table(&self) -> Vec<String> {
        let mut all = sent(self.site).await;
        self.done.iter().rev().for_each(|(before, done)| all.insert(*before, done.clone()));
        all
    }
}

/// A round over Appendix B, opened.
async fn open(site: &Site, plan: PlanId, label: &str, due: &str, meeting: &str) -> RoundId {
    let draft = RoundDraft {
        label: label.to_owned(),
        span: Span::day(day(meeting)),
        updates_due_on: Some(day(due)),
        meeting_on: Some(day(meeting)),
        meeting_of: None,
    };
    let officer = site.actor(SCRUTINY_OFFICER).await;
    let round = round::create(&site.cx, &officer, &draft, &[plan]).await.unwrap();
    round::open(&site.cx, &officer, round, &[]).await.unwrap();
    round
}

async fn ask_for_date(site: &Site, label: &str, by: &str, wording: &str) {
    let actor = site.actor(by).await;
    let action = site.action(label).await;
    deadline::ask(&site.cx, &actor, action, wording, "The partners meet later").await.unwrap();
}

/// What the panel says at its meeting to the date that is asked for, or to the completion, of some actions.
async fn decide(site: &Site, meeting: &str, said: &[(&str, Outcome)]) {
    let panel = site.record().await.plan.panel_id.unwrap();
    let tx = site.cx.store.begin().await.unwrap();
    let id = store::meeting::meeting_on(&tx, panel, day(meeting), Dates::default()).await.unwrap();
    tx.commit().await.unwrap();
    let mut decisions = decision::Decisions { text: "That it be so.".to_owned(), ..Default::default() };
    for (label, outcome) in said {
        let action = site.whole_action(label).await;
        let put = match action.asked_at(site.today()) {
            Some(asked) => Put::Extension(action.id, asked.id),
            None => Put::Completion(action.id, action.states.last().unwrap().id.unwrap()),
        };
        let reason = (*outcome != Outcome::Agreed).then(|| "It was promised earlier.".to_owned());
        decisions.said.push(decision::Said { put, outcome: *outcome, reason });
    }
    decision::record(&site.cx, &site.actor(SCRUTINY_OFFICER).await, id, &decisions).await.unwrap();
}

async fn pass_on_question(site: &Site, label: &str) -> QuestionId {
    let (member, action) = (site.actor(PANEL_MEMBER).await, site.action(label).await);
    let drafted =
        question::draft(&site.cx, &member, action, "How many schools are there?", None).await.unwrap();
    let question::Drafted::New(id) = drafted else { panic!("{drafted:?}") };
    question::pass_on(&site.cx, &site.actor(SCRUTINY_OFFICER).await, id, 1).await.unwrap();
    id
}

/// Adds the post of a director with its holder, and lets it hear of what stays overdue where the manager leads it.
async fn escalate(site: &Site) {
    let program = Actor::program("test");
    let draft = PersonDraft {
        name: "Accountable Director".to_owned(),
        email: "accountable-director@example.org".to_owned(),
        grants: Vec::new(),
    };
    let person = command::person::create(&site.cx, &program, &draft).await.unwrap();
    let post = command::post::create(&site.cx, &program, "Accountable Director", None).await.unwrap();
    command::post::holding::hand_over(&site.cx, &program, post, Some(person), site.today()).await.unwrap();
    let record = site.record().await;
    let mut policy = record.policy.clone();
    policy.escalation = Some(Escalation { director: Some(post), ..Escalation::default() });
    let version = store::policy::version(&site.cx.store, record.plan.id).await.unwrap();
    let manager = site.actor(MANAGER).await;
    command::policy::save(&site.cx, &manager, record.plan.id, version, &policy).await.unwrap();
}

#[tokio::test]
async fn a_year_with_leads_who_write_a_manager_who_manages_and_a_panel_that_decides() {
    each_database(async |site| {
        let plan = site.record().await.plan.id;
        work(&site).await;
        let mut year = Year { site: &site, done: Vec::new() };

        // After its deadline: quiet for 28 days, or until a round opens.
        year.on("2017-12-08", "Education Safeguarding Lead writes on D: at risk").await;
        write(&site, "D", EDUCATION_LEAD, Rating::AtRisk).await;
        // Complete: no mail any more.
        year.on("2017-12-18", "Risk and Resilience Manager writes on Avii: complete").await;
        write(&site, "Avii", MANAGER, Rating::Complete).await;
        year.on("2018-01-08", "From now on the manager looks at updates first").await;
        change_plan(&site, |plan| plan.manager_looks_first = true).await;
        year.on("2018-01-15", "Scrutiny Officer opens the round for 19 February: updates due on 29 January").await;
        let february = open(&site, plan, "19 Feb 2018", "2018-01-29", "2018-02-19").await;
        year.on("2018-01-16", "LSCB Manager chooses one mail a week").await;
        let lscb = site.actor(LSCB_MANAGER).await;
        preference::choose(&site.cx, &lscb, 0, Frequency::Weekly, false).await.unwrap();
        // In time: neither reminded for the round nor of the deadline, for as long as it is quiet.
        year.on("2018-01-23", "Education Safeguarding Lead writes on Aiii: off track").await;
        write(&site, "Aiii", EDUCATION_LEAD, Rating::OffTrack).await;
        // Asked for: the reminders before the deadline go on, nothing comes after it.
        year.on("2018-01-24", "Risk and Resilience Manager asks for April 2018 on Aviii").await;
        ask_for_date(&site, "Aviii", MANAGER, "April 2018").await;
        year.on("2018-01-30", "Scrutiny Officer passes a question on D on").await;
        let question = pass_on_question(&site, "D").await;
        year.on("2018-02-01", "Education Safeguarding Lead answers the question").await;
        let lead = site.actor(EDUCATION_LEAD).await;
        question::answer(&site.cx, &lead, question, 2, "There are 35.").await.unwrap();
        year.on("2018-02-05", "Risk and Resilience Manager writes on Ei: complete; on F: on track").await;
        write(&site, "Ei", MANAGER, Rating::Complete).await;
        write(&site, "F", MANAGER, Rating::OnTrack).await;
        year.on("2018-02-06", "Education Safeguarding Lead writes on D: at risk").await;
        let update = write(&site, "D", EDUCATION_LEAD, Rating::AtRisk).await;
        // It counts as not received: they are asked again.
        year.on("2018-02-07", "Risk and Resilience Manager returns the update on D").await;
        let manager = site.actor(MANAGER).await;
        command::update::review::give_back(&site.cx, &manager, update, "Which schools?").await.unwrap();
        // Late, while the round is still open.
        year.on("2018-02-12", "Governor's Service Manager writes on G, late: on track").await;
        write(&site, "G", GOVERNORS_MANAGER, Rating::OnTrack).await;
        year.on("2018-02-13", "Education Safeguarding Lead writes on D again").await;
        write(&site, "D", EDUCATION_LEAD, Rating::AtRisk).await;
        year.on("2018-02-14", "Scrutiny Officer closes and publishes the round").await;
        publish(&site, february).await;
        let decided = "The panel met yesterday: April 2018 for Aviii granted, March 2018 for K refused, Ei agreed complete";
        year.on("2018-02-20", decided).await;
        let said = [("Aviii", Outcome::Agreed), ("K", Outcome::NotAgreed), ("Ei", Outcome::Agreed)];
        decide(&site, "2018-02-19", &said).await;
        // J, I-ii and F are due on the 28th.
        year.on("2018-02-26", "Risk and Resilience Manager puts J off for a week").await;
        preference::snooze(&site.cx, &manager, site.action("J").await, "The figures come on 6 March").await.unwrap();
        year.on("2018-03-09", "LSCB Manager is away from 12 to 23 March; MAP Coordinator stands in").await;
        let deputy = site.person(MAP_COORDINATOR).await;
        let deputy = store::person::by_id(&site.cx.store, deputy).await.unwrap().unwrap().person;
        let away = Away {
            from: day("2018-03-12"),
            until: day("2018-03-23"),
            stand_in: StandIn::Deputy(deputy),
        };
        preference::add_away(&site.cx, &lscb, lscb.person.unwrap(), &away).await.unwrap();
        year.on("2018-03-14", "Risk and Resilience Manager writes on I-ii: complete").await;
        write(&site, "I-ii", MANAGER, Rating::Complete).await;
        // 1 April is Easter Sunday.
        year.on("2018-04-01", "Risk and Resilience Manager lets others hear of what stays overdue").await;
        escalate(&site).await;
        year.on("2018-04-18", "LSCB Manager writes on G: complete").await;
        let update = write(&site, "G", LSCB_MANAGER, Rating::Complete).await;
        year.on("2018-04-19", "Risk and Resilience Manager accepts it").await;
        command::update::review::accept(&site.cx, &manager, update).await.unwrap();
        // What the old holder had is counted anew for the new one.
        year.on("2018-05-10", "The post Education Safeguarding Lead goes to the Communications Manager from 14 May").await;
        let record = site.record().await;
        let post = record.posts.iter().find(|post| post.name == "Education Safeguarding Lead").unwrap().id;
        let successor = site.person(COMMUNICATIONS_MANAGER).await;
        command::post::holding::hand_over(&site.cx, &manager, post, Some(successor), day("2018-05-14"))
            .await
            .unwrap();
        year.on("2018-05-29", "Scrutiny Officer opens the round for 25 June: updates due on 15 June").await;
        let june = open(&site, plan, "25 June 2018", "2018-06-15", "2018-06-25").await;
        year.on("2018-06-06", "Communications Manager writes on D: complete").await;
        let update = write(&site, "D", COMMUNICATIONS_MANAGER, Rating::Complete).await;
        year.on("2018-06-07", "Risk and Resilience Manager accepts it").await;
        command::update::review::accept(&site.cx, &manager, update).await.unwrap();
        year.on("2018-06-11", "Risk and Resilience Manager writes on F, J and K: complete, and on Aviii: at risk").await;
        for label in ["F", "J", "K"] {
            write(&site, label, MANAGER, Rating::Complete).await;
        }
        write(&site, "Aviii", MANAGER, Rating::AtRisk).await;
        year.on("2018-06-18", "Scrutiny Officer closes and publishes the round; nobody wrote on Aiii").await;
        publish(&site, june).await;
        year.on("2018-06-26", "The panel met yesterday: D agreed complete, F not agreed").await;
        decide(&site, "2018-06-25", &[("D", Outcome::Agreed), ("F", Outcome::NotAgreed)]).await;
        play_until(&site, "2018-08-31").await;

        assert_table("year-leads-write.tsv", &year.table().await, TABLE);
    })
    .await;
}
