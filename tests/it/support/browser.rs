//! A browser: keeps cookies, follows redirects as browsers do, and checks every page against the house rules.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request, header},
};
use tower::ServiceExt;

use super::{Page, rules};

/// The host of every site's address.
pub(crate) const HOST: &str = "tracker.example.org";

/// A browser. Clones share their cookies, as windows do.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    router: Router,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Browser {
    /// A browser without cookies, at any site.
    pub(crate) fn new(router: Router) -> Self {
        Self { router, cookies: Arc::default() }
    }

    /// Opens an address, following redirects.
    pub(crate) async fn get(&self, path: &str) -> Page {
        let page = self.send(Method::GET, path, &[]).await;
        self.follow(page).await
    }

    /// Sends a form's fields, following redirects.
    pub(crate) async fn post<K: AsRef<str>, V: AsRef<str>>(&self, path: &str, fields: &[(K, V)]) -> Page {
        let fields: Vec<(String, String)> =
            fields.iter().map(|(k, v)| (k.as_ref().to_owned(), v.as_ref().to_owned())).collect();
        let page = self.send(Method::POST, path, &fields).await;
        self.follow(page).await
    }

    /// One request and its answer, without following anything.
    pub(crate) async fn send(&self, method: Method, path: &str, fields: &[(String, String)]) -> Page {
        let mut request = Request::builder()
            .method(&method)
            .uri(path)
            .header(header::HOST, HOST)
            .header("sec-fetch-site", "same-origin");
        let cookies: Vec<String> = self.jar().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let body = if method == Method::POST {
            request = request
                .header(header::ORIGIN, format!("http://{HOST}"))
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            Body::from(form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish())
        } else {
            Body::empty()
        };
        self.exchange(path, request.body(body).expect("a request")).await
    }

    /// Any request at all, for what no browser would send; its answer as it comes.
    pub(crate) async fn exchange(&self, path: &str, request: Request<Body>) -> Page {
        let response = self.router.clone().oneshot(request).await.expect("the router never fails");
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().expect("a cookie in ASCII"));
        }
        let bytes = to_bytes(body, usize::MAX).await.expect("a whole body").to_vec();
        let page = Page::new(self.clone(), path, parts.status.as_u16(), parts.headers, bytes);
        rules::check(&page);
        page
    }

    /// Goes where a redirect sends, until there is a page.
    pub(crate) async fn follow(&self, mut page: Page) -> Page {
        for _ in 0..10 {
            let Some(to) = page.location() else { return page };
            page = self.send(Method::GET, &to, &[]).await;
        }
        panic!("redirects go round in circles: {}", page.path)
    }

    /// Sets a cookie.
    pub(crate) fn set_cookie(&self, name: &str, value: &str) {
        self.jar().insert(name.to_owned(), value.to_owned());
    }

    /// A cookie's value.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.jar().get(name).cloned()
    }

    /// The names of its cookies.
    pub(crate) fn cookies(&self) -> Vec<String> {
        self.jar().keys().cloned().collect()
    }

    fn keep(&self, cookie: &str) {
        let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
        let (name, value) = pair.split_once('=').expect("a cookie with a name");
        if attributes.to_ascii_lowercase().contains("max-age=0") {
            self.jar().remove(name.trim());
        } else {
            self.set_cookie(name.trim(), value.trim());
        }
    }

    fn jar(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
