//! The real thing: pages and worker in one process, or the worker alone, until the system says stop.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, anyhow, bail};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle, time::timeout};

use crate::{
    clock::Clock,
    command::{CommandError, Cx, demonstration, health, installation, outbox},
    config::Settings,
    connection::{self, Limits},
    domain::installation::Installation,
    link::Links,
    mail::{bell::Bell, settings::TlsMode, smtp::Smtp, transport::Transport},
    single_sign_on::{self, Directory},
    store::Store,
    web::{self, App, Front, Mode, WaysIn, page::settings::MailWay, route::Route},
    worker::{Worker, ping::Ping},
};

/// How long a worker that fell over rests before it is started again.
const RESTART: Duration = Duration::from_secs(60);
/// How often the installation's settings are read anew: another process may have saved some.
const REFRESH: Duration = Duration::from_secs(30);
/// How long it may take to finish the message in hand when the program is told to stop.
const FINISH: Duration = Duration::from_secs(30);

/// Opens a real installation's database and brings its tables up to date.
///
/// # Errors
/// If it can't be opened, or is a demonstration's.
pub async fn open(url: &str, settings: &Settings) -> anyhow::Result<Cx> {
    let store = Store::open(url).await?;
    store.migrate().await?;
    refuse_demonstration(&store).await?;
    let cx = Cx {
        clock: Clock::real(settings.zone),
        links: Links::under(&settings.base_url),
        sender: settings.sender.clone(),
        bell: Bell::default(),
        store,
    };
    installation::begin(&cx, Installation::starting(&settings.council, settings.zone.name())).await?;
    health::expect(&cx).await?;
    Ok(cx)
}

/// Refuses the demonstration's database.
///
/// # Errors
/// If the database is marked as a demonstration's.
pub async fn refuse_demonstration(store: &Store) -> anyhow::Result<()> {
    if demonstration::day(store).await?.is_some() {
        bail!("this is the demonstration’s database: name another with --database or SCRUTINY_DATABASE");
    }
    Ok(())
}

/// Serves pages, with the worker beside them unless told otherwise.
///
/// # Errors
/// If the mail settings can't work or the port is taken.
pub async fn run(cx: Cx, settings: Settings, with_worker: bool) -> anyhow::Result<()> {
    let (tell, stop) = watch::channel(false);
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("{} can’t be listened on", settings.listen))?;
    tracing::info!(address = %listener.local_addr()?, "serving");
    let secure = settings.is_secure();
    let mail = mail_way(&cx, &settings);
    let ways_in = ways_in(&cx, &settings)?;
    let limits = Limits { connections: settings.connections, ..Limits::default() };
    let front = Front {
        proxies: settings.proxies.iter().copied().collect(),
        hsts: Some(settings.hsts.clone()).filter(|_| secure),
        ..Front::default()
    };
    let worker = if with_worker { Some(start_worker(&cx, settings, stop.clone())?) } else { None };
    tokio::spawn(keep_up(cx.clone()));
    let app = App::new(cx, Mode::Real { secure }).with_ways_in(ways_in).with_mail(mail);
    let mut told = stop;
    tokio::spawn(async move {
        stop_signal().await;
        let _ = tell.send(true);
    });
    let told = async move {
        let _ = told.wait_for(|stop| *stop).await;
    };
    connection::serve(listener, web::router_behind(app, front), limits, told).await;
    if let Some(worker) = worker {
        finish(worker).await?;
    }
    tracing::info!("stopped");
    Ok(())
}

/// Lets the worker finish the message in hand. A mail server that keeps it waiting does not keep the system waiting: the
/// message’s lease runs out, and it is tried again.
async fn finish(worker: JoinHandle<()>) -> anyhow::Result<()> {
    match timeout(FINISH, worker).await {
        Ok(ended) => ended?,
        Err(_) => tracing::warn!("the worker was cut: the mail server took too long to answer"),
    }
    Ok(())
}

/// How people come in, as it is set.
fn ways_in(cx: &Cx, settings: &Settings) -> anyhow::Result<WaysIn> {
    let directory =
        settings.sign_in.directory.clone().map(|settings| directory(&cx.links, settings)).transpose()?;
    Ok(WaysIn { local: settings.sign_in.local, directory: directory.map(Arc::new) })
}

/// The council's directory, which sends people back to this installation.
///
/// # Errors
/// If the settings can't work.
pub fn directory(links: &Links, settings: single_sign_on::Settings) -> anyhow::Result<Directory> {
    Directory::new(settings, links.full(Route::SingleSignOnReturn.path())).map_err(|why| anyhow!(why))
}

/// Runs the worker alone.
///
/// # Errors
/// If the mail settings can't work.
pub async fn run_worker(cx: Cx, settings: Settings) -> anyhow::Result<()> {
    let (tell, stop) = watch::channel(false);
    let worker = start_worker(&cx, settings, stop)?;
    tracing::info!("working");
    stop_signal().await;
    tell.send(true)?;
    finish(worker).await?;
    tracing::info!("stopped");
    Ok(())
}

/// Reads the installation's settings anew from time to time, as long as the program runs: a page must not have to.
async fn keep_up(cx: Cx) {
    loop {
        tokio::time::sleep(REFRESH).await;
        if let Err(error) = installation::refresh(&cx).await {
            tracing::warn!(error = %error, "the installation’s settings can’t be read anew: the last ones hold");
        }
    }
}

/// What the page on mail shows, and its test.
pub fn mail_way(cx: &Cx, settings: &Settings) -> MailWay {
    let smtp = settings.smtp.clone();
    let tls = match smtp.tls {
        TlsMode::None => "none: mail goes in clear text",
        TlsMode::Starttls => "required (STARTTLS)",
        TlsMode::Tls => "from the first byte",
    };
    let account = match &smtp.user {
        Some(user) => format!("{user}, with a password that is not shown"),
        None => "none: the mail server knows us by our address".to_owned(),
    };
    let rest = settings.pace.as_millis();
    let pace = match 60_000_u128.checked_div(rest) {
        Some(per_minute) => format!("at most {per_minute} messages a minute"),
        None => format!("as fast as it goes, over at most {} connections at once", settings.lines),
    };
    let facts = vec![
        ("Mail server", format!("{}, port {}", smtp.host, smtp.port)),
        ("TLS", tls.to_owned()),
        ("Account on it", account),
        ("Mail comes from", format!("{} <{}>", settings.sender.name, settings.sender.address)),
        ("Pace", pace),
    ];
    let cx = cx.clone();
    MailWay {
        facts,
        send_test: Arc::new(move |address| {
            let (cx, smtp) = (cx.clone(), smtp.clone());
            Box::pin(async move {
                let smtp = Smtp::new(smtp).map_err(|error| CommandError::refused("", error.to_string()))?;
                outbox::send_test(&cx, &Transport::Smtp(Box::new(smtp)), &address).await
            })
        }),
    }
}

/// Starts the worker, and starts it again should it fall over: mail must not stop for one message.
fn start_worker(cx: &Cx, settings: Settings, stop: watch::Receiver<bool>) -> anyhow::Result<JoinHandle<()>> {
    // Settings that can't work are said now, not at the first mail.
    Smtp::new(settings.smtp.clone())?;
    let ping = settings.ping.clone().map(Ping::new).transpose().map_err(|why| anyhow!(why))?;
    let cx = cx.clone();
    Ok(tokio::spawn(async move {
        while !*stop.borrow() {
            let transport = match Smtp::new(settings.smtp.clone()) {
                Ok(smtp) => Transport::Smtp(Box::new(smtp)),
                Err(error) => {
                    tracing::error!(error = %error, "the mail settings can’t work any more");
                    return;
                }
            };
            let worker = Worker::new(cx.clone(), transport, settings.pace, stop.clone())
                .over(settings.lines)
                .with_ping(ping.clone());
            if tokio::spawn(worker.run()).await.is_ok() {
                return;
            }
            tracing::error!("the worker fell over; it starts again in a minute");
            let mut told = stop.clone();
            tokio::select! {
                _ = told.wait_for(|stop| *stop) => {}
                () = tokio::time::sleep(RESTART) => {}
            }
        }
    }))
}

/// Waits for Ctrl-C or, on Unix, for SIGTERM.
pub async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
