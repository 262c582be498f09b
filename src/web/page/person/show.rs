//! One person: who they are here, where their account stands, and what can be done about it.

use axum::extract::State;
use chrono::NaiveDateTime;
use maud::{Markup, html};

use super::{find, known_plans, role_words, standing};
use crate::{
    command::link::may_invite,
    domain::{
        access::{Actor, Permission, may},
        account::{Standing, signs_in_by_link},
        id::PersonId,
        message::MessageState,
    },
    link::path,
    store::{self, person::Account},
    web::{
        App,
        address::Path,
        error::WebError,
        guard::Me,
        page::{
            mail::state_words,
            reminders::{are_theirs_to_know, in_scope},
        },
        route::Route,
        sheet::Sheet,
        view::{
            button::{Kind, button_group, link_button, post_button},
            kit::{Fact, Link, day, moment, summary_list, warning_text},
        },
    },
};

/// What the page shows. Times are the office's.
struct Shown<'a> {
    roles: String,
    account: &'a Account,
    posts: Vec<(String, String)>,
    standing: Standing,
    /// When the newest invitation was made, and when it stops holding.
    invited: Option<(NaiveDateTime, NaiveDateTime)>,
    /// What became of its mail, where it went by mail; and whether somebody has to do something about it.
    mail: Option<(String, bool)>,
    /// When their name and address were taken out.
    taken_out: Option<NaiveDateTime>,
    last_signed_in: Option<NaiveDateTime>,
    deactivated: Option<NaiveDateTime>,
    /// What they have chosen about their mail, in words; none: that is not the reader's to know, nor whether their address is
    /// refused.
    choices: Option<Vec<String>>,
    /// Whether the reader may say that they are away.
    notes_absences: bool,
    /// Whether the reader may know what mail they get.
    reads_mail: bool,
    /// Whether the reader may change everything here.
    manages: bool,
    /// Whether it is the reader's own.
    own: bool,
    /// Whether the reader may invite this person, and people come in with what is kept here.
    invites: bool,
    /// Whether people come in with what is kept here, and not only with their council account.
    local: bool,
}

pub(in crate::web) async fn show(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let account = find(&app, PersonId(id)).await?;
    let id = account.person.id;
    let (store, clock) = (&app.cx.store, &app.cx.clock);
    let invitation = store::link::invitation(store, id).await?;
    let mail = match &invitation {
        Some(invitation) => store::outbox::of_link(store, invitation.id).await?,
        None => None,
    };
    let taken_out = store::person::pseudonymised_at(store, id).await?;
    let posts = store::record::posts(store).await?;
    let held = posts.iter().filter(|p| p.holders(clock.today()).any(|h| h.id == id));
    let own = actor.person == Some(id);
    let (records, which) = in_scope(&app, &actor).await?;
    let knows = own || are_theirs_to_know(&app, (&records, &which), id).await?;
    let chosen = store::preference::all(store).await?.of.remove(&id).unwrap_or_default();
    let shown = Shown {
        choices: knows.then(|| chosen.words(clock.today())),
        notes_absences: may(&actor, Permission::NoteAbsences).is_ok(),
        reads_mail: may(&actor, Permission::ReadMail).is_ok(),
        roles: role_words(&app.cx.words(), &known_plans(&app, &actor).await?, &account.grants),
        posts: held.map(|p| (path::post(p.id), p.name.clone())).collect(),
        standing: standing(&account, invitation.as_ref(), clock.machine_now()),
        invited: invitation
            .map(|link| (clock.in_office_time(link.created_at), clock.in_office_time(link.expires_at))),
        mail: mail.map(|mail| {
            let lost = matches!(mail.state, MessageState::Failed | MessageState::NotSent);
            (state_words(&mail, app.is_demonstration()), lost)
        }),
        taken_out: taken_out.map(|at| clock.in_office_time(at)),
        own,
        last_signed_in: account.last_signed_in_at.map(|at| clock.in_office_time(at)),
        deactivated: account.deactivated_at.map(|at| clock.in_office_time(at)),
        manages: manages(&actor),
        local: app.ways_in.local,
        invites: app.ways_in.local && may_invite(&actor, &account.grants).is_ok(),
        account: &account,
    };
    Ok(sheet(&shown))
}

fn manages(actor: &Actor) -> bool {
    may(actor, Permission::ManagePeople).is_ok()
}

fn sheet(shown: &Shown<'_>) -> Sheet {
    let person = &shown.account.person;
    let posts = html! {
        @if shown.posts.is_empty() { "None" }
        @for (i, (href, name)) in shown.posts.iter().enumerate() {
            @if i > 0 { ", " }
            @if shown.manages { (Link::new(href, name)) } @else { (name) }
        }
    };
    let last = html! {
        @match shown.last_signed_in { Some(at) => (moment(at)), None => "Never" }
    };
    let facts = [
        Fact::new("Email address", &person.email),
        Fact::new("Roles", &shown.roles),
        Fact::new("Posts held", posts),
        Fact::new("Account", shown.standing.words()),
        Fact::new("Last signed in", last),
    ];
    let content = html! {
        h1 { span class="caption" { "Person" } " " (person.name) }
        (summary_list(facts))
        @if let Some(refusal) = shown.account.refused.as_ref().filter(|_| shown.choices.is_some()) {
            (warning_text(html! {
                "The mail server refused this address on " (day(refusal.on)) ": " (refusal.said)
                ". Nothing goes there but mail about the account."
            }))
            @if !shown.manages { p { "If the address is wrong, ask an administrator to change it." } }
            (button_group([post_button(&path::try_address(person.id), "The address is right: try again", Kind::Secondary, &[])]))
        }
        @if shown.manages {
            (button_group([link_button(Link::new(&path::edit_person(person.id), "Change name, address or roles"), Kind::Secondary)]))
        }
        h2 { "Emails" }
        @match shown.choices.as_deref() {
            None => p { "What they have chosen is shown to the managers of the plans that they have to do with." },
            Some([]) => p { "They have chosen nothing: they are reminded when something falls due." },
            Some(choices) => ul { @for words in choices { li { (words) } } },
        }
        @if shown.reads_mail {
            p { (Link::new(&path::person_mail(person.id), "What was sent to them, and what comes next")) }
        }
        @if shown.notes_absences && person.active {
            (button_group([link_button(Link::new(&path::person_absences(person.id), "Say when they are away"), Kind::Secondary)]))
        }
        h2 { "Signing in" }
        (signing_in(shown))
        @if shown.manages && person.active && !shown.own {
            h2 { "When somebody leaves" }
            p { "Deactivate the account: they are signed out at once, mail to them stops, and their posts become vacant. What they wrote stays." }
            (button_group([link_button(Link::new(&path::deactivation(person.id), "Deactivate"), Kind::Secondary)]))
        }
        @if shown.manages {
            h2 { "What is held about them" }
            ul {
                li { (Link::new(&path::person_data(person.id), "Everything that is held about this person, as a file")) }
                @if !person.active && shown.taken_out.is_none() {
                    li { (Link::new(&path::pseudonymisation(person.id), "Take out name and address")) }
                }
            }
        }
    };
    Sheet::new([person.name.as_str(), "People"], content).crumbs([(Route::People.path(), "People")])
}

fn signing_in(shown: &Shown<'_>) -> Markup {
    let id = shown.account.person.id;
    let invite = |label| post_button(&path::invitation(id), label, Kind::Primary, &[]);
    let revoke = || post_button(&path::revoke_invitation(id), "Revoke the invitation", Kind::Secondary, &[]);
    let instead = html! { (Link::new(&path::person_link(id), "Show a link instead")) };
    let buttons = match shown.standing {
        Standing::Active if shown.manages => {
            let mut buttons =
                vec![post_button(&path::sign_out_person(id), "Sign out everywhere", Kind::Secondary, &[])];
            if shown.account.second_factor_since.is_some() && !shown.own {
                let reset = path::reset_second_factor(id);
                buttons.push(html! { (Link::new(&reset, "Reset the second factor")) });
            }
            if shown.local && !shown.own {
                buttons.push(instead);
            }
            buttons
        }
        Standing::Deactivated if shown.manages && shown.taken_out.is_none() => {
            vec![link_button(Link::new(&path::reactivation(id), "Make active again"), Kind::Secondary)]
        }
        Standing::Active | Standing::Deactivated => Vec::new(),
        _ if !shown.invites => Vec::new(),
        standing => {
            let mut buttons = match standing {
                Standing::Invited => vec![invite("Send the invitation again"), revoke()],
                Standing::NotInvited => vec![invite("Send an invitation")],
                _ => vec![invite("Send a new invitation")],
            };
            if shown.manages {
                buttons.push(instead);
            }
            buttons
        }
    };
    html! {
        (where_it_stands(shown))
        @if !buttons.is_empty() { (button_group(buttons)) }
    }
}

fn where_it_stands(shown: &Shown<'_>) -> Markup {
    let Account { person, has_password, .. } = shown.account;
    let name = &person.name;
    if !shown.local && person.active {
        return html! { p { (name) " signs in with their council account. Nobody is invited by email here." } };
    }
    match (shown.standing, shown.invited) {
        (Standing::Active, _) => html! {
            p {
                (name)
                @match (*has_password, signs_in_by_link(&shown.account.roles())) {
                    (true, true) => " has set a password, and can also sign in with a link by email.",
                    (true, false) => " signs in with a password.",
                    (false, true) => " has set no password, and signs in with a link by email.",
                    (false, false) => " has set no password yet, and needs one: they get a link for that under “Set a new password” on the sign-in page.",
                }
                @if shown.account.second_factor_since.is_some() {
                    " They have a second factor"
                    @if shown.manages && !shown.own { ": reset it for somebody who has lost their phone and their recovery codes" }
                    "."
                }
            }
        },
        (Standing::Deactivated, _) => html! {
            p {
                (name) " can’t sign in and gets no mail"
                @if let Some(at) = shown.deactivated { ", since " (moment(at)) }
                "."
            }
            @if let Some(at) = shown.taken_out {
                p { "Their name and address were taken out on " (moment(at)) ". If they come back, add them as a new person." }
            }
        },
        (Standing::Invited, Some((at, until))) => html! {
            @match &shown.mail {
                Some((words, true)) => (warning_text(format!("The email did not reach them. {words}. Look at the address, and send it again."))),
                Some((words, false)) => p { "The email: " (words) "." },
                None => {}
            }
            p { "Invited on " (moment(at)) ", expires on " (moment(until)) ", not used yet." }
            p { "An invitation that is sent again makes the earlier one void." }
        },
        (Standing::InvitationExpired, Some((at, until))) => html! {
            p { "Invited on " (moment(at)) ". The invitation expired on " (moment(until)) " without being used." }
        },
        (Standing::InvitationRevoked, Some((at, _))) => html! {
            p { "The invitation of " (moment(at)) " was revoked, or the address has changed since. It does not work any more." }
        },
        _ => html! { p { (name) " has not been invited yet. An invitation works once, for 7 days." } },
    }
}
