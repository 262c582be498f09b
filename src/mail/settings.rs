//! What has to be known to talk to a mail server, and what is wrong with it before the first message.
//!
//! It never connects, and never shows a password.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use lettre::transport::smtp::extension::ClientId;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};

use super::transport::Failure;
use super::wire::Tls;
use crate::domain::message::Hindrance;

/// How the line is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, strum::EnumString, strum::Display)]
#[strum(serialize_all = "lowercase")]
pub enum TlsMode {
    /// Not at all: to this machine only, unless [`SmtpSettings::allow_clear_text`].
    None,
    /// Begins in clear text and must become TLS before anything else is said (usually port 587).
    #[default]
    Starttls,
    /// TLS from the first byte (usually port 465).
    Tls,
}

/// A password that does not show itself when printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(pub(super) String);

impl From<String> for Password {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(not shown)")
    }
}

/// How long each step may take, and an open line may stand unused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For the connection to each of the server's addresses.
    pub connect: Duration,
    /// For each command's answer; also for the TLS handshake.
    pub command: Duration,
    /// For the whole text and the answer to its final dot.
    pub data: Duration,
    /// A line unused for longer is closed and opened anew: servers close idle ones, and routers forget them silently.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let [connect, command, data, idle] = [10, 30, 300, 60].map(Duration::from_secs);
        Self { connect, command, data, idle }
    }
}

/// What has to be known to talk to the mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpSettings {
    /// Name or IP address; with TLS, the certificate must be made out to it.
    pub host: String,
    /// 587, 465 or 25, usually.
    pub port: u16,
    /// How the line is encrypted.
    pub tls: TlsMode,
    /// Lets [`TlsMode::None`] leave this machine. A password never does in clear text.
    pub allow_clear_text: bool,
    /// Signs in with this name; without one the server must know us by our address.
    pub user: Option<String>,
    /// Belongs to `user`.
    pub password: Option<Password>,
    /// The name said in EHLO; without one, this machine's own.
    pub hello_name: Option<String>,
    /// A PEM file of authorities to trust besides the system's.
    pub extra_ca: Option<PathBuf>,
    /// How long each step may take.
    pub timeouts: Timeouts,
}

impl SmtpSettings {
    /// Asked before anything is sent unencrypted to another machine.
    pub(super) fn may_go_in_clear(&self) -> Result<(), Failure> {
        let why = match (&self.user, self.allow_clear_text) {
            (None, true) => return Ok(()),
            (Some(_), _) => "a password is only sent over TLS or to this machine",
            (None, false) => "mail to another machine needs TLS, or a setting that allows clear text",
        };
        Err(Failure::Hindered(Hindrance::Tls, why.to_owned()))
    }

    pub(super) fn check_credentials(&self) -> Result<(), SettingsError> {
        let whole = self.user.is_some() == self.password.is_some();
        if whole { Ok(()) } else { Err(SettingsError::HalfCredentials) }
    }

    /// It is written into a command as it is, so it must be one word.
    pub(super) fn hello(&self) -> Result<ClientId, SettingsError> {
        let hello = self.hello_name.clone().map_or_else(ClientId::default, ClientId::Domain);
        let said = hello.to_string();
        let one_word = !said.is_empty() && said.bytes().all(|byte| byte.is_ascii_graphic());
        if one_word { Ok(hello) } else { Err(SettingsError::HelloName) }
    }

    /// What TLS needs, read from disk; `None` for clear text.
    pub(super) fn tls(&self) -> Result<Option<Tls>, SettingsError> {
        let name = ServerName::try_from(self.host.clone()).map_err(|_| SettingsError::Host)?;
        let begins_in_clear_text = match self.tls {
            TlsMode::None => return Ok(None),
            TlsMode::Starttls => true,
            TlsMode::Tls => false,
        };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(self.trusted()?)
            .with_no_client_auth();
        Ok(Some(Tls { connector: Arc::new(config).into(), name, begins_in_clear_text }))
    }

    fn trusted(&self) -> Result<RootCertStore, SettingsError> {
        let mut trusted = RootCertStore::empty();
        // Certificates of the system that cannot be read are the system's affair; having none at all is ours.
        trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(file) = &self.extra_ca {
            for certificate in CertificateDer::pem_file_iter(file).map_err(SettingsError::ExtraCa)? {
                trusted.add(certificate.map_err(SettingsError::ExtraCa)?)?;
            }
        }
        if trusted.is_empty() { Err(SettingsError::NoAuthority) } else { Ok(trusted) }
    }
}

/// Settings that cannot work, found before the first message.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The host is neither a name nor an IP address.
    #[error("the mail server's name is not a host name or an IP address")]
    Host,
    /// The name for EHLO is not one word of ASCII.
    #[error("the name that the mail server is greeted with is not a host name")]
    HelloName,
    /// One of the two without the other.
    #[error("the mail server's user and password must be set together")]
    HalfCredentials,
    /// The file of extra authorities.
    #[error("the file of extra certificate authorities cannot be read: {0}")]
    ExtraCa(rustls::pki_types::pem::Error),
    /// A certificate of that file, or the combination.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// Neither the system nor the settings name an authority.
    #[error("no certificate authority is known on this machine: install its certificates or name a file")]
    NoAuthority,
}
