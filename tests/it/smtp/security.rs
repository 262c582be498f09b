//! The same transport where something is secret: passwords, TLS, and settings that would give either away.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use scrutiny_tracker::domain::message::Hindrance;
use scrutiny_tracker::mail::settings::{Password, SettingsError, SmtpSettings, TlsMode};
use scrutiny_tracker::mail::smtp::Smtp;
use scrutiny_tracker::mail::transport::{Failure, Session, Transport};
use tokio_rustls::TlsAcceptor;

use super::{impatient, message, send, settings, transport};
use crate::smtp_server::{Act, Offer, SmtpServer, Stage};

fn with_password(settings: SmtpSettings) -> SmtpSettings {
    let password = Some(Password::from("open sesame".to_owned()));
    SmtpSettings { user: Some("tracker".to_owned()), password, ..settings }
}

/// A server's side of TLS with the certificate in `tls/`, which is made out to `localhost` and signed by itself.
fn acceptor() -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_file(tls_file("localhost.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(tls_file("localhost.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
    TlsAcceptor::from(Arc::new(config))
}

fn tls_file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/tls").join(name)
}

fn secured(server: &SmtpServer, tls: TlsMode) -> SmtpSettings {
    let extra_ca = Some(tls_file("localhost.pem"));
    SmtpSettings { host: "localhost".to_owned(), tls, extra_ca, ..with_password(impatient(server)) }
}

#[tokio::test]
async fn a_wrong_password_stops_everything_and_a_right_one_is_sent_once_per_connection() {
    let server = SmtpServer::offering(Offer::Auth).await;
    server.script([Act::reply(Stage::Auth, "535 5.7.8 wrong"), Act::reply(Stage::Auth, "454 4.7.0 later")]);
    let (transport, mut session) = (transport(with_password(settings(&server))), Session::default());
    let outcome = send(&transport, &mut session, 1).await;
    assert_eq!(outcome, Err(Failure::Hindered(Hindrance::Password, "535 5.7.8 wrong".to_owned())));
    let outcome = send(&transport, &mut session, 1).await;
    assert_eq!(outcome, Err(Failure::Hindered(Hindrance::Unreachable, "454 4.7.0 later".to_owned())));
    for number in 1..=3 {
        send(&transport, &mut session, number).await.unwrap();
    }
    assert_eq!((server.received().len(), server.connections()), (3, 3));

    let server = SmtpServer::start().await;
    let transport = super::transport(with_password(settings(&server)));
    let outcome = send(&transport, &mut session, 1).await;
    assert!(outcome.is_ok(), "the old line is still good");
    session.close().await;
    let outcome = send(&transport, &mut session, 1).await;
    assert!(matches!(outcome, Err(Failure::Hindered(Hindrance::Password, _))), "{outcome:?}");
}

#[tokio::test]
async fn messages_arrive_over_both_kinds_of_tls() {
    for (offer, mode) in
        [(Offer::Tls(acceptor()), TlsMode::Tls), (Offer::StartTls(acceptor()), TlsMode::Starttls)]
    {
        let server = SmtpServer::offering(offer).await;
        let (transport, mut session) = (transport(secured(&server, mode)), Session::default());
        for number in 0..3 {
            send(&transport, &mut session, number).await.unwrap();
        }
        session.close().await;
        assert_eq!(server.wait_for(3).await[2].bytes, message(2));
        assert_eq!(server.connections(), 1);
        let commands = server.commands();
        let place = |verb: &str| commands.iter().position(|command| command.starts_with(verb));
        assert_eq!(place("STARTTLS").is_some(), mode == TlsMode::Starttls);
        assert!(place("STARTTLS") < place("AUTH") && place("AUTH") < place("MAIL"), "{commands:?}");
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_or_from_nobody_known_is_refused() {
    for (offer, mode) in
        [(Offer::Tls(acceptor()), TlsMode::Tls), (Offer::StartTls(acceptor()), TlsMode::Starttls)]
    {
        let server = SmtpServer::offering(offer).await;
        let other_name = SmtpSettings { host: "127.0.0.1".to_owned(), ..secured(&server, mode) };
        let outcome = send(&transport(other_name), &mut Session::default(), 1).await;
        assert!(matches!(outcome, Err(Failure::Hindered(Hindrance::Tls, _))), "{outcome:?}");

        // On a machine without any authorities this is found even earlier.
        let unknown = SmtpSettings { extra_ca: None, ..secured(&server, mode) };
        match Smtp::new(unknown) {
            Err(error) => assert!(matches!(error, SettingsError::NoAuthority)),
            Ok(smtp) => {
                let transport = Transport::Smtp(Box::new(smtp));
                let outcome = send(&transport, &mut Session::default(), 1).await;
                assert!(matches!(outcome, Err(Failure::Hindered(Hindrance::Tls, _))), "{outcome:?}");
            }
        }
        assert!(server.received().is_empty());
        assert!(!server.commands().iter().any(|command| command.starts_with("AUTH")));
    }
}

#[tokio::test]
async fn a_server_without_starttls_gets_no_password_and_no_mail() {
    let server = SmtpServer::offering(Offer::Auth).await;
    let outcome = send(&transport(secured(&server, TlsMode::Starttls)), &mut Session::default(), 1).await;
    assert!(matches!(outcome, Err(Failure::Hindered(Hindrance::Tls, _))), "{outcome:?}");
    assert_eq!(server.commands(), ["EHLO tracker.council.example"]);
}

#[tokio::test]
async fn answers_slipped_in_before_tls_begins_are_not_believed() {
    let server = SmtpServer::offering(Offer::StartTls(acceptor())).await;
    server.script([Act::reply(Stage::StartTls, "220 go ahead\r\n250-sink.test\r\n250 fine")]);
    let outcome = send(&transport(secured(&server, TlsMode::Starttls)), &mut Session::default(), 1).await;
    assert!(matches!(outcome, Err(Failure::Hindered(Hindrance::Tls, _))), "{outcome:?}");
    assert_eq!(server.commands(), ["EHLO tracker.council.example", "STARTTLS"]);
}

#[tokio::test]
async fn a_server_that_does_not_go_through_with_tls_is_unreachable() {
    let server = SmtpServer::offering(Offer::StartTls(acceptor())).await;
    server.script([
        Act::close(Stage::StartTls),
        Act::hang(Stage::StartTls),
        Act::reply(Stage::StartTls, "454 4.7.0 later"),
    ]);
    let transport = transport(secured(&server, TlsMode::Starttls));
    for _ in 0..3 {
        let outcome = send(&transport, &mut Session::default(), 1).await;
        assert!(matches!(outcome, Err(Failure::Hindered(Hindrance::Unreachable, _))), "{outcome:?}");
    }
}

#[tokio::test]
async fn clear_text_stays_on_this_machine_unless_allowed_and_a_password_always() {
    // 192.0.2.0/24 is kept for documentation: nobody is there.
    let away = SmtpSettings { host: "192.0.2.1".to_owned(), ..impatient(&SmtpServer::start().await) };
    let refused = Err(Failure::Hindered(
        Hindrance::Tls,
        "mail to another machine needs TLS, or a setting that allows clear text".to_owned(),
    ));
    assert_eq!(send(&transport(away.clone()), &mut Session::default(), 1).await, refused);
    let allowed = SmtpSettings { allow_clear_text: true, ..away };
    let refused = Err(Failure::Hindered(
        Hindrance::Tls,
        "a password is only sent over TLS or to this machine".to_owned(),
    ));
    assert_eq!(send(&transport(with_password(allowed)), &mut Session::default(), 1).await, refused);
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_before_the_first_message() {
    let server = SmtpServer::start().await;
    let refused = |settings: SmtpSettings| Smtp::new(settings).err().unwrap();
    let host = SmtpSettings { host: "no host\r\n".to_owned(), ..settings(&server) };
    assert!(matches!(refused(host), SettingsError::Host));
    for hello in ["", "two words", "x\r\nMAIL FROM:<a@b>"] {
        let hello = SmtpSettings { hello_name: Some(hello.to_owned()), ..settings(&server) };
        assert!(matches!(refused(hello), SettingsError::HelloName));
    }
    let half = SmtpSettings { password: None, ..with_password(settings(&server)) };
    assert!(matches!(refused(half), SettingsError::HalfCredentials));
    let no_file = SmtpSettings { extra_ca: Some("/nowhere/ca.pem".into()), ..secured(&server, TlsMode::Tls) };
    assert!(matches!(refused(no_file), SettingsError::ExtraCa(_)));
    let no_name = Smtp::new(SmtpSettings { hello_name: None, ..settings(&server) });
    assert!(no_name.is_ok(), "this machine's own name will do");
}

#[tokio::test]
async fn a_password_does_not_show_itself() {
    let shown = format!("{:?}", with_password(settings(&SmtpServer::start().await)));
    assert!(shown.contains("tracker") && !shown.contains("sesame"), "{shown}");
}

#[test]
fn tls_modes_are_written_in_lower_case() {
    for (word, mode) in [("none", TlsMode::None), ("starttls", TlsMode::Starttls), ("tls", TlsMode::Tls)] {
        assert_eq!(TlsMode::from_str(word).unwrap(), mode);
        assert_eq!(mode.to_string(), word);
    }
    assert!(TlsMode::from_str("ssl").is_err());
}
