//! The demonstration: Appendix B on a clock of its own, on loopback, with mail that leaves nowhere.
//!
//! Owns what only the demonstration has: its database (a new one or a marked one, no other), its clock and its doors. It
//! ignores every setting of `serve`, and `serve` refuses its database.

use std::{net::Ipv4Addr, path::Path, sync::Arc, time::Duration};

use anyhow::{Context as _, bail};
use tokio::{
    net::TcpListener,
    sync::{Mutex, watch},
};

use crate::{
    clock::Clock,
    command::{
        Cx, demonstration, installation,
        outbox::{self, Step, send_next},
    },
    connection::{self, Limits},
    domain::message::MessageKind,
    link::Links,
    mail::{
        bell::Bell,
        message::Mailbox,
        transport::{Session, Transport},
    },
    serve::stop_signal,
    store::Store,
    web::{
        self, App, Mode,
        page::{demonstration::Doors, settings::MailWay},
    },
    worker::{Worker, is_open},
};

/// Where its database lies unless another is named.
pub const DATABASE: &str = "sqlite://data/demonstration.sqlite";
/// Where it listens: always on loopback.
const PORT: u16 = 3000;

/// Opens the demonstration's database, making it if it is not there.
///
/// # Errors
/// If the database can't be opened, or holds something else.
pub async fn open(url: &str, base: &str) -> anyhow::Result<Cx> {
    if let Some(folder) = Store::file(url).as_deref().and_then(Path::parent)
        && !folder.as_os_str().is_empty()
    {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("the folder {} can’t be made", folder.display()))?;
    }
    let store = Store::open(url).await?;
    store.migrate().await?;
    let day = demonstration::day(&store).await?;
    if day.is_none() && !demonstration::is_new(&store).await? {
        bail!(
            "{url} holds a real installation: the demonstration opens only a new database or one of its own"
        );
    }
    let cx = Cx {
        clock: Clock::standing(demonstration::nine_on(day.unwrap_or(demonstration::FIRST_DAY))),
        links: Links::under(base),
        sender: Mailbox {
            name: "Scrutiny Tracker".to_owned(),
            address: "scrutiny-tracker@example.org".to_owned(),
        },
        bell: Bell::default(),
        store,
    };
    installation::take(&cx, demonstration::installation());
    installation::refresh(&cx).await?;
    // A start that was cut off leaves the mark without the plan.
    if demonstration::is_new(&cx.store).await? {
        demonstration::begin(&cx).await?;
    }
    Ok(cx)
}

/// The doors that its banner opens. Only one is gone through at a time: days pass one after the other, whoever presses.
pub fn doors(cx: &Cx) -> Doors {
    let worker = Arc::new(Mutex::new(worker(cx)));
    let (on, again) = ((cx.clone(), Arc::clone(&worker)), (cx.clone(), worker));
    Doors {
        advance: Arc::new(move |days| {
            let (cx, worker) = on.clone();
            Box::pin(async move {
                let mut worker = worker.lock().await;
                let mut mails = 0;
                for _ in 0..days {
                    demonstration::next_day(&cx).await?;
                    mails += worker.tick().await?.dealt_with;
                }
                Ok(mails)
            })
        }),
        start_again: Arc::new(move || {
            let (cx, worker) = again.clone();
            Box::pin(async move {
                let mut worker = worker.lock().await;
                demonstration::start_again(&cx).await?;
                Ok(worker.tick().await?.dealt_with)
            })
        }),
    }
}

/// A worker whose mail leaves nowhere: the outbox keeps it, and the viewer shows it.
pub fn worker(cx: &Cx) -> Worker {
    Worker::new(cx.clone(), Transport::Kept, Duration::ZERO, watch::channel(false).1)
}

/// What the page on mail shows, and its test, which leaves nowhere either.
pub fn mail_way(cx: &Cx) -> MailWay {
    let cx = cx.clone();
    let sender = &cx.sender;
    MailWay {
        facts: vec![
            ("Mail server", "none: this is the demonstration, and no email leaves this machine".to_owned()),
            ("Mail comes from", format!("{} <{}>", sender.name, sender.address)),
        ],
        send_test: Arc::new(move |address| {
            let cx = cx.clone();
            Box::pin(async move { outbox::send_test(&cx, &Transport::Kept, &address).await })
        }),
    }
}

/// Lets the mail go out at once that somebody waits for: account mail whatever the clock says, and in office hours what
/// somebody has just pressed a button for. The day's reminders are the doors' alone.
async fn send_at_once(cx: Cx) {
    let mut session = Session::default();
    loop {
        cx.bell.rung().await;
        let mut kinds = vec![MessageKind::Account];
        if is_open(&cx.calendar(), cx.clock.office_now()) {
            kinds.extend(MessageKind::OFFICE_HOURS.iter().filter(|kind| **kind != MessageKind::Reminder));
        }
        loop {
            match send_next(&cx, &Transport::Kept, &mut session, &kinds).await {
                Ok(Step::Done) => {}
                Ok(Step::Idle | Step::Stopped) => break,
                Err(error) => {
                    tracing::error!(error = %error, "mail could not be sent");
                    break;
                }
            }
        }
    }
}

/// Runs the demonstration until it is told to stop.
///
/// # Errors
/// If the database can't be opened or the port is taken.
pub async fn run(url: &str, port: Option<u16>) -> anyhow::Result<()> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(PORT))).await.with_context(|| {
            format!("port {} is taken: is the demonstration running already?", port.unwrap_or(PORT))
        })?;
    let address = format!("http://{}", listener.local_addr()?);
    let cx = open(url, &address).await?;
    // The worker runs for the day at which the clock stands: on the first start, and after one that was cut off.
    worker(&cx).tick().await?;
    tokio::spawn(send_at_once(cx.clone()));
    let (doors, mail) = (doors(&cx), mail_way(&cx));
    let app = App::new(cx, Mode::Demonstration(doors)).with_mail(mail);
    eprintln!("The demonstration is at {address} (stop it with Ctrl-C)");
    connection::serve(listener, web::router(app), Limits::default(), stop_signal()).await;
    Ok(())
}
