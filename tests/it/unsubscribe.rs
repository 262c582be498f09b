//! The link in every reminder that asks for one email a week: pressed by people and by mail providers, and by nobody else.

use axum::{body::Body, http::Request};
use scrutiny_tracker::{
    command::{person, preference},
    domain::preference::Frequency,
    store::{self, audit::Of, backup},
};
use tower::ServiceExt as _;

use crate::support::{ADMINISTRATOR, APPENDIX_B, HOST, MAP_COORDINATOR, Page, Site, each_database};

async fn frequency(site: &Site, email: &str) -> Frequency {
    store::preference::all(&site.cx.store).await.unwrap().frequency(site.person(email).await)
}

async fn choose(site: &Site, email: &str, frequency: Frequency) {
    let (actor, person) = (site.actor(email).await, site.person(email).await);
    let version = store::preference::version(&site.cx.store, person).await.unwrap();
    preference::choose(&site.cx, &actor, version, frequency, false).await.unwrap();
}

/// As a mail provider sends it: no cookie, no Origin, no Sec-Fetch-Site.
async fn one_click(site: &Site, path: &str, body: &'static str) -> Page {
    send(site, path, "application/x-www-form-urlencoded", body).await
}

async fn send(site: &Site, path: &str, kind: &str, body: &'static str) -> Page {
    let request =
        Request::post(path).header("host", HOST).header("content-type", kind).body(Body::from(body)).unwrap();
    site.browser().exchange(path, request).await
}

async fn everything(site: &Site) -> String {
    let mut all = Vec::new();
    backup::write(&site.cx.store, &mut all).await.unwrap();
    String::from_utf8(all).unwrap()
}

#[tokio::test]
async fn a_mail_provider_that_presses_the_link_brings_a_person_down_to_one_email_a_week() {
    each_database(async |site| {
        let path = site.unsubscribe(MAP_COORDINATOR).await;
        let page = one_click(&site, &path, "List-Unsubscribe=One-Click").await;
        assert_eq!(page.status, 200);
        assert_eq!(page.h1(), "You get one email a week from now on");
        assert_eq!(frequency(&site, MAP_COORDINATOR).await, Frequency::Weekly);
        let of = Of::Person(site.person(MAP_COORDINATOR).await);
        let events = store::audit::list(&site.cx.store, of, 0, 10).await.unwrap();
        assert_eq!(events[0].kind, "preference.changed");
        assert!(events[0].summary().unwrap().ends_with("by the link in an email"));
        assert_eq!(events[0].plan, None);
        // Pressed again, it does nothing more.
        let before = everything(&site).await;
        assert_eq!(one_click(&site, &path, "List-Unsubscribe=One-Click").await.status, 200);
        assert_eq!(everything(&site).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_mail_provider_may_send_it_as_multipart_form_data() {
    const KIND: &str = "multipart/form-data; boundary=---FormBoundaryjWmhtjORrn";
    let site = Site::appendix_b().await;
    let path = site.unsubscribe(MAP_COORDINATOR).await;
    for other in [
        "",
        "-----FormBoundaryjWmhtjORrn--\r\n",
        "-----FormBoundaryjWmhtjORrn\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nTwo-Clicks\r\n-----FormBoundaryjWmhtjORrn--\r\n",
    ] {
        assert_eq!(send(&site, &path, KIND, other).await.status, 422, "{other}");
        assert_eq!(frequency(&site, MAP_COORDINATOR).await, Frequency::Normal);
    }
    let page = send(
        &site,
        &path,
        KIND,
        "-----FormBoundaryjWmhtjORrn\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n-----FormBoundaryjWmhtjORrn--\r\n",
    )
    .await;
    assert_eq!((page.status, page.h1()), (200, "You get one email a week from now on".to_owned()));
    assert_eq!(frequency(&site, MAP_COORDINATOR).await, Frequency::Weekly);
}

#[tokio::test]
async fn a_scanner_that_follows_the_link_changes_nothing() {
    let site = Site::appendix_b().await;
    let path = site.unsubscribe(MAP_COORDINATOR).await;
    let before = everything(&site).await;
    for _ in 0..2 {
        assert_eq!(site.browser().get(&path).await.status, 200);
    }
    // Nor one that only looks whether it is there.
    for (method, status) in [("HEAD", 200), ("OPTIONS", 405)] {
        let request = Request::builder().method(method).uri(&path).header("host", HOST);
        let answer = site.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), status, "{method}");
    }
    for body in ["", "List-Unsubscribe=", "List-Unsubscribe=Two-Clicks", "a=b"] {
        let page = one_click(&site, &path, body).await;
        assert_eq!((page.status, page.h1()), (422, "Get one email a week?".to_owned()), "{body}");
    }
    assert_eq!(everything(&site).await, before);
    assert_eq!(frequency(&site, MAP_COORDINATOR).await, Frequency::Normal);
}

#[tokio::test]
async fn a_person_who_is_signed_out_presses_the_button_on_the_page() {
    let site = Site::appendix_b().await;
    let page = site.browser().get(&site.unsubscribe(MAP_COORDINATOR).await).await;
    assert_eq!(page.h1(), "Get one email a week?");
    assert_eq!(page.count("main button"), 1);
    assert!(!page.main().contains("MAP Coordinator"), "{}", page.main());
    let page = page.form("Get one email a week").submit().await;
    assert_eq!(page.h1(), "You get one email a week from now on");
    assert_eq!(frequency(&site, MAP_COORDINATOR).await, Frequency::Weekly);
}

#[tokio::test]
async fn whoever_gets_none_goes_on_getting_none() {
    each_database(async |site| {
        choose(&site, MAP_COORDINATOR, Frequency::Off).await;
        let path = site.unsubscribe(MAP_COORDINATOR).await;
        assert_eq!(site.browser().get(&path).await.h1(), "You get no reminders");
        let page = one_click(&site, &path, "List-Unsubscribe=One-Click").await;
        assert_eq!((page.status, page.h1()), (200, "You get no reminders".to_owned()));
        assert_eq!(frequency(&site, MAP_COORDINATOR).await, Frequency::Off);
    })
    .await;
}

#[tokio::test]
async fn a_link_is_one_persons_and_is_not_guessed() {
    let site = Site::appendix_b().await;
    let path = site.unsubscribe(MAP_COORDINATOR).await;
    assert_eq!(site.unsubscribe(MAP_COORDINATOR).await, path, "the same for every mail");
    let other = site.unsubscribe(ADMINISTRATOR).await;
    assert_ne!(other, path);
    let signature = path.rsplit_once('-').unwrap().1;
    let administrator = site.person(ADMINISTRATOR).await;
    let cut = &path[..path.len() - 1];
    for forged in [
        format!("/unsubscribe/{administrator}-{signature}"),
        cut.to_owned(),
        format!("{path}0"),
        path.to_uppercase().replace("/UNSUBSCRIBE", "/unsubscribe"),
        "/unsubscribe/1-".to_owned(),
        "/unsubscribe/-".to_owned(),
    ] {
        assert_eq!(site.browser().get(&forged).await.status, 404, "{forged}");
        assert_eq!(one_click(&site, &forged, "List-Unsubscribe=One-Click").await.status, 404, "{forged}");
    }
    assert_eq!(frequency(&site, ADMINISTRATOR).await, Frequency::Normal);
}

#[tokio::test]
async fn a_link_works_as_long_as_the_account_does_and_after_a_restore() {
    let site = Site::appendix_b().await;
    let path = site.unsubscribe(MAP_COORDINATOR).await;
    let restored = Site::empty().await;
    backup::read(&restored.cx.store, everything(&site).await.as_bytes()).await.unwrap();
    assert_eq!(restored.browser().get(&path).await.status, 200);
    let administrator = site.actor(ADMINISTRATOR).await;
    let id = site.person(MAP_COORDINATOR).await;
    person::deactivate(&site.cx, &administrator, id).await.unwrap();
    assert_eq!(site.browser().get(&path).await.status, 404);
    person::reactivate(&site.cx, &administrator, id).await.unwrap();
    assert_eq!(site.browser().get(&path).await.status, 200);
}

#[tokio::test]
async fn nothing_else_is_taken_from_nobody_knows_where() {
    let site = Site::appendix_b().await;
    for path in [
        "/account/mail".to_owned(),
        "/account/mail/absences".to_owned(),
        format!("/plans/{APPENDIX_B}/reminders/edit"),
        format!("/actions/{}/snooze", site.action("Aiii").await),
        "/sign-out".to_owned(),
    ] {
        let page = one_click(&site, &path, "List-Unsubscribe=One-Click").await;
        assert_eq!(page.status, 403, "{path}");
    }
    // And the one that is, only under our own address.
    let path = site.unsubscribe(MAP_COORDINATOR).await;
    let request = Request::post(&path).header("host", "elsewhere.example.org");
    let page =
        site.browser().exchange(&path, request.body(Body::from("List-Unsubscribe=One-Click")).unwrap()).await;
    assert_eq!(page.status, 421);
    assert_eq!(frequency(&site, MAP_COORDINATOR).await, Frequency::Normal);
}
