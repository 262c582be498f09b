//! The plan's own facts, its posts and its accounts.

use std::collections::HashSet;

use scrutiny_tracker::seed::Role;

use super::*;

#[test]
fn plan_is_the_community_safety_panels_and_was_agreed_on_5_september_2017() {
    let seed = seed();
    let plan = &seed.plan;
    assert_eq!(plan.slug, "appendix-b");
    assert_eq!(plan.kind, seed::PlanKind::ScrutinyReview);
    assert_eq!(plan.panel, "Community Safety and Leisure Scrutiny Panel");
    assert!(action(&seed, "K").text.contains(&plan.panel));
    assert_eq!(plan.agreed_by, "Executive");
    assert_eq!(plan.agreed_on, day("2017-09-05"));
    assert_eq!(plan.next_meeting, day("2018-02-19"));
    assert!(text(action(&seed, "K"), DEC).ends_with("scrutiny Panel on 19 February 2018"));
    assert_eq!(plan.manager, "risk-and-resilience-manager");
    assert!(plan.panel_confirms_completion && plan.panel_grants_dates);
}

#[test]
fn key_has_every_kind_once_and_no_meaning_is_guessed() {
    let key = seed().plan.key;
    let kinds: HashSet<_> = key.entries.iter().map(|entry| entry.rating).collect();
    assert_eq!((key.entries.len(), kinds.len()), (7, 7));
    for entry in &key.entries {
        assert_eq!(entry.meaning, "not stated in the source");
    }
    assert!(key.note.contains("not stated in the source") && key.note.contains("no colour"));
}

#[test]
fn six_posts_have_one_account_each_named_like_the_post() {
    let seed = seed();
    let printed = [
        RISK,
        "MAP Coordinator",
        "Education Safeguarding Lead",
        "LSCB Manager",
        "Communications Manager",
        "Governor's Service Manager",
    ];
    let posts: Vec<_> = seed.posts.iter().map(|post| &*post.name).collect();
    assert_eq!(posts, printed);
    for post in &seed.posts {
        let holders: Vec<_> = seed
            .people
            .iter()
            .filter(|person| person.holds.as_ref().is_some_and(|held| held.post == post.id))
            .collect();
        assert_eq!(holders.len(), 1, "{}", post.name);
        assert_eq!(holders[0].name, post.name);
        assert_eq!(holders[0].email, format!("{}@example.org", post.id));
        let from = holders[0].holds.as_ref().map(|held| held.from);
        assert_eq!(from, Some(seed.plan.agreed_on));
    }
}

#[test]
fn risk_and_resilience_manager_manages_and_leads_and_one_panel_member_holds_no_post() {
    let seed = seed();
    assert_eq!(seed.people.len(), 9);
    for person in &seed.people {
        let roles: &[Role] = match &*person.name {
            RISK => &[Role::Manager, Role::Lead],
            "Panel member" => &[Role::PanelMember],
            "Scrutiny Officer" => &[Role::ScrutinyOfficer],
            "Administrator" => &[Role::Administrator],
            _ => &[Role::Lead],
        };
        assert_eq!(person.roles, roles, "{}", person.name);
    }
    let without: Vec<_> = seed.people.iter().filter(|p| p.holds.is_none()).collect();
    let addresses: Vec<&str> = without.iter().map(|p| &*p.email).collect();
    assert_eq!(
        addresses,
        ["scrutiny-officer@example.org", "administrator@example.org", "panel-member@example.org"]
    );
}

#[test]
fn persons_named_in_the_text_have_no_account() {
    let seed = seed();
    for named in ["Phillips", "Robinson", "Holdsworth", "Bell"] {
        assert!(SOURCE.contains(named));
        for person in &seed.people {
            assert!(!person.name.contains(named), "{}", person.name);
            assert!(!person.email.contains(&named.to_lowercase()), "{}", person.email);
        }
    }
}
