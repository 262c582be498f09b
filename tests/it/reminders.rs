//! Reminders: the twenty mails of Appendix B, and what makes them stop, wait and begin again.

use std::time::Duration;

use chrono::NaiveDate;
use scrutiny_tracker::{
    cli,
    command::{
        Cx, action, deadline, demonstration,
        outbox::{self, Step},
        person, plan, post, preference, reminder, update,
    },
    domain::{
        access::Actor,
        action::Decider,
        id::RevisionId,
        message::{MessageKind, MessageState},
        plan::PlanDraft,
        preference::{Away, Frequency, StandIn},
        rating::Rating,
        reminder::Rule,
        update::UpdateDraft,
    },
    mail::{
        reading,
        transport::{Session, Transport},
    },
    store::{self, outbox::Message},
    worker::Worker,
};
use sea_orm::{ConnectionTrait, Database};
use tokio::{sync::watch, task::JoinSet};

use crate::{
    smtp_server::SmtpServer,
    steps::{add_led_action, draft_of, open_round, second_plan, work},
    support::{
        ADMINISTRATOR, COMMUNICATIONS_MANAGER, EDUCATION_LEAD, LSCB_MANAGER, MANAGER, SCRUTINY_OFFICER, Site,
        day, each_database,
    },
};

/// Date, post, references with reasons: as the command prints them.
const TABLE: &str = include_str!("reminders/appendix-b.tsv");

/// Every message that was handed over, oldest first.
async fn handed(site: &Site) -> Vec<Message> {
    let mut all = store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 1_000)
        .await
        .expect("the outbox");
    all.retain(|m| m.state == MessageState::Handed);
    all.reverse();
    all
}

/// What a message is about: "Aiii overdue".
async fn causes(site: &Site, message: &Message) -> Vec<String> {
    let record = site.record().await;
    let causes = store::outbox::causes(&site.cx.store, message.id).await.expect("the causes");
    causes.iter().map(|c| format!("{} {}", record.label(c.action), c.rule.code())).collect()
}

/// What one person was mailed about on the office day.
async fn mailed_today(site: &Site, email: &str) -> Vec<String> {
    let mut about = Vec::new();
    for message in handed(site).await {
        if message.to_address == email && message.office_day == site.today() {
            about.extend(causes(site, &message).await);
        }
    }
    about
}

/// Goes to a day and lets the worker run.
async fn go_and_work(site: &Site, on: &str) {
    site.go_to(day(on));
    work(site).await;
}

async fn write(site: &Site, label: &str, by: &str, reported: Rating) {
    let actor = site.actor(by).await;
    let mut draft = UpdateDraft::of("Work has gone on.");
    draft.reported = reported;
    update::add(&site.cx, &actor, site.action(label).await, &draft, None).await.expect("the update is added");
}

async fn asked(site: &Site, label: &str) -> RevisionId {
    site.whole_action(label).await.asked_at(site.today()).expect("a date is asked for").id
}

async fn grant(site: &Site, label: &str, on: NaiveDate) {
    let verdict = deadline::Verdict {
        granted: true,
        on,
        decider: Decider::Panel,
        by: "Community Safety and Leisure Scrutiny Panel".to_owned(),
        reason: None,
    };
    deadline::decide(&site.cx, &site.actor(SCRUTINY_OFFICER).await, asked(site, label).await, &verdict)
        .await
        .expect("the date is granted");
}

#[tokio::test]
async fn playing_december_to_march_gives_the_twenty_mails() {
    each_database(async |site| {
        let mails =
            reminder::Ahead::of_all(&site.cx).await.unwrap().between(day("2017-12-07"), day("2018-03-01"));
        let lines: String = mails.iter().map(|(day, digest)| cli::play_line(*day, digest) + "\n").collect();
        assert_eq!(lines, TABLE);
        assert_eq!(mails.len(), 20);
    })
    .await;
}

#[tokio::test]
async fn the_worker_sends_the_same_twenty_mails_day_by_day() {
    each_database(async |site| {
        work(&site).await;
        while site.today() < day("2018-03-01") {
            demonstration::next_day(&site.cx).await.unwrap();
            work(&site).await;
        }
        assert_eq!(sent_lines(&site).await, expected_lines());
    })
    .await;
}

/// Everything that was handed over: day, post, labels.
async fn sent_lines(site: &Site) -> Vec<String> {
    let mut lines = Vec::new();
    for message in handed(site).await {
        let about = causes(site, &message).await;
        let labels: Vec<&str> = about.iter().filter_map(|c| c.split(' ').next()).collect();
        lines.push(format!("{}\t{}\t{}", message.office_day, message.to_name, labels.join("; ")));
    }
    lines
}

/// The same of [`TABLE`].
fn expected_lines() -> Vec<String> {
    let line = |line: &str| {
        let mut parts = line.split('\t');
        let (day, post, items) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        let labels: Vec<&str> = items.split("; ").filter_map(|i| i.split(' ').next()).collect();
        format!("{day}\t{post}\t{}", labels.join("; "))
    };
    TABLE.lines().map(line).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_send_each_of_the_twenty_mails_once_to_a_mail_server() {
    each_database(async |site| {
        let db = Database::connect(&site.url).await.unwrap();
        let reachable = "UPDATE person SET email = replace(email, '@example.org', '@tracker.internal')";
        db.execute_unprepared(reachable).await.unwrap();
        let server = SmtpServer::start().await;
        let mut workers = Vec::new();
        for _ in 0..2 {
            let cx = Cx { store: store::Store::open(&site.url).await.unwrap(), ..site.cx.clone() };
            let stop = watch::channel(false).1;
            workers.push(Worker::new(cx, crate::outbox::smtp(&server), Duration::ZERO, stop));
        }
        loop {
            let mut ticks = JoinSet::new();
            for mut worker in workers.drain(..) {
                ticks.spawn(async move {
                    worker.tick().await.unwrap();
                    worker
                });
            }
            workers = ticks.join_all().await;
            if site.today() >= day("2018-03-01") {
                break;
            }
            demonstration::next_day(&site.cx).await.unwrap();
        }
        assert_eq!(sent_lines(&site).await, expected_lines());
        let mut ids: Vec<String> = server.received().into_iter().map(|r| r.message_id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((ids.len(), server.received().len()), (20, 20));
    })
    .await;
}

#[tokio::test]
async fn mail_that_could_not_go_out_for_a_week_is_one_mail_to_each_person() {
    each_database(async |site| {
        // Queued, and the mail server is out of reach until the next is due.
        assert_eq!(reminder::queue_today(&site.cx).await.unwrap(), 2);
        go_and_work(&site, "2017-12-14").await;
        let addresses: Vec<String> = handed(&site).await.into_iter().map(|m| m.to_address).collect();
        assert_eq!(addresses, [EDUCATION_LEAD, MANAGER]);
        assert_eq!(mailed_today(&site, EDUCATION_LEAD).await, ["Aiii overdue", "D overdue"]);
        // What never went out is none of the five.
        for on in ["2017-12-21", "2017-12-28", "2018-01-04", "2018-01-11"] {
            go_and_work(&site, on).await;
            assert_eq!(mailed_today(&site, EDUCATION_LEAD).await.len(), 2, "{on}");
        }
        go_and_work(&site, "2018-01-18").await;
        assert!(mailed_today(&site, EDUCATION_LEAD).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_weekly_mail_that_could_not_go_out_on_monday_goes_on_the_first_day_on_which_it_can() {
    each_database(async |site| {
        let lead = site.actor(EDUCATION_LEAD).await;
        preference::choose(&site.cx, &lead, 0, Frequency::Weekly, false).await.unwrap();
        // The mail server is out of reach on Monday and Tuesday.
        for on in ["2017-12-11", "2017-12-12"] {
            site.go_to(day(on));
            assert_eq!(reminder::queue_today(&site.cx).await.unwrap(), 2, "{on}");
        }
        for (on, mailed) in [("2017-12-13", 2), ("2017-12-14", 0), ("2017-12-18", 2)] {
            go_and_work(&site, on).await;
            assert_eq!(mailed_today(&site, EDUCATION_LEAD).await.len(), mailed, "{on}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_second_run_on_the_same_day_adds_nothing() {
    each_database(async |site| {
        assert_eq!(work(&site).await, 2);
        assert_eq!(work(&site).await, 0);
        assert_eq!(handed(&site).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn two_workers_at_once_send_each_mail_once() {
    each_database(async |site| {
        let mut other = site.cx.clone();
        other.store = store::Store::open(&site.url).await.unwrap();
        let stop = watch::channel(false).1;
        let mut a = Worker::new(site.cx.clone(), Transport::Kept, Duration::ZERO, stop.clone());
        let mut b = Worker::new(other, Transport::Kept, Duration::ZERO, stop);
        let (a, b) = tokio::join!(a.tick(), b.tick());
        let (a, b) = (a.unwrap(), b.unwrap());
        assert_eq!(a.queued + b.queued, 2);
        assert_eq!(a.dealt_with + b.dealt_with, 2);
        assert_eq!(handed(&site).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn days_that_were_missed_are_caught_up_in_one_mail() {
    each_database(async |site| {
        // Nothing ran from the start until the day on which Aviii and K are due.
        go_and_work(&site, "2018-01-31").await;
        let mails = handed(&site).await;
        assert_eq!(mails.len(), 2, "one for each person");
        assert_eq!(
            mailed_today(&site, MANAGER).await,
            ["Avii overdue", "Aviii today", "K today"],
            "the reminders before that day are not made up for, and the overdue mails that were missed count as one"
        );
    })
    .await;
}

#[tokio::test]
async fn nothing_goes_out_at_weekends_on_bank_holidays_or_outside_office_hours() {
    let site = Site::appendix_b().await;
    for closed in ["2017-12-09", "2017-12-25", "2017-12-26"] {
        go_and_work(&site, closed).await;
    }
    for hour in [0, 7, 16, 23] {
        site.cx.clock.move_office_to(day("2017-12-08").and_hms_opt(hour, 0, 0).unwrap());
        work(&site).await;
    }
    assert!(handed(&site).await.is_empty());
    site.cx.clock.move_office_to(day("2017-12-08").and_hms_opt(8, 0, 0).unwrap());
    work(&site).await;
    assert_eq!(handed(&site).await.len(), 2);
}

#[tokio::test]
async fn an_update_that_says_complete_stops_the_mail() {
    each_database(async |site| {
        work(&site).await;
        write(&site, "Aiii", EDUCATION_LEAD, Rating::Complete).await;
        go_and_work(&site, "2017-12-14").await;
        assert_eq!(mailed_today(&site, EDUCATION_LEAD).await, ["D overdue"]);
    })
    .await;
}

#[tokio::test]
async fn a_merge_stops_the_mail() {
    let site = Site::appendix_b().await;
    work(&site).await;
    let manager = site.actor(MANAGER).await;
    let (d, g) = (site.action("D").await, site.action("G").await);
    action::merge(&site.cx, &manager, d, g, "one piece of work").await.unwrap();
    go_and_work(&site, "2017-12-14").await;
    assert_eq!(mailed_today(&site, EDUCATION_LEAD).await, ["Aiii overdue"]);
}

#[tokio::test]
async fn an_update_after_the_deadline_quiets_its_mail_for_28_days() {
    each_database(async |site| {
        work(&site).await;
        write(&site, "D", EDUCATION_LEAD, Rating::AtRisk).await;
        go_and_work(&site, "2017-12-14").await;
        assert_eq!(mailed_today(&site, EDUCATION_LEAD).await, ["Aiii overdue"], "D is quiet");
        // Written on 7 December: quiet up to and with 4 January.
        go_and_work(&site, "2018-01-04").await;
        assert_eq!(mailed_today(&site, EDUCATION_LEAD).await, ["Aiii overdue"]);
        go_and_work(&site, "2018-01-05").await;
        assert_eq!(mailed_today(&site, EDUCATION_LEAD).await, ["Aiii overdue", "D overdue"]);
    })
    .await;
}

#[tokio::test]
async fn a_later_date_asked_for_quiets_the_overdue_mail_until_it_is_decided_and_a_granted_one_begins_anew() {
    each_database(async |site| {
        work(&site).await;
        let lead = site.actor(EDUCATION_LEAD).await;
        let d = site.action("D").await;
        deadline::ask(&site.cx, &lead, d, "31 January 2018", "The forum meets in January").await.unwrap();
        go_and_work(&site, "2017-12-14").await;
        assert_eq!(
            mailed_today(&site, EDUCATION_LEAD).await,
            ["Aiii overdue"],
            "quiet while it is not decided"
        );
        grant(&site, "D", site.today()).await;
        go_and_work(&site, "2018-01-17").await;
        assert_eq!(
            mailed_today(&site, EDUCATION_LEAD).await,
            ["Aiii overdue", "D first"],
            "the granted date has reminders of its own"
        );
    })
    .await;
}

#[tokio::test]
async fn mail_goes_to_whoever_holds_the_post_on_that_day() {
    let site = Site::appendix_b().await;
    work(&site).await;
    let manager = site.actor(MANAGER).await;
    let post = site.record().await.posts.iter().find(|p| p.name == "Education Safeguarding Lead").unwrap().id;
    let successor = site.person(LSCB_MANAGER).await;
    post::holding::hand_over(&site.cx, &manager, post, Some(successor), day("2017-12-14")).await.unwrap();
    go_and_work(&site, "2017-12-13").await;
    go_and_work(&site, "2017-12-14").await;
    assert_eq!(mailed_today(&site, EDUCATION_LEAD).await, [""; 0]);
    assert_eq!(mailed_today(&site, LSCB_MANAGER).await, ["Aiii overdue", "D overdue"]);
}

#[tokio::test]
async fn what_is_new_is_said_with_what_is_known_of_it_to_its_lead_once_they_are_back() {
    let site = Site::appendix_b().await;
    work(&site).await;
    let manager = site.actor(MANAGER).await;
    let post = site.record().await.posts.iter().find(|p| p.name == "Education Safeguarding Lead").unwrap().id;
    let successor = site.person(LSCB_MANAGER).await;
    post::holding::hand_over(&site.cx, &manager, post, Some(successor), day("2017-12-08")).await.unwrap();
    let away = Away { from: day("2017-12-08"), until: day("2017-12-20"), stand_in: StandIn::Manager };
    preference::add_away(&site.cx, &site.actor(LSCB_MANAGER).await, successor, &away).await.unwrap();
    let told = async |on: &str| {
        go_and_work(&site, on).await;
        let mails = site.mailed(LSCB_MANAGER).await;
        mails.into_iter().map(|(_, plain)| plain).find(|plain| plain.contains("NEW TO YOU"))
    };
    assert_eq!(told("2017-12-08").await, None);
    let plain = told("2017-12-21").await.expect("it is told");
    for says in [
        "  Overdue by 82 days\n  By when: Sept 2017\n  Rating: Not recorded\n  Last update: in the round 7 Dec 2017\n",
        " You can also reply to this email; Risk and Resilience Manager will enter it for you.\n",
        "\nYou get this email because you hold the post Education Safeguarding Lead. ",
    ] {
        assert!(plain.contains(says), "{says}: {plain}");
    }
}

#[tokio::test]
async fn where_nobody_can_be_reached_the_manager_is_asked_with_the_reason() {
    let site = Site::appendix_b().await;
    let manager = site.actor(MANAGER).await;
    let post = site.record().await.posts.iter().find(|p| p.name == "Education Safeguarding Lead").unwrap().id;
    post::holding::hand_over(&site.cx, &manager, post, None, day("2017-12-07")).await.unwrap();
    work(&site).await;
    assert_eq!(mailed_today(&site, MANAGER).await, ["Aiii overdue", "Avii overdue", "D overdue"]);
    let mail = handed(&site).await.remove(0);
    let letter = reading::read(mail.mime.unwrap().as_bytes()).unwrap();
    assert!(letter.plain.contains("nobody holds Education Safeguarding Lead"), "{}", letter.plain);
}

#[tokio::test]
async fn a_mail_says_for_which_meeting_the_panel_asks() {
    let site = Site::appendix_b().await;
    open_round(&site, "19 Feb 2018").await;
    // The mail of the round goes first, and a week later the first reminder.
    work(&site).await;
    go_and_work(&site, "2017-12-14").await;
    let sent = handed(&site).await;
    let reminder = |m: &&Message| m.kind == MessageKind::Reminder && m.to_address == EDUCATION_LEAD;
    let mail = sent.iter().find(reminder).expect("a reminder").clone();
    let letter = reading::read(mail.mime.unwrap().as_bytes()).unwrap();
    let asks =
        "asks for your update for the Community Safety and Leisure Scrutiny Panel on 19 February 2018.";
    assert!(letter.plain.contains(asks), "{}", letter.plain);
}

#[tokio::test]
async fn a_mail_about_two_plans_says_which_is_which_and_answers_go_to_both_managers() {
    each_database(async |site| {
        let second = second_plan(&site).await;
        let posts = site.record().await.posts;
        let post = |name: &str| posts.iter().find(|p| p.name == name).unwrap().id;
        add_led_action(&site, second, "Education Safeguarding Lead", "Visit every home.", "Nov 2017").await;
        let of_second = site.record_of("second").await.plan;
        let version = of_second.version;
        let draft = PlanDraft { manager: post("LSCB Manager"), ..draft_of(of_second) };
        plan::edit(&site.cx, &Actor::program("test"), second, version, &draft).await.unwrap();
        work(&site).await;
        let sent = handed(&site).await;
        let mail = sent.iter().find(|m| m.to_address == EDUCATION_LEAD).expect("a digest").clone();
        let letter = reading::read(mail.mime.unwrap().as_bytes()).unwrap();
        let title = site.record().await.plan.title;
        for line in [
            "  Plan: A second plan".to_owned(),
            format!("  Plan: {title}"),
            "Middlesbrough Council: your updates are asked for on 2 plans.".to_owned(),
        ] {
            assert!(letter.plain.lines().any(|l| l == line), "{line:?} in {}", letter.plain);
        }
        let asks = "A second plan: LSCB Manager asks, for the Community Safety and Leisure Scrutiny Panel";
        assert!(letter.plain.contains(asks), "{}", letter.plain);
        assert!(!letter.plain.contains("Manager will enter it for you"), "{}", letter.plain);
        let threads = letter.header("References").unwrap();
        assert_eq!(threads.split(' ').filter(|root| root.starts_with("<plan-")).count(), 2, "{threads}");
        let both = [MANAGER, LSCB_MANAGER].map(|address| format!("<{address}>"));
        let answers = letter.header("Reply-To").unwrap();
        assert!(both.iter().all(|manager| answers.matches(manager).count() == 1), "{answers}");
    })
    .await;
}

#[tokio::test]
async fn whoever_has_chosen_one_email_a_week_reads_that_and_no_days_before_a_deadline() {
    let site = Site::appendix_b().await;
    let lead = site.actor(EDUCATION_LEAD).await;
    preference::choose(&site.cx, &lead, 0, Frequency::Weekly, false).await.unwrap();
    go_and_work(&site, "2017-12-11").await;
    let mail = handed(&site).await.into_iter().find(|m| m.to_address == EDUCATION_LEAD).expect("a digest");
    let plain = reading::read(mail.mime.unwrap().as_bytes()).unwrap().plain;
    assert!(plain.contains("You have chosen one email a week."), "{plain}");
    assert!(!plain.contains("Reminders come"), "{plain}");
}

#[tokio::test]
async fn a_deactivated_person_gets_no_mail() {
    let site = Site::appendix_b().await;
    let administrator = site.actor(ADMINISTRATOR).await;
    person::deactivate(&site.cx, &administrator, site.person(EDUCATION_LEAD).await).await.unwrap();
    work(&site).await;
    assert_eq!(mailed_today(&site, EDUCATION_LEAD).await, [""; 0]);
    assert!(mailed_today(&site, MANAGER).await.contains(&"Aiii overdue".to_owned()));
}

#[tokio::test]
async fn both_leads_of_a_joint_action_are_reminded_and_one_update_is_enough() {
    let site = Site::appendix_b().await;
    go_and_work(&site, "2018-03-19").await;
    let g = |about: Vec<String>| about.into_iter().filter(|c| c.starts_with("G ")).collect::<Vec<_>>();
    assert_eq!(g(mailed_today(&site, LSCB_MANAGER).await), ["G first"]);
    assert_eq!(g(mailed_today(&site, "governors-service-manager@example.org").await), ["G first"]);
    write(&site, "G", LSCB_MANAGER, Rating::Complete).await;
    go_and_work(&site, "2018-03-26").await;
    assert!(mailed_today(&site, LSCB_MANAGER).await.is_empty());
    assert!(mailed_today(&site, "governors-service-manager@example.org").await.is_empty());
}

#[tokio::test]
async fn reminders_aim_at_the_last_working_day_before_a_deadline_at_easter() {
    let site = Site::appendix_b().await;
    // 31 March 2018 is a Saturday, 30 March is Good Friday.
    go_and_work(&site, "2018-03-29").await;
    assert!(mailed_today(&site, LSCB_MANAGER).await.contains(&"G today".to_owned()));
}

#[tokio::test]
async fn the_facts_are_checked_again_when_a_message_is_first_claimed() {
    each_database(async |site| {
        assert_eq!(reminder::queue_today(&site.cx).await.unwrap(), 2);
        // Between queueing and sending: one of two is settled for the one person, the only one for the other.
        write(&site, "D", EDUCATION_LEAD, Rating::Complete).await;
        write(&site, "Avii", MANAGER, Rating::Complete).await;
        work(&site).await;
        assert_eq!(mailed_today(&site, EDUCATION_LEAD).await, ["Aiii overdue"]);
        let all = store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 10).await.unwrap();
        let dropped: Vec<_> = all.iter().filter(|m| m.state == MessageState::NotSent).collect();
        assert_eq!(dropped.len(), 1);
        assert!(dropped[0].note.as_ref().unwrap().contains("settled"), "{:?}", dropped[0].note);
        assert!(store::outbox::causes(&site.cx.store, dropped[0].id).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn where_a_pace_is_kept_a_mail_is_written_when_its_turn_has_come() {
    each_database(async |site| {
        assert_eq!(reminder::queue_today(&site.cx).await.unwrap(), 2);
        let mut session = Session::default();
        let mut step = async || {
            outbox::send_next(&site.cx, &Transport::Kept, &mut session, MessageKind::ALL).await.unwrap()
        };
        assert_eq!(step().await, Step::Done);
        // While the first is followed by its rest, all that the second would say is settled.
        for (label, by) in [("Aiii", EDUCATION_LEAD), ("D", EDUCATION_LEAD), ("Avii", MANAGER)] {
            write(&site, label, by, Rating::Complete).await;
        }
        assert_eq!((step().await, step().await), (Step::Idle, Step::Idle));
        let all = store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 10).await.unwrap();
        let mut states: Vec<_> = all.iter().map(|m| m.state).collect();
        states.sort();
        assert_eq!(states, [MessageState::Handed, MessageState::NotSent]);
    })
    .await;
}

#[tokio::test]
async fn what_somebody_chooses_before_their_digest_goes_holds_for_it() {
    each_database(async |site| {
        let lead = site.actor(EDUCATION_LEAD).await;
        let chooses = async |frequency| {
            let version = store::preference::version(&site.cx.store, lead.person.unwrap()).await.unwrap();
            preference::choose(&site.cx, &lead, version, frequency, false).await.unwrap();
        };
        let mailed = async || {
            let mut mailed = mailed_today(&site, EDUCATION_LEAD).await;
            mailed.sort();
            mailed
        };
        // Why the newest of their digests was not sent.
        let why_not = async || {
            let all =
                store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 100).await.unwrap();
            let digest = all.into_iter().find(|m| m.to_address == EDUCATION_LEAD).expect("a digest");
            assert!(store::outbox::causes(&site.cx.store, digest.id).await.unwrap().is_empty());
            (digest.office_day, digest.note.unwrap_or_default())
        };
        reminder::queue_today(&site.cx).await.unwrap();
        let d = site.action("D").await;
        preference::snooze(&site.cx, &lead, d, "The report comes next week").await.unwrap();
        work(&site).await;
        assert_eq!(mailed().await, ["Aiii overdue"]);
        // What was put off is no cause used up. Once a week, as a link in a mail says it: they have had this week’s.
        site.go_to(day("2017-12-08"));
        preference::end_snooze(&site.cx, &lead, d).await.unwrap();
        reminder::queue_today(&site.cx).await.unwrap();
        chooses(Frequency::Weekly).await;
        work(&site).await;
        assert_eq!(why_not().await, (day("2017-12-08"), "not sent: has chosen one mail a week".to_owned()));
        site.go_to(day("2017-12-11"));
        reminder::queue_today(&site.cx).await.unwrap();
        chooses(Frequency::Off).await;
        work(&site).await;
        assert_eq!(why_not().await, (day("2017-12-11"), "not sent: has chosen no reminders".to_owned()));
        chooses(Frequency::Weekly).await;
        go_and_work(&site, "2017-12-18").await;
        assert_eq!(mailed().await, ["Aiii overdue", "D overdue"]);
    })
    .await;
}

#[tokio::test]
async fn the_mail_says_who_asks_for_what_and_nothing_that_was_written() {
    let site = Site::appendix_b().await;
    work(&site).await;
    let mails = handed(&site).await;
    let mail = mails.iter().find(|m| m.to_address == EDUCATION_LEAD).unwrap();
    let letter = reading::read(mail.mime.as_ref().unwrap().as_bytes()).unwrap();
    insta::assert_snapshot!(
        "digest_plain",
        format!("Subject: {}\n\n{}", mail.subject.as_ref().unwrap(), letter.plain)
    );
    insta::assert_snapshot!("digest_html", letter.html);
    assert_eq!(letter.header("Reply-To").unwrap(), format!("\"Risk and Resilience Manager\" <{MANAGER}>"));
    let record = site.record().await;
    for update in record.actions.iter().flat_map(|a| &a.updates) {
        let first: String = update.narrative.chars().take(25).collect();
        assert!(!letter.plain.contains(&first), "a mail holds narrative: {first}");
    }
}

#[tokio::test]
async fn every_overdue_mail_counts_and_there_are_five_in_all() {
    let site = Site::appendix_b().await;
    for on in
        ["2017-12-07", "2017-12-14", "2017-12-21", "2017-12-28", "2018-01-04", "2018-01-11", "2018-02-01"]
    {
        go_and_work(&site, on).await;
    }
    let schedule = reminder::Ahead::of_all(&site.cx).await.unwrap().on(day("2018-02-08"));
    let why = schedule.none.iter().find(|n| n.label == "Aiii").unwrap();
    assert!(why.why.contains("5 mails sent"), "{}", why.why);
    let mut occurrences = Vec::new();
    for message in handed(&site).await {
        for cause in store::outbox::causes(&site.cx.store, message.id).await.unwrap() {
            if cause.rule == Rule::Overdue && site.record().await.label(cause.action) == "Aiii" {
                occurrences.push(cause.occurrence);
            }
        }
    }
    assert_eq!(occurrences, [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn an_example_address_is_never_mailed_by_a_real_installation() {
    let site = Site::appendix_b().await;
    let server = crate::smtp_server::SmtpServer::start().await;
    let transport = crate::outbox::smtp(&server);
    let mut session = scrutiny_tracker::mail::transport::Session::default();
    reminder::queue_today(&site.cx).await.unwrap();
    let kinds = scrutiny_tracker::domain::message::MessageKind::ALL;
    while outbox::send_next(&site.cx, &transport, &mut session, kinds).await.unwrap() != outbox::Step::Idle {}
    for message in store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 10).await.unwrap() {
        assert_eq!(message.state, MessageState::NotSent);
        assert_eq!(message.note.as_deref(), Some("not sent: example address"));
    }
    assert!(server.received().is_empty());
    assert_eq!(server.connections(), 0);
    assert_eq!(mailed_today(&site, COMMUNICATIONS_MANAGER).await, [""; 0]);
}

#[tokio::test]
async fn a_reminder_that_waits_goes_to_the_address_that_is_theirs_when_it_goes() {
    each_database(async |site| {
        reminder::queue_today(&site.cx).await.unwrap();
        let lead = store::person::by_email(&site.cx.store, EDUCATION_LEAD).await.unwrap().unwrap();
        let draft = person::PersonDraft {
            name: lead.person.name.clone(),
            email: "new-address@example.org".to_owned(),
            grants: lead.grants,
        };
        let administrator = site.actor(ADMINISTRATOR).await;
        person::edit(&site.cx, &administrator, lead.person.id, lead.version, &draft).await.unwrap();
        work(&site).await;
        let sent = handed(&site).await;
        let theirs =
            sent.iter().find(|m| m.person == Some(lead.person.id) && m.kind == MessageKind::Reminder);
        let theirs = theirs.expect("the reminder");
        assert_eq!(theirs.to_address, "new-address@example.org");
        let letter = reading::read(theirs.mime.as_deref().unwrap().as_bytes()).unwrap();
        assert!(letter.header("To").unwrap().contains("new-address@example.org"));
    })
    .await;
}
