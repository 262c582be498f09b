//! Single sign-on with the council's directory: OpenID Connect, as far as it is a protocol.
//!
//! Owns the conversation with the directory: discovery, the authorization code with PKCE, state and nonce, and every check
//! of what comes back. Never says which of our people somebody is ([`crate::command::single_sign_on`] does), and keeps
//! nothing between beginning and finishing: that is the [`Pending`], which the browser keeps.
//!
//! The directory is one, named in the settings, and is believed as far as its signature goes. No redirect is followed, no
//! address is spoken to without TLS, and every conversation ends after 20 s.
//!
//! The `rsa` crate, which comes with openidconnect, has a known weakness in what it does with private keys
//! (RUSTSEC-2023-0071). Here it checks signatures with public keys, and there is no private key.

mod protocol;
mod settings;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::{
    AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, CsrfToken, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    SignatureVerificationError, TokenResponse as _,
    core::{CoreAuthenticationFlow, CoreJwsSigningAlgorithm},
    reqwest,
};
use tokio::{sync::Mutex, time::timeout};

use protocol::{Client, IdToken, Known};
pub use settings::Settings;

/// The longest that the directory may take for one step of ours.
const PATIENCE: Duration = Duration::from_secs(20);
/// The longest that it may take for one answer.
const ONE_ANSWER: Duration = Duration::from_secs(8);
/// What the directory says of itself is asked again after this.
const KNOWN_FOR: TimeDelta = TimeDelta::hours(1);

/// The signatures that are taken: with a key pair, so that nobody who can check one can make one.
const SIGNATURES: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Somebody on their way through the directory: what has to be there when they come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Comes back in the address: shows that it is the same browser.
    pub state: String,
    /// Comes back in the token: shows that the token was made for this sign-in.
    pub nonce: String,
    /// Goes with the code: shows that the code is used by whom it was made for (PKCE).
    pub verifier: String,
}

/// Who came back, as the directory says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The directory.
    pub issuer: String,
    /// The account there: it stays the same when name and address change.
    pub subject: String,
    /// An address that the directory has verified; none: it has none, or has not.
    pub verified_email: Option<String>,
}

/// Why a sign-in through the directory came to nothing. The words are for the log: they hold no name and no address.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The directory does not answer, or not in a form that can be read.
    #[error("the directory can’t be reached: {0}")]
    Unreachable(String),
    /// It says no, or what it says can't be believed.
    #[error("the directory’s answer is not taken: {0}")]
    Refused(String),
}

/// The council's directory.
#[derive(Debug)]
pub struct Directory {
    settings: Settings,
    /// Where the directory sends people back to.
    return_to: RedirectUrl,
    http: reqwest::Client,
    known: Mutex<Option<Known>>,
}

impl Directory {
    /// A directory that is first spoken to when somebody signs in. `return_to` is the full address of the page that
    /// finishes.
    ///
    /// # Errors
    /// In words, if the address can't be one or the system's certificates can't be read.
    pub fn new(settings: Settings, return_to: String) -> Result<Self, String> {
        // reqwest takes what the process has. Somebody may have been first, with the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut http = reqwest::Client::builder()
            // A redirect could lead into the council's own network.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(ONE_ANSWER)
            .timeout(ONE_ANSWER);
        if settings.is_loopback() {
            http = http.no_proxy();
        }
        let http = http.build().map_err(|error| format!("no way to speak to the directory: {error}"))?;
        let return_to = RedirectUrl::new(return_to).map_err(|error| error.to_string())?;
        Ok(Self { settings, return_to, http, known: Mutex::default() })
    }

    /// What the button says.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// The directory, as it names itself.
    pub fn issuer(&self) -> &str {
        self.settings.issuer()
    }

    /// Asks the directory what it says of itself.
    ///
    /// # Errors
    /// [`Failure`] where it does not answer, or calls itself something else.
    pub async fn look(&self, now: DateTime<Utc>) -> Result<(), Failure> {
        patiently(async { self.client(now).await.map(drop) }).await
    }

    /// Where to send somebody, and what their browser has to bring back.
    ///
    /// # Errors
    /// [`Failure`] where the directory does not answer.
    pub async fn begin(&self, now: DateTime<Utc>) -> Result<(String, Pending), Failure> {
        let client = patiently(self.client(now)).await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow: CoreAuthenticationFlow = AuthenticationFlow::AuthorizationCode;
        let (url, state, nonce) = client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let pending = Pending {
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
        };
        Ok((url.into(), pending))
    }

    /// Changes the code that somebody brought back into who they are.
    ///
    /// # Errors
    /// [`Failure::Refused`] where the code or the token is not right, expired, or made for something else;
    /// [`Failure::Unreachable`] where the directory does not answer.
    pub async fn finish(&self, code: &str, pending: &Pending, now: DateTime<Utc>) -> Result<Claims, Failure> {
        patiently(async {
            let client = self.client(now).await?;
            let request = client
                .exchange_code(AuthorizationCode::new(code.to_owned()))
                .map_err(protocol::not_set)?
                .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier.clone()));
            let answer = request.request_async(&self.http).await.map_err(protocol::exchange)?;
            let token = answer.id_token().ok_or_else(|| Failure::Refused("no identity token".to_owned()))?;
            let (client, subject, given) = match self.read(&client, token, pending, now) {
                // Keys change: one that was made since we asked is looked for once.
                Err(ClaimsVerificationError::SignatureVerification(
                    SignatureVerificationError::NoMatchingKey,
                )) => {
                    self.forget().await;
                    let client = self.client(now).await?;
                    let read = self.read(&client, token, pending, now);
                    let (subject, given) = read.map_err(protocol::token)?;
                    (client, subject, given)
                }
                read => {
                    let (subject, given) = read.map_err(protocol::token)?;
                    (client, subject, given)
                }
            };
            let given = match given {
                Some(given) => Some(given),
                None => protocol::asked_for(&client, &self.http, answer.access_token(), &subject).await,
            };
            let verified = given.filter(|(_, verified)| *verified || self.settings.trust_email);
            Ok(Claims {
                issuer: self.settings.issuer().to_owned(),
                subject: subject.to_string(),
                verified_email: verified.map(|(email, _)| email),
            })
        })
        .await
    }

    /// Checks a token, and reads whose it is and the address in it, with whether that is verified.
    fn read(
        &self,
        client: &Client,
        token: &IdToken,
        pending: &Pending,
        now: DateTime<Utc>,
    ) -> Result<(openidconnect::SubjectIdentifier, Option<(String, bool)>), ClaimsVerificationError> {
        let verifier = client.id_token_verifier().set_allowed_algs(SIGNATURES).set_time_fn(move || now);
        let claims = token.claims(&verifier, &Nonce::new(pending.nonce.clone()))?;
        let verified = claims.email_verified() == Some(true) || claims.additional_claims().is_verified();
        Ok((claims.subject().clone(), claims.email().map(|email| (email.to_string(), verified))))
    }

    /// What the directory says of itself, not older than [`KNOWN_FOR`].
    async fn client(&self, now: DateTime<Utc>) -> Result<Client, Failure> {
        let mut known = self.known.lock().await;
        if let Some(known) = &*known
            && now - known.at < KNOWN_FOR
        {
            return Ok(known.client.clone());
        }
        let client = protocol::discover(&self.settings, &self.return_to, &self.http).await?;
        *known = Some(Known { client: client.clone(), at: now });
        Ok(client)
    }

    async fn forget(&self) {
        *self.known.lock().await = None;
    }
}

async fn patiently<T>(step: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    timeout(PATIENCE, step)
        .await
        .unwrap_or_else(|_| Err(Failure::Unreachable("it takes too long".to_owned())))
}
