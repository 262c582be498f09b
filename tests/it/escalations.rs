//! Word of what stays overdue, in mails of its own: once to each reader, whoever manages the plan meanwhile.

use scrutiny_tracker::{
    command::{outbox, policy, post, preference, reminder},
    domain::{
        access::Actor,
        message::{MessageKind, MessageState},
        policy::Escalation,
        preference::{Away, Frequency, StandIn},
    },
    link::path,
    mail::{
        reading,
        transport::{Session, Transport},
    },
    store::{
        self,
        outbox::{Message, Readable},
    },
};

use crate::{
    steps::work,
    support::{EDUCATION_LEAD, LSCB_MANAGER, MANAGER, Site, day, each_database},
};

/// Lets others hear of what stays overdue.
async fn escalate(site: &Site) {
    let record = site.record().await;
    let mut policy = record.policy.clone();
    policy.escalation = Some(Escalation::default());
    let version = store::policy::version(&site.cx.store, record.plan.id).await.unwrap();
    policy::save(&site.cx, &site.actor(MANAGER).await, record.plan.id, version, &policy).await.unwrap();
}

/// Who got a mail of their own about what stays overdue when the worker ran on a day.
async fn told_on(site: &Site, on: &str) -> Vec<String> {
    site.go_to(day(on));
    work(site).await;
    let mut all = store::outbox::list(&site.cx.store, &Readable::All, 0, 1_000).await.unwrap();
    all.retain(|m| m.kind == MessageKind::Escalation && m.state == MessageState::Handed);
    all.iter().rev().filter(|m| m.office_day == day(on)).map(|m| m.to_name.clone()).collect()
}

/// On 7 December Aiii has waited for more than ten working days, on the 14th D has. From the 11th on somebody else manages.
async fn assert_told_once_each(site: &Site) {
    assert_eq!(told_on(site, "2017-12-11").await, ["LSCB Manager"]);
    assert_eq!(told_on(site, "2017-12-12").await, [""; 0]);
    assert_eq!(told_on(site, "2017-12-14").await, ["LSCB Manager", "Education Safeguarding Lead"]);
}

#[tokio::test]
async fn a_new_manager_is_told_what_the_old_one_was_and_the_lead_is_not_told_again() {
    each_database(async |site| {
        escalate(&site).await;
        let both = ["Risk and Resilience Manager", "Education Safeguarding Lead"];
        assert_eq!(told_on(&site, "2017-12-07").await, both);
        let post = site.record().await.plan.manager;
        let successor = site.person(LSCB_MANAGER).await;
        let program = Actor::program("test");
        post::holding::hand_over(&site.cx, &program, post, Some(successor), day("2017-12-11")).await.unwrap();
        assert_told_once_each(&site).await;
    })
    .await;
}

#[tokio::test]
async fn of_what_several_leads_leave_the_manager_gets_one_mail_and_each_lead_a_copy_of_their_own() {
    each_database(async |site| {
        escalate(&site).await;
        // G is led by two posts jointly, Aiii and D by another.
        let told = told_on(&site, "2018-04-16").await;
        assert_eq!(told.iter().filter(|to| *to == "Risk and Resilience Manager").count(), 1, "{told:?}");
        let all = store::outbox::list(&site.cx.store, &Readable::All, 0, 1_000).await.unwrap();
        let letter = |to: &str| {
            let theirs = |m: &&Message| m.kind == MessageKind::Escalation && m.to_name == to;
            let message = all.iter().find(theirs).unwrap_or_else(|| panic!("nothing to {to}"));
            reading::read(message.mime.as_ref().unwrap().as_bytes()).unwrap()
        };
        let is_about = |to: &str| {
            let plain = letter(to).plain;
            ["Aiii: ", "D: ", "G: "].map(|label| plain.lines().any(|line| line.starts_with(label)))
        };
        assert_eq!(is_about("Risk and Resilience Manager"), [true, true, true]);
        assert_eq!(is_about("Education Safeguarding Lead"), [true, true, false]);
        assert_eq!(is_about("LSCB Manager"), [false, false, true]);
        let to_manager = letter("Risk and Resilience Manager");
        assert!(to_manager.plain.contains("\n  Lead: Education Safeguarding Lead\n"), "{}", to_manager.plain);
        assert!(to_manager.plain.contains("Every lead is named below"), "{}", to_manager.plain);
        // An answer to all would give each lead what the others left.
        assert_eq!(to_manager.header("Cc"), None);
        assert_eq!(told_on(&site, "2018-04-17").await, [""; 0], "once");
    })
    .await;
}

#[tokio::test]
async fn where_all_of_it_has_one_lead_they_stand_in_the_managers_mail() {
    let site = Site::appendix_b().await;
    escalate(&site).await;
    assert_eq!(told_on(&site, "2017-12-14").await.len(), 2);
    let all = store::outbox::list(&site.cx.store, &Readable::All, 0, 1_000).await.unwrap();
    let theirs = |m: &&Message| m.kind == MessageKind::Escalation && m.to_address == MANAGER;
    let mime = all.iter().find(theirs).unwrap().mime.clone().unwrap();
    let letter = reading::read(mime.as_bytes()).unwrap();
    assert_eq!(letter.header("Cc").unwrap(), format!("\"Education Safeguarding Lead\" <{EDUCATION_LEAD}>"));
    assert!(letter.plain.contains("Education Safeguarding Lead has a copy of this email."));
}

#[tokio::test]
async fn a_managers_deputy_is_told_what_the_manager_was_and_the_lead_is_not_told_again() {
    each_database(async |site| {
        escalate(&site).await;
        assert_eq!(told_on(&site, "2017-12-07").await.len(), 2);
        let (manager, lscb) = (site.actor(MANAGER).await, site.person(LSCB_MANAGER).await);
        let deputy = store::person::by_id(&site.cx.store, lscb).await.unwrap().unwrap().person;
        let stand_in = StandIn::Deputy(deputy);
        let away = Away { from: day("2017-12-11"), until: day("2017-12-15"), stand_in };
        preference::add_away(&site.cx, &manager, manager.person.unwrap(), &away).await.unwrap();
        assert_told_once_each(&site).await;
    })
    .await;
}

#[tokio::test]
async fn whoever_stands_in_for_the_lead_gets_no_copy_of_what_was_told_before() {
    each_database(async |site| {
        escalate(&site).await;
        let both = ["Risk and Resilience Manager", "Education Safeguarding Lead"];
        assert_eq!(told_on(&site, "2017-12-07").await, both);
        let (lead, lscb) = (site.actor(EDUCATION_LEAD).await, site.person(LSCB_MANAGER).await);
        let deputy = store::person::by_id(&site.cx.store, lscb).await.unwrap().unwrap().person;
        let stand_in = StandIn::Deputy(deputy);
        let away = Away { from: day("2017-12-13"), until: day("2017-12-20"), stand_in };
        preference::add_away(&site.cx, &lead, lead.person.unwrap(), &away).await.unwrap();
        assert_eq!(told_on(&site, "2017-12-13").await, [""; 0]);
        // Of D the manager is told on that day, and whoever stands in then gets the copy.
        let told = ["Risk and Resilience Manager", "LSCB Manager"];
        assert_eq!(told_on(&site, "2017-12-14").await, told);
        let all = store::outbox::list(&site.cx.store, &Readable::All, 0, 1_000).await.unwrap();
        let copy = all.iter().find(|m| m.kind == MessageKind::Escalation && m.to_address == LSCB_MANAGER);
        let plain = reading::read(copy.unwrap().mime.as_ref().unwrap().as_bytes()).unwrap().plain;
        assert!(plain.contains("\nD: ") && !plain.contains("\nAiii: "), "{plain}");
        let why = "Why you: Education Safeguarding Lead is away until 20 December 2017, so their deputy is";
        assert!(plain.contains(why), "{plain}");
        assert!(plain.contains("you stand in for whoever leads what is overdue"), "{plain}");
    })
    .await;
}

#[tokio::test]
async fn what_the_lead_chooses_once_it_is_queued_holds_neither_the_managers_back_nor_the_copy() {
    each_database(async |site| {
        escalate(&site).await;
        reminder::queue_today(&site.cx).await.unwrap();
        let lead = site.actor(EDUCATION_LEAD).await;
        let version = store::preference::version(&site.cx.store, lead.person.unwrap()).await.unwrap();
        preference::choose(&site.cx, &lead, version, Frequency::Off, true).await.unwrap();
        preference::snooze(&site.cx, &lead, site.action("Aiii").await, "Ill").await.unwrap();
        let both = ["Risk and Resilience Manager", "Education Safeguarding Lead"];
        assert_eq!(told_on(&site, "2017-12-07").await, both);
        let all = store::outbox::list(&site.cx.store, &Readable::All, 0, 1_000).await.unwrap();
        let own = all.iter().find(|m| m.kind == MessageKind::Reminder && m.to_address == EDUCATION_LEAD);
        assert_eq!(own.unwrap().state, MessageState::NotSent, "their own reminder does not go");
    })
    .await;
}

#[tokio::test]
async fn that_word_of_it_comes_whatever_the_lead_chooses_stands_where_they_choose() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(EDUCATION_LEAD).await;
    let put_off = path::snooze(site.action("Aiii").await);
    let word = "Word that it has been overdue for 10 working days or more still comes.";
    assert!(!browser.get(&put_off).await.main().contains(word), "nobody else hears of it");
    escalate(&site).await;
    let page = browser.get(&put_off).await.main();
    assert!(page.contains(word), "{page}");
    let own = browser.get(path::OWN_MAIL).await.main();
    assert!(own.contains("A copy of what the plan’s manager is told"), "{own}");
    let manager = site.sign_in_as(MANAGER).await.get(path::OWN_MAIL).await.main();
    assert!(!manager.contains("A copy of"), "{manager}");
}

#[tokio::test]
async fn a_copy_that_did_not_go_on_its_day_goes_late() {
    each_database(async |site| {
        escalate(&site).await;
        reminder::queue_today(&site.cx).await.unwrap();
        let mut session = Session::default();
        let kinds = [MessageKind::Escalation];
        let step = outbox::send_next(&site.cx, &Transport::Kept, &mut session, &kinds).await.unwrap();
        assert_eq!(step, outbox::Step::Done, "the manager’s");
        assert_eq!(told_on(&site, "2017-12-08").await, [""; 0], "nobody is told anew");
        let all = store::outbox::list(&site.cx.store, &Readable::All, 0, 1_000).await.unwrap();
        let copy = all.iter().find(|m| m.kind == MessageKind::Escalation && m.to_address == EDUCATION_LEAD);
        assert_eq!(copy.unwrap().state, MessageState::Handed);
    })
    .await;
}
