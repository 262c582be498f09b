//! What single sign-on needs to know, and what is refused before anybody tries to sign in.
//!
//! Never reads the environment: [`crate::config`] does.

use openidconnect::{ClientId, ClientSecret, IssuerUrl};

/// The directories of Entra ID that take in anybody's accounts. Their tokens name another issuer than they do, and an
/// address is no proof there of whose it is.
const SHARED_TENANTS: [&str; 3] = ["common", "organizations", "consumers"];

/// The council's directory, and what this installation is there. Its `Debug` form does not show the secret.
#[derive(Clone, Debug)]
pub struct Settings {
    pub(super) issuer: IssuerUrl,
    pub(super) client_id: ClientId,
    pub(super) client_secret: ClientSecret,
    pub(super) name: String,
    pub(super) trust_email: bool,
}

impl Settings {
    /// Settings as somebody wrote them. `name` is what the button says; `trust_email` takes every address that the
    /// directory gives as verified.
    ///
    /// # Errors
    /// Why the issuer can't be used, in words that follow its name.
    pub fn new(
        issuer: &str,
        client_id: &str,
        client_secret: &str,
        name: &str,
        trust_email: bool,
    ) -> Result<Self, String> {
        let issuer = IssuerUrl::new(issuer.to_owned()).map_err(|_| "is no address".to_owned())?;
        let url = issuer.url();
        if url.scheme() != "https" && !is_loopback(&issuer) {
            return Err(
                "has to begin with https:// (http:// is taken only on this machine, for tests)".to_owned()
            );
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
            return Err("is an address alone, with nothing after ? or # and no user".to_owned());
        }
        let shared = url.path_segments().and_then(|mut parts| {
            parts.find_map(|part| SHARED_TENANTS.into_iter().find(|tenant| part.eq_ignore_ascii_case(tenant)))
        });
        if let Some(shared) = shared {
            return Err(format!(
                "is for one directory alone: put the council’s tenant id in place of /{shared}, \
                 as in https://login.microsoftonline.com/TENANT-ID/v2.0"
            ));
        }
        Ok(Self {
            issuer,
            client_id: ClientId::new(client_id.to_owned()),
            client_secret: ClientSecret::new(client_secret.to_owned()),
            name: name.to_owned(),
            trust_email,
        })
    }

    /// The directory, as it names itself.
    pub fn issuer(&self) -> &str {
        self.issuer.as_str()
    }

    /// Whether every address that the directory gives is taken as verified.
    pub fn trusts_email(&self) -> bool {
        self.trust_email
    }

    /// Whether an address that the directory gives may be spoken to: over TLS, or on this machine if the directory is there.
    pub(super) fn may_speak_to(&self, url: &openidconnect::url::Url) -> bool {
        url.scheme() == "https" || (is_loopback(&self.issuer) && is_loopback_url(url))
    }

    /// Whether the directory is on this machine, as in tests.
    pub(super) fn is_loopback(&self) -> bool {
        is_loopback(&self.issuer)
    }
}

fn is_loopback(issuer: &IssuerUrl) -> bool {
    is_loopback_url(issuer.url())
}

/// By number only: what a name leads to is for others to say.
fn is_loopback_url(url: &openidconnect::url::Url) -> bool {
    url.scheme() == "http" && matches!(url.host_str(), Some("127.0.0.1" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use super::Settings;

    fn with(issuer: &str) -> Result<Settings, String> {
        Settings::new(issuer, "tracker", "a secret", "Sign in with your council account", false)
    }

    #[test]
    fn one_tenant_is_taken_and_a_shared_directory_is_refused_in_words() {
        with("https://login.microsoftonline.com/8e7b4c5d-0000-4000-8000-000000000000/v2.0").unwrap();
        for shared in ["common", "organizations", "consumers", "Common"] {
            let why = with(&format!("https://login.microsoftonline.com/{shared}/v2.0")).unwrap_err();
            assert!(why.contains("tenant id"), "{why}");
        }
    }

    #[test]
    fn without_tls_only_a_directory_on_this_machine_is_spoken_to() {
        let on_this_machine = with("http://127.0.0.1:4000").unwrap();
        let elsewhere = with("https://sign-in.council.gov.uk").unwrap();
        for refused in
            ["http://sign-in.council.gov.uk", "http://127.0.0.1.evil.example", "http://localhost", "x"]
        {
            assert!(with(refused).is_err(), "{refused}");
        }
        let local = "http://127.0.0.1:4000/token".parse().unwrap();
        assert!(on_this_machine.may_speak_to(&local));
        assert!(!elsewhere.may_speak_to(&local), "a directory elsewhere can’t send us to this machine");
        assert!(!elsewhere.may_speak_to(&"http://sign-in.council.gov.uk/token".parse().unwrap()));
    }

    #[test]
    fn the_secret_is_not_shown() {
        assert!(!format!("{:?}", with("https://sign-in.council.gov.uk").unwrap()).contains("a secret"));
    }
}
