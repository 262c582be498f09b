//! Accounts as people have them: with a password, with an app that shows codes.

use scrutiny_tracker::{
    command::{
        account,
        session::{self, Client},
    },
    domain::account::Way,
    secret::second_factor,
    store::session::Session,
};

use super::{Browser, Page, Site};

/// The password of everybody who has one.
pub(crate) const PASSWORD: &str = "three random words";

impl Site {
    /// Gives somebody the password.
    pub(crate) async fn set_password(&self, email: &str) {
        let now = self.cx.clock.machine_now();
        let session = Session {
            id: 0,
            way: Way::Password,
            last_seen_at: now,
            confirmed_at: now,
            awaits_second_factor: false,
            has_second_factor: false,
        };
        let confirmed = account::confirmed(&self.cx, &session).expect("just now");
        let actor = self.actor(email).await;
        account::change_password(&self.cx, &actor, confirmed, PASSWORD).await.expect("a good password");
    }

    /// A browser in which somebody has come in in some way; where they have a second factor, it may still be to come.
    pub(crate) async fn come_in(&self, email: &str, way: Way) -> Browser {
        let client =
            Client { user_agent: Some("Mozilla/5.0 (X11; Linux) Firefox/145.0".into()), ..Client::default() };
        let token =
            session::start(&self.cx, self.person(email).await, way, &client).await.expect("a session");
        let browser = self.browser();
        browser.set_cookie("session", &token);
        browser
    }

    /// What an app with this secret shows now.
    pub(crate) fn code(&self, secret: &str) -> String {
        second_factor::code(secret, self.cx.clock.machine_now()).expect("a code")
    }

    /// Goes on by so many seconds of machine time.
    pub(crate) fn wait(&self, seconds: i64) {
        let now = self.cx.clock.machine_now();
        self.cx.clock.move_machine_to(now + chrono::TimeDelta::seconds(seconds));
    }
}

/// An app that has been set up, and what was given with it.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub(crate) secret: String,
    pub(crate) recovery_codes: Vec<String>,
}

impl App {
    /// Sets up a second factor in a browser that is signed in and confirmed.
    pub(crate) async fn set_up(site: &Site, browser: &Browser) -> Self {
        let page = browser.get("/account/second-factor").await;
        let secret = Self::secret_on(&page);
        let page = page.form("Switch it on").set("code", &site.code(&secret)).send().await;
        assert_eq!((page.status, &*page.h1()), (200, "Your second factor is on"), "{}", page.main());
        Self { secret, recovery_codes: Self::codes_on(&page) }
    }

    /// The secret that a set-up page shows, without its gaps.
    pub(crate) fn secret_on(page: &Page) -> String {
        let secret = page.select(".inset .code").concat().replace(' ', "");
        assert_eq!(secret.len(), 32, "{}", page.main());
        secret
    }

    /// The recovery codes that a page shows.
    pub(crate) fn codes_on(page: &Page) -> Vec<String> {
        let codes = page.select("ul.codes li");
        assert_eq!(codes.len(), 10, "{}", page.main());
        codes
    }
}

/// Enters a code after the password.
pub(crate) async fn enter_code(browser: &Browser, code: &str) -> Page {
    browser.get("/sign-in/code").await.form("Sign in").set("code", code).send().await
}
